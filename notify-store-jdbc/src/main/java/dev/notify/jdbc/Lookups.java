package dev.notify.jdbc;

import dev.notify.jdbc.Columns.Row;
import dev.notify.jdbc.MessageCodec.Body;
import dev.notify.jdbc.MessageCodec.Target;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Address;
import dev.notify.model.Attempt;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads what is known. */
final class Lookups {

  /** Stands for what cannot be read any more. */
  static final Target UNREADABLE =
      new Target(Address.of(Channel.of("unreadable"), "unreadable"), false);

  private static final String COLUMNS =
      "d.id, d.message_id, d.channel, d.priority, d.status, d.due, d.expires_at, d.lease,"
          + " d.attempts, d.counted, d.updated_at, d.provider, d.reason_code, d.reason_detail,"
          + " m.accepted_at, m.recipient_id, m.body, m.broadcast_id, m.experiment, m.variant,"
          + " m.category, m.template, m.template_version, m.segment";

  static final String OPEN_COLUMNS = COLUMNS + ", d.deaths, " + CancelOrder.COLUMNS;

  private static final String ENDED_COLUMNS =
      COLUMNS + ", d.provider_message_id, d.cost_micros, d.cost_currency";

  static final String OPEN =
      "SELECT "
          + OPEN_COLUMNS
          + " FROM notify_delivery d JOIN notify_message m ON m.id = d.message_id WHERE ";

  static final String ENDED =
      "SELECT "
          + ENDED_COLUMNS
          + " FROM notify_outcome d JOIN notify_message m ON m.id = d.message_id WHERE ";

  private static final String MESSAGE =
      "SELECT recipient_id, accepted_at, body, broadcast_id FROM notify_message WHERE id = ?";

  private static final String OF_PERSON =
      "SELECT id FROM notify_message WHERE recipient_id = ? AND id > ? ORDER BY id LIMIT ?";

  private static final String NEWEST =
      "SELECT id FROM notify_message WHERE id < ? ORDER BY id DESC LIMIT ?";

  private static final UUID FIRST = new UUID(0, 0);

  private static final UUID LAST = new UUID(Long.MAX_VALUE, Long.MAX_VALUE);

  private static final String ATTEMPTS =
      """
      SELECT delivery_id, provider, started_at, duration_us, outcome, detail, wait_ms
      FROM notify_attempt WHERE delivery_id IN (%s) ORDER BY delivery_id, lease, position""";

  private static final String LAST_WORDS =
      """
      SELECT id, provider, provider_message_id, attempt_at, attempt_us
      FROM notify_outcome WHERE id IN (%s) AND attempt_at IS NOT NULL""";

  private static final String EVENTS =
      """
      SELECT delivery_id, type, at, provider, reason_code, reason_detail
      FROM notify_event WHERE delivery_id IN (%s) ORDER BY at, type""";

  private final Tables tables;
  private final Database database;
  private final Bodies bodies;
  private final Patterns patterns;

  Lookups(Tables tables, Bodies bodies, Patterns patterns) {
    this.tables = tables;
    this.bodies = bodies;
    this.patterns = patterns;
    database = tables.database();
  }

  Patterns patterns() {
    return patterns;
  }

