package dev.notify.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Chance;
import dev.notify.model.ConfigurationException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** When a failed delivery is tried again. */
class RetryPolicyTest {

  private static final RandomGenerator NO_CHANCE = () -> 0L;
  private static final RandomGenerator MOST_CHANCE = () -> -1L;

  @Test
  void theDelayDoublesUpToItsBound() {
    RetryPolicy policy =
        RetryPolicy.DEFAULT.withDelays(Duration.ofSeconds(1), Duration.ofSeconds(10)).withJitter(0);

    assertThat(policy.delay(1, NO_CHANCE)).hasSeconds(1);
    assertThat(policy.delay(2, NO_CHANCE)).hasSeconds(2);
    assertThat(policy.delay(3, NO_CHANCE)).hasSeconds(4);
    assertThat(policy.delay(4, NO_CHANCE)).hasSeconds(8);
    assertThat(policy.delay(5, NO_CHANCE)).hasSeconds(10);
    assertThat(policy.delay(Integer.MAX_VALUE, NO_CHANCE)).hasSeconds(10);
    assertThat(policy.delay(0, NO_CHANCE)).hasSeconds(1);
  }

  @Test
  void chanceOnlyEverAddsAndAtMostItsShare() {
    RetryPolicy policy =
        RetryPolicy.DEFAULT.withDelays(Duration.ofSeconds(10), Duration.ofHours(1)).withJitter(0.5);

    assertThat(policy.delay(1, NO_CHANCE)).hasSeconds(10);
    assertThat(policy.delay(1, MOST_CHANCE))
        .isBetween(Duration.ofMillis(14_999), Duration.ofSeconds(15));
  }

  @Test
  void theDelayStaysBetweenItsBoundsAndGrowsWithAttempts() {
    Chance.forMany(
        2_000,
        random -> {
          Duration first = Duration.ofMillis(random.nextLong(1, 86_400_000));
          Duration longest = first.plusMillis(random.nextLong(86_400_000));
          double jitter = random.nextInt(5) / 4.0;
          int attempts = random.nextInt(100);
          RetryPolicy policy = RetryPolicy.DEFAULT.withDelays(first, longest).withJitter(jitter);

          Duration delay = policy.delay(attempts, random);

          Duration withoutChance = policy.withJitter(0).delay(attempts, NO_CHANCE);
          assertThat(withoutChance).isBetween(first, longest);
          assertThat(policy.withJitter(0).delay(attempts + 1, NO_CHANCE))
              .isGreaterThanOrEqualTo(withoutChance);
          assertThat(delay)
              .isBetween(
                  withoutChance,
                  withoutChance.plusNanos((long) (withoutChance.toNanos() * jitter) + 1));
        });
  }

  @Test
  void theLongestDelayThatMayBeSetCanBeCounted() {
    RetryPolicy policy =
        RetryPolicy.DEFAULT.withDelays(Duration.ofDays(400), Duration.ofDays(400)).withJitter(1);

    assertThat(policy.delay(Integer.MAX_VALUE, MOST_CHANCE)).isLessThan(Duration.ofDays(801));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    RetryPolicy policy = RetryPolicy.DEFAULT;
    Duration second = Duration.ofSeconds(1);

    assertRefused("maxAttempts", () -> policy.withMaxAttempts(0));
    assertRefused("delays", () -> policy.withDelays(Duration.ZERO, second));
    assertRefused("delays", () -> policy.withDelays(second.negated(), second));
    assertRefused("delays", () -> policy.withDelays(second, Duration.ofMillis(999)));
    assertRefused("400 days", () -> policy.withDelays(second, Duration.ofSeconds(Long.MAX_VALUE)));
    assertRefused("jitter", () -> policy.withJitter(-0.1));
    assertRefused("jitter", () -> policy.withJitter(1.1));
    assertRefused("jitter", () -> policy.withJitter(Double.NaN));
  }

  private static void assertRefused(
      String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(ConfigurationException.class).hasMessageContaining(what);
  }
}
