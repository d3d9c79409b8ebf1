package dev.notify.experiment;

import dev.notify.spi.ExperimentStore.Count;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Shares by Thompson sampling (W. R. Thompson, Biometrika 25, 1933; O. Chapelle, L. Li, An
 * Empirical Evaluation of Thompson Sampling, NIPS 2011), for many people at a time: a variant's
 * share is the probability that its rate is the highest, where each rate is Beta(1 + conversions, 1
 * + others) distributed. Integrated instead of drawn, so that every node comes to the same.
 */
public final class Thompson {

  /** Between two places; even, for Simpson's rule. */
  private static final int STEPS = 16;

  /** How far the places go from the mean, in standard deviations; the last ones for long tails. */
  private static final int[] FAR = {14, 17, 21, 26, 32, 40};

  private static final int NEAR = 12;
  private static final int PARTS = 10_000;

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
    double sum = Arrays.stream(best).sum();
    double left = 1 - floor * best.length;
    int[] parts = parts(Arrays.stream(best).map(chance -> floor + left * chance / sum).toArray());
    Map<String, Double> shares = new LinkedHashMap<>();
    int place = 0;
    for (String variant : counts.keySet()) {
      shares.put(variant, parts[place++] / (double) PARTS);
    }
    return shares;
  }

  /** Whole ten-thousandths, so that what is kept is what is shown, and one together. */
  private static int[] parts(double[] shares) {
    int[] parts = new int[shares.length];
    for (int i = 0; i < shares.length; i++) {
      parts[i] = (int) Math.floor(shares[i] * PARTS + 1e-6);
    }
    for (int left = PARTS - Arrays.stream(parts).sum(); left > 0; left--) {
      int furthest = 0;
      for (int i = 1; i < shares.length; i++) {
        if (shares[i] * PARTS - parts[i] > shares[furthest] * PARTS - parts[furthest] + 1e-6) {
          furthest = i;
        }
      }
      parts[furthest]++;
    }
    return parts;
  }

  /**
   * For each the integral of its density times the others' distribution functions: piece by piece
   * between places that lie a standard deviation apart, of each of them. So the rate that is known
   * to a millionth is met as well as the one of which hardly anything is known.
   */
  static double[] chancesToBeBest(List<BetaDistribution> rates) {
    double[] places = places(rates);
    double[] best = new double[rates.size()];
    for (int piece = 1; piece < places.length; piece++) {
      double low = places[piece - 1];
      double step = (places[piece] - low) / STEPS;
      for (int i = 0; i <= STEPS; i++) {
        double at = i == STEPS ? places[piece] : low + i * step;
        double weight = i == 0 || i == STEPS ? 1 : i % 2 == 0 ? 2 : 4;
        for (int one = 0; one < best.length; one++) {
          best[one] += weight * isHighestAt(rates, one, at) * step / 3;
        }
      }
    }
    return best;
  }

  private static double isHighestAt(List<BetaDistribution> rates, int one, double at) {
    double product = rates.get(one).density(at);
    for (int other = 0; other < rates.size() && product > 0; other++) {
      if (other != one) {
        product *= rates.get(other).cumulativeProbability(at);
      }
    }
    return product;
  }

  private static double[] places(List<BetaDistribution> rates) {
    TreeSet<Double> places = new TreeSet<>();
    for (BetaDistribution rate : rates) {
      double spread = Math.sqrt(rate.getVariance());
      for (int i = -NEAR; i <= NEAR; i++) {
        places.add(Math.max(0, Math.min(1, rate.getMean() + i * spread)));
      }
      for (int far : FAR) {
        places.add(Math.max(0, rate.getMean() - far * spread));
        places.add(Math.min(1, rate.getMean() + far * spread));
      }
    }
    return places.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
