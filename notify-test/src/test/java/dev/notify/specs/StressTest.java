package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Delivery;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Rate;
import dev.notify.model.RefusedException;
import dev.notify.routing.RetryPolicy;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Everything at once: many senders, every answer a provider can give, cancellations, and a close in
 * the middle. Whatever happens, all that was accepted comes to an end and no lane stands still.
 */
class StressTest {

  private static final int SENDERS = 24;
  private static final int EACH = 400;

  private final Queue<SendReceipt> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
  private final AtomicLong seeds = new AtomicLong();

  @RepeatedTest(4)
  void everythingAcceptedComesToAnEnd(RepetitionInfo round) throws Exception {
    seeds.set(round.getCurrentRepetition() * 1_000_000L);
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(moody("first"))
            .provider(moody("second"))
            .inFlight(2 + round.getCurrentRepetition())
            .rateLimit("second", Rate.perSecond(2_000))
            .circuitBreaker(10, Duration.ofMillis(20))
            .retry(
                RetryPolicy.DEFAULT
                    .withDelays(Duration.ofMillis(1), Duration.ofMillis(5))
                    .withMaxAttempts(5))
            .store(
                MemoryStore.builder()
                    .history(SENDERS * EACH)
                    .waitForRoom(Duration.ofMinutes(1))
                    .build())
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    CountDownLatch half = new CountDownLatch(SENDERS * EACH / 2);
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    for (int i = 0; i < SENDERS; i++) {
      senders.execute(() -> send(dispatcher, half));
    }
    if (round.getCurrentRepetition() % 2 == 0) {
      half.await(30, TimeUnit.SECONDS);
    } else {
      senders.shutdown();
      assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      for (SendReceipt receipt : accepted) {
        receipt.outcome().get(60, TimeUnit.SECONDS);
      }
    }

    assertThat(dispatcher.close(Duration.ofSeconds(60))).isTrue();
    senders.shutdown();
    assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

    assertThat(surprises).isEmpty();
    assertThat(accepted)
        .allSatisfy(
            receipt ->
                assertThat(Stage.record(dispatcher, receipt).deliveries())
                    .extracting(Delivery::status)
                    .noneMatch(status -> status.isOpen()));
  }

  private void send(NotificationDispatcher dispatcher, CountDownLatch half) {
    SplittableRandom random = new SplittableRandom(seeds.incrementAndGet());
    Priority[] priorities = Priority.values();
    try {
      for (int n = 0; n < EACH; n++) {
        SendReceipt receipt =
            dispatcher.send(
                Stage.hello()
                    .channels(EMAIL)
                    .priority(priorities[random.nextInt(priorities.length)])
                    .build());
        accepted.add(receipt);
        half.countDown();
        if (random.nextInt(5) == 0) {
          dispatcher.cancel(receipt.id());
        }
      }
    } catch (RefusedException e) {
      if (e.why() != RefusedException.Why.CLOSED) {
        surprises.add(e);
      }
    } catch (Throwable e) {
      surprises.add(e);
    }
  }

  /** Gives every answer there is, at its own speed, in an order that the seed decides. */
  private RecordingProvider moody(String name) {
    ThreadLocal<SplittableRandom> chance =
        ThreadLocal.withInitial(() -> new SplittableRandom(seeds.incrementAndGet()));
    return RecordingProvider.of(EMAIL, name)
        .alwaysDoes(
            message -> {
              SplittableRandom random = chance.get();
              if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(300_000));
              }
              return switch (random.nextInt(40)) {
                case 0, 1 -> Outcome.retryable("down");
                case 2 -> Outcome.throttled("slow down", Duration.ofMillis(3));
                case 3 -> Outcome.rejected("no");
                case 4 -> Outcome.unknown("lost");
                case 5 -> throw new IllegalStateException("moody");
                default -> Outcome.accepted(message.reference());
              };
            });
  }
}
