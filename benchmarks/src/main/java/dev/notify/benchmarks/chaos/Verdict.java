package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.chaos.Violation.Law;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the checker found.
 *
 * @param history what it judged
 * @param violations what must not be
 * @param counts how much there was of what
 * @param ends how deliveries ended, and how many
 * @param recoveries microseconds from a kill to the next call for what the process held, without
 *     times in which nobody could make one, sorted
 * @param lateness microseconds from when a message was due to its first call, sorted
 */
record Verdict(
    History history,
    List<Violation> violations,
    Counts counts,
    Map<String, Integer> ends,
    List<Long> recoveries,
    List<Long> lateness) {

  private static final int VIOLATIONS_SHOWN = 20;

  /**
   * Numbers.
   *
   * @param sends messages that were to be sent, repetitions under a key included
   * @param accepted those with a receipt
   * @param calls calls of the provider
   * @param retries calls after one that was refused, or not answered but keyed
   * @param askedAgain those after one that was not answered
   * @param duplicates calls after one that may have sent the message
   * @param seenTwice those at the provider that knows no keys: a person sees them
   * @param underWay calls whose outcome was not written when their process was hit
   * @param held deliveries that wait for a person, because an answer was lost for good
   */
  record Counts(
      long sends,
      long accepted,
      long calls,
      int retries,
      int askedAgain,
      int duplicates,
      int seenTwice,
      long underWay,
      long held) {}

  boolean isClean() {
    return violations.isEmpty();
  }

  private long count(Law law) {
    return violations.stream().filter(violation -> violation.law() == law).count();
  }

  /** Figures and notes. */
  Report report(Options options) {
    Report report = new Report();
    report.add(Figure.lower("chaos.lost", count(Law.LOST), "", 0, 0));
    report.add(Figure.lower("chaos.duplicates.overbound", count(Law.REPEATED), "", 0, 0));
    if (!recoveries.isEmpty()) {
      double p99 = seconds(recoveries, 99);
      report.add(
          options.fast()
              ? Figure.lower("chaos.recovery.fast.p99", p99, "s", 8, 5)
              : Figure.lower("chaos.recovery.p99", p99, "s", 20, 13));
    }
    report.note(faults());
    report.note(numbers());
    report.note("Ended as: " + ends);
    if (!violations.isEmpty()) {
      report.note(
          violations.size()
              + " violations:\n"
              + violations.stream()
                  .limit(VIOLATIONS_SHOWN)
                  .map(Violation::toString)
                  .collect(Collectors.joining("\n")));
    }
    report.note("Repeat it with: " + options.command());
    return report;
  }

  private String faults() {
    Map<Kind, Long> faults =
        history.harms().stream()
            .collect(Collectors.groupingBy(Harm::kind, TreeMap::new, Collectors.counting()));
    return "faults: "
        + history.harms().size()
        + "\n"
        + faults.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT, "  %-18s %6d", entry.getKey().word(), entry.getValue()))
            .collect(Collectors.joining("\n"));
  }

  private String numbers() {
    return String.format(
        Locale.ROOT,
        """
          sent              %8d (%d accepted)
          provider calls    %8d (%d retries, %d of them of calls without an answer)
          lost              %8d
          falsely sent      %8d
          duplicates        %8d (%d where the provider knows no keys; bound %d, %d beyond it)
          early             %8d
          after expiry      %8d
          too often         %8d
          keys broken       %8d
          stuck             %8d (%d held for a person)
          recovery          p50 %.2f s, p99 %.2f s, longest %.2f s, of %d deliveries
          scheduled, late   p50 %.2f s, p99 %.2f s, longest %.2f s, of %d messages""",
        counts.sends(),
        counts.accepted(),
        counts.calls(),
        counts.retries(),
        counts.askedAgain(),
        count(Law.LOST),
        count(Law.FALSELY_SENT),
        counts.duplicates(),
        counts.seenTwice(),
        counts.underWay(),
        count(Law.REPEATED),
        count(Law.EARLY),
        count(Law.LATE),
        count(Law.TOO_OFTEN),
        count(Law.KEY_BROKEN),
        count(Law.STUCK),
        counts.held(),
        seconds(recoveries, 50),
        seconds(recoveries, 99),
        seconds(recoveries, 100),
        recoveries.size(),
        seconds(lateness, 50),
        seconds(lateness, 99),
        seconds(lateness, 100),
        lateness.size());
  }

  /** A percentile in seconds; not a number of nothing. */
  private static double seconds(List<Long> sorted, int percentile) {
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int index = (int) Math.ceil(percentile / 100.0 * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)) / 1e6;
  }
}
