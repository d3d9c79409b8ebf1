package dev.notify.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is asked of a run.
 *
 * @param only figures to measure; all of them where empty
 * @param rounds how often everything runs
 * @param quick whether to show only that it runs
 * @param sweep whether to look for the peers' best settings instead
 * @param statements whether to tell which statements of ours take the server's time
 */
record Options(Set<String> only, int rounds, boolean quick, boolean sweep, boolean statements) {

  /** Figures that are also taken without waiting for the disk. */
  static final Set<String> ALSO_ASYNC =
      Set.of("T1", "T5", "T5.raw", "T6", "T6.raw", "T7", "T7.gruelbox");

  static final String USAGE =
      "usage: benchmarks/run peers [--only T1,T6] [--rounds N] [--quick] [--sweep] [--statements]";

  static Options parse(String... args) {
    Set<String> only = Set.of();
    int rounds = 0;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--only") && i + 1 < args.length) {
        only = Set.of(args[++i].split(","));
      } else if (args[i].equals("--rounds") && i + 1 < args.length) {
        rounds = Integer.parseInt(args[++i]);
      } else if (!Set.of("--quick", "--sweep", "--statements").contains(args[i])) {
        throw new IllegalArgumentException(args[i]);
      }
    }
    List<String> all = List.of(args);
    boolean quick = all.contains("--quick");
    return new Options(
        only,
        rounds > 0 ? rounds : quick ? 1 : 5,
        quick,
        all.contains("--sweep"),
        all.contains("--statements"));
  }

  /** Whether one of these figures is asked for; T1 asks for T1.128 as well. */
  boolean wants(String... figures) {
    return only.isEmpty() || names(figures);
  }

  /** As {@link #wants}, but only if it was said. */
  boolean names(String... figures) {
    return List.of(figures).stream()
        .anyMatch(
            figure ->
                only.stream()
                    .anyMatch(asked -> figure.equals(asked) || figure.startsWith(asked + ".")));
  }

  /** The first round is longer in warming up: what it runs has not been compiled yet. */
  Duration warmup(int round) {
    return Duration.ofMillis(quick ? 300 : round == 0 ? 3_000 : 2_000);
  }

  Duration window() {
    return Duration.ofMillis(quick ? 500 : 2_500);
  }

  /** For steady states, where queues have to fill first. */
  Duration longWindow() {
    return Duration.ofMillis(quick ? 700 : 4_000);
  }

  int rowsToDrain() {
    return quick ? 5_000 : 200_000;
  }

  /** Whoever has not drained all rows by then is measured by what it has. */
  Duration longestDrain() {
    return Duration.ofSeconds(quick ? 4 : 8);
  }

  Duration rest() {
    return Duration.ofMillis(quick ? 10 : 500);
  }

  /** What is still being written or collected gets time to come to its end. */
  Duration restBetweenRounds() {
    return Duration.ofMillis(quick ? 10 : 10_000);
  }

  /** Open LOW messages beside which CRITICAL ones are sent. */
  int crowd() {
    return quick ? 20_000 : 1_000_000;
  }

  /** People that a broadcast goes to. */
  int audience() {
    return quick ? 10_000 : 1_000_000;
  }

  /** How often to measure what takes long and is not compared round by round. */
  int leastRounds() {
    return Math.min(2, rounds);
  }

  /** How often to measure what hardly differs from round to round. */
  int fewRounds() {
    return Math.min(3, rounds);
  }
}
