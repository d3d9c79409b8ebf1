package dev.notify.email;

import dev.notify.model.Outcome;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.internet.InternetAddress;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * What a failed dialogue means. A refusal is judged by its reply. Where no reply came, the step
 * decides: until the final dot is on its way nothing can have been taken, from there on nobody
 * knows. Messages of exceptions repeat what the relay said, so only their types are shown.
 * Thread-safe.
 */
final class FailureVerdict {

  /**
   * As many times a name may fail to resolve, if it never did before, until it is taken for a
   * mistake.
   */
  private static final int UNKNOWN_HOST_LIMIT = 3;

  private final TlsMode tls;
  private final AtomicInteger unknownHosts = new AtomicInteger();
  private volatile boolean everConnected;

  FailureVerdict(TlsMode tls) {
    this.tls = tls;
  }

  /** Notes that the relay's name is right. */
  void connected() {
    everConnected = true;
  }

  /** The meaning of a failure; {@code recipient} is whom the mail was for. */
  Outcome of(RelayTransport transport, Exception failure, InternetAddress recipient) {
    Step step = transport.step();
    Optional<Reply> reply = transport.reply();
    if (reply.isPresent() && reply.get().isFailure()) {
      return ReplyVerdict.of(step, reply.get(), recipient.getAddress());
    }
    if (step == Step.END) {
      return Outcome.unknown("no answer to " + step.words() + " (" + kind(failure) + ")");
    }
    if (step.isBeforeMail()) {
      return notReached(transport, failure);
    }
    return Outcome.retryable("connection lost at " + step.words() + " (" + kind(failure) + ")");
  }

  private Outcome notReached(RelayTransport transport, Exception failure) {
    Step step = transport.step();
    if (find(failure, UnknownHostException.class).isPresent()) {
      return !everConnected && unknownHosts.incrementAndGet() >= UNKNOWN_HOST_LIMIT
          ? Outcome.misconfigured("the relay's host name does not resolve")
          : Outcome.retryable("the relay's host name did not resolve");
    }
    if (find(failure, SSLException.class).isPresent() && !isConnectionLoss(failure)) {
      return Outcome.misconfigured("no TLS with the relay (" + kind(failure) + ")");
    }
    boolean answered = transport.reply().filter(Reply::isSuccess).isPresent();
    if (step == Step.HELLO
        && answered
        && tls == TlsMode.STARTTLS
        && !transport.supportsExtension("STARTTLS")) {
      return Outcome.misconfigured("the relay does not offer STARTTLS");
    }
    if (step == Step.HELLO
        && answered
        && find(failure, AuthenticationFailedException.class).isPresent()) {
      return Outcome.misconfigured("the relay offers no log-in that we know (PLAIN, LOGIN)");
    }
    return Outcome.retryable("not connected, at " + step.words() + " (" + kind(failure) + ")");
  }

  /** Whether the connection itself was the fault: no answer, cut, or ended by an interruption. */
  static boolean isConnectionLoss(Exception failure) {
    return find(failure, EOFException.class).isPresent()
        || find(failure, SocketException.class).isPresent()
        || find(failure, InterruptedIOException.class).isPresent()
        || find(failure, ClosedChannelException.class).isPresent();
  }

  /** Whether input or output failed, so that the connection cannot be used again. */
  static boolean isInputOutput(Exception failure) {
    return find(failure, IOException.class).isPresent();
  }

  static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    // A MessagingException answers its next exception as its cause.
    Throwable current = failure;
    for (int depth = 0; current != null && depth < 20; depth++) {
      if (type.isInstance(current)) {
        return Optional.of(type.cast(current));
      }
      current = current.getCause();
    }
    return Optional.empty();
  }

  private static String kind(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }
}
