package dev.notify.experiment;

import dev.notify.model.ExperimentResults.Interval;

/**
 * Compares two shares of people in a way that holds at all moments together, so that one may look
 * every day, or after every person, and stop when it pleases: the mixture sequential probability
 * ratio test with a normal mixture (H. Robbins, 1970; for A/B tests R. Johari, P. Koomen, L.
 * Pekelis, D. Walsh, Always Valid Inference, Operations Research 70, 2022), and the confidence
 * sequence that goes with it (I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas,
 * Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics 52,
 * 2024).
 *
 * <p>With d the difference of the two rates, v its variance and r v the variance of the mixture,
 * the likelihood ratio is {@code exp(d² r / (2 v (1 + r))) / sqrt(1 + r)}. Without any difference
 * it is a martingale that begins at 1, so the chance that it ever comes to 1/a is at most a
 * (Ville). It rests on the central limit theorem, so nothing is said before ten conversions and ten
 * non-conversions are to be expected on either side.
 *
 * @param difference the first rate less the second
 * @param interval where the true difference lies
 * @param pValue the least level at which there is a difference
 * @param isTold whether there were enough people for that
 */
record AnytimeTest(double difference, Interval interval, double pValue, boolean isTold) {

  private static final double FEWEST = 10;

  /**
   * Compares.
   *
   * @param one people and conversions of the first
   * @param other of the second
   * @param level how often a difference may be told that is none
   * @param tunedTo number of people on either side at which the interval is tightest
   */
  static AnytimeTest of(Sample one, Sample other, double level, double tunedTo) {
    double difference = one.rate() - other.rate();
    if (!isEnough(one, other)) {
      return new AnytimeTest(difference, new Interval(-1, 1), 1, false);
    }
    double variance = one.variance() + other.variance();
    double r = tightest(level) * effective(one, other) / (tunedTo / 2);
    double half = Math.sqrt(variance * (1 + 1 / r) * (2 * Math.log(1 / level) + Math.log1p(r)));
    double ratio = difference * difference * r / (2 * variance * (1 + r)) - Math.log1p(r) / 2;
    return new AnytimeTest(
        difference,
        new Interval(Math.max(-1, difference - half), Math.min(1, difference + half)),
        Math.min(1, Math.exp(-ratio)),
        true);
  }

  /** How many went one way, and how many of them came to the goal. */
  record Sample(long people, long converted) {

    double rate() {
      return people == 0 ? 0 : converted / (double) people;
    }

    /** Of the rate; with one more of each kind, so that none at all is not taken for certain. */
    double variance() {
      double n = people + 2.0;
      double rate = (converted + 1) / n;
      return rate * (1 - rate) / n;
    }

    Sample and(Sample more) {
      return new Sample(people + more.people, converted + more.converted);
    }
  }

  private static boolean isEnough(Sample one, Sample other) {
    double rate = one.and(other).rate();
    double fewer = Math.min(one.people(), other.people());
    return fewer * rate >= FEWEST && fewer * (1 - rate) >= FEWEST;
  }

  /** Half the number of people of two equal sides that would tell as much. */
  private static double effective(Sample one, Sample other) {
    double n = one.people();
    double m = other.people();
    return n * m / (n + m);
  }

  /**
   * The r at which {@code (1 + 1/r) (2 ln(1/level) + ln(1 + r))} is least; there {@code r = 2
   * ln(1/level) + ln(1 + r)}.
   */
  static double tightest(double level) {
    double twice = 2 * Math.log(1 / level);
    double r = twice;
    for (int i = 0; i < 50; i++) {
      r = twice + Math.log1p(r);
    }
    return r;
  }
}
