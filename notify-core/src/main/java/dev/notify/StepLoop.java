package dev.notify;

import dev.notify.spi.EngineClock.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has broadcasts, or digests, go on step by step on the host's executor: never more than one step
 * at a time, so that many people take no more than one thread from what is urgent.
 */
final class StepLoop {

  private static final Logger log = LoggerFactory.getLogger(StepLoop.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Wiring wiring;
  private final String what;
  private final Optional<Supplier<Optional<Instant>>> steps;
  private final ReentrantLock stepping = new ReentrantLock();
  private @Nullable Wakeup wakeup;
  private Instant wakeupAt = Instant.MAX;
  private boolean running;
  private boolean again;
  private boolean closed;

  /**
   * A loop around these steps.
   *
   * @param what goes on in it, in words
   * @param steps takes some and answers when to take more; empty if there is nothing to do here
   */
  StepLoop(Wiring wiring, String what, Optional<Supplier<Optional<Instant>>> steps) {
    this.wiring = wiring;
    this.what = what;
    this.steps = steps;
  }

  /** Takes up what a durable store holds from before. */
  void start() {
    if (steps.isPresent() && wiring.parts().store().isDurable()) {
      wake();
    }
  }

  /** Goes on at once. */
  void wake() {
    synchronized (this) {
      again = true;
      if (running || closed) {
        return;
      }
      running = true;
    }
    submit();
  }

  private void submit() {
    try {
      wiring.parts().executor().execute(this::turn);
    } catch (RuntimeException | Error e) {
      log.debug("executor refused a step of {} with {}", what, e.getClass().getName());
      finish(Optional.of(wiring.now().plus(LOOK)));
    }
  }

  private void turn() {
    Optional<Instant> next = Optional.of(wiring.now().plus(LOOK));
    stepping.lock();
    try {
      if (steps.isPresent() && mayStep()) {
        next = steps.get().get();
      }
    } catch (RuntimeException e) {
      log.warn("{} cannot be looked at now: {}", what, e.getClass().getName());
      log.trace("which threw", e);
    } finally {
      stepping.unlock();
      finish(next);
    }
  }

  private synchronized boolean mayStep() {
    again = false;
    return !closed;
  }

  private void finish(Optional<Instant> next) {
    Instant now = wiring.now();
    Optional<Instant> look = next;
    if (wiring.parts().store().isDurable()) {
      // Another node may have begun one, or died with one.
      Instant latest = now.plus(LOOK);
      look = Optional.of(look.filter(latest::isAfter).orElse(latest));
    }
    synchronized (this) {
      running = false;
      if (closed) {
        return;
      }
      if (!again && look.filter(now::isBefore).isPresent()) {
        wakeAt(look.get(), now);
        return;
      }
      if (!again && look.isEmpty()) {
        return;
      }
      running = true;
    }
    submit();
  }

  /** Goes on at this moment, or before. */
  void wakeBy(Instant moment) {
    Instant now = wiring.now();
    if (!moment.isAfter(now)) {
      wake();
      return;
    }
    synchronized (this) {
      if (!closed) {
        wakeAt(moment, now);
      }
    }
  }

  private void wakeAt(Instant moment, Instant now) {
    if (wakeup != null && !moment.isBefore(wakeupAt)) {
      return;
    }
    if (wakeup != null) {
      wakeup.cancel();
    }
    wakeupAt = moment;
    wakeup = wiring.parts().clock().wakeUp(Duration.between(now, moment), this::awake);
  }

  private void awake() {
    synchronized (this) {
      wakeup = null;
      wakeupAt = Instant.MAX;
    }
    wake();
  }

  /** Ends after the step that is under way, for which it waits at most so long. */
  void close(Duration limit) {
    synchronized (this) {
      closed = true;
      if (wakeup != null) {
        wakeup.cancel();
      }
    }
    try {
      if (stepping.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        stepping.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
