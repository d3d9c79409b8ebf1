package dev.notify.jdbc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: who comes first flushes at once, alone; those who come meanwhile make the next
 * batch, which one of them flushes for all. Those who were just served tend to come back, so a
 * leader who comes right behind a flush gives them a moment to be there again, which is short
 * beside a flush. Without that, two who take turns would each wait for the other's commit and never
 * share one. An idle system pays nothing, a busy one a share of a commit.
 *
 * <p>Of many, half are flushed while the other half come back, if this process has nothing else to
 * do: more commits, but no processor rests.
 *
 * @param <T> what is to be written
 * @param <R> what came of it
 */
final class Combiner<T, R> {

  /** A leader waits for others no longer than the last flush took, divided by this. */
  private static final int PART_OF_A_FLUSH = 4;

  /** Whoever waits keeps a processor busy if nobody else wants it: not for long, therefore. */
  private static final long LONGEST_WAIT = TimeUnit.MICROSECONDS.toNanos(200);

  /** From so many on, two flushes at a time are faster than one. */
  private static final int MANY = 8;

  private final int largest;
  private final Function<List<T>, List<R>> flush;
  private final Predicate<Throwable> isForAll;
  private final BooleanSupplier isAtLeisure;
  private final LongSupplier nanoTime;

  // All of these change under this object's monitor; a leader who waits looks at them without it.

  private final ArrayDeque<Ticket<T, R>> queue = new ArrayDeque<>();

  /** Whether there is a leader who has not taken a batch yet. */
  private boolean gathering;

  private int flushes;

  /** How many are in flushes. */
  private volatile int underWay;

  /** How many are in the queue. */
  private volatile int waiting;

  /** How many there were when a flush ended last, in flushes and in the queue. */
  private volatile int expected;

  /** What the last one who came found. */
  private volatile boolean hasLeisure;

  /** When the last flush ended, by the stopwatch, and how long it took. */
  private volatile long ended;

  private volatile long took;

  /**
   * A combiner of batches up to a size, that flushes one at a time.
   *
   * @param flush writes a batch and answers what came of each; if it throws, the items of a larger
   *     batch are tried again one by one, and what is no {@link RuntimeException} comes wrapped
   * @param isForAll whether a fault is about everyone: they all get it, and nothing is tried again
   */
  Combiner(int largest, Function<List<T>, List<R>> flush, Predicate<Throwable> isForAll) {
    this(largest, flush, isForAll, () -> false, System::nanoTime);
  }

  /**
   * A combiner that may flush two at a time.
   *
   * @param isAtLeisure whether this process has nothing else to do
   */
  Combiner(
      int largest,
      Function<List<T>, List<R>> flush,
      Predicate<Throwable> isForAll,
      BooleanSupplier isAtLeisure,
      LongSupplier nanoTime) {
    this.largest = largest;
    this.flush = flush;
    this.isForAll = isForAll;
    this.isAtLeisure = isAtLeisure;
    this.nanoTime = nanoTime;
  }

  private static final class Ticket<T, R> {
    final T item;
    final Thread thread = Thread.currentThread();
    volatile boolean isDone;
    volatile boolean isLeader;
    @Nullable R result;
    @Nullable RuntimeException fault;

    Ticket(T item) {
      this.item = item;
    }
  }

  /** Has the item dealt with, with others that come at the same time; waits until it is. */
  R submit(T item) {
    Ticket<T, R> mine = new Ticket<>(item);
    boolean interrupted = false;
    // Asked here: what throws does so before anybody depends on this sender.
    join(mine, isAtLeisure.getAsBoolean());
    while (!mine.isDone && !mine.isLeader) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (!mine.isDone) {
      lead(mine);
    }
    if (interrupted) {
      // What is being written cannot be called back; the caller learns of it afterwards.
      mine.thread.interrupt();
    }
    if (mine.fault != null) {
      throw mine.fault;
    }
    return result(mine);
  }

  @SuppressWarnings("NullAway") // a ticket that is done without fault has a result
  private static <T, R> R result(Ticket<T, R> ticket) {
    return ticket.result;
  }

  private synchronized void join(Ticket<T, R> ticket, boolean leisure) {
    queue.add(ticket);
    waiting = queue.size();
    hasLeisure = leisure;
    appoint();
  }

