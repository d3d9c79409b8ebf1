package dev.notify;

import java.util.List;

/**
 * What came of an import of suppressed addresses.
 *
 * @param added how many lines changed the list
 * @param unchanged how many said what the list knows already, or less than it knows
 * @param refused how many were wrong
 * @param wrong the first of those, at most {@value #MOST_NAMED}
 * @since 0.1
 */
public record SuppressionImport(long added, long unchanged, long refused, List<WrongLine> wrong) {

  /** As many wrong lines are named. */
  public static final int MOST_NAMED = 1_000;

  /** Takes a copy. */
  public SuppressionImport {
    wrong = List.copyOf(wrong);
  }

  /**
   * A line that was not imported.
   *
   * @param number counted from 1; of an entry that goes over several lines, its first
   * @param fault what is wrong with it, without the address
   */
  public record WrongLine(long number, String fault) {}
}
