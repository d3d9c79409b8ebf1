package dev.notify.benchmarks.durable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often connections wait for the server's answer. It stands between pool and driver;
 * what goes past it by {@code unwrap}, it does not see.
 */
final class CountingSource {

  /** So many statements of a batch the driver sends before it waits for answers. */
  private static final int BATCH_OF_DRIVER = 256;

  private static final Set<String> WAITS =
      Set.of(
          "execute",
          "executeQuery",
          "executeUpdate",
          "executeLargeUpdate",
          "commit",
          "rollback",
          "isValid",
          // A question to the server in pgjdbc, and a statement.
          "getTransactionIsolation",
          "setTransactionIsolation");

  private final LongAdder roundTrips = new LongAdder();

  long roundTrips() {
    return roundTrips.sum();
  }

  /** A source whose connections are counted here. */
  DataSource of(DataSource source) {
    return proxy(DataSource.class, new Counting(source));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            CountingSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private final class Counting implements InvocationHandler {
    private final Object target;
    private int batched;

    Counting(Object target) {
      this.target = target;
    }

    @Override
    public @Nullable Object invoke(
        Object self, java.lang.reflect.Method method, Object @Nullable [] arguments)
        throws Throwable {
      String name = method.getName();
      if (WAITS.contains(name)) {
        roundTrips.increment();
      } else if (name.equals("addBatch")) {
        batched++;
      } else if (name.equals("executeBatch") || name.equals("executeLargeBatch")) {
        roundTrips.add(Math.max(1, (batched + BATCH_OF_DRIVER - 1) / BATCH_OF_DRIVER));
        batched = 0;
      }
      try {
        return counted(method.invoke(target, arguments));
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }

    private @Nullable Object counted(@Nullable Object result) {
      if (result instanceof Connection connection) {
        return proxy(Connection.class, new Counting(connection));
      }
      if (result instanceof CallableStatement) {
        return result;
      }
      if (result instanceof PreparedStatement statement) {
        return proxy(PreparedStatement.class, new Counting(statement));
      }
      return result instanceof Statement statement
          ? proxy(Statement.class, new Counting(statement))
          : result;
    }
  }
}
