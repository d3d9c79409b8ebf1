package dev.notify.experiment;

import dev.notify.model.ExperimentResults.Interval;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** What shares of people tell, looked at once. */
final class Proportions {

  private Proportions() {}

  /**
   * Wilson's score interval (E. B. Wilson, Probable Inference, the Law of Succession, and
   * Statistical Inference, JASA 22, 1927), without continuity correction: the one that R. G.
   * Newcombe recommends (Statistics in Medicine 17, 1998) for how well it holds with small numbers.
   */
  static Interval wilson(long successes, long trials, double confidence) {
    if (trials == 0) {
      return new Interval(0, 1);
    }
    double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
    double n = trials;
    double rate = successes / n;
    double middle = rate + z * z / (2 * n);
    double half = z * Math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
    double whole = 1 + z * z / n;
    return new Interval(
        successes == 0 ? 0 : (middle - half) / whole,
        successes == trials ? 1 : (middle + half) / whole);
  }

  /** p-value of Pearson's chi-squared test of counts against the shares they should have. */
  static double goodnessOfFit(long[] counts, double[] shares) {
    double all = 0;
    double weight = 0;
    for (int i = 0; i < counts.length; i++) {
      all += counts[i];
      weight += shares[i];
    }
    double statistic = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = all * shares[i] / weight;
      statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return ChiSquaredDistribution.of(counts.length - 1.0).survivalProbability(statistic);
  }
}
