package dev.notify.engine;

import dev.notify.model.Delivery;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts calls that take longer than they may. All of one provider may take equally long, so
 * one wake-up, for the oldest, does for all; nearly always that call has ended long before, and no
 * call has had to set and cancel a timer of its own.
 */
final class CallWatch {

  private final EngineClock clock;
  private final Duration limit;
  private final ArrayDeque<Call> underWay = new ArrayDeque<>();

  /** Calls that were interrupted and go on all the same. */
  private final Set<Call> overdue = new LinkedHashSet<>();

  private boolean stopped;

  /** The call the wake-up was set for, ended or not. */
  private @Nullable Call watched;

  CallWatch(EngineClock clock, Duration limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /** A call under way on the thread that began it. */
  static final class Call {
    private final Thread thread = Thread.currentThread();
    private final List<Delivery> deliveries;
    private final Instant started;

    private Call(List<Delivery> deliveries, Instant started) {
      this.deliveries = deliveries;
      this.started = started;
    }
  }

  /** This thread's call begins now; empty, and it must not, once calls are stopped. */
  Optional<Call> begin(List<Delivery> deliveries, Instant now) {
    Call call = new Call(deliveries, now);
    boolean isFirst;
    synchronized (this) {
      if (stopped) {
        return Optional.empty();
      }
      underWay.add(call);
      isFirst = watched == null;
      if (isFirst) {
        watched = call;
      }
    }
    if (isFirst) {
      clock.wakeUp(limit, this::look);
    }
    return Optional.of(call);
  }

  /** The call has ended, and is not interrupted any more; answers whether it took too long. */
  synchronized boolean end(Call call) {
    boolean late = overdue.remove(call);
    if (!late) {
      underWay.remove(call);
    }
    return late;
  }

  /** Whose calls have not come back, however often they were interrupted. */
  synchronized List<Delivery> underWay() {
    return Stream.concat(underWay.stream(), overdue.stream())
        .flatMap(call -> call.deliveries.stream())
        .toList();
  }

  /** No call begins any more; nobody waits for those under way, but what they answer counts. */
  synchronized void stop() {
    stopped = true;
    underWay.forEach(call -> call.thread.interrupt());
    overdue.forEach(call -> call.thread.interrupt());
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  private void look() {
    Duration next = interruptWatched();
    if (next != null) {
      clock.wakeUp(next, this::look);
    }
  }

  /** Its time is up; answers how long the next one has left, none if there is no next one. */
  private synchronized @Nullable Duration interruptWatched() {
    Call late = watched;
    if (late != null && underWay.remove(late)) {
      overdue.add(late);
      late.thread.interrupt();
    }
    watched = underWay.peek();
    if (late == null || watched == null) {
      return null;
    }
    Duration left = Duration.between(late.started, watched.started);
    // Between the two, somebody may have set the clock; a call must not pay for that.
    return left.isNegative() || left.compareTo(limit) > 0 ? limit : left;
  }
}
