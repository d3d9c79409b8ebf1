package dev.notify.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How a broadcast goes about it: who goes first, when it stops by itself, how much of it may be
 * under way. Immutable; {@link #DEFAULT} unless built with {@link #builder()}.
 *
 * @param canary how many people go first, zero for none
 * @param canaryWait how long is waited after the canary slice before the rest follows
 * @param limits when it stops by itself
 * @param pageSize how many people are taken from the audience at a time
 * @param mostOpen how many of its deliveries may be under way; beyond that it waits
 * @param priority the lane it takes; where absent, that of the notification, but LOW for NORMAL
 * @since 0.1
 */
public record BroadcastOptions(
    int canary,
    Duration canaryWait,
    Limits limits,
    int pageSize,
    int mostOpen,
    Optional<Priority> priority) {

  /** No canary slice, the default limits, a thousand people at a time, 20,000 open deliveries. */
  public static final BroadcastOptions DEFAULT = builder().build();

  /** Checks the measures. */
  public BroadcastOptions {
    require(canary >= 0, "canary", canary, "must not be negative");
    require(!canaryWait.isNegative(), "canaryWait", canaryWait, "must not be negative");
    require(pageSize >= 1 && pageSize <= 10_000, "pageSize", pageSize, "must be 1 to 10,000");
    require(mostOpen >= 1, "mostOpen", mostOpen, "must be positive");
    priority.ifPresent(
        value ->
            require(
                value != Priority.CRITICAL, "priority", value, "is not for many people at a time"));
  }

  private static void require(boolean holds, String option, Object value, String problem) {
    if (!holds) {
      throw new InvalidNotificationException("broadcast." + option, value + " " + problem);
    }
  }

  /** Starts options of one's own. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Shares above which a broadcast stops by itself; 1 never stops it.
   *
   * @param failed of all that were attempted, those given up or undelivered, and people who could
   *     not be sent to at all
   * @param bounced of all that were attempted, those whose address turned out not to exist
   * @param optedOut of all that were attempted, those who unsubscribed or complained
   * @param from attempts before which nothing is judged; half of the canary slice, if that is less
   */
  public record Limits(double failed, double bounced, double optedOut, int from) {

    /** Checks the shares. */
    public Limits {
      requireShare("failed", failed);
      requireShare("bounced", bounced);
      requireShare("optedOut", optedOut);
      require(from >= 1, "limits.from", from, "must be positive");
    }

    private static void requireShare(String name, double share) {
      require(share >= 0 && share <= 1, "limits." + name, share, "is not between 0 and 1");
    }
  }

  /** Builds {@link BroadcastOptions}; not thread-safe. */
  public static final class Builder {
    private int canary;
    private Duration canaryWait = Duration.ofMinutes(10);
    private double failed = 0.2;
    private double bounced = 0.05;
    private double optedOut = 0.02;
    private int from = 100;
    private int pageSize = 1_000;
    private int mostOpen = 20_000;
    private Optional<Priority> priority = Optional.empty();

    private Builder() {}

    /**
     * Sends to so many people first. The rest follows after the wait, once at least half of these
     * deliveries have ended, and only if no limit was passed.
     */
    public Builder canary(int people, Duration wait) {
      canary = people;
      canaryWait = wait;
      return this;
    }

    /** Sets the share of failures above which it stops by itself; 0.2 unless set. */
    public Builder stopAtFailed(double share) {
      failed = share;
      return this;
    }

    /** Sets the share of bounces above which it stops by itself; 0.05 unless set. */
    public Builder stopAtBounced(double share) {
      bounced = share;
      return this;
    }

    /**
     * Sets the share of opt-outs and complaints above which it stops by itself; 0.02 unless set.
     */
    public Builder stopAtOptedOut(double share) {
      optedOut = share;
      return this;
    }

    /** Sets before how many attempts no limit is judged; 100 unless set. */
    public Builder judgeFrom(int attempts) {
      from = attempts;
      return this;
    }

    /** Sets how many people are taken from the audience at a time; 1,000 unless set. */
    public Builder pageSize(int people) {
      pageSize = people;
      return this;
    }

    /** Sets how many of its deliveries may be under way; 20,000 unless set. */
    public Builder mostOpen(int deliveries) {
      mostOpen = deliveries;
      return this;
    }

    /** Sets the lane; CRITICAL is refused. */
    public Builder priority(Priority value) {
      priority = Optional.of(value);
      return this;
    }

    /**
     * The options.
     *
     * @throws InvalidNotificationException naming the measure that is wrong
     */
    public BroadcastOptions build() {
      return new BroadcastOptions(
          canary,
          canaryWait,
          new Limits(failed, bounced, optedOut, from),
          pageSize,
          mostOpen,
          priority);
    }
  }
}
