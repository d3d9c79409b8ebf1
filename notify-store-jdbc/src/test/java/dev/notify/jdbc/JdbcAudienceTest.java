package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.ConfigurationException;
import dev.notify.model.NotifyException;
import dev.notify.model.Recipient;
import dev.notify.spi.Audience;
import dev.notify.spi.Audience.Member;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdbcAudienceTest {

  private static final String QUERY = "SELECT id, name FROM customers WHERE subscribed = TRUE";

  @ParameterizedTest
  @EnumSource
  void everybodyComesOnceInPagesOfAnySizeByNumberTextAndUuid(Databases database) throws Exception {
    for (String type : List.of("BIGINT", "VARCHAR(40)", "UUID")) {
      DataSource source = database.empty();
      List<String> ids = customers(source, type, 100);
      Audience audience = JdbcAudience.of("subscribers", source, QUERY, "id");

      assertThat(audience.size()).isEqualTo(OptionalLong.of(100));
      for (int size : List.of(1, 7, 100, 1_000)) {
        assertThat(all(audience, size)).containsExactlyInAnyOrderElementsOf(ids);
      }
    }
  }

  @Test
  void aRowCanTellOfAllThatIsNeeded() throws Exception {
    DataSource source = Databases.H2.empty();
    customers(source, "BIGINT", 3);
    Audience audience =
        JdbcAudience.of(
            "subscribers",
            source,
            QUERY,
            "id",
            row ->
                Recipient.builder("customer-" + row.getLong("id"))
                    .email(row.getString("name") + "@example.com")
                    .build());

    Audience.Page page = audience.page("", 2);

    assertThat(page.members())
        .extracting(Member::id)
        .containsExactly("customer-1000", "customer-1001");
    assertThat(page.members().get(0).recipient().map(one -> one.addresses().get(0).value()))
        .isEqualTo(Optional.of("c0@example.com"));
    assertThat(page.last()).isFalse();
    assertThat(audience.page(page.next(), 2).last()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aQueryThatIsWrongIsToldApartFromADatabaseThatIsAway(Databases database) throws Exception {
    DataSource source = database.empty();

    assertThatThrownBy(() -> JdbcAudience.of("s", source, QUERY, "id").page("", 10))
        .isInstanceOf(NotifyException.class)
        .hasMessageContaining("audience s");
    assertThatThrownBy(() -> JdbcAudience.of("s", source, QUERY, "id; DROP TABLE x"))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> JdbcAudience.of("s", source, QUERY + ";", "id"))
        .isInstanceOf(ConfigurationException.class);
  }

  private static List<String> all(Audience audience, int size) {
    List<String> ids = new ArrayList<>();
    Audience.Page page = audience.page("", size);
    page.members().forEach(member -> ids.add(member.id()));
    while (!page.last()) {
      page = audience.page(page.next(), size);
      page.members().forEach(member -> ids.add(member.id()));
    }
    return ids;
  }

  private static List<String> customers(DataSource source, String type, int count)
      throws SQLException {
    List<String> ids =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    switch (type) {
                      case "BIGINT" -> String.valueOf(1_000 + i);
                      case "UUID" -> "01a1fd04-e875-70aa-b068-%012x".formatted(i * 7_919);
                      default -> "u" + i;
                    })
            .toList();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE customers (id "
              + type
              + " PRIMARY KEY, name VARCHAR(40), subscribed BOOLEAN)");
      for (int i = 0; i < count; i++) {
        statement.execute(
            "INSERT INTO customers VALUES ('" + ids.get(i) + "', 'c" + i + "', TRUE)");
      }
      String other = type.equals("UUID") ? "02a1fd04-e875-70aa-b068-000000000000" : "7";
      statement.execute("INSERT INTO customers VALUES ('" + other + "', 'no', FALSE)");
    }
    return ids;
  }
}
