package dev.notify.spi;

import dev.notify.model.Assignment;
import dev.notify.model.Channel;
import dev.notify.model.Cost;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Digest;
import dev.notify.model.Labels;
import dev.notify.model.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was counted of deliveries, by the hour of their acceptance. Part of a {@link
 * NotificationStore}, which counts in the very step in which something happens: what it holds and
 * what is counted never differ.
 *
 * <p>A measure is a number: the {@linkplain Stage#code() code} of a stage, or one of the slots of
 * time from {@link #TO_SENT} and {@link #TO_DELIVERED} on, or a {@linkplain #cost(Currency) sum of
 * money}. Thread-safe.
 *
 * @since 0.1
 */
public interface RollupStore {

  /** The first slot of the time from acceptance until a provider has it. */
  int TO_SENT = 100;

  /** The first slot of the time from acceptance until it is confirmed. */
  int TO_DELIVERED = 200;

  /** How many slots there are; the last one takes what is longer, too: about 35 days and more. */
  int SLOTS = 64;

  /** The first measure of money; those of all currencies that can be follow. */
  int COST = 1_000;

  /**
   * What was counted of deliveries that were accepted in the hours from {@code from} on that begin
   * before {@code until}. Of what is kept by the day, days whose noon (in UTC) lies in this time,
   * so that times which follow each other add up and a day of any zone has one; of a time without a
   * noon, the day in which it begins. What is open now is counted too, as {@link Stage#OPEN}.
   *
   * @param byTime whether hours and days come apart; else all have {@code from} as their time
   */
  List<Amount> amounts(Instant from, Instant until, boolean byTime);

  /**
   * What deliveries have in common that are counted together.
   *
   * @param channel their channel
   * @param labels their category and template, and the segment of their people
   * @param assignment their variant
   * @param provider who took them, or was asked last
   */
  record Tuple(
      Channel channel, Labels labels, Optional<Assignment> assignment, Optional<String> provider) {

    /** That of a delivery. */
    public static Tuple of(Delivery delivery, Optional<String> provider) {
      return new Tuple(delivery.channel(), delivery.labels(), delivery.assignment(), provider);
    }
  }

  /**
   * A sum.
   *
   * @param time the hour or day
   * @param tuple of which deliveries
   * @param measure what was counted
   * @param amount how often; of money, millionths of the currency's unit
   */
  record Amount(Instant time, Tuple tuple, int measure, long amount) {}

  /** Whether a delivery is counted; what is only collected to be said in another one is not. */
  static boolean isCounted(Delivery delivery) {
    return !delivery.channel().equals(Digest.CHANNEL);
  }

  /**
   * Counts a delivery that has come to where it stands: the stages first, each followed by how long
   * it took to come there; each with one. It costs something once, when it is known to be sent.
   *
   * @param wasOpen whether it was open before, or not there
   */
  static void count(Delivery delivery, boolean wasOpen, Counting counting) {
    DeliveryStatus status = delivery.status();
    if (status.isOpen() || !isCounted(delivery)) {
      return;
    }
    Duration taken = Duration.between(delivery.createdAt(), delivery.updatedAt());
    if (wasOpen && status.isSent()) {
      counting.count(Stage.SENT.code(), 1);
      counting.count(TO_SENT + slot(taken), 1);
      if (delivery.cost().isPresent() && delivery.cost().get().micros() > 0) {
        Cost cost = delivery.cost().get();
        counting.count(cost(cost.currency()), cost.micros());
      }
    }
    switch (status) {
      case DELIVERED -> {
        counting.count(Stage.DELIVERED.code(), 1);
        counting.count(TO_DELIVERED + slot(taken), 1);
      }
      case BOUNCED -> counting.count(Stage.BOUNCED.code(), 1);
      case UNDELIVERED -> counting.count(Stage.UNDELIVERED.code(), 1);
      case DEAD -> counting.count(Stage.DEAD.code(), 1);
      case SUPPRESSED -> counting.count(Stage.SUPPRESSED.code(), 1);
      case CANCELLED -> counting.count(Stage.CANCELLED.code(), 1);
      case EXPIRED -> counting.count(Stage.EXPIRED.code(), 1);
      default -> {}
    }
  }

  /** Takes what is counted. */
  @FunctionalInterface
  interface Counting {

    /**
     * Adds to a measure.
     *
     * @param amount how often; of money, millionths of the currency's unit
     */
    void count(int measure, long amount);
  }

  /** The measure of what deliveries cost in a currency: its letters, read as a number. */
  static int cost(Currency currency) {
    return currency
            .getCurrencyCode()
            .chars()
            .reduce(0, (number, letter) -> 26 * number + letter - 'A')
        + COST;
  }

  /** The currency of a measure; empty if it is none of money. */
  static Optional<Currency> currency(int measure) {
    int number = measure - COST;
    if (number < 0 || number >= 26 * 26 * 26) {
      return Optional.empty();
    }
    char[] letters = {
      (char) ('A' + number / 676), (char) ('A' + number / 26 % 26), (char) ('A' + number % 26)
    };
    return Cost.currency(new String(letters));
  }

  /** The stage that a delivery comes to by an event; empty if it is none, or a program's. */
  static Optional<Stage> stage(DeliveryEvent event) {
    if (!event.isEngagement()) {
      return Optional.empty();
    }
    return switch (event.type()) {
      case OPENED, READ -> Optional.of(Stage.OPENED);
      case CLICKED -> Optional.of(Stage.CLICKED);
      case CONVERTED -> Optional.of(Stage.CONVERTED);
      case COMPLAINED -> Optional.of(Stage.COMPLAINED);
      case UNSUBSCRIBED -> Optional.of(Stage.UNSUBSCRIBED);
      default -> Optional.empty();
    };
  }

  /** Events by which a delivery comes to the same stage as by this one. */
  static Set<Type> alike(Type type) {
    return type == Type.OPENED || type == Type.READ ? Set.of(Type.OPENED, Type.READ) : Set.of(type);
  }

  /** The slot that a time falls into. */
  static int slot(Duration time) {
    double millis = time.getSeconds() * 1e3 + time.getNano() / 1e6;
    return millis <= 1
        ? 0
        : Math.min(SLOTS - 1, (int) Math.ceil(2 * Math.log(millis) / Math.log(2)));
  }

  /** The longest time of a slot; zero for the one before the first. */
  static Duration end(int slot) {
    return slot < 0 ? Duration.ZERO : Duration.ofNanos((long) (1e6 * Math.pow(2, slot / 2.0)));
  }
}
