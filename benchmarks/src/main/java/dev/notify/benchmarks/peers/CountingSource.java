package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.InterceptedSource;
import dev.notify.benchmarks.InterceptedSource.Interceptor;
import java.lang.reflect.Method;
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
    return InterceptedSource.of(source, Counting::new);
  }

  private final class Counting implements Interceptor {
    private int batched;

    @Override
    public @Nullable Object around(Object target, Method method, Object @Nullable [] arguments)
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
      return Interceptor.proceed(target, method, arguments);
    }

    @Override
    public Interceptor ofStatement() {
      return new Counting();
    }
  }
}
