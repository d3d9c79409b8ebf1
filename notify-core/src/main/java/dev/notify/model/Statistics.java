package dev.notify.model;

import dev.notify.model.DeliveryEvent.Type;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How often what happened to deliveries, by the hour. A delivery counts once for the end it came to
 * ({@code SENT}, {@code DEAD}, {@code SUPPRESSED}, {@code CANCELLED}, {@code EXPIRED} or {@code
 * DIGESTED}), and once more for what a provider told of it later ({@code DELIVERED}, {@code
 * BOUNCED}, {@code UNDELIVERED}): {@code SENT} counts those that bounced, too. Signs of engagement
 * count each time, unless a program gave them ({@link DeliveryEvent#isByMachine()}). What is still
 * open is not counted. Immutable, and holds nothing personal.
 *
 * @param from beginning of the first hour, in UTC
 * @param to end of the last hour, in UTC
 * @param amounts what was counted, by hour, channel and type; nothing is listed that did not happen
 * @since 0.1
 */
public record Statistics(Instant from, Instant to, List<Amount> amounts) {

  private static final Set<Type> ENDS =
      EnumSet.of(
          Type.SENT, Type.DEAD, Type.SUPPRESSED, Type.CANCELLED, Type.EXPIRED, Type.DIGESTED);

  /**
   * How often something happened within an hour.
   *
   * @param hour the hour's beginning, in UTC
   * @param channel where
   * @param type what
   * @param count how often; at least one
   */
  public record Amount(Instant hour, Channel channel, Type type, long count) {}

  /** Takes a copy, and whole hours. */
  public Statistics {
    from = hourOf(from);
    to = hourOf(to.plus(1, ChronoUnit.HOURS).minusNanos(1));
    amounts = List.copyOf(amounts);
  }

  /** The beginning of the hour that a moment lies in, in UTC. */
  public static Instant hourOf(Instant moment) {
    return moment.truncatedTo(ChronoUnit.HOURS);
  }

  /** How often this happened. */
  public long count(Type type) {
    return sum(amount -> amount.type() == type);
  }

  /** How often this happened on one channel. */
  public long count(Channel channel, Type type) {
    return sum(amount -> amount.type() == type && amount.channel().equals(channel));
  }

  /**
   * What part of its whole this is: of those sent, for what happens after {@code SENT}; of all that
   * came to an end, for {@code SENT} itself and the other ends.
   *
   * @return between 0 and 1, but for signs of engagement, which may come several times; 0 if the
   *     whole is nothing. Hours cut both: what was sent shortly before and bounced within them is
   *     in one only
   */
  public double share(Type type) {
    return part(count(type), sum(amount -> isWholeOf(type, amount.type())));
  }

  /** As {@link #share(Type)}, on one channel. */
  public double share(Channel channel, Type type) {
    return part(
        count(channel, type),
        sum(amount -> isWholeOf(type, amount.type()) && amount.channel().equals(channel)));
  }

  private static boolean isWholeOf(Type type, Type counted) {
    return ENDS.contains(type) ? ENDS.contains(counted) : counted == Type.SENT;
  }

  private static double part(long count, long whole) {
    return whole == 0 ? 0 : (double) count / whole;
  }

  private long sum(Predicate<Amount> which) {
    return amounts.stream().filter(which).mapToLong(Amount::count).sum();
  }
}
