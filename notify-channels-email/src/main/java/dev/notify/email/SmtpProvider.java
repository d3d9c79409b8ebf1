package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends e-mail over a mail relay that speaks SMTP (RFC 5321): a company's own, or the SMTP entrance
 * of Amazon SES, SendGrid, Postmark and the like.
 *
 * <pre>{@code
 * SmtpProvider.builder().host("smtp.example.com").username(user).password(secret)
 *     .from("Shop <shop@example.com>").build()
 * }</pre>
 *
 * <p><b>Connections</b> are few, shared and reused; each carries one message to one recipient at a
 * time. By default they must change to TLS (STARTTLS) before anything is said.
 *
 * <p><b>Outcomes</b> follow the step of the dialogue, the enhanced status code (RFC 3463) and the
 * reply code. A connection lost before the content's final dot is {@code Retryable}, one lost while
 * the answer to it is awaited {@code Unknown}. SMTP cannot be asked again what became of a message;
 * a repeated attempt bears the same {@code Message-ID}, by which many receivers, not all, drop the
 * second copy.
 *
 * <p><b>Copies</b> travel on the same envelope. The outcome is about the recipient: one who is
 * refused ends the mail for all, so that nobody gets a copy twice when another provider is asked; a
 * copy that is refused, for now or for good, is left out, and the log says how many were.
 *
 * <p><b>Ids</b>: {@code Accepted} names the {@code Message-ID}, angle brackets included, since
 * bounces and the events of most relays name it. Amazon SES puts one of its own in place of ours;
 * there it is SES's id, read from the answer. {@code X-Notify-Delivery} repeats the delivery's id.
 *
 * <p><b>Interruption</b> closes the connection, ends {@code deliver} at once with the thread's
 * interrupt flag still set, and is answered like any other loss of the connection. The look-up of
 * the relay's host name is the exception: the platform's resolver cannot be interrupted and keeps
 * its own limits.
 *
 * <p>Thread-safe. Logs ids and reply codes only.
 *
 * @since 0.1
 */
public final class SmtpProvider implements ChannelProvider {

  private static final Logger log = LoggerFactory.getLogger(SmtpProvider.class);

  private final String name;
  private final Relay relay;
  private final ContentRules rules;
  private final Sender sender;
  private final MailComposer composer;
  private final ScheduledThreadPoolExecutor timer;
  private final Mailroom mailroom;

  SmtpProvider(SmtpProviderBuilder settings, Relay relay, Sender sender) {
    this.name = settings.name;
    this.relay = relay;
    this.rules = new ContentRules(sender.defaultSubject().isPresent(), settings.maxMessageBytes);
    this.timer = timer(name);
    Session session = ContextLoader.lendTo(() -> RelaySession.of(relay, timer));
    this.sender = sender;
    this.composer = new MailComposer(session, settings.clock);
    ConnectionPool pool =
        new ConnectionPool(
            settings.limits(), settings.clock, timer, () -> new RelayTransport(session, relay));
    this.mailroom = new Mailroom(pool, new FailureVerdict(relay.tls()), settings.limits());
  }

  /**
   * One thread that ends writes that hang and closes idle connections; gone when there is nothing
   * to do.
   */
  private static ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "notify-" + name + "-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /** Starts a provider; {@code host} and {@code from} must be set. */
  public static SmtpProviderBuilder builder() {
    return new SmtpProviderBuilder();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return MailAddresses.problemWith(address);
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return rules.problemWith(content);
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    Optional<String> problem =
        problemWith(message.address()).or(() -> problemWith(message.content()));
    if (problem.isPresent()) {
      return Outcome.rejected(problem.get());
    }
    return ContextLoader.lendTo(() -> attempt(message));
  }

  private Outcome attempt(OutboundMessage message) {
    try {
      Letter letter = Letter.of(message, sender);
      Mailroom.Result result =
          mailroom.send(composer.compose(letter), new Envelope(letter.to(), letter.copies()));
      log.debug(
          "{}: delivery {}: {}, queue id {}",
          name,
          message.deliveryId(),
          result.outcome().cause(),
          result.queueId().orElse("-"));
      if (result.isAccepted() && result.refusedCopies() > 0) {
        log.warn(
            "{}: delivery {}: the relay refused {} of {} copies",
            name,
            message.deliveryId(),
            result.refusedCopies(),
            letter.copies().size());
      }
      return named(letter, result);
    } catch (MessagingException e) {
      return Outcome.rejected("cannot be written as a mail (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static Outcome named(Letter letter, Mailroom.Result result) {
    return result.isAccepted()
        ? Outcome.accepted(result.sesMessageId().orElseGet(letter::messageId))
        : result.outcome();
  }

  @Override
  public void close() {
    mailroom.close();
    timer.shutdownNow();
  }

  @Override
  public String toString() {
    return "SmtpProvider[" + name + ", " + relay + "]";
  }
}
