package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Threads;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.SplittableRandom;
import org.HdrHistogram.Recorder;

/**
 * A vendor that needs some milliseconds, fails some calls so that they may be repeated, and refuses
 * one message in a thousand for good. Which ones, the message's number says: each run is the same.
 */
final class FlakyProvider implements ChannelProvider {

  static final Channel CHANNEL = Channel.EMAIL;

  /** One message in so many is refused for good. */
  static final int REFUSES_ONE_IN = 1_000;

  private static final Duration CALL = Duration.ofMillis(5);

  private final Ledger ledger;
  private final Timetable timetable;
  private final double errors;
  private final Recorder untilCall;

  FlakyProvider(Ledger ledger, Timetable timetable, double errors, Recorder untilCall) {
    this.ledger = ledger;
    this.timetable = timetable;
    this.errors = errors;
    this.untilCall = untilCall;
  }

  @Override
  public String name() {
    return "flaky";
  }

  @Override
  public Channel channel() {
    return CHANNEL;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    int number = Integer.parseInt(message.recipientId());
    int before = ledger.called(number);
    if (before == 0) {
      untilCall.recordValue(timetable.microsSince(number));
    }
    Threads.sleep(CALL);
    if (number % REFUSES_ONE_IN == REFUSES_ONE_IN - 1) {
      return Outcome.rejected("refused for good");
    }
    if (new SplittableRandom(number * 100L + before).nextDouble() < errors) {
      return Outcome.retryable("not now");
    }
    ledger.taken(number);
    return Outcome.accepted(message.reference());
  }
}
