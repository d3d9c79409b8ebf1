package dev.notify.benchmarks.chaos;

import java.time.Duration;

/**
 * What the checker goes by, in microseconds where it is a time.
 *
 * @param lease so long a silent node is not taken for dead
 * @param heartbeat so often it says that it lives
 * @param mostAttempts calls that may count for one delivery
 * @param slack what two clocks may differ by, and a thread may be kept from running between a look
 *     at the clock and what follows
 * @param awakening so long after it goes on, a paused process may still do what it had decided
 *     before, and one that was without connections may need for its first heartbeat
 */
record Limits(long lease, long heartbeat, int mostAttempts, long slack, long awakening) {

  private static final Duration SLACK = Duration.ofMillis(300);
  private static final Duration AWAKENING = Duration.ofSeconds(1);

  static Limits of(Options.Profile profile) {
    return new Limits(
        micros(profile.lease()),
        micros(profile.heartbeat()),
        Worker.MOST_ATTEMPTS,
        micros(SLACK),
        micros(AWAKENING));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
