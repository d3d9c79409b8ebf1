package dev.notify.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.SuppressionImport;
import dev.notify.SuppressionImport.WrongLine;
import dev.notify.model.Address;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Suppressed addresses from one system into another, as CSV. */
class SuppressionCsvTest {

  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final Address JANE = Address.email("jane@example.com");

  private final Stage stage = new Stage();

  private static SuppressionImport read(NotificationDispatcher dispatcher, String csv)
      throws IOException {
    return dispatcher.importSuppressions(new StringReader(csv));
  }

  private static String written(NotificationDispatcher dispatcher) throws IOException {
    StringWriter out = new StringWriter();
    dispatcher.exportSuppressions(out);
    return out.toString();
  }

  @Test
  void whatIsExportedCanBeImportedElsewhereAndTwiceChangesNothing() throws IOException {
    try (var here = stage.builder().build();
        var there = new Stage().builder().build()) {
      here.suppressions().add(Suppression.of(JANE, Kind.COMPLAINT, "said \"spam\",\ntwice", THEN));
      Suppression sms =
          new Suppression(
              Address.sms("+14155550142"),
              Kind.MANUAL,
              "",
              THEN,
              Optional.of(Instant.parse("2027-01-01T00:00:00Z")));
      here.suppressions().add(sms);
      here.suppressions()
          .add(new Suppression(Address.fcm("old"), Kind.OPT_OUT, "", THEN, Optional.of(THEN)));

      String csv = written(here);
      SuppressionImport first = read(there, csv);

      assertThat(csv)
          .startsWith("channel,address,kind,cause,at,until\r\n")
          .contains("email,jane@example.com,COMPLAINT,\"said \"\"spam\"\",\ntwice\",2026-01-02T")
          .doesNotContain("old");
      assertThat(first.added()).isEqualTo(2);
      assertThat(first.wrong()).isEmpty();
      assertThat(there.suppressions().find(JANE)).isEqualTo(here.suppressions().find(JANE));
      assertThat(there.suppressions().find(sms.address()).flatMap(Suppression::until))
          .isEqualTo(sms.until());
      assertThat(read(there, csv)).isEqualTo(new SuppressionImport(0, 2, 0, first.wrong()));
    }
  }

  @Test
  void wrongLinesAreReportedByTheirNumberAndTheRestIsImported() throws IOException {
    String csv =
        """
        \uFEFFAddress,Channel,Kind,at,more
        one@example.com,,,,x
        no address,,,,
        two@example.com,sms,,,
        "three@example.com,,,,
        four@example.com,,nonsense,,
        five@example.com,,,yesterday,
        six@example.com,,
        seven@example.com,e mail,,,
        ei"ght@example.com,,,,

        "nine@example.com" ,,,,
        "ten@example.com",email,complaint,2026-01-02T03:04:05Z,"a
        b"
        ,,,,
        eleven@example.com,,,,
        """;
    try (var dispatcher = stage.builder().build()) {
      SuppressionImport result = read(dispatcher, csv);

      assertThat(result.added()).isEqualTo(3);
      assertThat(result.refused()).isEqualTo(10);
      assertThat(result.wrong())
          .extracting(WrongLine::number)
          .containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 12L, 15L);
      assertThat(result.wrong().toString()).doesNotContain("example.com");
      for (String name : new String[] {"one", "ten", "eleven"}) {
        assertThat(dispatcher.suppressions().find(Address.email(name + "@example.com")))
            .as(name)
            .isPresent();
      }
      assertThat(dispatcher.suppressions().find(Address.email("ten@example.com")))
          .contains(
              Suppression.of(Address.email("ten@example.com"), Kind.COMPLAINT, "imported", THEN));
    }
  }

  @Test
  void anAddressInAnotherColumnIsNotQuoted() throws IOException {
    try (var dispatcher = stage.builder().build()) {
      SuppressionImport result =
          read(dispatcher, "channel,address\none@example.com,email\nemail,two@example.com\n");

      assertThat(result.added()).isEqualTo(1);
      assertThat(result.wrong().toString()).contains("channel").doesNotContain("example.com");
    }
  }

  @Test
  void nothingWeakerReplacesWhatIsThere() throws IOException {
    try (var dispatcher = stage.builder().build()) {
      Suppression complaint = Suppression.of(JANE, Kind.COMPLAINT, "reported", THEN);
      dispatcher.suppressions().add(complaint);

      SuppressionImport result = read(dispatcher, "address,kind\nJANE@example.com,DEAD_ADDRESS\n");

      assertThat(result.unchanged()).isEqualTo(1);
      assertThat(dispatcher.suppressions().find(JANE)).contains(complaint);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jane@example.com\n", "mail;kind\n"})
  void aFileThatDoesNotNameItsColumnsIsRefused(String csv) {
    try (var dispatcher = stage.builder().build()) {
      assertThatThrownBy(() -> read(dispatcher, csv))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("name the columns");
    }
  }

  @Test
  void linesWithoutEndDoNotFillTheMemory() throws IOException {
    String endless = "x".repeat(3_000_000);
    try (var dispatcher = stage.builder().build()) {
      SuppressionImport result =
          read(dispatcher, "address\n\"" + endless + "\njane@example.com\n" + endless + "\r\n");

      assertThat(result.added()).isEqualTo(1);
      assertThat(result.wrong()).extracting(WrongLine::number).containsExactly(2L, 4L);
    }
  }
}
