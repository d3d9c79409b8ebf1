package dev.notify.benchmarks.chaos;

import com.zaxxer.hikari.HikariDataSource;
import dev.notify.benchmarks.InterceptedSource;
import dev.notify.benchmarks.InterceptedSource.Interceptor;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The way to the database as a network makes it: answers of commits get lost, statements take their
 * time. It also notes each heartbeat that went through, by the statement.
 */
final class UnreliableSource {

  private static final String HEARTBEAT = "UPDATE notify_node SET heartbeat_at = ";
  private static final String OF_A_LIVING_ONE = "AND heartbeat_at >";

  private final Journal journal;
  private final RunClock clock;
  private final AtomicInteger answersToLose = new AtomicInteger();
  private volatile long delayNanos;

  UnreliableSource(Journal journal, RunClock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  DataSource of(HikariDataSource pool) {
    return InterceptedSource.of(pool, () -> new OfConnection(pool));
  }

  /** The next commits happen, and their connections are cut before the answer. */
  void loseAnswers(int count) {
    answersToLose.set(count);
  }

  /** Every statement takes so much longer; zero ends it. */
  void delay(long millis) {
    delayNanos = millis * 1_000_000;
  }

  private void dawdle() {
    if (delayNanos > 0) {
      LockSupport.parkNanos(delayNanos);
    }
  }

  private boolean losesAnswer() {
    return answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  /** The pool is to know at once, as from a driver that finds its connection cut. */
  private static SQLRecoverableException cut(HikariDataSource pool, Connection connection)
      throws SQLException {
    connection.abort(Runnable::run);
    pool.evictConnection(connection);
    return new SQLRecoverableException("connection cut after the commit", "08006");
  }

  private final class OfConnection implements Interceptor {
    private final HikariDataSource pool;
    private long heartbeat;
    private @Nullable Connection connection;

    OfConnection(HikariDataSource pool) {
      this.pool = pool;
    }

    @Override
    public @Nullable Object around(Object target, Method method, Object @Nullable [] arguments)
        throws Throwable {
      connection = (Connection) target;
      String name = method.getName();
      if (name.equals("prepareStatement") && arguments != null) {
        String sql = String.valueOf(arguments[0]);
        if (sql.startsWith(HEARTBEAT) && sql.contains(OF_A_LIVING_ONE)) {
          heartbeat = clock.now();
        }
      }
      if (!name.equals("commit")) {
        return Interceptor.proceed(target, method, arguments);
      }
      dawdle();
      Object answer = Interceptor.proceed(target, method, arguments);
      if (heartbeat > 0) {
        journal.write(What.BEAT, "since", heartbeat);
        heartbeat = 0;
      }
      if (losesAnswer()) {
        throw cut(pool, connection);
      }
      return answer;
    }

    @Override
    public Interceptor ofStatement() {
      return new OfStatement(pool, connection);
    }
  }

  /** A statement outside a transaction commits by itself. */
  private final class OfStatement implements Interceptor {
    private final HikariDataSource pool;
    private final @Nullable Connection connection;

    OfStatement(HikariDataSource pool, @Nullable Connection connection) {
      this.pool = pool;
      this.connection = connection;
    }

    @Override
    public @Nullable Object around(Object target, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (!method.getName().startsWith("execute")) {
        return Interceptor.proceed(target, method, arguments);
      }
      dawdle();
      boolean commits =
          connection != null
              && connection.getAutoCommit()
              && !method.getName().equals("executeQuery");
      Object answer = Interceptor.proceed(target, method, arguments);
      if (commits && connection != null && losesAnswer()) {
        throw cut(pool, connection);
      }
      return answer;
    }

    @Override
    public Interceptor ofStatement() {
      return this;
    }
  }
}
