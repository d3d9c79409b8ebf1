package dev.notify.http;

import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Splits a call that was refused as a whole over one of its messages, until that one is alone and
 * the others are sent.
 *
 * <p>It gives up well within the time that the engine gives an attempt; after that, even those that
 * were taken would be in doubt. Who was not asked for by then may be tried again.
 *
 * @since 0.1
 */
public final class Splitting {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final InstantSource clock;
  private final Instant end;

  private Splitting(InstantSource clock) {
    this.clock = clock;
    this.end = clock.instant().plus(LONGEST);
  }

  /** For one call that begins now. */
  public static Splitting of(InstantSource clock) {
    return new Splitting(clock);
  }

  /** One half after the other; what each message of two or more came to, in their order. */
  public List<Outcome> halves(
      List<OutboundMessage> messages, Function<List<OutboundMessage>, List<Outcome>> attempt) {
    int half = messages.size() / 2;
    List<Outcome> outcomes = new ArrayList<>(inTime(messages.subList(0, half), attempt));
    outcomes.addAll(inTime(messages.subList(half, messages.size()), attempt));
    return outcomes;
  }

  private List<Outcome> inTime(
      List<OutboundMessage> messages, Function<List<OutboundMessage>, List<Outcome>> attempt) {
    return clock.instant().isAfter(end)
        ? Collections.nCopies(
            messages.size(), Outcome.retryable("not sent yet: another in its call was refused"))
        : attempt.apply(messages);
  }
}
