package dev.notify.engine;

import dev.notify.model.DeliveryId;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What listeners and futures are to hear: about one delivery by one thread at a time and in the
 * order in which it happened, whoever noticed it. Nobody waits for another: who finds somebody
 * telling leaves its own words to them. What is about to be written keeps its {@link Place} before
 * anybody can read it in the store: a provider's word on it may be here before its writer is.
 *
 * <p>What a store wrote on a thread of its own must not keep that thread, so the telling is done by
 * the engine's: by workers between two jobs, and by a task of its own for when none is at work.
 */
final class Tellings {

  private static final Logger log = LoggerFactory.getLogger(Tellings.class);
  private static final int AT_ONCE = 64;

  private static final Duration PAUSE_WHEN_REFUSED = Duration.ofMillis(200);
  private static final Duration AT_ONCE_ELSEWHERE = Duration.ofMillis(1);

  private final Executor executor;
  private final EngineClock clock;
  private final ConcurrentLinkedQueue<DeliveryId> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean taskComes = new AtomicBoolean();

  /** What is to be told about deliveries, of which there are few; guarded by itself. */
  private final Map<DeliveryId, Words> words = new HashMap<>();

  private volatile boolean anyWords;

  /** The places about one delivery in their order; nearly always there is one. */
  private static final class Words {
    private @Nullable Place first;
    private @Nullable Place last;
    private boolean isBeingTold;

    void add(Place place) {
      if (last == null) {
        first = place;
      } else {
        last.next = place;
      }
      last = place;
    }

    void removeFirst() {
      first = first == null ? null : first.next;
      last = first == null ? null : last;
    }
  }

  /** Where something comes among what is told about a delivery; guarded by the words. */
  static final class Place {
    private final DeliveryId id;
    private @Nullable Runnable what;
    private @Nullable Place next;

    private Place(DeliveryId id) {
      this.id = id;
    }
  }

  Tellings(Executor executor, EngineClock clock) {
    this.executor = executor;
    this.clock = clock;
  }

  /** Has it told soon, by whoever has time. */
  void soon(DeliveryId id, Runnable what) {
    soon(place(id), what);
  }

  /** Has it told now, after what happened before; if somebody is telling that, then by them. */
  void now(DeliveryId id, Runnable what) {
    now(place(id), what);
  }

  /** Keeps a place, which has to be filled: what comes after it waits, though nobody does. */
  Place place(DeliveryId id) {
    Place place = new Place(id);
    synchronized (words) {
      words.computeIfAbsent(id, any -> new Words()).add(place);
      anyWords = true;
    }
    return place;
  }

  /** Has it told at this place, soon. */
  void soon(Place place, Runnable what) {
    fill(place, what);
    waiting.add(place.id);
    haveTaskCome();
  }

  /** Has it told at this place, now. */
  void now(Place place, Runnable what) {
    fill(place, what);
    about(place.id);
  }

  private void fill(Place place, Runnable what) {
    synchronized (words) {
      place.what = what;
    }
  }

  private void haveTaskCome() {
    if (taskComes.compareAndSet(false, true)) {
      Thread mine = Thread.currentThread();
      try {
        executor.execute(() -> someUnlessOn(mine));
      } catch (RuntimeException | Error e) {
        clock.wakeUp(PAUSE_WHEN_REFUSED, this::some);
      }
    }
  }

  /**
   * Never on the thread that came with it, as an executor would that runs in its caller: it may be
   * the store's, and a listener that asks the store for something would wait for itself.
   */
  private void someUnlessOn(Thread caller) {
    if (Thread.currentThread() == caller) {
      clock.wakeUp(AT_ONCE_ELSEWHERE, this::some);
    } else {
      some();
    }
  }

  /** Tells some of what waits. */
  void some() {
    taskComes.set(false);
    for (int i = 0; i < AT_ONCE; i++) {
      DeliveryId next = waiting.poll();
      if (next == null) {
        return;
      }
      about(next);
    }
    if (!waiting.isEmpty()) {
      haveTaskCome();
    }
  }

  private void about(DeliveryId id) {
    for (Runnable word = next(id, true); word != null; word = next(id, false)) {
      try {
        word.run();
      } catch (RuntimeException | Error e) {
        log.error("telling of delivery {} failed: {}", id, e.getClass().getName());
        log.trace("which threw", e);
      }
    }
  }

  private @Nullable Runnable next(DeliveryId id, boolean isFirst) {
    synchronized (words) {
      Words about = words.get(id);
      if (about == null || (isFirst && about.isBeingTold)) {
        return null;
      }
      Place first = about.first;
      Runnable next = first == null ? null : first.what;
      about.isBeingTold = next != null;
      if (next != null) {
        about.removeFirst();
      } else if (first == null) {
        words.remove(id);
        anyWords = !words.isEmpty();
      }
      return next;
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether something about a delivery is being told, or waits to be. */
  boolean isAbout(DeliveryId id) {
    if (!anyWords) {
      return false;
    }
    synchronized (words) {
      return words.containsKey(id);
    }
  }
}
