package dev.notify.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class CountingSourceTest {

  /** Answers with what the next level is, and with nothing where that does not matter. */
  private static <T> T stub(Class<T> type, Object next) {
    return type.cast(
        Proxy.newProxyInstance(
            CountingSourceTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> method.getReturnType().isInstance(next) ? next : null));
  }

  @Test
  void countsStatementsBatchesAndCommits() throws Exception {
    PreparedStatement statement = stub(PreparedStatement.class, new int[0]);
    DataSource source = stub(DataSource.class, stub(Connection.class, statement));
    CountingSource counting = new CountingSource();

    try (Connection connection = counting.of(source).getConnection();
        PreparedStatement insert = connection.prepareStatement("")) {
      insert.setInt(1, 1);
      insert.executeQuery();
      for (int i = 0; i < 300; i++) {
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    }

    assertThat(counting.roundTrips()).as("a query, a batch in two parts, a commit").isEqualTo(4);
  }
}
