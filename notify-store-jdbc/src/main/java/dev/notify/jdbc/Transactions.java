package dev.notify.jdbc;

import dev.notify.model.RefusedException;
import dev.notify.model.RefusedException.Why;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short transactions on the application's pool, in READ COMMITTED. Deadlocks and serialization
 * faults are tried again after a moment of chance. Work must be fit to run twice: a connection cut
 * in the middle of a commit leaves open whether it happened.
 */
final class Transactions {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int MOST_TRIES = 8;
  private static final Duration LONGEST_DOUBT = Duration.ofSeconds(2);
  private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

  /** Serialization failure, deadlock; MariaDB's lock wait timeout comes as HY000 with code 1205. */
  private static final Set<String> COLLISIONS = Set.of("40001", "40P01");

  private static final Set<Integer> MARIADB_COLLISIONS = Set.of(1205, 1213, 1020);

  /** Connections that all our work together takes at a time; who comes then waits for its turn. */
  private static final int MOST_CONNECTIONS = 3;

  private final DataSource dataSource;
  private final Semaphore turns = new Semaphore(MOST_CONNECTIONS, true);

  /** One turn is left for what must not wait behind senders: heartbeats and outcomes. */
  private final Semaphore ordinary = new Semaphore(MOST_CONNECTIONS - 1, true);

  private final ReentrantLock byTurns = new ReentrantLock();
  private final ThreadLocal<@Nullable Connection> joined = new ThreadLocal<>();
  private final ThreadLocal<@Nullable Common> common = new ThreadLocal<>();
  private volatile @Nullable Database database;

  Transactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Runs the work and commits.
   *
   * @throws RefusedException if the database cannot be reached or refuses
   */
  <R> R run(Sql<R> work) {
    return run(work, Manner.ORDINARY);
  }

  /** As {@link #run}, but not behind senders and readers. */
  <R> R runUrgently(Sql<R> work) {
    return run(work, Manner.URGENT);
  }

  /** Runs a single statement, which commits by itself. */
  <R> R runAlone(Sql<R> statement) {
    return run(statement, Manner.ALONE);
  }

