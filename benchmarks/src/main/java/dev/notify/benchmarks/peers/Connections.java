package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Threads;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * M4: how many connections a node holds at once. Every one is counted as it is lent and given back:
 * a pool's own count of those in use is not taken at one moment.
 */
final class Connections {

  private static final int SENDERS = 16;

  private final Bench bench;

  Connections(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    bench.progress("connections");
    Options options = bench.options();
    Lending busy = new Lending();
    bench.fresh(
        busy.kind(),
        (contestant, site) -> {
          Load load = new Load(SENDERS, options.warmup(1), options.window());
          return Sustaining.saturate(Kind.OURS, contestant, site, load);
        });
    Lending idle = new Lending();
    bench.fresh(
        idle.kind(),
        (contestant, site) -> {
          contestant.start(true);
          Threads.sleep(options.warmup(1));
          idle.forget();
          // A heartbeat, every two seconds, has to fall into it.
          Threads.sleep(options.longWindow());
          return contestant;
        });
    bench.report().add(Figure.lower("M4", busy.most(), "", 4, 3));
    bench.report().add(Figure.lower("M4.idle", idle.most(), "", 2, 1));
  }

  /** Counts what a source has lent. */
  private static final class Lending {
    private final AtomicInteger lent = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    Kind kind() {
      return new Kind(
          Kind.OURS.name(),
          Kind.OURS.rewritesBatches(),
          Kind.OURS.backlog(),
          (source, tally) -> new Ours(of(source), tally));
    }

    int most() {
      return most.get();
    }

    void forget() {
      most.set(lent.get());
    }

    private DataSource of(DataSource source) {
      return proxy(
          DataSource.class,
          (self, method, arguments) -> {
            Object answer = invoke(source, method, arguments);
            return answer instanceof Connection connection ? lent(connection) : answer;
          });
    }

    private Connection lent(Connection connection) {
      most.accumulateAndGet(lent.incrementAndGet(), Math::max);
      return proxy(
          Connection.class,
          (self, method, arguments) -> {
            if (method.getName().equals("close")) {
              lent.decrementAndGet();
            }
            return invoke(connection, method, arguments);
          });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
      return type.cast(
          Proxy.newProxyInstance(Lending.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(Object on, Method method, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(on, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }
}
