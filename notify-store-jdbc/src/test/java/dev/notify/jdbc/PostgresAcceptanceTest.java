package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.jdbc.Acceptance.Doubt;
import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written on condition that nobody in doubt is known is written as a whole or not at all,
 * however many are in doubt. All cases go through one store and one connection again and again, as
 * they do in an application: statements are kept by both, and must not be taken for each other.
 */
class PostgresAcceptanceTest {

  /** Until the driver has prepared a statement on the server, and the server keeps its plan. */
  private static final int ROUNDS = 12;

  private static final List<Integer> COUNTS = List.of(0, 1, 2, 3);

  /**
   * One.
   *
   * @param deliveries how many deliveries each message has
   * @param people how many people are in doubt
   * @param addresses how many addresses are
   */
  private record Case(List<Integer> deliveries, int people, int addresses) {}

  /** How many deliveries messages have: as VALUES and as arrays, and at the edge of these. */
  private static final List<List<Integer>> DELIVERIES =
      List.of(
          List.of(1),
          List.of(2),
          List.of(8),
          List.of(9),
          List.of(1, 1, 1),
          List.of(0, 2),
          List.of(0, 1, 2),
          List.of(4, 5),
          List.of(0, 0, 0, 1),
          Collections.nCopies(8, 1),
          Collections.nCopies(9, 1));

  private static final List<Case> CASES =
      DELIVERIES.stream()
          .flatMap(
              deliveries ->
                  COUNTS.stream()
                      .flatMap(
                          people ->
                              COUNTS.stream()
                                  .map(addresses -> new Case(deliveries, people, addresses))))
          .toList();

  private final DataSource source;
  private final StoreParts parts;

  PostgresAcceptanceTest() throws SQLException {
    source = Databases.POSTGRESQL.pooled();
    parts = new StoreParts(JdbcStore.builder(source));
  }

  @Test
  void allIsWrittenIfNobodyInDoubtIsKnown() throws SQLException {
    knowPerson("somebody else");
    knowAddress("somebody else");
    for (int round = 0; round < ROUNDS; round++) {
      for (Case one : CASES) {
        List<Parcel> parcels = Parcels.withDeliveries(one.deliveries());

        assertThat(write(parcels, one)).as("%s", one).isTrue();
        assertThat(TableScan.texts(source, "SELECT id FROM notify_message"))
            .as("%s", one)
            .containsExactlyInAnyOrderElementsOf(messages(parcels));
        assertThat(
                TableScan.texts(source, "SELECT id || ' of ' || message_id FROM notify_delivery"))
            .as("%s", one)
            .containsExactlyInAnyOrderElementsOf(deliveries(parcels));
        TableScan.execute(source, "DELETE FROM notify_message; DELETE FROM notify_delivery");
      }
    }
  }

  /** A driver keeps 256 prepared, for this and for all else. */
  @Test
  void textsAreFewHoweverManyMessagesAndDeliveriesThereAre() throws SQLException {
    FaultySource counted = new FaultySource(source);
    StoreParts store = new StoreParts(JdbcStore.builder(counted));
    for (int messages = 1; messages <= 10; messages++) {
      for (int deliveries = 1; deliveries <= 10; deliveries++) {
        List<Integer> counts = new ArrayList<>(Collections.nCopies(messages, 0));
        for (int i = 0; i < deliveries; i++) {
          counts.set(i % messages, counts.get(i % messages) + 1);
        }
        assertThat(write(store, Parcels.withDeliveries(counts), new Case(counts, 0, 0))).isTrue();
        TableScan.execute(source, "DELETE FROM notify_message; DELETE FROM notify_delivery");
      }
    }
    int singleOrSeveralOfBoth = 2 * 2;
    int asManyDeliveriesAsMessages = 7;
    assertThat(counted.texts("INTO notify_message"))
        .hasSize(singleOrSeveralOfBoth + asManyDeliveriesAsMessages);
  }

