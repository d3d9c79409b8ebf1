package dev.notify.email;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Connections at rest and the right to use one. The most recently used one goes out first, so that
 * the others grow old and are closed. Thread-safe; never talks to a relay under its lock.
 */
final class ConnectionPool implements AutoCloseable {

  /**
   * Relays may close a connection at any moment; one that was in use this recently is not asked.
   */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final PoolLimits limits;
  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private final Supplier<RelayTransport> transports;
  private final Semaphore permits;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean sweeping;
  private boolean closed;

  ConnectionPool(
      PoolLimits limits,
      InstantSource clock,
      ScheduledExecutorService timer,
      Supplier<RelayTransport> transports) {
    this.limits = limits;
    this.clock = clock;
    this.timer = timer;
    this.transports = transports;
    this.permits = new Semaphore(limits.connections(), true);
  }

  /** Waits for the right to use a connection; {@code false} if none came free in time. */
  boolean enter() throws InterruptedException {
    return permits.tryAcquire(limits.borrow().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Gives that right back. */
  void leave() {
    permits.release();
  }

  /** A connection that rested here and still works. */
  Optional<Connection> takeIdle() {
    while (true) {
      Optional<Connection> candidate = poll();
      if (candidate.isEmpty()) {
        return candidate;
      }
      Connection connection = candidate.get();
      Instant now = clock.instant();
      if (!connection.isUsedUp(limits, now) && isAlive(connection, now)) {
        return candidate;
      }
      connection.close();
    }
  }

  private synchronized Optional<Connection> poll() {
    return Optional.ofNullable(idle.pollFirst());
  }

  private static boolean isAlive(Connection connection, Instant now) {
    RelayTransport transport = connection.transport();
    // isConnected asks the relay with NOOP and waits for the answer.
    return connection.idle(now).compareTo(FRESH) < 0 ? transport.isOpen() : transport.isConnected();
  }

  /** A new connection, yet to be opened. */
  Connection create() {
    return new Connection(transports.get(), clock.instant());
  }

  /** Lays a connection to rest that is in order. */
  void giveBack(Connection connection) {
    Instant now = clock.instant();
    connection.usedAt(now);
    if (connection.isUsedUp(limits, now) || !rest(connection)) {
      connection.close();
    }
  }

  private synchronized boolean rest(Connection connection) {
    if (closed) {
      return false;
    }
    idle.addFirst(connection);
    scheduleSweep();
    return true;
  }

  private synchronized void scheduleSweep() {
    if (sweeping || closed) {
      return;
    }
    try {
      timer.schedule(this::sweep, limits.idle().toNanos(), TimeUnit.NANOSECONDS);
      sweeping = true;
    } catch (RejectedExecutionException e) {
      // The provider is being closed, and closes what rests here.
    }
  }

  /** Closes what has rested too long, so that a quiet application holds no connections. */
  private void sweep() {
    List<Connection> old = new ArrayList<>();
    Instant now = clock.instant();
    synchronized (this) {
      sweeping = false;
      idle.removeIf(connection -> connection.isUsedUp(limits, now) && old.add(connection));
      if (!idle.isEmpty()) {
        scheduleSweep();
      }
    }
    old.forEach(Connection::close);
  }

  @Override
  public void close() {
    List<Connection> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(idle);
      idle.clear();
    }
    all.forEach(Connection::close);
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
