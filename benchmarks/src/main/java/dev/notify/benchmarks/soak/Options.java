package dev.notify.benchmarks.soak;

import java.time.Duration;

/**
 * What is asked of a run.
 *
 * @param time how long messages are sent
 * @param rate messages a second
 * @param errors share of the provider's calls that fail and may be repeated
 */
record Options(Duration time, int rate, double errors) {

  static final String USAGE =
      "usage: benchmarks/run soak [--minutes 20] [--rate 500] [--errors 0.05]";

  private static final int SAMPLES = 120;
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);

  static Options parse(String... args) {
    int minutes = 20;
    int rate = 500;
    double errors = 0.05;
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i]);
      }
      switch (args[i]) {
        case "--minutes" -> minutes = Integer.parseInt(args[i + 1]);
        case "--rate" -> rate = Integer.parseInt(args[i + 1]);
        case "--errors" -> errors = Double.parseDouble(args[i + 1]);
        default -> throw new IllegalArgumentException(args[i]);
      }
    }
    if (minutes < 1 || rate < 1 || !(errors >= 0 && errors < 1)) {
      throw new IllegalArgumentException("at least a minute, a message a second, errors below 1");
    }
    return new Options(Duration.ofMinutes(minutes), rate, errors);
  }

  /** How many are sent. */
  int messages() {
    return (int) (time.toMillis() * rate / 1_000);
  }

  /** Time between samples: ten seconds in twenty minutes. */
  Duration interval() {
    Duration even = time.dividedBy(SAMPLES);
    return even.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : even;
  }

  /**
   * How long the store keeps what has ended. Short, so that within the run as much is deleted as
   * comes, and all tables can be seen to stay as they are.
   */
  Duration retention() {
    return time.dividedBy(10);
  }
}
