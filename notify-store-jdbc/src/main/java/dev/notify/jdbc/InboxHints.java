package dev.notify.jdbc;

import dev.notify.model.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other processes that inboxes have changed: by the transaction that changes them or, if
 * something was told a moment ago, by itself a moment later. So the last of many changes is told
 * too, however quickly they follow each other.
 */
final class InboxHints implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private final Transactions transactions;
  private final Wakeups wakeups;
  private final AtomicBoolean isOwed = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor later;

  InboxHints(Transactions transactions, Wakeups wakeups) {
    this.transactions = transactions;
    this.wakeups = wakeups;
    later =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "notify-inbox-hints");
              made.setDaemon(true);
              return made;
            });
    later.setKeepAliveTime(10, TimeUnit.SECONDS);
    later.allowCoreThreadTimeOut(true);
    later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** What one transaction has to tell. Used by one thread. */
  final class Hint {
    private boolean isNeeded;
    private boolean isTold;

    /** Inboxes are changed by this transaction. */
    void within(Connection connection) throws SQLException {
      isNeeded = true;
      isTold = wakeups.isTimeForInboxes() && wakeups.tellInboxes(connection);
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

  /** Tells of what has been committed. */
  void tellSoon() {
    if (wakeups.isPossible() && isOwed.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    try {
      var ignored =
          later.schedule(this::tell, wakeups.restForInboxes().toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed just now; the others ask for themselves.
    }
  }

  private void tell() {
    if (!wakeups.restForInboxes().isZero() || !wakeups.isTimeForInboxes()) {
      schedule();
      return;
    }
    // First: what is committed from here on is told anew.
    isOwed.set(false);
    try {
      boolean ignored = transactions.runAlone(wakeups::tellInboxesAlone);
    } catch (RefusedException e) {
      log.debug("others were not told that inboxes changed, and find it themselves");
    }
  }

  @Override
  public void close() {
    later.shutdown();
  }
}
