package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What a process remembers of what it read. */
class RecentTest {

  private static final Duration LIFE = Duration.ofSeconds(10);
  private static final Logger CAFFEINE = Logger.getLogger("com.github.benmanes.caffeine");

  private final AtomicLong time = new AtomicLong();
  private final Recent<String, String> recent = new Recent<>(LIFE, time::get);
  private final AtomicInteger reads = new AtomicInteger();

  private String read(String key) {
    return key + reads.incrementAndGet();
  }

  /** A reading that another thread has begun, and that goes on until it is told to end. */
  private final class Slow {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final CompletableFuture<String> answer =
        CompletableFuture.supplyAsync(() -> recent.get("a", this::read));

    Slow() throws InterruptedException {
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private String read(String key) {
      begun.countDown();
      return end.join();
    }
  }

  /** Somebody who has asked for the same, and waits. */
  private final class Waiting {
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    Waiting() {
      Thread thread = new Thread(() -> answer.complete(recent.get("a", RecentTest.this::read)));
      thread.start();
      await().until(() -> thread.getState() == Thread.State.WAITING);
    }
  }

  private static final class Listening extends Handler {
    private final List<LogRecord> logged;

    Listening(List<LogRecord> logged) {
      this.logged = logged;
    }

    @Override
    public void publish(LogRecord one) {
      logged.add(one);
    }

    @Override
    public void flush() {
      // Nothing is held back.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  @Test
  void aValueCountsForSoLong() {
    assertThat(recent.get("a", this::read)).isEqualTo("a1");
    assertThat(recent.get("a", this::read)).isEqualTo("a1");
    time.addAndGet(LIFE.toNanos() + 1);

    assertThat(recent.peek("a")).isEmpty();
    assertThat(recent.get("a", this::read)).isEqualTo("a2");
  }

  @Test
  void whereNothingIsKeptEachReads() {
    Recent<String, String> forgetful = new Recent<>(Duration.ZERO, time::get);
    forgetful.put("a", "brought", forgetful.asOf());

    assertThat(forgetful.get("a", this::read)).isEqualTo("a1");
    assertThat(forgetful.get("a", this::read)).isEqualTo("a2");
  }

  @Test
  void whoAsksForWhatIsBeingReadGetsWhatTheOtherReads() throws Exception {
    Slow slow = new Slow();
    Waiting second = new Waiting();

    slow.end.complete("slow");

    assertThat(slow.answer.join()).isEqualTo("slow");
    assertThat(second.answer.join()).isEqualTo("slow");
    assertThat(reads).hasValue(0);
  }

  @Test
  void whoBringsAValueOrDropsOneWaitsForNoReader() throws Exception {
    Slow slow = new Slow();

    assertThat(recent.peek("a")).isEmpty();
    recent.put("a", "brought", recent.asOf());
    assertThat(recent.peek("a")).contains("brought");
    recent.drop("a");
    assertThat(recent.get("a", this::read)).isEqualTo("a1");

    slow.end.complete("of before");
    assertThat(slow.answer.join()).isEqualTo("of before");
    assertThat(recent.get("a", this::read)).as("nothing of before comes back").isEqualTo("a1");
  }

  @Test
  void aReadingThatFailsIsNotKeptNorLoggedAndIsNobodyElsesFault() throws Exception {
    List<LogRecord> logged = new CopyOnWriteArrayList<>();
    Handler handler = new Listening(logged);
    CAFFEINE.addHandler(handler);
    try {
      Slow slow = new Slow();
      Waiting second = new Waiting();

      slow.end.completeExceptionally(new IllegalStateException("away"));

      assertThatThrownBy(slow.answer::join).hasRootCauseMessage("away");
      assertThat(second.answer.join()).isEqualTo("a1");
      assertThat(recent.get("a", this::read)).isEqualTo("a2");
      assertThat(recent.get("a", this::read)).as("kept").isEqualTo("a2");
      assertThat(logged).isEmpty();
    } finally {
      CAFFEINE.removeHandler(handler);
    }
  }

  @Test
  void whatIsDroppedWhileItIsReadIsNotKept() {
    Recent.AsOf before = recent.asOf();
    long stamp = recent.stamp("a");
    recent.drop("a");

    recent.put("a", "old", before);
    recent.put("a", "old", stamp);

    assertThat(recent.peek("a")).isEmpty();
  }

  @Test
  void whatIsExpectedIsReadAtAStroke() {
    Function<String, String> never =
        key -> {
          throw new AssertionError(key);
        };
    recent.put("a", "known", recent.asOf());

    recent.expect(
        List.of("a", "b", "c"),
        missing -> {
          assertThat(missing).containsExactly("b", "c");
          return Map.of("b", "1", "c", "2");
        });

    assertThat(recent.get("a", never)).isEqualTo("known");
    assertThat(recent.get("b", never)).isEqualTo("1");
    assertThat(recent.get("c", never)).isEqualTo("2");
  }
}
