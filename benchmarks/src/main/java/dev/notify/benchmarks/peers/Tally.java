package dev.notify.benchmarks.peers;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/** Counts what was handled, each message by its number: the whole work of everyone's handler. */
final class Tally {

  /** More than anyone handles in one measurement. */
  private static final int MOST = 4_000_000;

  private final AtomicIntegerArray times = new AtomicIntegerArray(MOST);
  private final LongAdder handled = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final IntConsumer alsoDo;
  private volatile long firstAt;

  Tally() {
    this(number -> {});
  }

  /** A tally that does something more with each message. */
  Tally(IntConsumer alsoDo) {
    this.alsoDo = alsoDo;
  }

  void handle(int number) {
    alsoDo.accept(number);
    if (firstAt == 0) {
      firstAt = System.nanoTime();
    }
    if (times.getAndIncrement(number) > 0) {
      repeated.increment();
    }
    handled.increment();
  }

  /** How many were handled, those that were handled again not counted. */
  long handled() {
    return handled.sum() - repeated.sum();
  }

  long repeated() {
    return repeated.sum();
  }

  /** When the first was handled, by {@code System.nanoTime}; 0 if none was. */
  long firstAt() {
    return firstAt;
  }
}
