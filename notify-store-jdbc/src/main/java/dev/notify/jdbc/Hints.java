package dev.notify.jdbc;

import dev.notify.model.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other processes one thing again and again: by the transaction in which it happens or, if it
 * was told a moment ago, by itself a moment later. So the last of many is told too, however quickly
 * they follow each other.
 *
 * <p>At most one in a while, for each commit with a NOTIFY in it takes a lock of the whole
 * database.
 */
final class Hints {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final String TELL = "SELECT pg_notify(?, ?)";

  /** A hint changes nothing, so nobody waits until the disk has it. */
  private static final String TELL_ALONE =
      "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

  private static final long BETWEEN_TWO = Duration.ofMillis(10).toNanos();

  private final Transactions transactions;
  private final boolean possible;
  private final String channel;
  private final String what;
  private final ScheduledExecutorService later;
  private final AtomicLong last = new AtomicLong(System.nanoTime() - BETWEEN_TWO);
  private final AtomicBoolean isOwed = new AtomicBoolean();

  /**
   * Hints of one kind.
   *
   * @param possible whether this database can tell anybody anything
   * @param what what is told
   * @param later where they are told by themselves
   */
  Hints(
      Transactions transactions,
      boolean possible,
      String channel,
      String what,
      ScheduledExecutorService later) {
    this.transactions = transactions;
    this.possible = possible;
    this.channel = channel;
    this.what = what;
    this.later = later;
  }

  /** What one transaction has to tell. Used by one thread. */
  final class Hint {
    private boolean isNeeded;
    private boolean isTold;

    /** It happens in this transaction. */
    void within(Connection connection) throws SQLException {
      isNeeded = true;
      isTold = tellWithin(connection);
    }

    /** The transaction was committed. */
    void afterwards() {
      if (isNeeded && !isTold) {
        tellSoon();
      }
    }
  }

  Hint hint() {
    return new Hint();
  }

  /** Has a transaction tell it when it commits; answers whether it will. */
  boolean tellWithin(Connection connection) throws SQLException {
    return isTime() && tell(connection, TELL);
  }

  /** Tells of what is committed: now, or soon if it was told a moment ago. */
  void tell() {
    if (isTime()) {
      tellUnlessRefused();
    } else {
      tellSoon();
    }
  }

  /** Tells of what is committed, or will be in a moment. */
  void tellSoon() {
    if (possible && isOwed.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    try {
      var ignored = later.schedule(this::tellOwed, rest(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed just now; the others look for themselves.
    }
  }

  /**
   * How long until nothing was told for twice as long as it must be: while it happens again and
   * again, what is told of that tells of earlier ones as well, at no cost of its own.
   */
  private long rest() {
    return Math.max(0, last.get() + 2 * BETWEEN_TWO - System.nanoTime());
  }

  private boolean isTime() {
    long now = System.nanoTime();
    long before = last.get();
    return possible && now - before >= BETWEEN_TWO && last.compareAndSet(before, now);
  }

  private void tellOwed() {
    if (rest() > 0 || !isTime()) {
      schedule();
      return;
    }
    // First: what is committed from here on is told anew.
    isOwed.set(false);
    tellUnlessRefused();
  }

  /**
   * Tells it by a statement of its own, whenever it was told before.
   *
   * @throws RefusedException if the database cannot be reached or refuses
   */
  boolean tellNow() {
    return transactions.runAlone(connection -> tell(connection, TELL_ALONE));
  }

  private void tellUnlessRefused() {
    try {
      boolean ignored = tellNow();
    } catch (RuntimeException e) {
      log.debug("others were not told, and find it by themselves: {}", e.getMessage());
    }
  }

  private boolean tell(Connection connection, String how) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(how)) {
      statement.setString(1, channel);
      statement.setString(2, what);
      return statement.execute();
    }
  }
}
