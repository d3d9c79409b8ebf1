package dev.notify.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question put to people: which of several variants of a notification does better? A notification
 * takes part by {@code .experiment("welcome-subject")}.
 *
 * <pre>{@code
 * Experiment.named("welcome-subject")
 *     .variant(Variant.of("plain", 50))
 *     .variant(Variant.of("emoji", 50).template("welcome-emoji"))
 *     .goal("clicked")
 *     .build();
 * }</pre>
 *
 * @param name its name
 * @param salt what people are assigned by, together with their ids; the name unless set
 * @param variants what is compared; the first is the control, all others are compared with it.
 *     Weights are fractions here
 * @param holdout share of people who get nothing, from 0 to below 1; they are not part of the
 *     weights
 * @param goal what counts as success: {@code opened}, {@code clicked}, {@code read}, {@code
 *     unsubscribed}, {@code complained}, or a goal of the application's own
 * @param confidence of the intervals, and of not being told of a difference that is none; 0.95
 *     unless set
 * @param expectedPeople how many people are expected in all: intervals are tightest there, and hold
 *     at any number
 * @param bandit whether weights follow the results; left alone where absent
 * @since 0.1
 */
public record Experiment(
    String name,
    String salt,
    List<Variant> variants,
    double holdout,
    String goal,
    double confidence,
    long expectedPeople,
    Optional<Bandit> bandit) {

  /** Most variants of an experiment. */
  public static final int MOST_VARIANTS = 20;

  private static final double EXACT = 1e-6;

  /** Checks everything, and turns weights into fractions. */
  public Experiment {
    Assignment.requireName("experiment", name);
    Text.requireText("salt", salt, 255);
    Assignment.requireName("goal", goal);
    if (!(holdout >= 0) || holdout >= 1) {
      throw new ConfigurationException(
          "holdout: " + holdout + " is not a share from 0 to below 1; 0.1 is a tenth");
    }
    if (!(confidence >= 0.5) || confidence >= 1) {
      throw new ConfigurationException(
          "confidence: " + confidence + " is not between 0.5 and 1; 0.95 is usual");
    }
    if (expectedPeople < 100) {
      throw new ConfigurationException("expectedPeople: " + expectedPeople + " is less than 100");
    }
    variants = shares(name, variants);
    if (variants.size() == 1 && holdout == 0) {
      throw new ConfigurationException(
          "variants: '" + name + "' has one and no holdout, so there is nothing to compare");
    }
    int most = variants.size();
    bandit.ifPresent(by -> by.requireFits(most));
  }

  private static List<Variant> shares(String name, List<Variant> variants) {
    if (variants.isEmpty() || variants.size() > MOST_VARIANTS) {
      throw new ConfigurationException(
          "variants: '" + name + "' has " + variants.size() + ", not 1 to " + MOST_VARIANTS);
    }
    Set<String> names = new HashSet<>();
    Map<String, Double> weights = new LinkedHashMap<>();
    for (Variant variant : variants) {
      if (!names.add(variant.name())) {
        throw new ConfigurationException("variants: '" + variant.name() + "' is named twice");
      }
      weights.put(variant.name(), variant.weight());
    }
    Map<String, Double> shares = shares(weights);
    return variants.stream()
        .map(one -> one.weighing(shares.getOrDefault(one.name(), 0.0)))
        .toList();
  }

  /**
   * Weights as fractions of their sum.
   *
   * @throws ConfigurationException if they add up to neither 1 nor 100
   */
  public static Map<String, Double> shares(Map<String, Double> weights) {
    double sum = 0;
    for (Map.Entry<String, Double> weight : weights.entrySet()) {
      if (!(weight.getValue() >= 0)) {
        throw new ConfigurationException(
            "weight of '" + weight.getKey() + "': " + weight.getValue() + " is negative");
      }
      sum += weight.getValue();
    }
    if (Math.abs(sum - 1) > EXACT && Math.abs(sum - 100) > 100 * EXACT) {
      throw new ConfigurationException(
          "weights: " + weights + " add up to " + sum + "; they must add up to 1 or to 100");
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    double all = Math.abs(sum - 1) > EXACT ? 100 : 1;
    weights.forEach((variant, weight) -> shares.put(variant, weight / all));
    return shares;
  }

  /** Starts an experiment. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** The variant that all others are compared with. */
  public Variant control() {
    return variants.get(0);
  }

  /** A variant by its name. */
  public Optional<Variant> variant(String wanted) {
    return variants.stream().filter(one -> one.name().equals(wanted)).findFirst();
  }

  /** The declared weights, by variant. */
  public Map<String, Double> weights() {
    Map<String, Double> weights = new LinkedHashMap<>();
    variants.forEach(one -> weights.put(one.name(), one.weight()));
    return weights;
  }

  /**
   * Has weights follow the results (Thompson sampling): a variant gets the share that is the
   * probability that it is the best, as far as is known.
   *
   * @param every how often weights are worked out anew
   * @param floor share that every variant keeps
   */
  public record Bandit(Duration every, double floor) {
    private static final Duration SOONEST = Duration.ofSeconds(10);

    /** Checks the interval and the floor. */
    public Bandit {
      if (every.compareTo(SOONEST) < 0) {
        throw new ConfigurationException("bandit every: " + every + " is less than " + SOONEST);
      }
      if (!(floor > 0)) {
        throw new ConfigurationException(
            "bandit floor: " + floor + " is not positive; 0.05 keeps every variant in play");
      }
    }

    private void requireFits(int variants) {
      if (floor * variants >= 1) {
        throw new ConfigurationException(
            "bandit floor: " + floor + " for each of " + variants + " variants leaves nothing");
      }
    }
  }

  /** Builds an {@link Experiment}; not thread-safe. */
  public static final class Builder {
    private final String name;
    private final List<Variant> variants = new ArrayList<>();
    private @Nullable String salt;
    private double holdout;
    private String goal = "clicked";
    private double confidence = 0.95;
    private long expectedPeople = 10_000;
    private Optional<Bandit> bandit = Optional.empty();

    private Builder(String name) {
      this.name = name;
    }

    /** Adds a variant; the first is the control. */
    public Builder variant(Variant value) {
      variants.add(Text.present("variant", value));
      return this;
    }

    /**
     * Sets what people are assigned by; its name unless set. Two experiments with the same salt and
     * variants of the same names give a person the same one.
     */
    public Builder salt(String value) {
      salt = value;
      return this;
    }

    /** Sets the share of people who get nothing, from 0 to below 1; none unless set. */
    public Builder holdout(double share) {
      holdout = share;
      return this;
    }

    /** Sets what counts as success; {@code clicked} unless set. */
    public Builder goal(String value) {
      goal = value;
      return this;
    }

    /** Sets the confidence; 0.95 unless set. */
    public Builder confidence(double value) {
      confidence = value;
      return this;
    }

    /** Sets how many people are expected in all; 10,000 unless set. */
    public Builder expectedPeople(long value) {
      expectedPeople = value;
      return this;
    }

    /** Has weights follow the results, worked out so often, with a share that everyone keeps. */
    public Builder bandit(Duration every, double floor) {
      bandit = Optional.of(new Bandit(every, floor));
      return this;
    }

    /**
     * The experiment.
     *
     * @throws ConfigurationException naming what is wrong
     */
    public Experiment build() {
      return new Experiment(
          name,
          salt == null ? name : salt,
          variants,
          holdout,
          goal,
          confidence,
          expectedPeople,
          bandit);
    }
  }
}
