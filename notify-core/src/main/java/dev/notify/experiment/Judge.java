package dev.notify.experiment;

import dev.notify.experiment.AnytimeTest.Sample;
import dev.notify.model.Assignment;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentResults;
import dev.notify.model.ExperimentResults.Arm;
import dev.notify.model.ExperimentResults.Comparison;
import dev.notify.model.ExperimentResults.Interval;
import dev.notify.model.ExperimentResults.SampleRatio;
import dev.notify.model.ExperimentResults.Verdict;
import dev.notify.model.ExperimentRun;
import dev.notify.model.Variant;
import dev.notify.spi.ExperimentStore.Count;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says what counts mean. Each variant is compared with the control, by {@link AnytimeTest}; with
 * several of them the level is divided by their number (Bonferroni), so that interval, p-value and
 * verdict always say the same.
 */
public final class Judge {

  /** Goals that are no success. */
  private static final Set<String> TO_BE_AVOIDED = Set.of("unsubscribed", "complained");

  /** Goals that nobody comes to who got nothing. */
  private static final Set<String> OF_MESSAGES =
      Set.of("opened", "clicked", "read", "unsubscribed", "complained");

  /**
   * Usual for this check (A. Fabijan et al., Diagnosing Sample Ratio Mismatch in Online Controlled
   * Experiments, KDD 2019), and strict because it is looked at again and again.
   */
  private static final double MISMATCH = 0.001;

  private static final String ALL = "all variants";

  private Judge() {}

  /** Whether less of a goal is better. */
  public static boolean isToBeAvoided(String goal) {
    return TO_BE_AVOIDED.contains(goal);
  }

  /** What counts mean for an experiment. */
  public static ExperimentResults results(
      ExperimentRun run, String goal, Map<String, Count> counts) {
    Experiment experiment = run.experiment();
    List<Arm> arms = new ArrayList<>();
    for (Variant variant : experiment.variants()) {
      arms.add(arm(experiment, variant.name(), counts));
    }
    Optional<Arm> holdout =
        experiment.holdout() > 0
            ? Optional.of(arm(experiment, Assignment.HOLDOUT, counts))
            : Optional.empty();
    return new ExperimentResults(
        run,
        goal,
        arms,
        holdout,
        comparisons(experiment, goal, arms),
        OF_MESSAGES.contains(goal)
            ? Optional.empty()
            : holdout.map(nobody -> againstHoldout(experiment, goal, arms, nobody)),
        sampleRatio(run, arms));
  }

  private static Arm arm(Experiment experiment, String name, Map<String, Count> counts) {
    Count count = counts.getOrDefault(name, Count.NONE);
    Sample sample = new Sample(count.people(), count.converted());
    Interval interval =
        Proportions.wilson(count.converted(), count.people(), experiment.confidence());
    return new Arm(
        name, count.people(), count.converted(), sample.rate(), interval, count.amount());
  }

  private static List<Comparison> comparisons(Experiment experiment, String goal, List<Arm> arms) {
    int comparisons = arms.size() - 1;
    List<Comparison> compared = new ArrayList<>();
    for (Arm arm : arms.subList(1, arms.size())) {
      Arm control = arms.get(0);
      double tunedTo = experiment.expectedPeople() / (double) arms.size();
      AnytimeTest test =
          AnytimeTest.of(sample(arm), sample(control), level(experiment) / comparisons, tunedTo);
      compared.add(comparison(arm.variant(), control.variant(), goal, test, comparisons));
    }
    return compared;
  }

  private static Comparison againstHoldout(
      Experiment experiment, String goal, List<Arm> arms, Arm holdout) {
    Sample together = arms.stream().map(Judge::sample).reduce(new Sample(0, 0), Sample::and);
    // As much as these two sides of unequal size will tell in the end.
    double share = experiment.holdout();
    double tunedTo = 2 * experiment.expectedPeople() * share * (1 - share);
    AnytimeTest test =
        AnytimeTest.of(together, sample(holdout), level(experiment), Math.max(1, tunedTo));
    return comparison(ALL, holdout.variant(), goal, test, 1);
  }

  private static double level(Experiment experiment) {
    return 1 - experiment.confidence();
  }

  private static Sample sample(Arm arm) {
    return new Sample(arm.people(), arm.converted());
  }

  private static Comparison comparison(
      String variant, String with, String goal, AnytimeTest test, int comparisons) {
    return new Comparison(
        variant,
        with,
        test.difference(),
        test.interval(),
        Math.min(1, test.pValue() * comparisons),
        verdict(test, isToBeAvoided(goal)));
  }

  private static Verdict verdict(AnytimeTest test, boolean lowerIsBetter) {
    if (!test.isTold()) {
      return Verdict.TOO_FEW_YET;
    }
    if (test.interval().contains(0)) {
      return Verdict.NO_DIFFERENCE_SHOWN_YET;
    }
    return test.difference() > 0 == lowerIsBetter ? Verdict.WORSE : Verdict.BETTER;
  }

  /** Who is held out is counted at once, and the others once they were sent to: not comparable. */
  private static SampleRatio sampleRatio(ExperimentRun run, List<Arm> arms) {
    List<Variant> variants = run.experiment().variants();
    long people = arms.stream().mapToLong(Arm::people).sum();
    long[] counts = arms.stream().mapToLong(Arm::people).toArray();
    double[] shares = variants.stream().mapToDouble(Variant::weight).toArray();
    boolean isComparable =
        arms.size() > 1
            && !run.reallocated()
            && variants.stream().noneMatch(Variant::changesTime)
            // With fewer to be expected, the test is known not to hold (W. G. Cochran, 1954).
            && Arrays.stream(shares).allMatch(share -> people * share >= 5);
    if (!isComparable) {
      return new SampleRatio(Optional.empty(), false);
    }
    double pValue = Proportions.goodnessOfFit(counts, shares);
    return new SampleRatio(Optional.of(pValue), pValue < MISMATCH);
  }
}
