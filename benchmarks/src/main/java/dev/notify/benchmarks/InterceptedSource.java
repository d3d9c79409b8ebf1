package dev.notify.benchmarks;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source between whose users and itself somebody stands, at every call of its connections
 * and their statements. What goes past it by {@code unwrap}, it does not see.
 */
public final class InterceptedSource {

  private InterceptedSource() {}

  /** Stands between one connection, or one statement, and its user. */
  public interface Interceptor {

    /** Has the call done, or not. */
    @Nullable Object around(Object target, Method method, Object @Nullable [] arguments)
        throws Throwable;

    /** Who stands before a statement that this one's connection makes. */
    Interceptor ofStatement();

    /** Has the call done, and throws what it throws. */
    static @Nullable Object proceed(Object target, Method method, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }

  /** The source, with a new interceptor before each of its connections. */
  public static DataSource of(DataSource source, Supplier<? extends Interceptor> interceptors) {
    return proxy(
        DataSource.class,
        (self, method, arguments) -> {
          Object answer = Interceptor.proceed(source, method, arguments);
          return answer instanceof Connection connection
              ? proxy(Connection.class, handler(connection, interceptors.get()))
              : answer;
        });
  }

  private static InvocationHandler handler(Object target, Interceptor interceptor) {
    return (self, method, arguments) -> {
      Object answer = interceptor.around(target, method, arguments);
      if (answer instanceof CallableStatement) {
        return answer;
      }
      if (answer instanceof PreparedStatement statement) {
        return proxy(PreparedStatement.class, handler(statement, interceptor.ofStatement()));
      }
      return answer instanceof Statement statement
          ? proxy(Statement.class, handler(statement, interceptor.ofStatement()))
          : answer;
    };
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            InterceptedSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