  /** Who has waited longest leads, if there may be another flush. */
  private synchronized void appoint() {
    Ticket<T, R> next = queue.peek();
    if (next != null && isLeaderWanted()) {
      gathering = true;
      next.isLeader = true;
      if (next.thread != Thread.currentThread()) {
        LockSupport.unpark(next.thread);
      }
    }
  }

  private boolean isLeaderWanted() {
    return !gathering && (flushes == 0 || (flushes == 1 && isByHalves()));
  }

  private boolean isByHalves() {
    return hasLeisure && expected >= MANY;
  }

  private static int half(int all) {
    return (all + 1) / 2;
  }

  /** Flushes the leader's own item, which is the first of the queue, with those behind it. */
  private void lead(Ticket<T, R> mine) {
    List<Ticket<T, R>> batch = List.of();
    try {
      waitForOthers();
      batch = nextBatch();
      appoint();
      long begun = nanoTime.getAsLong();
      flush(batch);
      flushed(begun, nanoTime.getAsLong());
    } finally {
      try {
        // First of all: the next batch need not wait until this one's threads are awake.
        handOver(mine, batch.size());
      } finally {
        answer(batch);
      }
    }
  }

  /** Not for those of an earlier rush: who has not come back within a flush has gone. */
  private void waitForOthers() {
    int enough = Math.min(isByHalves() ? half(expected) : expected - underWay, largest);
    long begun = nanoTime.getAsLong();
    if (waiting < enough && begun - ended < took) {
      long longest = Math.min(LONGEST_WAIT, took / PART_OF_A_FLUSH);
      while (waiting < enough && nanoTime.getAsLong() - begun < longest) {
        Thread.yield();
      }
    }
  }

  private synchronized List<Ticket<T, R>> nextBatch() {
    int all = Math.max(expected, underWay + queue.size());
    int size = Math.min(Math.min(isByHalves() ? half(all) : all, queue.size()), largest);
    List<Ticket<T, R>> batch = new ArrayList<>(size);
    Iterator<Ticket<T, R>> first = queue.iterator();
    while (batch.size() < size) {
      batch.add(first.next());
    }
    // Nothing has changed until here: what fails has taken nothing.
    for (int i = 0; i < size; i++) {
      queue.remove();
    }
    waiting = queue.size();
    gathering = false;
    flushes++;
    underWay += size;
    return batch;
  }

  private synchronized void flushed(long begun, long at) {
    took = at - begun;
    ended = at;
  }

  private synchronized void handOver(Ticket<T, R> leader, int served) {
    if (served == 0) {
      // It failed before it took anything.
      boolean ignored = queue.remove(leader);
      waiting = queue.size();
      gathering = false;
    } else {
      expected = underWay + queue.size();
      underWay -= served;
      flushes--;
    }
    appoint();
  }

  private static <T, R> void answer(List<Ticket<T, R>> batch) {
    Thread me = Thread.currentThread();
    for (Ticket<T, R> ticket : batch) {
      if (ticket.result == null && ticket.fault == null) {
        ticket.fault = new IllegalStateException("writing was not even tried");
      }
      ticket.isDone = true;
      if (ticket.thread != me) {
        LockSupport.unpark(ticket.thread);
      }
    }
  }

  private void flush(List<Ticket<T, R>> batch) {
    try {
      List<R> results = flush.apply(items(batch));
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).result = results.get(i);
      }
    } catch (Throwable e) {
      // Not thrown here: it is everyone's, and each learns of it by their own ticket.
      batch.forEach(ticket -> ticket.fault = fault(e));
      if (batch.size() > 1 && !isForAll.test(e)) {
        batch.forEach(this::flushAlone);
      }
    }
  }

  private static <T, R> List<T> items(List<Ticket<T, R>> batch) {
    List<T> items = new ArrayList<>(batch.size());
    for (Ticket<T, R> ticket : batch) {
      items.add(ticket.item);
    }
    return items;
  }

  /** One that cannot be written must not fail its neighbours. */
  private void flushAlone(Ticket<T, R> ticket) {
    try {
      ticket.result = flush.apply(List.of(ticket.item)).get(0);
      ticket.fault = null;
    } catch (Throwable e) {
      ticket.fault = fault(e);
    }
  }

  private static RuntimeException fault(Throwable e) {
    return e instanceof RuntimeException fault
        ? fault
        : new IllegalStateException("writing failed", e);
  }
}
