package dev.notify.model;

import java.util.List;
import java.util.Optional;

/**
 * What an experiment has shown so far for one goal. Everybody counts once, however many messages
 * they got: as exposed to the first variant that was sent to them, and as converted if they came to
 * the goal after that.
 *
 * <p>May be looked at as often as one likes, and the experiment ended by what it shows: intervals
 * and p-values of {@link Comparison} hold at all moments together.
 *
 * @param run the experiment as it stands
 * @param goal what was counted
 * @param arms how many people were exposed and came to the goal, by variant; the control first
 * @param holdout the same of people who got nothing
 * @param comparisons each variant with the control
 * @param againstHoldout all variants together with who got nothing; empty without a holdout, and
 *     for goals that only who got something can come to
 * @param sampleRatio whether as many people came to each variant as should have
 * @since 0.1
 */
public record ExperimentResults(
    ExperimentRun run,
    String goal,
    List<Arm> arms,
    Optional<Arm> holdout,
    List<Comparison> comparisons,
    Optional<Comparison> againstHoldout,
    SampleRatio sampleRatio) {

  /** Takes copies. */
  public ExperimentResults {
    arms = List.copyOf(arms);
    comparisons = List.copyOf(comparisons);
  }

  /** What was found out about a variant. */
  public enum Verdict {
    /**
     * Nothing can be said yet: fewer than ten conversions or non-conversions are to be expected.
     */
    TOO_FEW_YET,
    /** There may be none, or there may be one that is still too small to be seen. */
    NO_DIFFERENCE_SHOWN_YET,
    /** It does better than what it is compared with. */
    BETTER,
    /** It does worse than what it is compared with. */
    WORSE
  }

  /**
   * From a number to a number.
   *
   * @param low the least
   * @param high the most
   */
  public record Interval(double low, double high) {

    /** Whether a number lies in it. */
    public boolean contains(double number) {
      return low <= number && number <= high;
    }
  }

  /**
   * One variant by itself.
   *
   * @param variant its name
   * @param people how many were sent it; of the holdout, how many were not
   * @param converted how many of them came to the goal
   * @param rate their share; 0 of nobody
   * @param interval Wilson's score interval of the rate, as of this moment: for one look, not for
   *     comparing variants
   * @param amount all amounts of these conversions together
   */
  public record Arm(
      String variant, long people, long converted, double rate, Interval interval, double amount) {}

  /**
   * A variant beside what it is compared with.
   *
   * @param variant its name
   * @param with what it is compared with
   * @param difference its rate less the other's; 0.02 is two percentage points
   * @param interval where the true difference lies; valid at all moments together, and corrected
   *     for the number of variants
   * @param pValue how surprising this would be without any difference; valid and corrected likewise
   * @param verdict what that means
   */
  public record Comparison(
      String variant,
      String with,
      double difference,
      Interval interval,
      double pValue,
      Verdict verdict) {}

  /**
   * Whether as many people came to each variant as should have (Pearson's chi-squared test).
   *
   * @param pValue empty where shares were changed on the way or variants differ in time, so that
   *     nothing can be expected
   * @param isMismatch whether it is below 0.001: then something is wrong with who was counted, and
   *     the other numbers mean nothing
   */
  public record SampleRatio(Optional<Double> pValue, boolean isMismatch) {}

  /** The comparison of a variant with the control. */
  public Optional<Comparison> comparison(String variant) {
    return comparisons.stream().filter(one -> one.variant().equals(variant)).findFirst();
  }

  /** Of a variant, what was counted. */
  public Optional<Arm> arm(String variant) {
    return arms.stream().filter(one -> one.variant().equals(variant)).findFirst();
  }
}
