package dev.notify.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LotTest {

  private static final int PEOPLE = 50_000;
  private static final Map<String, Double> HALVES = shares("plain", 0.5, "emoji", 0.5);

  /** Computed by another program in another language, from the description alone. */
  @ParameterizedTest
  @CsvSource({
    "user-1, 0.9169778707055196, plain, plain",
    "user-2, 0.13195463328762685, emoji, question",
    "user-3, 0.05580545715371604, emoji, question",
    "user-4, 0.5250157331755849, emoji, emoji",
    "user-5, 0.2579209931789305, emoji, emoji",
    "user-6, 0.678916507517688, emoji, question",
    "jürgen, 0.09011943647404336, emoji, emoji"
  })
  void theSamePersonGetsTheSameVariantEverywhere(
      String person, double draw, String ofTwo, String ofThree) {
    assertThat(Lot.draw("welcome-subject", "plain", person)).isEqualTo(draw);
    assertThat(Lot.variant("welcome-subject", HALVES, person)).isEqualTo(ofTwo);
    assertThat(
            Lot.variant(
                "welcome-subject", shares("plain", 0.2, "emoji", 0.3, "question", 0.5), person))
        .isEqualTo(ofThree);
  }

  @Test
  void sharesAreKept() {
    Map<String, Double> shares = shares("a", 0.01, "b", 0.09, "c", 0.3, "d", 0.6);
    Map<String, Integer> counts = new HashMap<>();
    people(person -> counts.merge(Lot.variant("salt", shares, person), 1, Integer::sum));

    double statistic = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      double expected = PEOPLE * share.getValue();
      double off = counts.get(share.getKey()) - expected;
      statistic += off * off / expected;
    }

    assertThat(ChiSquaredDistribution.of(3).survivalProbability(statistic)).isGreaterThan(0.01);
  }

  @Test
  void oneExperimentTellsNothingOfAnother() {
    int[][] table = new int[2][2];
    people(
        person -> {
          int one = Lot.variant("first", HALVES, person).equals("plain") ? 0 : 1;
          int other = Lot.variant("second", HALVES, person).equals("plain") ? 0 : 1;
          table[one][other]++;
        });

    double statistic = 0;
    for (int[] row : table) {
      for (int cell : row) {
        statistic += Math.pow(cell - PEOPLE / 4.0, 2) / (PEOPLE / 4.0);
      }
    }
    assertThat(ChiSquaredDistribution.of(3).survivalProbability(statistic)).isGreaterThan(0.01);
  }

  @Test
  void whoIsHeldOutDependsOnNothingButTheShareOfTheHoldout() {
    int[] held = new int[2];
    people(
        person -> {
          boolean inTenth = Lot.isHeldOut("salt", 0.1, person);
          boolean inFifth = Lot.isHeldOut("salt", 0.2, person);
          held[0] += inTenth ? 1 : 0;
          held[1] += inFifth ? 1 : 0;
          assertThat(inFifth || !inTenth).as("a larger holdout keeps who was in it").isTrue();
        });

    assertThat(held[0] / (double) PEOPLE).isCloseTo(0.1, within(0.005));
    assertThat(held[1] / (double) PEOPLE).isCloseTo(0.2, within(0.005));
    assertThat(Lot.isHeldOut("salt", 0, "anybody")).isFalse();
  }

  @Test
  void ifAVariantIsStoppedOnlyItsPeopleMoveInProportionToTheOthers() {
    Map<String, Double> before = shares("a", 0.2, "b", 0.3, "c", 0.5);
    Map<String, Double> after = shares("a", 0.2, "b", 0.3, "c", 0.0);
    Map<String, Integer> moved = new HashMap<>();
    people(
        person -> {
          String first = Lot.variant("salt", before, person);
          String then = Lot.variant("salt", after, person);
          if (first.equals("c")) {
            moved.merge(then, 1, Integer::sum);
          } else {
            assertThat(then).isEqualTo(first);
          }
        });

    assertThat(moved.get("a") / (double) (moved.get("a") + moved.get("b")))
        .isCloseTo(0.4, within(0.01));
  }

  @Test
  void peopleMoveOnlyToWhereAShareGrowsOrFromWhereItShrinks() {
    Map<String, Double> before = shares("a", 0.5, "b", 0.3, "c", 0.2);
    Map<String, Double> after = shares("a", 0.4, "b", 0.3, "c", 0.3);
    int[] moved = new int[1];
    people(
        person -> {
          String first = Lot.variant("salt", before, person);
          String then = Lot.variant("salt", after, person);
          if (!first.equals(then)) {
            moved[0]++;
            assertThat(first.equals("a") || then.equals("c")).isTrue();
          }
        });

    assertThat(moved[0] / (double) PEOPLE).as("a tenth must move").isBetween(0.1, 0.14);
  }

  private static void people(java.util.function.Consumer<String> each) {
    IntStream.range(0, PEOPLE).mapToObj(i -> "user-" + i).forEach(each);
  }

  private static Map<String, Double> shares(Object... pairs) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      shares.put((String) pairs[i], (Double) pairs[i + 1]);
    }
    return shares;
  }
}
