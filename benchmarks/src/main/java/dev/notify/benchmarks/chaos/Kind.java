package dev.notify.benchmarks.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What is done to a worker, or to the server they all share. */
enum Kind {
  /** kill -9, and a new process of the same name after a while. */
  KILL(false, 0, 200, 2_000, Scale.LEASE),
  /** SIGSTOP, and SIGCONT after a while: some pauses are shorter than the lease, most longer. */
  PAUSE(false, 10, 500, 1_800, Scale.LEASE),
  /** Somebody else takes all connections of a worker's pool. */
  POOL(false, 10, 200, 1_500, Scale.LEASE),
  /** Some commits happen, and the connection is gone before their answer. */
  ANSWERS_LOST(false, 12, 300, 1_500, Scale.SECONDS),
  /** Every statement of a worker takes longer. */
  SLOW(false, 8, 500, 2_000, Scale.SECONDS),
  /** The provider takes messages and does not answer in time. */
  PROVIDER_TIMEOUT(false, 10, 500, 2_000, Scale.SECONDS),
  /** The provider fails, throttles and stutters, and recovers. */
  BROWNOUT(false, 10, 500, 3_000, Scale.SECONDS),
  /** The server ends some of its connections. */
  BACKENDS(true, 14, 50, 500, Scale.SECONDS),
  /** The server stops in good order and comes back. */
  RESTART_FAST(true, 6, 100, 800, Scale.SECONDS),
  /** The server stops at once, as if the power had gone, and comes back. */
  RESTART_IMMEDIATE(true, 6, 100, 800, Scale.SECONDS),
  /** Somebody locks the tables. */
  LOCK(true, 6, 300, 2_000, Scale.SECONDS),
  /** A long transaction holds an old snapshot. */
  SNAPSHOT(true, 4, 1_000, 5_000, Scale.SECONDS);

  private enum Scale {
    /** Thousandths of a lease: what matters is which of the two is longer. */
    LEASE,
    /** Thousandths of a second. */
    SECONDS
  }

  private final boolean server;
  private final int weight;
  private final int shortest;
  private final int longest;
  private final Scale scale;

  Kind(boolean server, int weight, int shortest, int longest, Scale scale) {
    this.server = server;
    this.weight = weight;
    this.shortest = shortest;
    this.longest = longest;
    this.scale = scale;
  }

  /** Whether it is done to the server, and so to all workers. */
  boolean isOfServer() {
    return server;
  }

  /** How often it is drawn beside the others; kills are counted out and not drawn. */
  int weight() {
    return weight;
  }

  /**
   * A length between its shortest and its longest.
   *
   * @param share from 0 to 1
   */
  Duration length(double share, Duration lease) {
    double thousandths = shortest + share * (longest - shortest);
    double unit = scale == Scale.LEASE ? lease.toMillis() : 1_000;
    return Duration.ofMillis(Math.round(thousandths * unit / 1_000));
  }

  /** As it is written in options and tables. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Kind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word));
  }
}
