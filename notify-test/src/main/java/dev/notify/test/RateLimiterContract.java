package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.notify.model.Rate;
import dev.notify.spi.RateLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RateLimiter} must do, as tests. Extend this class for one of your own.
 *
 * @since 0.1
 */
public abstract class RateLimiterContract {

  private static final Rate TWO_AN_HOUR = new Rate(2, Duration.ofHours(1));
  private static final int THREADS = 8;
  private static final int TRIES = 50;

  private Instant now = SampleMessages.CREATED_AT;
  private RateLimiter limiter;

  /** A limiter that has counted nothing, and goes by this clock. */
  protected abstract RateLimiter create(InstantSource clock) throws Exception;

  /** One that shares its counts, as another process would have; itself if none can. */
  protected RateLimiter another(RateLimiter first, InstantSource clock) throws Exception {
    return first;
  }

  @BeforeEach
  void createLimiter() throws Exception {
    limiter = create(() -> now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  public void thereAreAsManyPermitsInAPeriodAsTheRateSays() {
    assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
    pass(Duration.ofMinutes(20));
    assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
    pass(Duration.ofMinutes(10));

    assertEquals(Optional.of(Duration.ofMinutes(30)), limiter.tryAcquire("jane", TWO_AN_HOUR));
  }

  @Test
  public void whenAPeriodHasEndedThereAreAllAgain() {
    for (int period = 0; period < 3; period++) {
      assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
      assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
      assertEquals(Optional.of(Duration.ofHours(1)), limiter.tryAcquire("jane", TWO_AN_HOUR));
      pass(Duration.ofHours(1));
    }
  }

  @Test
  public void keysAndRatesCountApart() {
    Rate threeADay = new Rate(3, Duration.ofDays(1));
    for (String key : List.of("jane", "joe", "")) {
      assertEquals(Optional.empty(), limiter.tryAcquire(key, TWO_AN_HOUR));
      assertEquals(Optional.empty(), limiter.tryAcquire(key, TWO_AN_HOUR));
      assertEquals(Optional.empty(), limiter.tryAcquire(key, threeADay));
    }
  }

  @Test
  public void aPermitThatIsGivenBackIsThereAgain() {
    limiter.tryAcquire("jane", TWO_AN_HOUR);
    limiter.tryAcquire("jane", TWO_AN_HOUR);

    limiter.release("jane", TWO_AN_HOUR);

    assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
    assertEquals(Optional.of(Duration.ofHours(1)), limiter.tryAcquire("jane", TWO_AN_HOUR));
  }

  @Test
  public void moreThanAllIsNotThereHoweverOftenItIsGivenBack() {
    limiter.tryAcquire("jane", TWO_AN_HOUR);
    for (int i = 0; i < 5; i++) {
      limiter.release("jane", TWO_AN_HOUR);
    }

    assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
    assertEquals(Optional.empty(), limiter.tryAcquire("jane", TWO_AN_HOUR));
    assertEquals(Optional.of(Duration.ofHours(1)), limiter.tryAcquire("jane", TWO_AN_HOUR));
  }

  @Test
  public void aLookTakesNothing() {
    assertEquals(Optional.empty(), limiter.peek("jane", TWO_AN_HOUR));
    limiter.tryAcquire("jane", TWO_AN_HOUR);
    assertEquals(Optional.empty(), limiter.peek("jane", TWO_AN_HOUR));
    limiter.tryAcquire("jane", TWO_AN_HOUR);
    pass(Duration.ofMinutes(15));

    assertEquals(Optional.of(Duration.ofMinutes(45)), limiter.peek("jane", TWO_AN_HOUR));
    assertEquals(Optional.of(Duration.ofMinutes(45)), limiter.peek("jane", TWO_AN_HOUR));
  }

  @Test
  public void theCountIsExactWhoeverComesAtTheSameMoment() throws Exception {
    RateLimiter other = another(limiter, () -> now);
    Rate rate = new Rate(THREADS * TRIES / 4, Duration.ofHours(1));
    AtomicInteger number = new AtomicInteger();

    List<Integer> taken =
        Patience.together(
            THREADS,
            () -> {
              RateLimiter mine = number.getAndIncrement() % 2 == 0 ? limiter : other;
              int got = 0;
              for (int i = 0; i < TRIES; i++) {
                got += mine.tryAcquire("all", rate).isEmpty() ? 1 : 0;
              }
              return got;
            });

    assertEquals(rate.count(), taken.stream().mapToInt(Integer::intValue).sum());
  }
}
