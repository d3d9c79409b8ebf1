package dev.notify.jdbc;

import dev.notify.jdbc.Endings.Change;
import dev.notify.model.Delivery;
import dev.notify.model.RefusedException;
import dev.notify.model.RefusedException.Why;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Gathers what became of deliveries and writes it in batches, on a thread of its own: the next
 * batch is what came while the last one was written. A single change is written at once; only when
 * there is much to do is there a breath between two batches, for fewer and larger ones. A bound
 * keeps small what a crash can repeat.
 */
final class Completions implements AutoCloseable {

  /** Changes that are not written yet; who has another one waits. */
  static final int MOST_UNWRITTEN = 1_000;

  /** A batch of so many tells that more is coming. */
  private static final int BUSY = 8;

  private static final int LARGE = MOST_UNWRITTEN / 4;
  private static final Duration BREATH = Duration.ofMillis(4);

  /** Longer than a database that answers needs; a pool may wait for one that does not. */
  private static final Duration LONGEST_CLOSING = Duration.ofSeconds(10);

  private final Function<List<Change>, List<Optional<Delivery>>> write;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final Thread thread;
  private int unwritten;
  private long added;
  private long done;
  private boolean held;
  private boolean stopped;
  private boolean closed;
  private boolean drawsBreath;

  private record Entry(Change change, CompletableFuture<Optional<Delivery>> answer) {}

  /**
   * A writer that begins at once.
   *
   * @param write answers how the deliveries stand then; empty where a change did not take
   */
  Completions(Function<List<Change>, List<Optional<Delivery>>> write) {
    this.write = write;
    thread = new Thread(this::run, "notify-outcomes");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Lets whoever has more to write wait, so that no more is delivered than can be written down.
   *
   * @param nothingIsWritten whether the database is away
   */
  synchronized void hold(boolean nothingIsWritten) {
    held = nothingIsWritten;
    notifyAll();
  }

  /** Has a change written; waits only if too many are not yet, or the database is away. */
  CompletableFuture<Optional<Delivery>> add(Change change) {
    Entry entry = new Entry(change, new CompletableFuture<>());
    boolean interrupted = false;
    synchronized (this) {
      while (mustWait()) {
        try {
          wait();
        } catch (InterruptedException e) {
          // What was delivered has to be written down, whoever is in a hurry.
          interrupted = true;
        }
      }
      if (closed) {
        entry.answer().completeExceptionally(isClosed());
      } else if (held) {
        entry.answer().completeExceptionally(isAway());
      } else {
        unwritten++;
        added++;
        queue.add(entry);
        // The writer waits for the first one, or, drawing breath, for many.
        if (drawsBreath ? queue.size() == LARGE : queue.size() == 1) {
          notifyAll();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return entry.answer();
  }

  private boolean mustWait() {
    return !closed && (held ? !stopped : unwritten >= MOST_UNWRITTEN);
  }

  /** From now on nobody waits for a database that is away. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /** Waits until what was added before is written, at most so long. */
  synchronized void awaitWritten(Duration longest) {
    long goal = added;
    long deadline = System.nanoTime() + longest.toNanos();
    try {
      for (long left = longest.toNanos();
          done < goal && !closed && left > 0;
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RefusedException isAway() {
    return new RefusedException(
        Why.STORE_UNAVAILABLE, "the database cannot be reached, and the store is about to close");
  }

  private static RefusedException isClosed() {
    return new RefusedException(Why.CLOSED, "the store is closed");
  }

  private void run() {
    List<Entry> batch = next(0);
    while (!batch.isEmpty()) {
      write(batch);
      batch = next(batch.size());
    }
  }

  /** Waits for changes; none is the end. */
  private synchronized List<Entry> next(int before) {
    try {
      if (before >= BUSY) {
        drawBreath();
      }
      while (queue.isEmpty() && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      // Nobody but close ends this thread.
      return next(0);
    }
    List<Entry> batch = new ArrayList<>(queue);
    queue.clear();
    return batch;
  }

  private synchronized void drawBreath() throws InterruptedException {
    drawsBreath = true;
    try {
      breathe();
    } finally {
      drawsBreath = false;
    }
  }

  private synchronized void breathe() throws InterruptedException {
    long deadline = System.nanoTime() + BREATH.toNanos();
    for (long left = BREATH.toNanos();
        left > 0 && queue.size() < LARGE && !closed;
        left = deadline - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private void write(List<Entry> batch) {
    try {
      List<Optional<Delivery>> taken = write.apply(batch.stream().map(Entry::change).toList());
      written(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer().complete(taken.get(i));
      }
    } catch (Throwable e) {
      if (batch.size() > 1 && !Transactions.isAbsence(e)) {
        // One that cannot be written must not fail its neighbours.
        batch.forEach(entry -> write(List.of(entry)));
      } else {
        written(batch.size());
        batch.forEach(entry -> entry.answer().completeExceptionally(e));
      }
    }
  }

  private synchronized void written(int count) {
    unwritten -= count;
    done += count;
    notifyAll();
  }

  /** Writes what is there, if that is possible soon, and nothing that comes later. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(LONGEST_CLOSING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
