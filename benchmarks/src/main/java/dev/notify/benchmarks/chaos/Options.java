package dev.notify.benchmarks.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is asked of a run.
 *
 * @param seed what the schedule is drawn by
 * @param kills how many processes are killed
 * @param faults how many faults there are in all, kills among them
 * @param kinds what the other faults are drawn from
 * @param mariaDb whether on MariaDB instead of PostgreSQL
 * @param fast whether leases are short
 * @param rate messages that each worker sends in a second
 */
record Options(
    long seed, int kills, int faults, Set<Kind> kinds, boolean mariaDb, boolean fast, int rate) {

  private static final int KILLS = 12;
  private static final int FAULTS_FOR_A_KILL = 4;
  private static final int RATE = 25;

  static final String USAGE =
      "usage: benchmarks/run chaos [--seed S] [--kills N] [--faults N] [--kinds a,b]\n"
          + "                            [--database postgresql|mariadb] [--fast] [--rate N]\n"
          + "kinds: "
          + Arrays.stream(Kind.values())
              .filter(kind -> kind.weight() > 0)
              .map(Kind::word)
              .collect(Collectors.joining(", "));

  static Options parse(String... args) {
    long seed = 1;
    int kills = KILLS;
    int faults = -1;
    Set<Kind> kinds = EnumSet.allOf(Kind.class);
    boolean mariaDb = false;
    boolean fast = false;
    int rate = RATE;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--fast")) {
        fast = true;
        continue;
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i]);
      }
      String value = args[i + 1];
      switch (args[i++]) {
        case "--seed" -> seed = Long.parseLong(value);
        case "--kills" -> kills = atLeast(0, value);
        case "--faults" -> faults = atLeast(0, value);
        case "--kinds" -> kinds = kinds(value);
        case "--rate" -> rate = atLeast(1, value);
        case "--database" -> mariaDb = isMariaDb(value);
        default -> throw new IllegalArgumentException(args[i - 1]);
      }
    }
    int all = faults < 0 ? kills * FAULTS_FOR_A_KILL : faults;
    if (all < kills) {
      throw new IllegalArgumentException("--faults " + all + ": kills are among them");
    }
    return new Options(seed, kills, all, Set.copyOf(kinds), mariaDb, fast, rate);
  }

  private static int atLeast(int least, String text) {
    int number = Integer.parseInt(text);
    if (number < least) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  private static boolean isMariaDb(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "postgresql" -> false;
      case "mariadb" -> true;
      default -> throw new IllegalArgumentException(value);
    };
  }

  private static Set<Kind> kinds(String value) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String word : value.split(",", -1)) {
      Kind kind = Kind.of(word);
      if (kind.weight() == 0) {
        throw new IllegalArgumentException(word + ": kills are asked for by --kills");
      }
      kinds.add(kind);
    }
    return kinds;
  }

  Profile profile() {
    return fast ? Profile.FAST : Profile.DEFAULT;
  }

  /** What repeats the run. */
  String command() {
    String command =
        "benchmarks/run chaos --seed %d --kills %d --faults %d --database %s --rate %d"
            .formatted(seed, kills, faults, mariaDb ? "mariadb" : "postgresql", rate);
    if (!kinds.equals(EnumSet.allOf(Kind.class))) {
      command +=
          " --kinds " + kinds.stream().sorted().map(Kind::word).collect(Collectors.joining(","));
    }
    return fast ? command + " --fast" : command;
  }

  /**
   * Leases.
   *
   * @param lease how long a silent node is not taken for dead
   * @param heartbeat how often it says that it lives
   * @param poll how often it looks for what others stored
   */
  record Profile(Duration lease, Duration heartbeat, Duration poll) {

    /** As the store has them unless told otherwise. */
    static final Profile DEFAULT =
        new Profile(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofMillis(250));

    /** As the store's own tests have them. */
    static final Profile FAST =
        new Profile(Duration.ofMillis(1_500), Duration.ofMillis(300), Duration.ofMillis(50));
  }
}
