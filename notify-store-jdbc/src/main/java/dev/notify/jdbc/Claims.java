package dev.notify.jdbc;

import dev.notify.jdbc.Columns.Row;
import dev.notify.jdbc.MessageCodec.Body;
import dev.notify.jdbc.MessageCodec.Target;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore.Held;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due deliveries into a node's hands: from each lane as many as it has room for, by an index
 * range that needs no sorting, passing over rows that another node is just taking.
 */
class Claims {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final String PICK =
      """
      SELECT id, deaths FROM notify_delivery
      WHERE owner IS NULL AND channel = ? AND priority = ? AND due <= ?
      ORDER BY due, id LIMIT ? FOR UPDATE SKIP LOCKED""";

  private static final String TAKE =
      "UPDATE notify_delivery SET owner = ?, lease = lease + 1, status = ?, updated_at = ?"
          + " WHERE id = ? AND owner IS NULL";

  private static final String NEXT_DUE =
      "SELECT MIN(due) AS due FROM notify_delivery"
          + " WHERE owner IS NULL AND channel = ? AND priority = ? AND due > ?";

  static final int SUSPECT = 2;
  static final int CULPRIT = 3;

  private final Tables tables;
  private final Database database;
  private final Endings endings;
  private final Patterns patterns;

  Claims(Tables tables, Endings endings, Patterns patterns) {
    this.tables = tables;
    this.endings = endings;
    this.patterns = patterns;
    database = tables.database();
  }

  /**
   * What was taken.
   *
   * @param held in the order in which it was due
   * @param ended what was found not to be delivered
   * @param suspects what there was among it that must be taken one at a time
   */
  record Taken(List<Held> held, List<Delivery> ended, List<DeliveryId> suspects) {}

  /**
   * Who takes.
   *
   * @param node which node
   * @param mostSuspects how many suspects it may take: one, or none while it holds one
   */
  record Taker(long node, int mostSuspects) {}

  /** Takes what is due. */
  Taken take(Connection connection, Map<Lane, Integer> room, Instant now, Taker taker)
      throws SQLException {
    List<UUID> all = pick(connection, room, now, taker.mostSuspects());
    if (all.isEmpty()) {
      return new Taken(List.of(), List.of(), List.of());
    }
    // Always in the same order, so that two nodes cannot deadlock.
    all.sort(Comparator.naturalOrder());
    try (PreparedStatement statement = tables.prepare(connection, TAKE)) {
      Columns columns = new Columns(database, statement);
      for (UUID id : all) {
        columns
            .number(taker.node())
            .number(Codes.of(DeliveryStatus.SENDING))
            .time(now)
            .id(id)
            .addBatch();
      }
      statement.executeBatch();
    }
    return read(connection, all, now, taker.node());
  }

  /**
   * A delivery that was in the hands of two nodes which died may be what killed them. Such suspects
   * are taken one at a time, and the next one only when that has ended, so that a third death names
   * the culprit and spares the bystanders.
   */
  private List<UUID> pick(
      Connection connection, Map<Lane, Integer> room, Instant now, int mostSuspects)
      throws SQLException {
    List<UUID> ids = new ArrayList<>();
    int suspects = 0;
    try (PreparedStatement statement = tables.prepare(connection, PICK)) {
      for (Map.Entry<Lane, Integer> lane : room.entrySet()) {
        new Columns(database, statement)
            .text(lane.getKey().channel().name())
            .number(Codes.of(lane.getKey().priority()))
            .time(now)
            .number(lane.getValue());
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            int deaths = rows.getInt("deaths");
            if (deaths < SUSPECT || suspects < mostSuspects) {
              ids.add(database.id(rows, "id"));
              suspects += deaths >= SUSPECT ? 1 : 0;
            }
          }
        }
      }
    }
    return ids;
  }

  private Taken read(Connection connection, List<UUID> ids, Instant now, long node)
      throws SQLException {
    String sql = Lookups.OPEN + "d.id IN (" + Lookups.marks(ids.size()) + ") ORDER BY d.due, d.id";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (UUID id : ids) {
        columns.id(id);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return taken(connection, rows, now, node);
      }
    }
  }

  /** What was taken, as it is delivered; what cannot be is set aside. */
  Taken taken(Connection connection, ResultSet rows, Instant now, long node) throws SQLException {
    List<Held> held = new ArrayList<>();
    List<Endings.Change> setAside = new ArrayList<>();
    Map<UUID, Optional<Body>> bodies = new HashMap<>();
    List<DeliveryId> suspects = new ArrayList<>();
    while (rows.next()) {
      Row row = Row.of(database, rows, Optional.empty());
      if (rows.getInt("deaths") >= SUSPECT) {
        suspects.add(row.id());
      }
      Optional<Body> body = bodies.get(row.messageId().value());
      if (body == null) {
        body = body(connection, rows, row.messageId().value());
        bodies.put(row.messageId().value(), body);
      }
      Optional<Target> target = body.map(Body::targets).map(all -> all.get(row.id()));
      Delivery delivery =
          row.with(
              rows.getString("recipient_id"),
              target.orElse(Lookups.UNREADABLE),
              database.time(rows, "accepted_at"));
      Optional<CancelOrder> order = CancelOrder.of(rows).filter(given -> isToBeSent(delivery));
      if (order.isPresent()) {
        setAside.add(new Endings.Change(order.get().carriedOut(delivery, now), List.of()));
      } else if (rows.getInt("deaths") >= CULPRIT) {
        setAside.add(setAside(delivery, CULPRIT + " nodes died with it in their hands", now));
      } else if (target.isEmpty()) {
        setAside.add(setAside(delivery, "what was stored cannot be read", now));
      } else {
        held.add(new Held(delivery, body.orElseThrow().notification()));
      }
    }
    if (!setAside.isEmpty()) {
      endings.write(connection, setAside, node);
    }
    return new Taken(held, setAside.stream().map(Endings.Change::next).toList(), suspects);
  }

  /** Not if it may have been sent already, and a provider is to be asked whether it was. */
  private static boolean isToBeSent(Delivery delivery) {
    String standing = delivery.reason().map(Reason::code).orElse("");
    return !standing.equals(Reason.UNCONFIRMED) && !standing.equals(Reason.HELD);
  }

  private Optional<Body> body(Connection connection, ResultSet rows, UUID message)
      throws SQLException {
    try {
      return Optional.of(patterns.bodyToSend(connection, rows, message));
    } catch (UnreadableBody e) {
      log.error("message {} cannot be read ({}); it is set aside", message, e.getMessage());
      return Optional.empty();
    }
  }

  private static Endings.Change setAside(Delivery delivery, String why, Instant now) {
    log.error("delivery {} is set aside: {}", delivery.id(), why);
    Reason reason = new Reason(Reason.QUARANTINED, why);
    return new Endings.Change(delivery.ended(DeliveryStatus.DEAD, reason, now), List.of());
  }

  /** When the next delivery of these lanes is due that is not due yet. */
  Optional<Instant> nextDue(Connection connection, Set<Lane> lanes, Instant now)
      throws SQLException {
    Optional<Instant> soonest = Optional.empty();
    try (PreparedStatement statement = tables.prepare(connection, NEXT_DUE)) {
      for (Lane lane : lanes) {
        new Columns(database, statement)
            .text(lane.channel().name())
            .number(Codes.of(lane.priority()))
            .time(now);
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next() && rows.getObject("due") != null) {
            Instant due = database.time(rows, "due");
            soonest = soonest.filter(other -> !due.isBefore(other)).or(() -> Optional.of(due));
          }
        }
      }
    }
    return soonest;
  }
}
