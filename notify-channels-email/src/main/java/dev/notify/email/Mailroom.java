package dev.notify.email;

import dev.notify.model.Outcome;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a written mail to the relay over a connection of the pool. Thread-safe. */
final class Mailroom implements AutoCloseable {

  private static final Duration SHORTLY = Duration.ofSeconds(1);

  private final ConnectionPool pool;
  private final FailureVerdict verdict;
  private final PoolLimits limits;

  Mailroom(ConnectionPool pool, FailureVerdict verdict, PoolLimits limits) {
    this.pool = pool;
    this.verdict = verdict;
    this.limits = limits;
  }

  /** Makes one attempt. */
  Result send(MimeMessage mail, Envelope envelope) {
    if (pool.isClosed()) {
      return Result.of(Outcome.retryable("the provider is closed"));
    }
    try {
      if (!pool.enter()) {
        return Result.of(
            Outcome.throttled("all " + limits.connections() + " connections are in use", SHORTLY));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Result.of(Outcome.retryable("interrupted while waiting for a connection"));
    }
    try {
      return sendWithConnection(mail, envelope);
    } finally {
      pool.leave();
    }
  }

  private Result sendWithConnection(MimeMessage mail, Envelope envelope) {
    Optional<Connection> rested = pool.takeIdle();
    if (rested.isPresent()) {
      Result result = exchange(rested.get(), mail, envelope);
      if (!result.stale()) {
        return result;
      }
    }
    Connection connection = pool.create();
    try {
      connection.transport().open();
      verdict.connected();
    } catch (MessagingException | RuntimeException e) {
      connection.close();
      return Result.of(verdict.of(connection.transport(), e, envelope.recipient()));
    }
    return exchange(connection, mail, envelope);
  }

  private Result exchange(Connection connection, MimeMessage mail, Envelope envelope) {
    boolean reused = connection.isReused();
    RelayTransport transport = connection.transport();
    boolean usable = false;
    try {
      connection.send(mail, envelope);
      usable = true;
      return accepted(transport);
    } catch (MessagingException | RuntimeException e) {
      if (transport.step() == Step.END && transport.reply().filter(Reply::isSuccess).isPresent()) {
        // Angus knows 250 alone; every 2xx takes the message (RFC 5321, section 4.2.1).
        return accepted(transport);
      }
      usable = isUsable(transport, e);
      return new Result(
          verdict.of(transport, e, envelope.recipient()),
          Optional.empty(),
          0,
          reused && isStale(transport));
    } finally {
      if (usable) {
        pool.giveBack(connection);
      } else {
        connection.close();
      }
    }
  }

  /**
   * A refusal leaves the connection in order, unless the relay closes it or it broke afterwards.
   */
  private static boolean isUsable(RelayTransport transport, Exception failure) {
    boolean refused =
        transport.reply().filter(reply -> reply.isFailure() && reply.code() != 421).isPresent();
    return refused && !FailureVerdict.isInputOutput(failure) && transport.isOpen();
  }

  /**
   * Whether a connection had been closed by the relay while it rested or after its share of
   * messages: it fails at the first word. Nothing is known of the message yet, so a new connection
   * may be tried.
   */
  private static boolean isStale(RelayTransport transport) {
    boolean gone =
        transport.reply().isEmpty()
            || transport.reply().filter(reply -> reply.code() == 421).isPresent();
    return transport.step() == Step.MAIL && gone && !Thread.currentThread().isInterrupted();
  }

  private static Result accepted(RelayTransport transport) {
    return new Result(Outcome.accepted("-"), transport.reply(), transport.refusedCopies(), false);
  }

  @Override
  public void close() {
    pool.close();
  }

  /**
   * What came of an attempt.
   *
   * @param outcome what it means; an accepted one has no id yet
   * @param answer the relay's answer when it took the mail
   * @param refusedCopies how many in copy do not get it
   * @param stale whether the connection was dead before the attempt
   */
  record Result(Outcome outcome, Optional<Reply> answer, int refusedCopies, boolean stale) {

    private static final Pattern SES_ID =
        Pattern.compile(
            "^Ok ([0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\\d{6})\\s*$");

    static Result of(Outcome outcome) {
      return new Result(outcome, Optional.empty(), 0, false);
    }

    boolean isAccepted() {
      return outcome instanceof Outcome.Accepted;
    }

    /** The id under which the relay keeps the mail. */
    Optional<String> queueId() {
      return answer.flatMap(Reply::queueId);
    }

    /** The id that Amazon SES puts in place of ours, and by which its events name the mail. */
    Optional<String> sesMessageId() {
      return answer
          .map(reply -> SES_ID.matcher(reply.text()))
          .filter(Matcher::find)
          .map(found -> found.group(1));
    }
  }
}
