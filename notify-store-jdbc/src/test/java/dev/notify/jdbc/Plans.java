package dev.notify.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/**
 * Collects the plans by which PostgreSQL carried out our statements, as they were sent: the server
 * writes them down with auto_explain and the driver brings them as warnings.
 */
final class Plans {

  private final DataSource real;
  private final Queue<String> collected = new ConcurrentLinkedQueue<>();

  Plans(DataSource real) {
    this.real = real;
  }

  DataSource source() {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = invoke(real, method, arguments);
          return answer instanceof Connection connection ? explained(connection) : answer;
        });
  }

  private Connection explained(Connection connection) throws SQLException {
    Database.run(
        connection,
        "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0;"
            + " SET auto_explain.log_analyze = on; SET client_min_messages = log");
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object answer = invoke(connection, method, arguments);
          return answer instanceof PreparedStatement statement ? collecting(statement) : answer;
        });
  }

  private PreparedStatement collecting(PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().equals("close")) {
            for (SQLWarning warning = statement.getWarnings();
                warning != null;
                warning = warning.getNextWarning()) {
              collected.add(warning.getMessage());
            }
          }
          return invoke(statement, method, arguments);
        });
  }

  /** Plans of the statements that contain this, in the order in which they were carried out. */
  List<String> of(String sql) {
    return collected.stream().filter(plan -> plan.contains(sql)).toList();
  }

  void clear() {
    collected.clear();
  }

  private interface Behaviour {
    Object of(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Behaviour behaviour) {
    return type.cast(
        Proxy.newProxyInstance(
            Plans.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> behaviour.of(method, arguments)));
  }

  private static Object invoke(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
