package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.routing.RetryPolicy;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A chain of two providers that both take several messages in one call, few places, many kinds,
 * every priority, cancellations: each message comes to one end, nobody accepts it twice, and
 * nothing is left behind in lanes and waiting rooms.
 */
class BatchStressTest {

  private static final int SENDERS = 6;
  private static final int EACH = 4_000;

  private final Queue<SendReceipt> receipts = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();

  @RepeatedTest(6)
  void eachMessageComesToOneEndAndNothingIsLeftBehind(RepetitionInfo round) throws Exception {
    long seed = round.getCurrentRepetition();
    int[] places = {1, 2, 3, 5, 8, 16};
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(new Moody("first", seed, 7))
            .provider(new Moody("second", seed + 100, 3))
            .inFlight(places[round.getCurrentRepetition() % places.length])
            .circuitBreaker(50, Duration.ofMillis(5))
            .retry(
                RetryPolicy.DEFAULT
                    .withDelays(Duration.ofMillis(1), Duration.ofMillis(5))
                    .withMaxAttempts(20))
            .store(
                MemoryStore.builder()
                    .history(SENDERS * EACH)
                    .waitForRoom(Duration.ofMinutes(1))
                    .build())
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    CountDownLatch done = new CountDownLatch(SENDERS);
    for (int i = 0; i < SENDERS; i++) {
      long own = seed * 1_000 + i;
      senders.execute(
          () -> {
            try {
              send(dispatcher, new SplittableRandom(own));
            } finally {
              done.countDown();
            }
          });
    }
    senders.shutdown();
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

    List<String> open = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (SendReceipt receipt : receipts) {
      try {
        receipt.outcome().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        open.add("stands still: " + Stage.only(dispatcher, receipt).status());
      }
    }
    boolean idle = dispatcher.close(Duration.ofSeconds(2));

    for (SendReceipt receipt : receipts) {
      Delivery delivery = Stage.only(dispatcher, receipt);
      if (!Set.of(DeliveryStatus.SENT, DeliveryStatus.DEAD, DeliveryStatus.CANCELLED)
              .contains(delivery.status())
          || delivery.reason().filter(r -> r.code().equals("SHUTDOWN")).isPresent()) {
        open.add(delivery.status() + " " + delivery.reason());
      }
      int times = taken.getOrDefault(delivery.id().toString(), 0);
      if (times > 1 || (times == 1) != (delivery.status() == DeliveryStatus.SENT)) {
        open.add(delivery.status() + " and taken " + times);
      }
    }
    assertThat(open).isEmpty();
    assertThat(idle).isTrue();
    Leftovers.assertNone(dispatcher);
  }

  private void send(NotificationDispatcher dispatcher, SplittableRandom random) {
    Priority[] priorities = Priority.values();
    SendReceipt last = null;
    for (int i = 0; i < EACH; i++) {
      SendReceipt receipt =
          dispatcher.send(
              Stage.hello()
                  .title("t" + random.nextInt(6))
                  .priority(priorities[random.nextInt(priorities.length)])
                  .build());
      receipts.add(receipt);
      if (last != null && random.nextInt(20) == 0) {
        dispatcher.cancel(last.id());
      }
      last = receipt;
    }
  }

  private final class Moody implements BatchProvider {
    private final String name;
    private final AtomicLong seeds;
    private final int accepts;

    Moody(String name, long seed, int accepts) {
      this.name = name;
      this.seeds = new AtomicLong(seed * 1_000_000);
      this.accepts = accepts;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Channel channel() {
      return EMAIL;
    }

    @Override
    public int batchLimit() {
      return 7;
    }

    @Override
    public Optional<Object> batchKey(OutboundMessage message) {
      return message.content().title().filter(title -> !title.equals("t5")).map(Object.class::cast);
    }

    @Override
    public Outcome deliver(OutboundMessage message) {
      return deliver(List.of(message)).get(0);
    }

    @Override
    public List<Outcome> deliver(List<OutboundMessage> messages) {
      SplittableRandom random = new SplittableRandom(seeds.incrementAndGet());
      if (random.nextInt(4) == 0) {
        LockSupport.parkNanos(random.nextInt(300_000));
      } else if (random.nextInt(3) == 0) {
        Thread.yield();
      }
      if (new HashSet<>(messages).size() != messages.size()) {
        throw new AssertionError("twice in a call");
      }
      if (random.nextInt(60) == 0) {
        return messages.stream()
            .map(m -> Outcome.throttled("slow", Duration.ofMillis(1 + random.nextInt(3))))
            .toList();
      }
      return messages.stream()
          .map(
              message -> {
                if (random.nextInt(10) < accepts) {
                  taken.merge(message.reference(), 1, Integer::sum);
                  return Outcome.accepted(message.reference());
                }
                return Outcome.retryable("moody");
              })
          .toList();
    }
  }

  /** What must be empty when all has come to its end; read from within. */
  static final class Leftovers {
    static void assertNone(Object dispatcher) throws Exception {
      Object engine = field(dispatcher, "engine");
      for (Object chain : ((Map<?, ?>) field(engine, "gates")).values()) {
        for (Object gate : (Collection<?>) chain) {
          Object room = field(gate, "waitingRoom");
          for (String name : List.of("waiting", "underWay", "onTheirWay", "taken")) {
            Object value = field(room, name);
            assertThat(String.valueOf(value)).as(name).isIn("0", "[]", "{}");
          }
        }
      }
      for (Object runner : ((Map<?, ?>) field(engine, "runners")).values()) {
        for (Object lane : (Object[]) field(field(runner, "lanes"), "lanes")) {
          for (String name : List.of("parked", "reserved", "busy", "asked")) {
            assertThat(field(lane, name)).as(name).isEqualTo(0);
          }
        }
      }
    }

    static Object field(Object of, String name) throws Exception {
      var field = of.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    }
  }
}
