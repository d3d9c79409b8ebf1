package dev.notify.benchmarks.chaos;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A provider that notes every call before it does anything, and what it says afterwards. */
final class StubProvider implements ChannelProvider {

  /** How the vendor is. */
  enum Mood {
    WELL,
    /** Takes every other message and does not answer in time. */
    SILENT,
    /** Fails, throttles, or takes long, and takes a few. */
    ILL
  }

  private static final AtomicLong CALLS = new AtomicLong();
  private static final Duration REST = Duration.ofMillis(300);

  private final Channel channel;
  private final boolean idempotent;
  private final Journal journal;
  private final RunClock clock;
  private volatile Mood mood = Mood.WELL;

  /**
   * A provider.
   *
   * @param idempotent whether a repeated call with the same reference is harmless
   */
  StubProvider(Channel channel, boolean idempotent, Journal journal, RunClock clock) {
    this.channel = channel;
    this.idempotent = idempotent;
    this.journal = journal;
    this.clock = clock;
  }

  void mood(Mood value) {
    mood = value;
  }

  @Override
  public String name() {
    return channel.name() + "-vendor";
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public boolean isIdempotent() {
    return idempotent;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    long call = CALLS.incrementAndGet();
    journal.write(
        What.CALL,
        "call",
        call,
        "delivery",
        message.deliveryId(),
        "notification",
        message.notificationId(),
        "send",
        message.metadata().getOrDefault("send", "none"),
        "expires",
        clock.of(message.expiresAt()),
        "keyed",
        idempotent);
    Outcome outcome = answer(message);
    journal.write(What.ANSWER, "call", call, "answer", Answer.of(outcome));
    return outcome;
  }

  private Outcome answer(OutboundMessage message) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Mood now = mood;
    int dice = random.nextInt(100);
    if (now == Mood.SILENT && dice < 50) {
      return take(60_000, message);
    }
    if (now == Mood.ILL && dice < 50) {
      return Outcome.retryable("ill");
    }
    if (now == Mood.ILL && dice < 65) {
      return Outcome.throttled("ill", REST);
    }
    return take(now == Mood.ILL ? random.nextInt(100, 600) : random.nextInt(5, 120), message);
  }

  /** Takes it after so many milliseconds; who is interrupted cannot say whether it was taken. */
  private static Outcome take(int millis, OutboundMessage message) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      return Outcome.unknown("interrupted");
    }
    return Outcome.accepted(message.reference());
  }

  @Override
  public String toString() {
    return name();
  }
}
