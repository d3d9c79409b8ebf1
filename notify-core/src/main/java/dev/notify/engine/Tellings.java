package dev.notify.engine;

import dev.notify.model.DeliveryId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What listeners and futures are to hear of changes that the store wrote on a thread of its own.
 * That thread must go on writing, so the telling is done by the engine's: by workers between two
 * jobs, and by a task of its own for when none is at work.
 */
final class Tellings {

  private static final int AT_ONCE = 64;

  private final Executor executor;
  private final ConcurrentLinkedQueue<Telling> waiting = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<DeliveryId, Telling> byDelivery = new ConcurrentHashMap<>();
  private final AtomicBoolean taskComes = new AtomicBoolean();

  Tellings(Executor executor) {
    this.executor = executor;
  }

  private final class Telling {
    final DeliveryId id;
    final Runnable what;
    final AtomicBoolean begun = new AtomicBoolean();

    Telling(DeliveryId id, Runnable what) {
      this.id = id;
      this.what = what;
    }

    void tell() {
      if (begun.compareAndSet(false, true)) {
        byDelivery.remove(id, this);
        what.run();
      }
    }
  }

  /** Has it told soon. */
  void soon(DeliveryId id, Runnable what) {
    Telling telling = new Telling(id, what);
    byDelivery.put(id, telling);
    waiting.add(telling);
    haveTaskCome();
  }

  private void haveTaskCome() {
    if (taskComes.compareAndSet(false, true)) {
      try {
        executor.execute(this::some);
      } catch (RuntimeException | Error e) {
        // Refused: then it is told by whoever came with it.
        some();
      }
    }
  }

  /** Tells some of what waits. */
  void some() {
    taskComes.set(false);
    for (int i = 0; i < AT_ONCE; i++) {
      Telling next = waiting.poll();
      if (next == null) {
        return;
      }
      next.tell();
    }
    if (!waiting.isEmpty()) {
      haveTaskCome();
    }
  }

  /** Tells what waits about a delivery, before something new happens to it. */
  void about(DeliveryId id) {
    @Nullable Telling telling = byDelivery.isEmpty() ? null : byDelivery.get(id);
    if (telling != null) {
      telling.tell();
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }
}
