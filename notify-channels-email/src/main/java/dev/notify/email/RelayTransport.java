package dev.notify.email;

import dev.notify.email.Relay.Login;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * A connection to the relay that remembers where the dialogue stood and what was answered there.
 *
 * <p>Angus's exceptions do not tell that reliably: the same {@code MessagingException} comes before
 * and after the final dot, and a reply is lost when the RSET that follows a refusal fails. So the
 * commands and replies are noted as they pass. Not thread-safe: one message at a time.
 */
final class RelayTransport extends SMTPTransport {

  /**
   * Angus logs under the package of the transport's class, and puts addresses on level FINE, which
   * many hosts have on. Held here, since the log manager would forget a filter nobody holds.
   */
  private static final Logger ANGUS_LOG = Logger.getLogger(RelayTransport.class.getPackageName());

  static {
    ANGUS_LOG.setFilter(line -> line.getLevel().intValue() <= Level.FINEST.intValue());
  }

  private final Relay relay;
  private Step step = Step.CONNECT;
  private Optional<Reply> reply = Optional.empty();
  private boolean housekeeping;
  private boolean encrypted;
  private List<InternetAddress> copies = List.of();
  private int refusedCopies;

  RelayTransport(Session session, Relay relay) {
    super(session, null);
    this.relay = relay;
  }

  /** Connects, protects the connection and logs in. */
  void open() throws MessagingException {
    String username = relay.login().map(Login::username).orElse(null);
    String password = relay.login().map(Login::password).orElse(null);
    connect(relay.host(), relay.port(), username, password);
    if (relay.login().isPresent()
        && !supportsExtension("AUTH")
        && !supportsExtension("AUTH=LOGIN")) {
      close();
      // Angus would go on without having logged in.
      throw new AuthenticationFailedException("the relay offers no log-in");
    }
  }

  /** Forgets the last message's dialogue; these get a copy of the next one. */
  void beginMessage(List<InternetAddress> others) {
    step = Step.MAIL;
    reply = Optional.empty();
    copies = others;
    refusedCopies = 0;
  }

  /** How many of them were refused. */
  int refusedCopies() {
    return refusedCopies;
  }

  /** What was said last. */
  Step step() {
    return step;
  }

  /** What was answered to it; empty if nothing that makes sense came. */
  Optional<Reply> reply() {
    return reply;
  }

  /** Whether it was open when last used; asks nobody. */
  synchronized boolean isOpen() {
    try {
      checkConnected();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Override
  protected void sendCommand(String command) throws MessagingException {
    Optional<Step> begun = Step.begunBy(command);
    housekeeping = begun.isEmpty();
    begun.ifPresent(this::begin);
    super.sendCommand(command);
  }

  private void begin(Step next) {
    step = next;
    reply = Optional.empty();
  }

  @Override
  protected int readServerResponse() throws MessagingException {
    int code = super.readServerResponse();
    if (!housekeeping) {
      reply = Reply.parse(code, getLastServerResponse());
    }
    return code;
  }

  @Override
  protected boolean ehlo(String domain) throws MessagingException {
    boolean understood = super.ehlo(domain);
    // Angus would go on with HELO on a connection that is being closed, or with what was offered in
    // clear.
    boolean closing = reply.filter(answer -> answer.code() == 421).isPresent();
    if (!understood && (encrypted || closing)) {
      throw new MessagingException("EHLO refused");
    }
    return understood;
  }

  @Override
  protected void startTLS() throws MessagingException {
    super.startTLS();
    encrypted = true;
  }

  /**
   * Names the copies when the recipient has been taken. Angus knows two ways: one refusal ends the
   * mail for all, or it goes to whoever was taken. The first would let a copy stop the mail; the
   * second would send the copies without the recipient, and again with the next provider.
   */
  @Override
  protected void rcptTo() throws MessagingException {
    super.rcptTo();
    for (InternetAddress copy : copies) {
      int code = simpleCommand("RCPT TO:<" + copy.getAddress() + ">");
      if (code < 200 || code == 421) {
        throw new MessagingException("the relay ends the connection");
      }
      if (code >= 300) {
        refusedCopies++;
      }
    }
  }

  @Override
  protected OutputStream data() throws MessagingException {
    OutputStream out = super.data();
    begin(Step.CONTENT);
    return out;
  }

  @Override
  protected void finishData() throws IOException, MessagingException {
    // From here on the dot may be out, even if writing it fails.
    begin(Step.END);
    super.finishData();
  }
}
