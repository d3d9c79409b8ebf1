package dev.notify.jdbc;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes down what providers and people tell of a delivery, once. */
final class Events {

  private static final String EVENT =
      """
      INSERT INTO notify_event (delivery_id, type, at, provider, reason_code, reason_detail)
      VALUES (?, ?, ?, ?, ?, ?)""";

  private static final String KNOWN =
      "SELECT 1 FROM notify_event WHERE delivery_id = ? AND type = ? AND at = ?";

  private static final String CONFIRM =
      """
      UPDATE notify_outcome SET status = ?, updated_at = ?, reason_code = ?, reason_detail = ?
      WHERE id = ?""";

  private final Tables tables;
  private final Database database;
  private final Lookups lookups;
  private final Endings endings;

  Events(Tables tables, Lookups lookups, Endings endings) {
    this.tables = tables;
    database = tables.database();
    this.lookups = lookups;
    this.endings = endings;
  }

  /** The delivery after the event; empty if it is unknown or the event is no news. */
  Optional<Delivery> record(Connection connection, DeliveryEvent event) throws SQLException {
    Optional<Delivery> open = one(connection, Lookups.OPEN, event);
    Optional<Delivery> known = open.isPresent() ? open : one(connection, Lookups.ENDED, event);
    if (known.isEmpty() || isKnown(connection, event)) {
      return Optional.empty();
    }
    Delivery delivery = known.get();
    Map<Rollups.Key, Long> stages = new HashMap<>();
    endings.rollups().note(connection, stages, delivery, event);
    insert(connection, event);
    Map<Counts.Key, Long> news = new HashMap<>();
    if (event.isEngagement()) {
      Counts.note(news, delivery, event.type(), event.at());
    }
    Delivery next = move(connection, event, delivery, news);
    if (next.status() != delivery.status()) {
      Rollups.note(stages, next, delivery.status().isOpen());
    }
    if (delivery.status().isOpen()) {
      endings.exposures().note(connection, List.of(next));
    }
    endings.exposures().happened(connection, next, event);
    endings.rollups().add(connection, stages, endings.counts().shard());
    endings.counts().add(connection, news, endings.counts().shard());
    return Optional.of(next);
  }

  /** Moves the status up its ladder, if the event does that. */
  private Delivery move(
      Connection connection, DeliveryEvent event, Delivery delivery, Map<Counts.Key, Long> news)
      throws SQLException {
    DeliveryStatus status = event.type().status().orElse(delivery.status());
    if (delivery.status() == DeliveryStatus.SENDING
        || status.isOpen()
        || !delivery.status().canBecome(status)) {
      return delivery;
    }
    Delivery next = delivery.confirmed(status, event.reason(), event.at());
    if (delivery.status().isOpen()) {
      endings.move(connection, next);
      if (status != DeliveryStatus.SENT) {
        // Nobody knew that it was sent, and now it has come further.
        Counts.note(news, next, DeliveryEvent.Type.SENT, event.at());
      }
    } else {
      confirm(connection, next);
    }
    Counts.note(news, next, event.type(), next.updatedAt());
    return next;
  }

  private Optional<Delivery> one(Connection connection, String select, DeliveryEvent event)
      throws SQLException {
    List<Delivery> found =
        lookups.query(
            connection,
            select + "d.id = ? FOR UPDATE",
            columns -> columns.id(event.deliveryId().value()));
    return found.stream().findFirst();
  }

  private boolean isKnown(Connection connection, DeliveryEvent event) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, KNOWN)) {
      new Columns(database, statement)
          .id(event.deliveryId().value())
          .number(Codes.of(event.type()))
          .time(event.at());
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void insert(Connection connection, DeliveryEvent event) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, EVENT)) {
      new Columns(database, statement)
          .id(event.deliveryId().value())
          .number(Codes.of(event.type()))
          .time(event.at())
          .text(event.provider())
          .reason(event.reason());
      statement.executeUpdate();
    }
  }

  private void confirm(Connection connection, Delivery next) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, CONFIRM)) {
      new Columns(database, statement)
          .number(Codes.of(next.status()))
          .time(next.updatedAt())
          .reason(next.reason())
          .id(next.id().value());
      statement.executeUpdate();
    }
  }
}