  /** As if a pooler had handed on another session; the driver notices only what it was told. */
  private void forgetPrepared(String like) throws SQLException {
    assertThat(
            TableScan.texts(
                source,
                "SELECT name FROM pg_prepared_statements"
                    + " WHERE statement LIKE '%INTO notify_message%"
                    + like
                    + "'"))
        .isNotEmpty();
    TableScan.execute(source, "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
  }

  private void assertWritten(int messages) throws SQLException {
    assertThat(TableScan.count(source, "notify_delivery")).isEqualTo(messages);
    assertThat(TableScan.texts(source, "SELECT convert_from(body, 'UTF8') FROM notify_message"))
        .hasSize(messages)
        .allSatisfy(body -> assertThat(body).contains("Hello"));
  }

  @Test
  void aMessageIsWrittenByAStatementThatTheServerHasForgotten() throws SQLException {
    JdbcStore store = JdbcStore.of(source);
    for (int times = 0; times < 2 * ROUNDS; times++) {
      if (times >= ROUNDS && times % 2 == 0) {
        forgetPrepared("VALUES%");
      }
      store.accept(Parcels.withDeliveries(List.of(1)).get(0).submission());
    }
    assertWritten(2 * ROUNDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 9})
  void messagesAreWrittenByAStatementThatTheServerHasForgotten(int count) throws SQLException {
    JdbcStore store = JdbcStore.of(source);
    for (int times = 0; times < 2 * ROUNDS; times++) {
      if (times >= ROUNDS && times % 2 == 0) {
        forgetPrepared(count == 9 ? "unnest%" : "), ($%");
      }
      List<Submission> submissions =
          Parcels.withDeliveries(Collections.nCopies(count, 1)).stream()
              .map(Parcel::submission)
              .toList();

      assertThat(store.acceptAll(submissions))
          .hasSize(count)
          .allSatisfy(fault -> assertThat(fault).isEmpty());
    }
    assertWritten(2 * ROUNDS * count);
  }

  private static List<String> messages(List<Parcel> parcels) {
    return parcels.stream().map(parcel -> parcel.submission().id().value().toString()).toList();
  }

  private static List<String> deliveries(List<Parcel> parcels) {
    return parcels.stream()
        .flatMap(parcel -> parcel.submission().deliveries().stream())
        .map(one -> one.id().value() + " of " + one.notificationId().value())
        .toList();
  }

  @Test
  void nothingIsWrittenIfAPersonInDoubtIsKnown() throws SQLException {
    for (int round = 0; round < ROUNDS; round++) {
      for (Case one : cases(any -> any.people() > 0)) {
        knowPerson("person " + round % one.people());
        assertNothingIsWritten(one);
        TableScan.execute(source, "DELETE FROM notify_preference");
      }
    }
  }

  @Test
  void nothingIsWrittenIfAnAddressInDoubtIsSuppressed() throws SQLException {
    for (int round = 0; round < ROUNDS; round++) {
      for (Case one : cases(any -> any.addresses() > 0)) {
        knowAddress("address " + round % one.addresses());
        assertNothingIsWritten(one);
        TableScan.execute(source, "DELETE FROM notify_suppression");
      }
    }
  }

  private static List<Case> cases(Predicate<Case> wanted) {
    return CASES.stream().filter(wanted).toList();
  }

  private void assertNothingIsWritten(Case one) throws SQLException {
    assertThat(write(Parcels.withDeliveries(one.deliveries()), one)).as("%s", one).isFalse();
    assertThat(TableScan.count(source, "notify_message")).as("%s", one).isZero();
    assertThat(TableScan.count(source, "notify_delivery")).as("%s", one).isZero();
  }

  private boolean write(List<Parcel> parcels, Case one) {
    return write(parts, parcels, one);
  }

  private static boolean write(StoreParts store, List<Parcel> parcels, Case one) {
    Doubt doubt = new Doubt(hashes("person ", one.people()), hashes("address ", one.addresses()));
    return Parcels.write(store, parcels, doubt);
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
}
