package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Address;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.model.TemplateException;
import dev.notify.spi.SuppressionList;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a vendor or a list tells may be of any age, and what stands in a table may be damaged. */
class FarMomentsTest {

  @ParameterizedTest
  @EnumSource
  void aMomentThatNoCalendarHasIsKeptAsTheNearestThatOneHas(Databases database) throws Exception {
    try (JdbcStore store = JdbcStore.of(database.clean())) {
      SuppressionList list = store.suppressions().orElseThrow();
      for (Instant far : new Instant[] {Instant.MIN, Instant.MAX}) {
        Address address = Address.email("jane" + far.getEpochSecond() + "@example.com");
        Suppression entry = Suppression.of(address, Kind.OPT_OUT, "STOP", far);

        list.update(address, known -> Optional.of(entry));

        assertThat(list.find(address)).isPresent();
      }
    }
  }

  @Test
  void momentsThatDatabasesHaveAreKeptToTheMicrosecond() {
    Instant now = Instant.parse("2026-03-02T12:00:00.123456789Z");

    assertThat(Database.storable(now)).isEqualTo("2026-03-02T12:00:00.123456Z");
    assertThat(Database.storable(Instant.MAX)).isEqualTo("9999-12-31T23:59:59.999999Z");
    assertThat(Database.storable(Instant.MIN)).isEqualTo("1000-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{}", "null", "{\"texts\":{},\"variables\":[{}],\"samples\":{}}"})
  void aTemplateThatIsDamagedIsNamedAndNotQuoted(String body) {
    assertThatThrownBy(() -> TemplateCodec.read("welcome", body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(TemplateException.class)
        .hasMessage("template 'welcome': cannot be read: of a later release, or damaged");
  }
}
