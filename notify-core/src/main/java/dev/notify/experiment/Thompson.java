package dev.notify.experiment;

import dev.notify.spi.ExperimentStore.Count;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Shares by Thompson sampling (W. R. Thompson, Biometrika 25, 1933; O. Chapelle, L. Li, An
 * Empirical Evaluation of Thompson Sampling, NIPS 2011), for many people at a time: a variant's
 * share is the probability that its rate is the highest, where each rate is Beta(1 + conversions, 1
 * + others) distributed. Integrated instead of drawn, so that every node comes to the same.
 */
public final class Thompson {

  /** Even, for Simpson's rule. */
  private static final int STEPS = 4_000;

  private Thompson() {}

  /**
   * The shares.
   *
   * @param counts of the variants that take part, in their order
   * @param floor what each keeps
   * @param lowerIsBetter whether the goal is one to be avoided
   */
  public static Map<String, Double> shares(
      Map<String, Count> counts, double floor, boolean lowerIsBetter) {
    List<BetaDistribution> rates = new ArrayList<>();
    for (Count count : counts.values()) {
      double hits = 1.0 + count.converted();
      double misses = 1.0 + Math.max(0, count.people() - count.converted());
      rates.add(
          lowerIsBetter ? BetaDistribution.of(misses, hits) : BetaDistribution.of(hits, misses));
    }
    double[] best = chancesToBeBest(rates);
    double sum = 0;
    for (double chance : best) {
      sum += chance;
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    int place = 0;
    double left = 1 - floor * best.length;
    for (String variant : counts.keySet()) {
      double share = floor + left * best[place++] / sum;
      // A whole ten-thousandth: what is kept is what is shown.
      shares.put(variant, Math.round(share * 10_000) / 10_000.0);
    }
    return shares;
  }

  /** For each the integral of its density times the others' distribution functions. */
  static double[] chancesToBeBest(List<BetaDistribution> rates) {
    double low = 1;
    double high = 0;
    for (BetaDistribution rate : rates) {
      double spread = 12 * Math.sqrt(rate.getVariance());
      low = Math.min(low, Math.max(0, rate.getMean() - spread));
      high = Math.max(high, Math.min(1, rate.getMean() + spread));
    }
    double[] best = new double[rates.size()];
    double step = (high - low) / STEPS;
    for (int i = 0; i <= STEPS; i++) {
      double at = Math.min(high, low + i * step);
      double weight = i == 0 || i == STEPS ? 1 : i % 2 == 0 ? 2 : 4;
      for (int one = 0; one < best.length; one++) {
        double product = rates.get(one).density(at);
        for (int other = 0; other < best.length && product > 0; other++) {
          if (other != one) {
            product *= rates.get(other).cumulativeProbability(at);
          }
        }
        best[one] += weight * product * step / 3;
      }
    }
    return best;
  }
}