  /** All that is known of a notification. */
  Optional<NotificationRecord> find(Connection connection, NotificationId id) throws SQLException {
    Body body;
    try (PreparedStatement statement = tables.prepare(connection, MESSAGE)) {
      new Columns(database, statement).id(id.value());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        body = patterns.body(connection, rows, id.value());
      } catch (UnreadableBody e) {
        return Optional.empty();
      }
    }
    List<DeliveryId> ids = List.copyOf(body.targets().keySet());
    Map<DeliveryId, Delivery> known = deliveries(connection, ids);
    List<Delivery> deliveries = ids.stream().filter(known::containsKey).map(known::get).toList();
    return Optional.of(
        new NotificationRecord(
            id,
            body.notification(),
            body.decisions(),
            deliveries,
            attempts(connection, ids),
            events(connection, known)));
  }

  /** What is known of a person's notifications, ordered by their ids. */
  List<NotificationRecord> findOf(
      Connection connection, String recipientId, Optional<NotificationId> after, int limit)
      throws SQLException {
    List<NotificationId> ids = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, OF_PERSON)) {
      new Columns(database, statement)
          .text(recipientId)
          .id(after.map(NotificationId::value).orElse(FIRST))
          .number(limit);
      readIds(statement, ids);
    }
    List<NotificationRecord> found = records(connection, ids);
    if (found.isEmpty() && ids.size() == limit) {
      // None of these can be read any more; an empty page would mean that there are no others.
      return findOf(connection, recipientId, Optional.of(ids.get(limit - 1)), limit);
    }
    return found;
  }

  /** What is known of the newest notifications, newest first. */
  List<NotificationRecord> recent(Connection connection, Optional<NotificationId> before, int limit)
      throws SQLException {
    List<NotificationId> ids = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, NEWEST)) {
      new Columns(database, statement)
          .id(before.map(NotificationId::value).orElse(LAST))
          .number(limit);
      readIds(statement, ids);
    }
    List<NotificationRecord> found = records(connection, ids);
    if (found.isEmpty() && ids.size() == limit) {
      // As above: an empty page is the last one.
      return recent(connection, Optional.of(ids.get(limit - 1)), limit);
    }
    return found;
  }

  private void readIds(PreparedStatement statement, List<NotificationId> ids) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(new NotificationId(database.id(rows, "id")));
      }
    }
  }

  private List<NotificationRecord> records(Connection connection, List<NotificationId> ids)
      throws SQLException {
    List<NotificationRecord> found = new ArrayList<>();
    for (NotificationId id : ids) {
      find(connection, id).ifPresent(found::add);
    }
    return found;
  }

  /** A delivery, open or ended. */
  Optional<Delivery> find(Connection connection, DeliveryId id) throws SQLException {
    return Optional.ofNullable(deliveries(connection, List.of(id)).get(id));
  }

  /**
   * Open ones are read first: one that ends in between is then found twice, and its end counts;
   * never not at all.
   */
  private Map<DeliveryId, Delivery> deliveries(Connection connection, List<DeliveryId> ids)
      throws SQLException {
    Map<DeliveryId, Delivery> all = new LinkedHashMap<>();
    if (!ids.isEmpty()) {
      for (String sql : List.of(OPEN, ENDED)) {
        for (Delivery delivery : byIds(connection, sql + "d.id IN (%s)", ids)) {
          all.put(delivery.id(), delivery);
        }
      }
    }
    return all;
  }

  private List<Delivery> byIds(Connection connection, String sql, Collection<DeliveryId> ids)
      throws SQLException {
    return query(connection, sql.formatted(marks(ids.size())), columns -> columns.ids(ids));
  }

  static String marks(int count) {
    return "?" + ", ?".repeat(count - 1);
  }

  /** Deliveries that a statement over one of the column lists finds. */
  List<Delivery> query(Connection connection, String sql, Columns.Setter parameters)
      throws SQLException {
    boolean ended = sql.startsWith(ENDED);
    List<Delivery> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Row row =
              Row.of(
                  database,
                  rows,
                  ended ? Columns.text(rows, "provider_message_id") : Optional.empty());
          Delivery delivery =
              row.with(
                  rows.getString("recipient_id"),
                  target(connection, row, rows.getBytes("body")),
                  database.time(rows, "accepted_at"));
          found.add(ended ? delivery.costing(Columns.cost(rows)) : delivery);
        }
      }
    }
    return found;
  }

  private Target target(Connection connection, Row row, byte[] body) throws SQLException {
    try {
      return bodies
          .targets(connection, row.messageId().value(), body)
          .getOrDefault(row.id(), UNREADABLE);
    } catch (UnreadableBody e) {
      return UNREADABLE;
    }
  }

  /** Open deliveries about a subject. */
  List<Delivery> openAbout(Connection connection, Subject subject) throws SQLException {
    List<Delivery> found = new ArrayList<>();
    for (Delivery delivery :
        query(
            connection,
            OPEN + "d.subject_hash = ?",
            columns -> columns.number(Acceptance.hash(subject)))) {
      Optional<Subject> about =
          find(connection, delivery.notificationId())
              .flatMap(record -> record.notification().about());
      if (about.filter(subject::equals).isPresent()) {
        found.add(delivery);
      }
    }
    return found;
  }

  private Map<DeliveryId, List<Attempt>> attempts(Connection connection, List<DeliveryId> ids)
      throws SQLException {
    Map<DeliveryId, List<Attempt>> attempts = new HashMap<>();
    if (ids.isEmpty()) {
      return attempts;
    }
    try (PreparedStatement statement =
        tables.prepare(connection, ATTEMPTS.formatted(marks(ids.size())))) {
      new Columns(database, statement).ids(ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long wait = rows.getLong("wait_ms");
          Optional<Duration> asked =
              rows.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(wait));
          Outcome outcome = Codes.outcome(rows.getInt("outcome"), rows.getString("detail"), asked);
          add(attempts, "delivery_id", "started_at", "duration_us", rows, outcome);
        }
      }
    }
    try (PreparedStatement statement =
        tables.prepare(connection, LAST_WORDS.formatted(marks(ids.size())))) {
      new Columns(database, statement).ids(ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Outcome outcome = Outcome.accepted(Columns.text(rows, "provider_message_id").orElse(""));
          add(attempts, "id", "attempt_at", "attempt_us", rows, outcome);
        }
      }
    }
    return attempts;
  }

  private void add(
      Map<DeliveryId, List<Attempt>> attempts,
      String id,
      String startedAt,
      String micros,
      ResultSet rows,
      Outcome outcome)
      throws SQLException {
    attempts
        .computeIfAbsent(new DeliveryId(database.id(rows, id)), any -> new ArrayList<>())
        .add(
            new Attempt(
                rows.getString("provider"),
                database.time(rows, startedAt),
                Duration.ofNanos(rows.getLong(micros) * 1_000),
                outcome));
  }

  private List<DeliveryEvent> events(Connection connection, Map<DeliveryId, Delivery> deliveries)
      throws SQLException {
    List<DeliveryEvent> events = new ArrayList<>();
    if (deliveries.isEmpty()) {
      return events;
    }
    try (PreparedStatement statement =
        tables.prepare(connection, EVENTS.formatted(marks(deliveries.size())))) {
      new Columns(database, statement).ids(deliveries.keySet());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Delivery delivery = deliveries.get(new DeliveryId(database.id(rows, "delivery_id")));
          Instant at = database.time(rows, "at");
          if (delivery != null) {
            events.add(
                new DeliveryEvent(
                    delivery.notificationId(),
                    delivery.id(),
                    delivery.recipientId(),
                    delivery.lane(),
                    Codes.event(rows.getInt("type")),
                    at,
                    Columns.text(rows, "provider"),
                    Columns.reason(rows),
                    delivery.assignment()));
          }
        }
      }
    }
    return events;
  }
}
