package dev.notify;

import dev.notify.spi.EngineClock.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has broadcasts, schedules or digests go on, step by step, on the host's executor: never more than
 * one step at a time, so that many people take no more than one thread from what is urgent.
 */
final class BackgroundLoop {

  private static final Logger log = LoggerFactory.getLogger(BackgroundLoop.class);

  private final Wiring wiring;
  private final String what;
  private final Duration look;
  private final Optional<Steps> runner;
  private final ReentrantLock stepping = new ReentrantLock();
  private @Nullable Wakeup wakeup;
  private Instant wakeupAt = Instant.MAX;
  private boolean running;
  private boolean again;
  private boolean closed;

  /** What goes on in a loop. */
  interface Steps {
    /**
     * Does what is due.
     *
     * @return when to look again; empty if nothing is there to be done
     */
    Optional<Instant> steps();
  }

  /**
   * A loop around this.
   *
   * @param what it is, in the plural
   * @param look how often a durable store is looked at for what other nodes have begun
   * @param runner nothing if the store keeps nothing of it
   */
  BackgroundLoop(Wiring wiring, String what, Duration look, Optional<? extends Steps> runner) {
    this.wiring = wiring;
    this.what = what;
    this.look = look;
    this.runner = runner.map(steps -> steps);
  }

  /** Takes up what a durable store holds from before. */
  void start() {
    if (runner.isPresent() && wiring.parts().store().isDurable()) {
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
      synchronized (this) {
        // Or it would be tried again at once, and again.
        again = false;
      }
      finish(Optional.of(wiring.now().plus(look)));
    }
  }

  private void turn() {
    Optional<Instant> next = Optional.of(wiring.now().plus(look));
    stepping.lock();
    try {
      if (runner.isPresent() && mayStep()) {
        next = runner.get().steps();
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
    Optional<Instant> then = next;
    if (wiring.parts().store().isDurable()) {
      // Another node may have begun one, or died with one.
      Instant latest = now.plus(look);
      then = Optional.of(then.filter(latest::isAfter).orElse(latest));
    }
    synchronized (this) {
      running = false;
      if (closed) {
        return;
      }
      if (!again && then.filter(now::isBefore).isPresent()) {
        wakeAt(then.get(), now);
        return;
      }
      if (!again && then.isEmpty()) {
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
      if (wiring.parts().clock().tryLock(stepping, limit)) {
        stepping.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
