package dev.notify.jdbc;

import dev.notify.model.Assignment;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.spi.ExperimentStore;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notes who was exposed to a variant and who came to a goal, in the transaction in which that
 * happens. A unique key for each person of an experiment makes it exact, whoever comes at the same
 * moment; a second one has no effect.
 */
final class Exposures {

  private static final String EXPOSURE =
      """
      INSERT INTO notify_exposure (key_hash, experiment, variant, recipient_hash, at)
      VALUES (?, ?, ?, ?, ?)""";

  private static final String VARIANT = "SELECT variant FROM notify_exposure WHERE key_hash = ?";

  private static final String SEVERAL = "SELECT key_hash, variant FROM notify_exposure";

  private static final String CONVERSION =
      """
      INSERT INTO notify_conversion (key_hash, experiment, variant, goal, recipient_hash, amount, at)
      VALUES (?, ?, ?, ?, ?, ?, ?)""";

  private static final String CONVERTED = "SELECT 1 FROM notify_conversion WHERE key_hash = ?";

  private final Tables tables;
  private final Database database;
  private final ByHash several;

  Exposures(Tables tables) {
    this.tables = tables;
    several = new ByHash(tables, SEVERAL, "key_hash");
    database = tables.database();
  }

  private record Row(byte[] key, Delivery delivery) {}

  /** Deliveries have come to where they stand; most of them are part of no experiment. */
  void note(Connection connection, List<Delivery> deliveries) throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      if (ExperimentStore.isExposure(delivery)) {
        rows.add(row(delivery));
      }
    }
    write(connection, rows);
  }

  private static Row row(Delivery delivery) {
    String experiment = delivery.assignment().orElseThrow().experiment();
    return new Row(exposureKey(experiment, delivery.recipientId()), delivery);
  }

  private void write(Connection connection, List<Row> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    // Always in the same order, so that two nodes cannot deadlock.
    rows.sort(Comparator.comparing(Row::key, Arrays::compareUnsigned));
    try (PreparedStatement statement = tables.prepare(connection, database.insertOnce(EXPOSURE))) {
      Columns columns = new Columns(database, statement);
      for (Row row : rows) {
        Assignment assignment = row.delivery().assignment().orElseThrow();
        columns
            .bytes(row.key())
            .text(assignment.experiment())
            .text(assignment.variant())
            .bytes(PersonKeys.hash(row.delivery().recipientId()))
            .time(row.delivery().updatedAt())
            .addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw toBeDoneAgain(e);
    }
  }

  /** H2 finds no row, and then one that somebody else has just written: as if they had collided. */
  private static SQLException toBeDoneAgain(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("23")
        ? new SQLTransactionRollbackException("a row was written meanwhile", "40001", e)
        : e;
  }

  /** Something was told of a delivery, for the first time. */
  void happened(Connection connection, Delivery delivery, DeliveryEvent event) throws SQLException {
    Optional<String> goal = ExperimentStore.goal(event);
    if (goal.isEmpty() || !ExperimentStore.isInExperiment(delivery)) {
      return;
    }
    // Whoever opened it has got it, even if we have yet to write that it was sent.
    write(connection, new ArrayList<>(List.of(row(delivery))));
    boolean ignored =
        convert(
            connection,
            delivery.recipientId(),
            delivery.assignment().orElseThrow(),
            new Goal(goal.get(), 0, event.at()));
  }

  /**
   * What a person came to.
   *
   * @param name the goal
   * @param amount what it was worth
   * @param at when
   */
  record Goal(String name, double amount, Instant at) {}

  /** Whether it is news; only of who was exposed to this variant first. */
  boolean convert(Connection connection, String recipientId, Assignment assignment, Goal goal)
      throws SQLException {
    String experiment = assignment.experiment();
    byte[] key = conversionKey(experiment, recipientId, goal.name());
    if (!variantOf(connection, experiment, recipientId).equals(Optional.of(assignment.variant()))
        || finds(connection, CONVERTED, key).isPresent()) {
      return false;
    }
    try (PreparedStatement statement =
        tables.prepare(connection, database.insertOnce(CONVERSION))) {
      new Columns(database, statement)
          .bytes(key)
          .text(experiment)
          .text(assignment.variant())
          .text(goal.name())
          .bytes(PersonKeys.hash(recipientId))
          .real(goal.amount())
          .time(goal.at());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw toBeDoneAgain(e);
    }
    return true;
  }

  /** The variant that a person was exposed to first. */
  Optional<String> variantOf(Connection connection, String experiment, String recipientId)
      throws SQLException {
    return finds(connection, VARIANT, exposureKey(experiment, recipientId));
  }

  /** Somebody in an experiment. */
  record Seen(String experiment, String recipientId) {}

  /** The variants that many were exposed to first; empty where somebody was to none. */
  Map<Seen, Optional<String>> variantsOf(Connection connection, Collection<Seen> all)
      throws SQLException {
    Map<ByteBuffer, Seen> byKey = new HashMap<>();
    Map<Seen, Optional<String>> found = new HashMap<>();
    for (Seen who : all) {
      byKey.put(ByteBuffer.wrap(exposureKey(who.experiment(), who.recipientId())), who);
      found.put(who, Optional.empty());
    }
    several.read(
        connection,
        byKey.keySet().stream().map(ByteBuffer::array).toList(),
        row -> {
          Seen who = byKey.get(ByteBuffer.wrap(row.getBytes("key_hash")));
          if (who != null) {
            found.put(who, Optional.of(row.getString("variant")));
          }
        });
    return found;
  }

  private Optional<String> finds(Connection connection, String sql, byte[] key)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).bytes(key);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  static byte[] exposureKey(String experiment, String recipientId) {
    return Sha256.of("notify exposure\0" + experiment + "\0" + recipientId);
  }

  private static byte[] conversionKey(String experiment, String recipientId, String goal) {
    return Sha256.of("notify conversion\0" + experiment + "\0" + goal + "\0" + recipientId);
  }
}
