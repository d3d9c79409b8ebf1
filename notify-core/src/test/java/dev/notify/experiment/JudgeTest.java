package dev.notify.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.notify.experiment.AnytimeTest.Sample;
import dev.notify.model.Assignment;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentResults;
import dev.notify.model.ExperimentResults.Comparison;
import dev.notify.model.ExperimentResults.Interval;
import dev.notify.model.ExperimentResults.Verdict;
import dev.notify.model.ExperimentRun;
import dev.notify.model.Variant;
import dev.notify.spi.ExperimentStore.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  /** R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void wilsonsIntervalIsAsPublished(long successes, long trials, double low, double high) {
    Interval interval = Proportions.wilson(successes, trials, 0.95);

    assertThat(interval.low()).isCloseTo(low, within(0.00005));
    assertThat(interval.high()).isCloseTo(high, within(0.00005));
  }

  @Test
  void wilsonsIntervalOfNobodyIsEverythingAndOfEverybodyEndsAtOne() {
    assertThat(Proportions.wilson(0, 0, 0.95)).isEqualTo(new Interval(0, 1));
    assertThat(Proportions.wilson(7, 7, 0.95).high()).isEqualTo(1);
  }

  /**
   * R. Kohavi, D. Tang, Y. Xu, Trustworthy Online Controlled Experiments (2020), chapter 3: 821,588
   * and 815,482 people where half each should be; p is 1.8E-6.
   */
  @Test
  void aSampleRatioMismatchIsFoundAsInTheBook() {
    assertThat(Proportions.goodnessOfFit(new long[] {821_588, 815_482}, new double[] {0.5, 0.5}))
        .isCloseTo(1.8e-6, within(0.05e-6));
  }

  /** The closed form against the mixture integrated by Simpson's rule, as it is defined. */
  @Test
  void theAnytimeTestIsTheMixtureLikelihoodRatio() {
    Sample one = new Sample(5_000, 300);
    Sample other = new Sample(5_000, 250);

    AnytimeTest test = AnytimeTest.of(one, other, 0.05, 5_000);

    double v = one.variance() + other.variance();
    double r = AnytimeTest.tightest(0.05);
    assertThat(1 / mixture(test.difference(), v, r * v)).isCloseTo(test.pValue(), within(1e-9));
    // The same by another program, in another language.
    assertThat(test.pValue()).isCloseTo(0.35734769, within(1e-8));
    assertThat(test.interval().high() - test.difference()).isCloseTo(0.01385393, within(1e-8));
  }

  private static double mixture(double d, double v, double tau2) {
    NormalDistribution prior = NormalDistribution.of(0, Math.sqrt(tau2));
    NormalDistribution noise = NormalDistribution.of(0, Math.sqrt(v));
    int steps = 20_000;
    double reach = 10 * Math.sqrt(tau2);
    double step = 2 * reach / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double theta = -reach + i * step;
      double weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
      sum += weight * noise.density(d - theta) * prior.density(theta);
    }
    return sum * step / 3 / noise.density(d);
  }

  @ParameterizedTest
  @CsvSource({"0.05", "0.01", "0.0125", "0.2"})
  void theIntervalIsTightestWhereItIsTunedTo(double level) {
    double best = factor(AnytimeTest.tightest(level), level);

    assertThat(best).isLessThanOrEqualTo(factor(AnytimeTest.tightest(level) * 1.05, level));
    assertThat(best).isLessThanOrEqualTo(factor(AnytimeTest.tightest(level) / 1.05, level));
  }

  private static double factor(double r, double level) {
    return (1 + 1 / r) * (2 * Math.log(1 / level) + Math.log1p(r));
  }

  @ParameterizedTest
  @CsvSource({"0.05", "0.5", "0.004"})
  void peopleWhoLookAfterEveryStepAreToldOfADifferenceThatIsNoneAsSeldomAsPromised(double rate) {
    SplittableRandom random = new SplittableRandom(42);
    int runs = 400;
    int looks = 400;
    int wrong = 0;
    int wrongAtOneLook = 0;
    for (int run = 0; run < runs; run++) {
      long[] hits = new long[2];
      boolean told = false;
      boolean naive = false;
      for (int look = 1; look <= looks; look++) {
        for (int side = 0; side < 2; side++) {
          for (int i = 0; i < 25; i++) {
            hits[side] += random.nextDouble() < rate ? 1 : 0;
          }
        }
        Sample one = new Sample(look * 25L, hits[0]);
        Sample other = new Sample(look * 25L, hits[1]);
        AnytimeTest test = AnytimeTest.of(one, other, 0.05, 5_000);
        told |= test.isTold() && !test.interval().contains(0);
        naive |=
            test.isTold()
                && Math.abs(test.difference())
                    > 1.96 * Math.sqrt(one.variance() + other.variance());
      }
      wrong += told ? 1 : 0;
      wrongAtOneLook += naive ? 1 : 0;
    }

    assertThat(wrong / (double) runs).isLessThanOrEqualTo(0.05);
    assertThat(wrongAtOneLook / (double) runs).as("what peeking does otherwise").isGreaterThan(0.1);
  }

  @Test
  void theTrueDifferenceLiesInTheIntervalAtEveryLook() {
    SplittableRandom random = new SplittableRandom(7);
    int missed = 0;
    int found = 0;
    for (int run = 0; run < 200; run++) {
      long[] hits = new long[2];
      boolean miss = false;
      boolean shown = false;
      for (int look = 1; look <= 200; look++) {
        for (int i = 0; i < 50; i++) {
          hits[0] += random.nextDouble() < 0.13 ? 1 : 0;
          hits[1] += random.nextDouble() < 0.10 ? 1 : 0;
        }
        AnytimeTest test =
            AnytimeTest.of(
                new Sample(look * 50L, hits[0]), new Sample(look * 50L, hits[1]), 0.05, 5_000);
        miss |= !test.interval().contains(0.03);
        shown |= test.interval().low() > 0;
      }
      missed += miss ? 1 : 0;
      found += shown ? 1 : 0;
    }

    assertThat(missed / 200.0).isLessThanOrEqualTo(0.05);
    assertThat(found / 200.0).as("a difference of three points is found").isGreaterThan(0.95);
  }

  @Test
  void verdictsSayWhatIsKnown() {
    assertThat(verdict("clicked", 30, 3, 30, 9)).isEqualTo(Verdict.TOO_FEW_YET);
    assertThat(verdict("clicked", 5_000, 250, 5_000, 251))
        .isEqualTo(Verdict.NO_DIFFERENCE_SHOWN_YET);
    assertThat(verdict("clicked", 5_000, 250, 5_000, 400)).isEqualTo(Verdict.BETTER);
    assertThat(verdict("clicked", 5_000, 400, 5_000, 250)).isEqualTo(Verdict.WORSE);
    assertThat(verdict("clicked", 5_000, 400, 5_000, 0)).isEqualTo(Verdict.WORSE);
    assertThat(verdict("unsubscribed", 5_000, 400, 5_000, 250)).isEqualTo(Verdict.BETTER);
    assertThat(verdict("clicked", 0, 0, 0, 0)).isEqualTo(Verdict.TOO_FEW_YET);
  }

  private static Verdict verdict(String goal, long n, long x, long m, long y) {
    return results(two(), goal, Map.of("a", new Count(n, x, 0), "b", new Count(m, y, 0)))
        .comparison("b")
        .orElseThrow()
        .verdict();
  }

  @Test
  void moreVariantsNeedMoreEvidence() {
    Map<String, Count> counts =
        Map.of(
            "a", new Count(5_000, 250, 0),
            "b", new Count(5_000, 330, 0),
            "c", new Count(5_000, 250, 0));
    Experiment three =
        Experiment.named("three")
            .variant(Variant.of("a", 1 / 3.0))
            .variant(Variant.of("b", 1 / 3.0))
            .variant(Variant.of("c", 1 / 3.0))
            .expectedPeople(15_000)
            .build();

    Comparison amongTwo = results(two(), "clicked", counts).comparison("b").orElseThrow();
    Comparison amongThree = results(three, "clicked", counts).comparison("b").orElseThrow();

    assertThat(amongThree.pValue()).isGreaterThan(amongTwo.pValue());
    assertThat(amongThree.interval().low()).isLessThan(amongTwo.interval().low());
    assertThat(amongThree.pValue() <= 0.05).isEqualTo(!amongThree.interval().contains(0));
  }

  @Test
  void whoGotNothingIsComparedWithEverybodyElseForGoalsThatTheyCanReach() {
    Experiment experiment =
        Experiment.named("x")
            .variant(Variant.of("a", 1))
            .holdout(0.2)
            .goal("purchase")
            .expectedPeople(10_000)
            .build();
    Map<String, Count> counts =
        Map.of("a", new Count(8_000, 800, 80), Assignment.HOLDOUT, new Count(2_000, 100, 10));

    ExperimentResults results = results(experiment, "purchase", counts);

    assertThat(results.comparisons()).isEmpty();
    assertThat(results.againstHoldout().orElseThrow().verdict()).isEqualTo(Verdict.BETTER);
    assertThat(results.againstHoldout().get().difference()).isCloseTo(0.05, within(1e-12));
    assertThat(results.holdout().orElseThrow().people()).isEqualTo(2_000);
    assertThat(results.arm("a").orElseThrow().amount()).isEqualTo(80);
    assertThat(results(experiment, "opened", counts).againstHoldout()).isEmpty();
  }

  @Test
  void aSampleRatioIsJudgedOnlyWhereOneCanBeExpected() {
    Map<String, Count> off = Map.of("a", new Count(1_000, 0, 0), "b", new Count(800, 0, 0));
    Map<String, Count> even = Map.of("a", new Count(1_000, 0, 0), "b", new Count(980, 0, 0));

    assertThat(results(two(), "clicked", off).sampleRatio().isMismatch()).isTrue();
    assertThat(results(two(), "clicked", even).sampleRatio().isMismatch()).isFalse();
    assertThat(results(two(), "clicked", Map.of()).sampleRatio().pValue()).isEmpty();
    ExperimentRun reweighed =
        ExperimentRun.begin(two(), NOW).allocated(Map.of("a", 0.9, "b", 0.1), NOW);
    assertThat(Judge.results(reweighed, "clicked", off).sampleRatio().isMismatch()).isFalse();
    Experiment inTime =
        Experiment.named("x")
            .variant(Variant.of("a", 50))
            .variant(Variant.of("b", 50).delayed(Duration.ofHours(1)))
            .build();
    assertThat(results(inTime, "clicked", off).sampleRatio().pValue()).isEmpty();
  }

  /** Of Beta(1,1) and Beta(2,1) the second is greater with probability 2/3: the integral of 2x². */
  @Test
  void theChanceToBeBestIsExact() {
    double[] best =
        Thompson.chancesToBeBest(List.of(BetaDistribution.of(1, 1), BetaDistribution.of(2, 1)));

    assertThat(best[0]).isCloseTo(1 / 3.0, within(1e-6));
    assertThat(best[1]).isCloseTo(2 / 3.0, within(1e-6));
  }

  /**
   * Of 10^8 people one in twenty came to the goal, so that rate is 0.05; the other, Beta(2, 20), is
   * above it with the probability of at most one hit in 21 tries: 0.95^21 + 21 x 0.05 x 0.95^20.
   */
  @Test
  void whatIsKnownToAMillionthIsComparedWithWhatIsHardlyKnown() {
    Map<String, Count> counts = new LinkedHashMap<>();
    counts.put("known", new Count(100_000_000, 5_000_000, 0));
    counts.put("new", new Count(20, 1, 0));
    double isBetter = Math.pow(0.95, 21) + 21 * 0.05 * Math.pow(0.95, 20);

    double[] best =
        Thompson.chancesToBeBest(
            List.of(BetaDistribution.of(5_000_001, 95_000_001), BetaDistribution.of(2, 20)));

    assertThat(best[1]).isCloseTo(isBetter, within(1e-5));
    assertThat(best[0] + best[1]).isCloseTo(1, within(1e-6));
    assertThat(Thompson.shares(counts, 0, false))
        .containsEntry("new", Math.round(isBetter * 10_000) / 10_000.0);
  }

  @Test
  void chancesAndSharesAreOneTogetherHoweverUnequalTheCountsAre() {
    SplittableRandom random = new SplittableRandom(11);
    for (int run = 0; run < 100; run++) {
      Map<String, Count> counts = new LinkedHashMap<>();
      List<BetaDistribution> rates = new ArrayList<>();
      int variants = 2 + random.nextInt(4);
      for (int i = 0; i < variants; i++) {
        long people = (long) Math.pow(10, random.nextDouble() * 8.5);
        long hits = (long) (people * Math.pow(random.nextDouble(), 4));
        counts.put("v" + i, new Count(people, hits, 0));
        rates.add(BetaDistribution.of(1.0 + hits, 1.0 + people - hits));
      }

      assertThat(Arrays.stream(Thompson.chancesToBeBest(rates)).sum())
          .as(counts.toString())
          .isCloseTo(1, within(1e-5));
      for (boolean lowerIsBetter : new boolean[] {true, false}) {
        Map<String, Double> shares = Thompson.shares(counts, 0.01, lowerIsBetter);
        assertThat(shares.values().stream().mapToLong(one -> Math.round(one * 10_000)).sum())
            .isEqualTo(10_000);
        assertThat(shares.values()).allMatch(one -> one >= 0.01);
      }
    }
  }

  @Test
  void sharesFollowTheResultsAndNobodyFallsBelowTheFloor() {
    Map<String, Count> counts = new LinkedHashMap<>();
    counts.put("a", new Count(2_000_000, 100_000, 0));
    counts.put("b", new Count(2_000, 150, 0));
    counts.put("c", new Count(2_000, 60, 0));

    Map<String, Double> shares = Thompson.shares(counts, 0.05, false);
    Map<String, Double> avoiding = Thompson.shares(counts, 0.05, true);
    Map<String, Double> nothingKnown =
        Thompson.shares(Map.of("a", Count.NONE, "b", Count.NONE), 0.05, false);

    assertThat(shares).containsEntry("a", 0.05).containsEntry("b", 0.9).containsEntry("c", 0.05);
    assertThat(avoiding).containsEntry("c", 0.9);
    assertThat(nothingKnown).containsEntry("a", 0.5).containsEntry("b", 0.5);
  }

  @Test
  void aBanditFindsTheBetterVariant() {
    SplittableRandom random = new SplittableRandom(3);
    Map<String, Double> rates = Map.of("a", 0.05, "b", 0.10);
    Map<String, Count> counts = new LinkedHashMap<>();
    counts.put("a", Count.NONE);
    counts.put("b", Count.NONE);
    Map<String, Double> shares = Map.of("a", 0.5, "b", 0.5);
    for (int person = 0; person < 4_000; person++) {
      String variant = random.nextDouble() < shares.getOrDefault("a", 0.0) ? "a" : "b";
      boolean hit = random.nextDouble() < rates.getOrDefault(variant, 0.0);
      counts.merge(
          variant,
          new Count(1, hit ? 1 : 0, 0),
          (one, more) ->
              new Count(one.people() + more.people(), one.converted() + more.converted(), 0));
      if (person % 200 == 0) {
        shares = Thompson.shares(counts, 0.02, false);
      }
    }

    assertThat(counts.get("b").people()).isGreaterThan(3_200);
  }

  private static Experiment two() {
    return Experiment.named("two")
        .variant(Variant.of("a", 50))
        .variant(Variant.of("b", 50))
        .build();
  }

  private static ExperimentResults results(
      Experiment experiment, String goal, Map<String, Count> counts) {
    return Judge.results(ExperimentRun.begin(experiment, NOW), goal, counts);
  }
}
