package dev.notify.jdbc;

import dev.notify.model.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for {@link Wakeups} on a connection of its own. It proves every now and then that it
 * hears itself: a connection may die in silence, and behind a pooler that hands out connections by
 * transaction nothing is ever heard. Then it gives up, and looking at intervals has to do.
 */
final class Listener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final int BLOCK_MILLIS = 500;
  private static final int SILENCES_BETWEEN_PROOFS = 20;
  private static final int SILENCES_THAT_DISPROVE = 6;
  private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

  private final DataSource source;
  private final Transactions transactions;
  private final Wakeups wakeups;
  private final Runnable heard;
  private final Runnable inboxes;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private boolean everHeard;

  Listener(
      DataSource source,
      Transactions transactions,
      Wakeups wakeups,
      Runnable heard,
      Runnable inboxes) {
    this.source = source;
    this.transactions = transactions;
    this.wakeups = wakeups;
    this.heard = heard;
    this.inboxes = inboxes;
    thread = new Thread(this::run, "notify-listener");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void run() {
    boolean goesOn = true;
    while (goesOn && !isClosing()) {
      try (Connection connection = source.getConnection()) {
        if (!connection.isWrapperFor(PGConnection.class)) {
          log.info("the driver cannot listen; other nodes' work is looked for at intervals");
          return;
        }
        goesOn = listen(connection);
      } catch (SQLException e) {
        log.debug("listening was cut off with state {}", e.getSQLState());
      } catch (RefusedException e) {
        log.debug("listening was cut off: {}", e.getMessage());
      } catch (LinkageError | ClassCastException e) {
        log.info("no driver that can listen; other nodes' work is looked for at intervals");
        return;
      }
      goesOn = goesOn && !pause();
    }
  }

  /** Answers whether to try again once this connection is gone. */
  private boolean listen(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    Database.run(connection, "LISTEN " + wakeups.channel());
    try {
      // What was told while nobody listened is found by a look.
      heard.run();
      inboxes.run();
      return listen(connection, connection.unwrap(PGConnection.class));
    } finally {
      if (!connection.isClosed()) {
        Database.run(connection, "UNLISTEN *");
        connection.setAutoCommit(autoCommit);
      }
    }
  }

  private boolean listen(Connection connection, PGConnection driver) throws SQLException {
    try {
      prove();
    } catch (RefusedException e) {
      if (connection.isValid(1)) {
        log.info("the pool has no connection to spare; work is looked for at intervals");
        return false;
      }
      throw new SQLException("cut off", "08006", e);
    }
    int silences = 0;
    while (!isClosing()) {
      PGNotification[] notes = driver.getNotifications(BLOCK_MILLIS);
      if (notes != null && notes.length > 0) {
        everHeard = true;
        silences = 0;
        tell(notes);
      } else if (++silences == SILENCES_THAT_DISPROVE && !everHeard) {
        log.info("nothing is heard here, behind a pooler perhaps; work is looked for at intervals");
        return false;
      } else if (silences == SILENCES_BETWEEN_PROOFS) {
        prove();
      } else if (silences > SILENCES_BETWEEN_PROOFS + SILENCES_THAT_DISPROVE) {
        throw new SQLException("a proof was not heard", "08006");
      }
    }
    return false;
  }

  private void tell(PGNotification[] notes) {
    boolean isOfInboxes = false;
    boolean isOfWork = false;
    for (PGNotification note : notes) {
      boolean inbox = Wakeups.isOfInboxes(note.getParameter());
      isOfInboxes |= inbox && !wakeups.isOfOurInboxes(note.getParameter());
      isOfWork |= !inbox;
    }
    if (isOfWork) {
      heard.run();
    }
    if (isOfInboxes) {
      inboxes.run();
    }
  }

  /** On another connection, as the others do. */
  private void prove() {
    // By turns: what it hears then makes this node look, and that is by turns as well.
    boolean ignored = transactions.byTurns(wakeups.ofWork()::tellNow);
  }

  /** Answers whether it is closing. */
  private boolean pause() {
    try {
      return closing.await(BEFORE_NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
