package dev.notify.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** A database that goes away, or falls silent in the middle of a commit. */
final class FaultySource implements DataSource {

  private final DataSource real;
  private final AtomicInteger lentNow = new AtomicInteger();
  private final AtomicInteger mostLent = new AtomicInteger();
  private final Queue<String> prepared = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger cutAfterCommit = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger cutBeforeCommit = new AtomicInteger();
  private volatile CountDownLatch hang = new CountDownLatch(0);
  private volatile boolean away;
  private volatile boolean readOnly;

  FaultySource(DataSource real) {
    this.real = real;
  }

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  /** Has no connection to give until then, as a pool that is used up. */
  void hangUntil(CountDownLatch release) {
    hang = release;
  }

  /** Lets nobody write; for PostgreSQL. */
  void readOnly(boolean value) {
    readOnly = value;
  }

  /** Commits the next transactions and then loses the answer. */
  void cutAfterCommit(int times) {
    cutAfterCommit.set(times);
  }

  /** Loses the next transactions. */
  void cutBeforeCommit(int times) {
    cutBeforeCommit.set(times);
  }

  /** Connections that were lent at the same time, at most. */
  int mostLent() {
    return mostLent.get();
  }

  /** The texts with this in them that were prepared, each once. */
  Set<String> texts(String text) {
    return prepared.stream().filter(sql -> sql.contains(text)).collect(Collectors.toSet());
  }

  /** How many statements with this in their text were prepared. */
  long prepared(String text) {
    return prepared.stream().filter(sql -> sql.contains(text)).count();
  }

  /** How often it was asked for a connection while it was away. */
  int refused() {
    return refused.get();
  }

  /** How many commits lost their answer. */
  int cuts() {
    return cuts.get();
  }

  int commits() {
    return commits.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      hang.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (away) {
      refused.incrementAndGet();
      throw new SQLTransientConnectionException("no connection within the time-out", "08001");
    }
    Connection connection = real.getConnection();
    if (readOnly) {
      Database.run(connection, "SET default_transaction_read_only = on");
    }
    mostLent.accumulateAndGet(lentNow.incrementAndGet(), Math::max);
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("commit")) {
                commit(connection);
                return null;
              }
              if (method.getName().equals("prepareStatement")) {
                prepared.add(String.valueOf(arguments[0]));
              }
              if (method.getName().equals("close")) {
                lentNow.decrementAndGet();
              }
              Object answer = invoke(connection, method, arguments);
              return answer instanceof PreparedStatement statement && connection.getAutoCommit()
                  ? committing(statement)
                  : answer;
            });
  }

  /** A statement outside a transaction commits by itself. */
  private PreparedStatement committing(PreparedStatement statement) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("executeUpdate")) {
                return invoke(statement, method, arguments);
              }
              cutBefore();
              Object answer = invoke(statement, method, arguments);
              cutAfter();
              return answer;
            });
  }

  private static Object invoke(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void commit(Connection connection) throws SQLException {
    try {
      cutBefore();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
    connection.commit();
    cutAfter();
  }

  private void cutBefore() throws SQLException {
    if (away || take(cutBeforeCommit)) {
      throw new SQLRecoverableException("connection reset", "08006");
    }
  }

  private void cutAfter() throws SQLException {
    commits.incrementAndGet();
    if (take(cutAfterCommit)) {
      cuts.incrementAndGet();
      throw new SQLRecoverableException("connection reset", "08006");
    }
  }

  private static boolean take(AtomicInteger times) {
    return times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return real.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    real.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    real.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return real.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return real.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return real.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return real.isWrapperFor(type);
  }
}
