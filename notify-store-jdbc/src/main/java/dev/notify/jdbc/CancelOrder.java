package dev.notify.jdbc;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How a delivery is to end that was called off while a node held it. It stands in the delivery's
 * row, so that it holds whoever puts the delivery back, and whatever dies.
 *
 * @param end the status
 * @param reason why
 */
record CancelOrder(DeliveryStatus end, Reason reason) {

  static final String COLUMNS = "d.cancel_status, d.cancel_code, d.cancel_detail";

  private static final String GIVE =
      "UPDATE notify_delivery SET cancel_status = ?, cancel_code = ?, cancel_detail = ?"
          + " WHERE id = ? AND cancel_status IS NULL";

  private static final String STANDING =
      "SELECT d.id, " + COLUMNS + " FROM notify_delivery d WHERE d.id IN (%s)";

  /** The order in a row, if there is one. */
  static Optional<CancelOrder> of(ResultSet rows) throws SQLException {
    int end = rows.getInt("cancel_status");
    if (rows.wasNull()) {
      return Optional.empty();
    }
    Optional<String> detail = Columns.text(rows, "cancel_detail");
    Reason reason = new Reason(rows.getString("cancel_code"), detail.orElse(""));
    return Optional.of(new CancelOrder(Codes.status(end), reason));
  }

  /** The orders that stand for some of these. */
  static Map<UUID, CancelOrder> among(
      Tables tables, Connection connection, Collection<DeliveryId> deliveries) throws SQLException {
    Map<UUID, CancelOrder> standing = new HashMap<>();
    if (deliveries.isEmpty()) {
      return standing;
    }
    String sql = STANDING.formatted(Lookups.marks(deliveries.size()));
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(tables.database(), statement).ids(deliveries);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          UUID id = tables.database().id(rows, "id");
          of(rows).ifPresent(order -> standing.put(id, order));
        }
      }
    }
    return standing;
  }

  /** Leaves the order in the row; the first one counts. */
  void give(Tables tables, Connection connection, DeliveryId delivery) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, GIVE)) {
      new Columns(tables.database(), statement)
          .number(Codes.of(end))
          .reason(Optional.of(reason))
          .id(delivery.value());
      statement.executeUpdate();
    }
  }

  /** Whether a delivery that was to wait can end so. */
  boolean endsInstead(Delivery waiting) {
    return waiting.status().canBecome(end);
  }

  /** The delivery, ended. */
  Delivery carriedOut(Delivery delivery, Instant at) {
    return delivery.ended(end, reason, at);
  }
}
