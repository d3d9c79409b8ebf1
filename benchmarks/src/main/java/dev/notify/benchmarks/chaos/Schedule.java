package dev.notify.benchmarks.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Which faults happen when: a function of the seed and of nothing else. */
final class Schedule {

  static final int WORKERS = 3;

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final int LANES = WORKERS + 1;

  /** Rest in a lane after each fault, at most. */
  private static final long LONGEST_REST = 2_500;

  /** So long it takes until a killed worker is there again. */
  private static final Duration BIRTH = Duration.ofSeconds(2);

  private Schedule() {}

  /**
   * Draws the faults.
   *
   * @param kills how many of them are kills
   * @param others how many are not
   * @param kinds what the others are drawn from
   */
  static List<Fault> of(long seed, int kills, int others, Set<Kind> kinds, Duration lease) {
    Random random = new Random(seed);
    List<Kind> drawn = new ArrayList<>(Collections.nCopies(kills, Kind.KILL));
    for (int i = 0; i < others; i++) {
      drawn.add(draw(kinds, random));
    }
    Collections.shuffle(drawn, random);
    Duration[] free = new Duration[LANES];
    Arrays.fill(free, FIRST);
    List<Fault> faults = new ArrayList<>();
    for (Kind kind : drawn) {
      int worker = random.nextInt(WORKERS);
      int lane = kind.isOfServer() ? WORKERS : worker;
      Duration at = free[lane].plusMillis(random.nextLong(LONGEST_REST));
      Duration length = kind.length(random.nextDouble(), lease);
      faults.add(new Fault(at, kind, worker, length, random.nextDouble()));
      free[lane] = at.plus(length).plus(kind == Kind.KILL ? BIRTH : Duration.ZERO);
    }
    faults.sort(Comparator.comparing(Fault::at));
    return faults;
  }

  private static Kind draw(Set<Kind> kinds, Random random) {
    List<Kind> sorted = kinds.stream().filter(kind -> kind.weight() > 0).sorted().toList();
    int left = random.nextInt(sorted.stream().mapToInt(Kind::weight).sum());
    for (Kind kind : sorted) {
      left -= kind.weight();
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }
}
