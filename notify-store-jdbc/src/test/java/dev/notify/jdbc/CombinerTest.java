package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CombinerTest {

  private static final Set<Thread.State> WAITING =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private static final List<Integer> TEN = IntStream.rangeClosed(1, 10).boxed().toList();

  private final Queue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean fails = new AtomicBoolean(true);
  private final CountDownLatch allAreThere = new CountDownLatch(1);
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
    assertThat(submitted(doubling, 4).join()).isEqualTo(8);
    assertThat(batches).containsExactly(List.of(4));
  }

  @Test
  @Timeout(20)
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
            () -> false,
            () -> {
              // Time stands still while the second one waits, so that it waits as long as it takes.
              if (Thread.currentThread().getName().equals("second") && batches.size() == 1) {
                secondLeads.countDown();
              }
              return nanos.get();
            });
    Thread first = new Thread(() -> slow.submit(1), "first");
    Thread second = new Thread(() -> slow.submit(2), "second");
    second.setDaemon(true);
    first.start();
    Awaitility.await().until(() -> batches.size() == 1);
    second.start();
    Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
    bothAreThere.countDown();
    first.join();
    await(secondLeads);

    assertThat(submitted(slow, 3).join()).isEqualTo(3);

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
            () -> false,
            // It stands still: whoever waits, waits for ever.
            () -> nanos.get() + (Thread.currentThread() == second[0] ? 10_000_000 : 0));
    second[0] = new Thread(() -> slow.submit(2));
    second[0].setDaemon(true);

    assertThat(submitted(slow, 1).join()).isEqualTo(1);
    second[0].join();

    assertThat(batches).containsExactly(List.of(1), List.of(2));
  }

  /** The flush of 0, which comes first, goes on until all others are there. */
  private List<Integer> flushWhenAllAreThere(List<Integer> items) {
    if (items.equals(List.of(0))) {
      await(allAreThere);
      return items;
    }
    return flush(items);
  }

  /** Has them submitted while 0 is flushed. */
  private List<CompletableFuture<Integer>> submitTogether(
      Combiner<Integer, Integer> combiner, List<Integer> items) {
    CompletableFuture<Integer> first = waiting(combiner, 0);
    List<CompletableFuture<Integer>> answers =
        items.stream().map(item -> waiting(combiner, item)).toList();
    allAreThere.countDown();
    assertThat(first.join()).isZero();
    return answers;
  }

  private static CompletableFuture<Integer> waiting(Combiner<Integer, Integer> combiner, int item) {
    List<Thread> sender = new ArrayList<>(1);
    CompletableFuture<Integer> answer =
        CompletableFuture.supplyAsync(
            () -> combiner.submit(item), work -> sender.add(daemon(work)));
    Awaitility.await().until(() -> WAITING.contains(sender.get(0).getState()));
    return answer.orTimeout(20, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Integer> submitted(
      Combiner<Integer, Integer> combiner, int item) {
    return CompletableFuture.supplyAsync(() -> combiner.submit(item), CombinerTest::daemon)
        .orTimeout(20, TimeUnit.SECONDS);
  }

  /** Whoever is not answered shall not keep the build from its end. */
  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** What is flushed of ten, so many flushes at a time. */
  private List<Integer> flushedOfTen(boolean isAtLeisure, int atATime) {
    CyclicBarrier together = new CyclicBarrier(atATime);
    Combiner<Integer, Integer> combiner =
        new Combiner<>(
            100,
            items -> {
              if (!items.equals(List.of(0))) {
                await(together);
              }
              return flushWhenAllAreThere(items);
            },
            fault -> false,
            () -> isAtLeisure,
            () -> 0);
    submitTogether(combiner, TEN).forEach(CompletableFuture::join);
    return batches.stream().map(List::size).sorted().toList();
  }

  @Test
  @Timeout(20)
  void ofManyHalfAreFlushedBesideTheOtherHalf() throws Exception {
    // Half of eleven: the one who was flushed alone is expected back.
    assertThat(flushedOfTen(true, 2)).containsExactly(4, 6);
  }

  @Test
  @Timeout(20)
  void whileThereIsElseToDoOneFlushGoesAtATime() throws Exception {
    assertThat(flushedOfTen(false, 1)).containsExactly(10);
  }

  @Test
  void moreThanTwoFlushesNeverGoAtATime() {
    AtomicInteger flushes = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    Combiner<Integer, Integer> combiner =
        new Combiner<>(
            10,
            items -> {
              most.accumulateAndGet(flushes.incrementAndGet(), Math::max);
              Thread.yield();
              List<Integer> doubled = flush(items);
              flushes.decrementAndGet();
              return doubled;
            },
            fault -> false,
            () -> turns.incrementAndGet() % 100 < 70,
            System::nanoTime);
    List<CompletableFuture<Void>> senders =
        IntStream.range(0, 32)
            .mapToObj(
                sender ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 500; i++) {
                            assertThat(combiner.submit(i)).isEqualTo(i * 2);
                          }
                        },
                        task -> new Thread(task).start()))
            .toList();
    senders.forEach(sender -> sender.orTimeout(20, TimeUnit.SECONDS).join());

    assertThat(most).hasValueLessThanOrEqualTo(2);
    assertThat(batches.stream().mapToInt(List::size).sum()).isEqualTo(32 * 500);
  }

  private <V> V failingOnce(V value) {
    if (fails.getAndSet(false)) {
      throw new StackOverflowError();
    }
    return value;
  }

  private void assertFirstIsForgotten(BooleanSupplier isAtLeisure, LongSupplier clock) {
    Combiner<Integer, Integer> combiner =
        new Combiner<>(10, this::flush, fault -> false, isAtLeisure, clock);
    assertThatThrownBy(() -> submitted(combiner, 1).join())
        .hasCauseInstanceOf(StackOverflowError.class);

    assertThat(submitted(combiner, 2).join()).isEqualTo(4);
    assertThat(batches).containsExactly(List.of(2));
  }

  @Test
  void whoFailsBeforeAnythingIsWrittenIsForgotten() {
    assertFirstIsForgotten(() -> true, () -> failingOnce(0L));
  }

  @Test
  void whoCannotBeAskedWhatElseThereIsToDoIsForgotten() {
    assertFirstIsForgotten(() -> failingOnce(true), System::nanoTime);
  }

  /** A combiner of whom ten were served at once, a moment ago. */
  private Combiner<Integer, Integer> afterTen(BooleanSupplier isAtLeisure, LongSupplier clock) {
    Combiner<Integer, Integer> combiner =
        new Combiner<>(
            10,
            items -> {
              now.addAndGet(800_000);
              return flushWhenAllAreThere(items);
            },
            fault -> false,
            isAtLeisure,
            clock);
    submitTogether(combiner, TEN).forEach(CompletableFuture::join);
    assertThat(batches).hasSize(1);
    batches.clear();
    return combiner;
  }

  @Test
  @Timeout(20)
  void nobodyIsWaitedForLongerThanAMoment() throws Exception {
    // Each look at the clock takes a while.
    Combiner<Integer, Integer> combiner = afterTen(() -> false, () -> now.addAndGet(1_000));

    long before = now.get();
    assertThat(submitted(combiner, 100).join()).isEqualTo(200);

    // 200 microseconds, the flush, and a few looks.
    assertThat(now.get() - before).isBetween(1_000_000L, 1_050_000L);
    assertThat(batches).containsExactly(List.of(100));
  }

  @Test
  @Timeout(20)
  void ofManyNoMoreThanHalfAreWaitedFor() throws Exception {
    AtomicBoolean isAtLeisure = new AtomicBoolean();
    CountDownLatch leaderWaits = new CountDownLatch(1);
    Combiner<Integer, Integer> combiner =
        afterTen(
            isAtLeisure::get,
            () -> {
              // It stands still while the leader waits: that takes as long as it takes.
              if (isAtLeisure.get()) {
                leaderWaits.countDown();
              }
              return now.get();
            });
    isAtLeisure.set(true);
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    answers.add(submitted(combiner, 1));
    await(leaderWaits);
    for (int i = 2; i <= 4; i++) {
      answers.add(waiting(combiner, i));
    }
    assertThat(batches).isEmpty();

    assertThat(submitted(combiner, 5).join()).isEqualTo(10);

    answers.forEach(CompletableFuture::join);
    assertThat(batches).hasSize(1).first().asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(5);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      int ignored = barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
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

  private List<CompletableFuture<Integer>> answersOfThree(Predicate<Throwable> isForAll) {
    return submitTogether(
        new Combiner<>(10, this::flushWhenAllAreThere, isForAll), List.of(1, -1, 2));
  }

  @Test
  void oneThatCannotBeWrittenFailsAlone() {
    List<CompletableFuture<Integer>> answers = answersOfThree(fault -> false);

    assertThat(answers.get(0).join()).isEqualTo(2);
    assertThatThrownBy(() -> answers.get(1).join()).hasRootCauseMessage("minus one");
    assertThat(answers.get(2).join()).isEqualTo(4);
    assertThat(batches).containsExactly(List.of(1, -1, 2), List.of(1), List.of(-1), List.of(2));
  }

  @Test
  void whatConcernsEveryoneFailsThemAllAtOnce() {
    List<CompletableFuture<Integer>> answers = answersOfThree(fault -> true);

    assertThat(answers)
        .allSatisfy(answer -> assertThatThrownBy(answer::join).hasRootCauseMessage("minus one"));
    assertThat(batches).containsExactly(List.of(1, -1, 2));
  }

  @Test
  void afterAnErrorTheNextOnesAreWritten() {
    assertThatThrownBy(() -> submitted(doubling, -2).join())
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(StackOverflowError.class);

    assertThat(submitted(doubling, 3).join()).isEqualTo(6);
  }
}
