package dev.notify.benchmarks.providers;

import dev.notify.benchmarks.Load;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What is asked of a run.
 *
 * @param only protocols to measure; all of them where empty
 * @param rounds how often everything runs
 * @param quick whether to show only that it runs
 */
record Options(Set<String> only, int rounds, boolean quick) {

  static final String USAGE =
      "usage: benchmarks/run providers [--only http,apns,smtp] [--rounds N] [--quick]";

  private static final Set<String> PROTOCOLS = Set.of("http", "apns", "smtp");

  static Options parse(String... args) {
    Set<String> only = Set.of();
    int rounds = 0;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--only") && i + 1 < args.length) {
        only = protocols(args[++i]);
      } else if (args[i].equals("--rounds") && i + 1 < args.length) {
        rounds = Integer.parseInt(args[++i]);
      } else if (!args[i].equals("--quick")) {
        throw new IllegalArgumentException(args[i]);
      }
    }
    boolean quick = List.of(args).contains("--quick");
    return new Options(only, rounds > 0 ? rounds : quick ? 1 : 9, quick);
  }

  private static Set<String> protocols(String list) {
    Set<String> asked = Set.copyOf(Arrays.asList(list.split(",")));
    if (!PROTOCOLS.containsAll(asked)) {
      throw new IllegalArgumentException(list);
    }
    return asked;
  }

  boolean wants(String protocol) {
    return only.isEmpty() || only.contains(protocol);
  }

  /** Short windows, many rounds: what else the machine does then meets both sides alike. */
  Load load(int threads, int round) {
    Duration warmup = Duration.ofMillis(quick ? 100 : round == 0 ? 3_000 : 150);
    return new Load(threads, warmup, Duration.ofMillis(quick ? 150 : 450));
  }
}
