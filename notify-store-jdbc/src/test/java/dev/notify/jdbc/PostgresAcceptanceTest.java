package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.jdbc.Acceptance.Doubt;
import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.NotificationStore.Submission;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages are written by the statement that finds out about the people in doubt. */
class PostgresAcceptanceTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");

  private final DataSource source;
  private final StoreParts parts;

  PostgresAcceptanceTest() throws SQLException {
    source = Databases.POSTGRESQL.clean();
    parts = new StoreParts(JdbcStore.builder(source));
  }

  /** How many messages, people and addresses. */
  static Stream<Arguments> counts() {
    return Stream.of(1, 3)
        .flatMap(
            messages ->
                Stream.of(0, 1, 3)
                    .flatMap(
                        people ->
                            Stream.of(0, 1, 3)
                                .map(addresses -> Arguments.of(messages, people, addresses))));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void allIsWrittenIfNobodyInDoubtIsKnown(int messages, int people, int addresses)
      throws SQLException {
    knowPerson("somebody else");
    knowAddress("somebody else");

    boolean written = write(messages, people, addresses);

    assertThat(written).isTrue();
    assertThat(TableScan.count(source, "notify_message")).isEqualTo(messages);
    assertThat(TableScan.count(source, "notify_delivery")).isEqualTo(messages);
  }

  @ParameterizedTest
  @MethodSource("counts")
  void nothingIsWrittenIfAnybodyInDoubtIsKnown(int messages, int people, int addresses)
      throws SQLException {
    for (int known = 0; known < people; known++) {
      knowPerson("person " + known);
      assertNothingIsWritten(messages, people, addresses);
      TableScan.execute(source, "DELETE FROM notify_preference");
    }
    for (int known = 0; known < addresses; known++) {
      knowAddress("address " + known);
      assertNothingIsWritten(messages, people, addresses);
      TableScan.execute(source, "DELETE FROM notify_suppression");
    }
  }

  private void assertNothingIsWritten(int messages, int people, int addresses) throws SQLException {
    assertThat(write(messages, people, addresses)).isFalse();
    assertThat(TableScan.count(source, "notify_message")).isZero();
    assertThat(TableScan.count(source, "notify_delivery")).isZero();
  }

  private boolean write(int messages, int people, int addresses) {
    List<Parcel> parcels =
        IntStream.range(0, messages).mapToObj(PostgresAcceptanceTest::parcel).toList();
    Doubt doubt = new Doubt(hashes("person ", people), hashes("address ", addresses));
    return parts.transactions.runAlone(
        connection ->
            parts.acceptance.writeUnlessKnown(connection, parcels, OptionalLong.empty(), doubt));
  }

  private static List<byte[]> hashes(String whose, int count) {
    return IntStream.range(0, count).mapToObj(i -> Sha256.of(whose + i)).toList();
  }

  private void knowPerson(String name) throws SQLException {
    TableScan.execute(
        source,
        """
        INSERT INTO notify_preference (recipient_hash, recipient_id, version, body)
        VALUES (sha256('%s'), '', 1, '')"""
            .formatted(name));
  }

  private void knowAddress(String name) throws SQLException {
    TableScan.execute(
        source,
        """
        INSERT INTO notify_suppression (address_hash, channel, kind, body)
        VALUES (sha256('%s'), 'email', 1, '')"""
            .formatted(name));
  }

  private static Parcel parcel(int number) {
    NotificationId id = new NotificationId(new UUID(1, number));
    Delivery delivery =
        Delivery.builder(new DeliveryId(new UUID(2, number)), id)
            .to("jane", Address.email("jane@example.com"))
            .lane(new Lane(Channel.EMAIL, Priority.NORMAL))
            .status(DeliveryStatus.PENDING)
            .due(NOW)
            .expiresAt(NOW.plusSeconds(60))
            .createdAt(NOW)
            .build();
    Notification notification =
        Notification.to("jane").body("Hello").channels(Channel.EMAIL).build();
    return new Parcel(
        new Submission(id, NOW, notification, List.of(), List.of(delivery), Optional.empty()),
        "body".getBytes(StandardCharsets.UTF_8));
  }
}
