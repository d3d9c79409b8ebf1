package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CombinerTest {

  private final Queue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
  private final Combiner<Integer, Integer> doubling =
      new Combiner<>(10, this::flush, fault -> false);

  private List<Integer> flush(List<Integer> items) {
    batches.add(items);
    if (items.contains(-1)) {
      throw new IllegalArgumentException("minus one");
    }
    if (items.contains(-2)) {
      throw new StackOverflowError();
    }
    return items.stream().map(item -> item * 2).toList();
  }

  @Test
  void whoComesAloneIsWrittenAlone() {
    assertThat(doubling.submit(4)).isEqualTo(8);
    assertThat(batches).containsExactly(List.of(4));
  }

  @Test
  void whoWasJustServedIsGivenAMomentToComeBack() throws Exception {
    AtomicLong nanos = new AtomicLong();
    CountDownLatch bothAreThere = new CountDownLatch(2);
    CountDownLatch secondLeads = new CountDownLatch(1);
    Combiner<Integer, Integer> slow =
        new Combiner<>(
            10,
            items -> {
              batches.add(items);
              nanos.addAndGet(800_000);
              bothAreThere.countDown();
              await(items.equals(List.of(1)) ? bothAreThere : new CountDownLatch(0));
              return items;
            },
            fault -> false,
            () -> {
              // Time stands still while the second one waits, so that it waits as long as it takes.
              if (Thread.currentThread().getName().equals("second") && batches.size() == 1) {
                secondLeads.countDown();
              }
              return nanos.get();
            });
    Thread first = new Thread(() -> slow.submit(1), "first");
    Thread second = new Thread(() -> slow.submit(2), "second");
    first.start();
    Awaitility.await().until(() -> batches.size() == 1);
    second.start();
    Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
    bothAreThere.countDown();
    first.join();
    await(secondLeads);

    slow.submit(3);

    second.join();
    assertThat(batches).containsExactly(List.of(1), List.of(2, 3));
  }

  @Test
  @Timeout(20)
  void whoHasNotComeBackWithinAFlushIsNotWaitedFor() throws Exception {
    AtomicLong nanos = new AtomicLong();
    Thread[] second = new Thread[1];
    Combiner<Integer, Integer> slow =
        new Combiner<>(
            10,
            items -> {
              batches.add(items);
              nanos.addAndGet(800_000);
              if (items.equals(List.of(1))) {
                second[0].start();
                Awaitility.await().until(() -> second[0].getState() == Thread.State.WAITING);
              }
              return items;
            },
            fault -> false,
            // It stands still: whoever waits, waits for ever.
            () -> nanos.get() + (Thread.currentThread() == second[0] ? 10_000_000 : 0));
    second[0] = new Thread(() -> slow.submit(2));

    slow.submit(1);
    second[0].join();

    assertThat(batches).containsExactly(List.of(1), List.of(2));
  }

  @Test
  void whoFailsBeforeAnythingIsWrittenIsForgotten() {
    AtomicBoolean fails = new AtomicBoolean(true);
    Combiner<Integer, Integer> combiner =
        new Combiner<>(
            10,
            this::flush,
            fault -> false,
            () -> {
              if (fails.getAndSet(false)) {
                throw new StackOverflowError();
              }
              return 0;
            });
    assertThatThrownBy(() -> combiner.submit(1)).isInstanceOf(StackOverflowError.class);

    CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> combiner.submit(2));
    assertThat(next.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(4);
    assertThat(batches).containsExactly(List.of(2));
  }

  @Test
  void nobodyIsWaitedForLongerThanAMoment() {
    AtomicLong nanos = new AtomicLong();
    Combiner<Integer, Integer> combiner =
        new Combiner<>(
            10, this::flush, fault -> false, () -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(1)));
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 100)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> combiner.submit(i)))
            .toList();
    answers.forEach(answer -> answer.orTimeout(20, TimeUnit.SECONDS).join());

    assertThat(combiner.submit(100)).isEqualTo(200);
    assertThat(combiner.submit(101)).isEqualTo(202);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyoneGetsTheirOwnAnswerAndNoBatchIsTooLarge() {
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 500)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> doubling.submit(i)))
            .toList();

    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(i * 2);
    }
    assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeBetween(1, 10));
  }

  @Test
  void oneThatCannotBeWrittenFailsAlone() {
    List<CompletableFuture<Integer>> answers =
        IntStream.range(-1, 200)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> doubling.submit(i)))
            .toList();

    assertThatThrownBy(() -> answers.get(0).orTimeout(20, TimeUnit.SECONDS).join())
        .hasRootCauseMessage("minus one");
    answers
        .subList(1, answers.size())
        .forEach(answer -> assertThat(answer.orTimeout(20, TimeUnit.SECONDS).join()).isNotNull());
  }

  @Test
  void afterAnErrorTheNextOnesAreWritten() {
    assertThatThrownBy(() -> doubling.submit(-2))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(StackOverflowError.class);

    CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> doubling.submit(3));
    assertThat(next.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(6);
  }
}