  /**
   * Runs what a node does by itself now and then, looks and heartbeats, one after the other: so an
   * idle one holds no more than one connection. Nobody waits long for that.
   */
  <R> R byTurns(Supplier<R> work) {
    if (isWithin()) {
      return work.get();
    }
    boolean isMine = false;
    try {
      isMine = byTurns.tryLock(LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return work.get();
    } finally {
      if (isMine) {
        byTurns.unlock();
      }
    }
  }

  /** As {@link #read}, by turns. */
  <R> R readByTurns(Sql<R> work) {
    return byTurns(() -> read(work));
  }

  private enum Manner {
    ORDINARY,
    URGENT,
    /** A single statement without a transaction around it. */
    ALONE
  }

  /**
   * One transaction for several pieces of work.
   *
   * @param afterwards what is to be done when it has ended
   */
  private record Common(Connection connection, List<Runnable> afterwards) {}

  /**
   * Has all that this thread does meanwhile happen in one transaction: all of it, or nothing. As
   * any other work it may be done again, and is if the connection was cut.
   */
  <R> R together(Supplier<R> work) {
    if (common.get() != null) {
      return work.get();
    }
    List<Runnable> afterwards = new ArrayList<>();
    try {
      return runSurely(again -> connection -> together(connection, afterwards, work), false);
    } finally {
      afterwards.forEach(Runnable::run);
    }
  }

  private <R> R together(Connection connection, List<Runnable> afterwards, Supplier<R> work)
      throws SQLException {
    common.set(new Common(connection, afterwards));
    try {
      return work.get();
    } catch (RefusedException e) {
      // Who works within cannot try again what has ended the whole transaction.
      if (e.getCause() instanceof SQLException fault && isCollision(fault)) {
        throw fault;
      }
      throw e;
    } finally {
      common.remove();
    }
  }

  /** Does something when what this thread changes has been committed, or was not. */
  void afterwards(Runnable work) {
    Common shared = common.get();
    if (shared == null) {
      work.run();
    } else {
      shared.afterwards().add(work);
    }
  }

  /** What fails within the common transaction leaves it as it was, and may be tried again. */
  private static <R> R within(Common shared, Sql<R> work) {
    Connection connection = shared.connection();
    try {
      Savepoint before = connection.setSavepoint();
      boolean done = false;
      try {
        R result = work.on(connection);
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack(connection, before);
        }
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void rollBack(Connection connection, Savepoint before) {
    try {
      connection.rollback(before);
    } catch (SQLException e) {
      log.debug("the whole transaction is gone", e);
    }
  }

  private <R> R run(Sql<R> work, Manner manner) {
    Common shared = common.get();
    if (shared != null) {
      return within(shared, work);
    }
    for (int tries = 1; ; tries++) {
      try {
        return inTurn(work, manner);
      } catch (SQLException e) {
        if (tries >= MOST_TRIES || !isCollision(e)) {
          throw unavailable(e);
        }
        log.debug("collision {} in the database, try {}", e.getSQLState(), tries);
        pause(tries);
      }
    }
  }

  private <R> R inTurn(Sql<R> work, Manner manner) throws SQLException {
    if (manner == Manner.URGENT) {
      return inTurn(work, false);
    }
    ordinary.acquireUninterruptibly();
    try {
      return inTurn(work, manner == Manner.ALONE);
    } finally {
      ordinary.release();
    }
  }

  private <R> R inTurn(Sql<R> work, boolean isOneStatement) throws SQLException {
    turns.acquireUninterruptibly();
    try {
      return isOneStatement ? alone(work) : once(work);
    } finally {
      turns.release();
    }
  }

  /**
   * As {@link #run}, for work that changes nothing or finds out what an earlier try has changed: a
   * cut connection is no reason to fail yet.
   *
   * @param work gets to know whether an earlier try may have been committed
   * @param isOneStatement whether the first try is a single statement
   */
  <R> R runSurely(Function<Boolean, Sql<R>> work, boolean isOneStatement) {
    if (common.get() != null) {
      return run(work.apply(false));
    }
    long began = System.nanoTime();
    for (int tries = 1; ; tries++) {
      boolean again = tries > 1;
      try {
        return run(work.apply(again), isOneStatement && !again ? Manner.ALONE : Manner.ORDINARY);
      } catch (RefusedException e) {
        boolean inTime = System.nanoTime() - began < LONGEST_DOUBT.toNanos();
        if (tries == MOST_TRIES || !inTime || !isAbsence(e)) {
          throw e;
        }
        pause(tries + 2);
      }
    }
  }

  /** Reads something. */
  <R> R read(Sql<R> work) {
    return runSurely(again -> work, false);
  }

  /** Has {@link #look} use the application's connection, in this thread and meanwhile. */
  <R> R within(Connection theirs, Supplier<R> work) {
    Connection before = joined.get();
    joined.set(theirs);
    try {
      return work.get();
    } finally {
      if (before == null) {
        joined.remove();
      } else {
        joined.set(before);
      }
    }
  }

  /** Whether what this thread reads may be of a transaction that goes on, and is not to be kept. */
  boolean isWithin() {
    return joined.get() != null || common.get() != null;
  }

  /**
   * Reads a little that need not fit together; on the application's connection, if this thread
   * works within its transaction.
   */
  <R> R look(Sql<R> work) {
    Connection theirs = joined.get();
    if (theirs == null) {
      return runSurely(again -> work, true);
    }
    try {
      return work.on(theirs);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private <R> R once(Sql<R> work) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      Database kind = database(connection);
      boolean autoCommit = connection.getAutoCommit();
      int isolation =
          kind.setsIsolationForOneTransaction()
              ? Connection.TRANSACTION_READ_COMMITTED
              : connection.getTransactionIsolation();
      if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      boolean committed = false;
      try {
        kind.begin(connection);
        R result = work.on(connection);
        connection.commit();
        committed = true;
        return result;
      } finally {
        if (!committed) {
          rollBack(connection);
        }
        restore(connection, autoCommit, isolation);
      }
    } finally {
      giveBack(connection);
    }
  }

  /** A statement that commits by itself, and saves the round trips of a transaction. */
  private <R> R alone(Sql<R> statement) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      boolean autoCommit = connection.getAutoCommit();
      if (!autoCommit) {
        connection.setAutoCommit(true);
      }
      try {
        return statement.on(connection);
      } finally {
        if (!autoCommit && !connection.isClosed()) {
          connection.setAutoCommit(false);
        }
      }
    } finally {
      giveBack(connection);
    }
  }

  /** What was committed stays so, whatever the pool says. */
  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("connection could not be given back", e);
    }
  }

  private Database database(Connection connection) throws SQLException {
    Database known = database;
    if (known == null) {
      known = Database.of(connection);
      database = known;
    }
    return known;
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      log.debug("rollback failed; the connection is gone", e);
    }
  }

  /** The pool gets the connection back as it lent it. */
  private static void restore(Connection connection, boolean autoCommit, int isolation) {
    try {
      if (connection.isClosed()) {
        return;
      }
      if (autoCommit) {
        connection.setAutoCommit(true);
      }
      if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
        connection.setTransactionIsolation(isolation);
      }
    } catch (SQLException e) {
      log.debug("connection could not be restored; the pool will find out", e);
    }
  }

  static boolean isCollision(SQLException e) {
    return COLLISIONS.contains(String.valueOf(e.getSQLState()))
        || MARIADB_COLLISIONS.contains(e.getErrorCode());
  }

  /**
   * Whether it was refused for what it says, a value that does not fit perhaps; then it is no use
   * to try again, while everything else, even a privilege, may come back.
   */
  static boolean isAboutValues(RefusedException e) {
    return e.getCause() instanceof SQLException fault
        && (String.valueOf(fault.getSQLState()).startsWith("22")
            || String.valueOf(fault.getSQLState()).startsWith("23"));
  }

  /** Whether it was refused because the database was not there. */
  static boolean isAbsence(Throwable e) {
    return e instanceof RefusedException
        && e.getCause() instanceof SQLException fault
        && isAbsence(fault);
  }

  /** Whether the fault is the database's absence rather than the statement's content. */
  static boolean isAbsence(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return e instanceof SQLRecoverableException
        || e instanceof SQLTransientConnectionException
        || e instanceof SQLTransientException
        || state.startsWith("08")
        || state.startsWith("57")
        || state.startsWith("53")
        || state.equals("25006")
        || state.equals("25P03")
        || state.equals("90098")
        || state.equals("90121");
  }

  static RefusedException unavailable(SQLException e) {
    // The driver's words may quote a value; the state and the statement's class do not.
    return new RefusedException(
        Why.STORE_UNAVAILABLE,
        "the database "
            + (isAbsence(e) ? "cannot be reached" : "refused")
            + " (SQL state "
            + e.getSQLState()
            + ", code "
            + e.getErrorCode()
            + ")",
        e);
  }

  private static void pause(int tries) {
    long most = Math.min(100, 2L << tries);
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1, most + 1) * 1_000_000);
  }
}
