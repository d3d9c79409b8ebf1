package dev.notify.jdbc;

import dev.notify.jdbc.MessageCodec.Target;
import dev.notify.model.Assignment;
import dev.notify.model.BroadcastId;
import dev.notify.model.Channel;
import dev.notify.model.Cost;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.Reason;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts values into statements one after the other. */
final class Columns {

  /** Sets the parameters of a statement. */
  interface Setter {
    void set(Columns columns) throws SQLException;
  }

  private final Database database;
  private final PreparedStatement statement;
  private int index;

  Columns(Database database, PreparedStatement statement) {
    this(database, statement, 0);
  }

  /** Goes on after the parameters that are set already. */
  Columns(Database database, PreparedStatement statement, int before) {
    this.database = database;
    this.statement = statement;
    index = before;
  }

  Columns id(UUID value) throws SQLException {
    database.setId(statement, ++index, value);
    return this;
  }

  Columns ids(Iterable<DeliveryId> values) throws SQLException {
    for (DeliveryId value : values) {
      id(value.value());
    }
    return this;
  }

  Columns time(Instant value) throws SQLException {
    database.setTime(statement, ++index, value);
    return this;
  }

  /** PostgreSQL has no NUL in a text; what a provider says may have one. */
  static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  Columns text(String value) throws SQLException {
    statement.setString(++index, storable(value));
    return this;
  }

  Columns text(Optional<String> value) throws SQLException {
    statement.setString(++index, value.map(Columns::storable).orElse(null));
    return this;
  }

  Columns number(int value) throws SQLException {
    statement.setInt(++index, value);
    return this;
  }

  Columns number(long value) throws SQLException {
    statement.setLong(++index, value);
    return this;
  }

  Columns real(double value) throws SQLException {
    statement.setDouble(++index, value);
    return this;
  }

  Columns numberOrNull(@Nullable Long value) throws SQLException {
    if (value == null) {
      statement.setNull(++index, Types.BIGINT);
    } else {
      statement.setLong(++index, value);
    }
    return this;
  }

  Columns timeOrNull(@Nullable Instant value) throws SQLException {
    if (value != null) {
      return time(value);
    }
    database.setNoTime(statement, ++index);
    return this;
  }

  Columns flag(boolean value) throws SQLException {
    statement.setBoolean(++index, value);
    return this;
  }

  Columns bytes(byte[] value) throws SQLException {
    statement.setBytes(++index, value);
    return this;
  }

  Columns bytesOrNull(Optional<byte[]> value) throws SQLException {
    statement.setBytes(++index, value.orElse(null));
    return this;
  }

  Columns idOrNull(@Nullable UUID value) throws SQLException {
    if (value != null) {
      return id(value);
    }
    database.setNoId(statement, ++index);
    return this;
  }

  Columns reason(Optional<Reason> reason) throws SQLException {
    return text(reason.map(Reason::code)).text(reason.map(Reason::detail));
  }

  Columns cost(Optional<Cost> cost) throws SQLException {
    return numberOrNull(cost.map(Cost::micros).orElse(null)).text(cost.map(Columns::code));
  }

  static String code(Cost cost) {
    return cost.currency().getCurrencyCode();
  }

  /** Adds the row to the batch and begins the next one. */
  void addBatch() throws SQLException {
    statement.addBatch();
    index = 0;
  }

  static Optional<String> text(ResultSet rows, String column) throws SQLException {
    return Optional.ofNullable(rows.getString(column));
  }

  static Optional<Reason> reason(ResultSet rows) throws SQLException {
    Optional<String> code = text(rows, "reason_code");
    String detail = rows.getString("reason_detail");
    return code.map(value -> new Reason(value, detail == null ? "" : detail));
  }

  /** What an ended delivery costs; a currency that this Java does not know is passed over. */
  static Optional<Cost> cost(ResultSet rows) throws SQLException {
    long micros = rows.getLong("cost_micros");
    return text(rows, "cost_currency")
        .flatMap(Cost::currency)
        .map(currency -> new Cost(micros, currency));
  }

  /** The broadcast that a message belongs to, if it does. */
  static Optional<BroadcastId> broadcast(Database database, ResultSet rows) throws SQLException {
    return rows.getObject("broadcast_id") == null
        ? Optional.empty()
        : Optional.of(new BroadcastId(database.id(rows, "broadcast_id")));
  }

  /** The variant that a message has, if it is part of an experiment. */
  static Optional<Assignment> assignment(ResultSet rows) throws SQLException {
    String experiment = rows.getString("experiment");
    return experiment == null
        ? Optional.empty()
        : Optional.of(new Assignment(experiment, rows.getString("variant")));
  }

  /**
   * What the deliveries of a message are counted under; unknown where an older release wrote it.
   */
  static Labels labels(ResultSet rows) throws SQLException {
    String category = rows.getString("category");
    return new Labels(
        category == null ? "" : category,
        text(rows, "template"),
        rows.getInt("template_version"),
        text(rows, "segment"));
  }

  /** Everything about a delivery that changes. */
  record Row(
      DeliveryId id,
      NotificationId messageId,
      Lane lane,
      DeliveryStatus status,
      Instant due,
      Instant expiresAt,
      long lease,
      int attempts,
      boolean counted,
      Instant updatedAt,
      Optional<String> provider,
      Optional<String> providerMessageId,
      Optional<Reason> reason,
      Optional<BroadcastId> broadcast,
      Optional<Assignment> assignment,
      Labels labels) {

    /** Reads the columns that open and ended deliveries share. */
    static Row of(Database database, ResultSet rows, Optional<String> providerMessageId)
        throws SQLException {
      return new Row(
          new DeliveryId(database.id(rows, "id")),
          new NotificationId(database.id(rows, "message_id")),
          new Lane(Channel.of(rows.getString("channel")), Codes.priority(rows.getInt("priority"))),
          Codes.status(rows.getInt("status")),
          database.time(rows, "due"),
          database.time(rows, "expires_at"),
          rows.getLong("lease"),
          rows.getInt("attempts"),
          rows.getBoolean("counted"),
          database.time(rows, "updated_at"),
          text(rows, "provider"),
          providerMessageId,
          Columns.reason(rows),
          Columns.broadcast(database, rows),
          Columns.assignment(rows),
          Columns.labels(rows));
    }

    Delivery with(String recipientId, Target target, Instant acceptedAt) {
      return Delivery.builder(id, messageId)
          .to(recipientId, target.address())
          .lane(lane)
          .status(status)
          .reason(reason)
          .attempts(attempts)
          .due(due)
          .expiresAt(expiresAt)
          .provider(provider)
          .providerMessageId(providerMessageId)
          .lease(lease)
          .counted(counted)
          .onlyIfUnseen(target.onlyIfUnseen())
          .createdAt(acceptedAt)
          .updatedAt(updatedAt)
          .broadcast(broadcast)
          .assignment(assignment)
          .labels(labels)
          .build();
    }
  }
}
