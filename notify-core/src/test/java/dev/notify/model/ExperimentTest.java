package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ExperimentTest {

  @Test
  void weightsMayBePercentOrFractions() {
    Experiment percent = experiment(x -> x);
    Experiment thirds =
        Experiment.named("thirds")
            .variant(Variant.of("a", 1 / 3.0))
            .variant(Variant.of("b", 1 / 3.0))
            .variant(Variant.of("c", 1 / 3.0))
            .build();

    assertThat(percent.weights()).isEqualTo(Map.of("a", 0.3, "b", 0.7));
    assertThat(thirds.control().name()).isEqualTo("a");
    assertThat(percent.salt()).isEqualTo("x");
    assertThat(
            new Experiment(
                "x", "x", percent.variants(), 0, "clicked", 0.95, 10_000, percent.bandit()))
        .isEqualTo(percent);
  }

  @Test
  void weightsThatDoNotAddUpAreNamed() {
    assertThatThrownBy(
            () ->
                Experiment.named("x")
                    .variant(Variant.of("a", 50))
                    .variant(Variant.of("b", 30))
                    .build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("{a=50.0, b=30.0} add up to 80.0; they must add up to 1 or to 100");
    assertThatThrownBy(() -> Variant.of("a", -1)).hasMessageContaining("weight of 'a'");
    assertThatThrownBy(() -> Variant.of("a", Double.NaN)).hasMessageContaining("weight of 'a'");
    assertThatThrownBy(() -> Experiment.shares(Map.of("a", Double.NaN)))
        .hasMessageContaining("weight of 'a'");
  }

  @Test
  void whatCannotBeAnExperimentIsRefused() {
    refused(() -> Experiment.named("x").build(), "variants: 'x' has 0");
    refused(() -> Experiment.named("x").variant(Variant.of("a", 1)).build(), "nothing to compare");
    refused(
        () -> Experiment.named("x").variant(Variant.of("a", 1)).variant(Variant.of("a", 1)).build(),
        "'a' is named twice");
    refused(() -> experiment(x -> x.holdout(1)), "holdout: 1.0");
    refused(() -> experiment(x -> x.holdout(10)), "0.1 is a tenth");
    refused(() -> experiment(x -> x.holdout(-0.1)), "holdout");
    refused(() -> experiment(x -> x.confidence(95)), "confidence: 95.0");
    refused(() -> experiment(x -> x.expectedPeople(5)), "expectedPeople: 5");
    refused(() -> experiment(x -> x.goal("two words")), "goal");
    refused(() -> experiment(x -> x.bandit(Duration.ofSeconds(1), 0.1)), "bandit every");
    refused(() -> experiment(x -> x.bandit(Duration.ofMinutes(1), 0)), "bandit floor");
    refused(() -> experiment(x -> x.bandit(Duration.ofMinutes(1), 0.5)), "leaves nothing");
    refused(() -> Variant.of("two words", 1), "variant");
    refused(() -> Variant.of(Assignment.HOLDOUT, 1), "holdout");
    refused(() -> Variant.of("a", 1).template("../secret"), "template");
    refused(() -> Variant.of("a", 1).delayed(Duration.ofDays(31)), "delay of 'a'");
    refused(
        () -> Variant.of("a", 1).delayed(Duration.ofDays(1)).at(LocalTime.NOON),
        "a delay or a time of day");
  }

  @Test
  void aNotificationForSomebodyElseHasNoVariantYet() {
    Notification decided =
        Notification.to("jane")
            .body("Hello")
            .channels(Channel.EMAIL)
            .assignment(new Assignment("x", "a"))
            .build();

    assertThat(decided.toBuilder().build().assignment()).contains(new Assignment("x", "a"));
    assertThat(decided.forRecipient("john").assignment()).isEmpty();
    assertThat(decided.forRecipient("john").experiment()).contains("x");
  }

  private static Experiment experiment(UnaryOperator<Experiment.Builder> with) {
    return with.apply(
            Experiment.named("x").variant(Variant.of("a", 30)).variant(Variant.of("b", 70)))
        .build();
  }

  private static void refused(Runnable attempt, String why) {
    assertThatThrownBy(attempt::run).isInstanceOf(NotifyException.class).hasMessageContaining(why);
  }
}
