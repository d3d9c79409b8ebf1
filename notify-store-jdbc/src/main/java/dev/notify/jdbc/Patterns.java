package dev.notify.jdbc;

import dev.notify.jdbc.BroadcastCodec.Pattern;
import dev.notify.jdbc.MessageCodec.Body;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.BroadcastId;
import dev.notify.model.NotificationRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What broadcasts say: kept once for all their messages, read once for many of them. Never changes,
 * so what was read stays true. Thread-safe.
 */
final class Patterns {

  private static final int MOST_KEPT = 64;

  private final Tables tables;
  private final Bodies bodies;
  private final Map<UUID, Pattern> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Pattern> eldest) {
          return size() > MOST_KEPT;
        }
      };

  Patterns(Tables tables, Bodies bodies) {
    this.tables = tables;
    this.bodies = bodies;
  }

  /**
   * The body of the message that a row holds, with what its broadcast says; of one that was erased,
   * that it was, and which deliveries it has.
   */
  Body body(Connection connection, ResultSet rows, UUID message)
      throws SQLException, UnreadableBody {
    byte[] bytes = rows.getBytes("body");
    if (Bodies.isErased(bytes)) {
      return new Body(
          NotificationRecord.ERASED, List.of(), bodies.targets(connection, message, bytes));
    }
    Optional<BroadcastId> broadcast = Columns.broadcast(tables.database(), rows);
    byte[] plain = bodies.open(connection, message, bytes);
    return broadcast.isEmpty()
        ? MessageCodec.read(plain)
        : MessageCodec.read(plain, of(connection, broadcast.get().value()).notification());
  }

  /** As {@link #body}, for a message that is about to be sent. */
  Body bodyToSend(Connection connection, ResultSet rows, UUID message)
      throws SQLException, UnreadableBody {
    if (Bodies.isErased(rows.getBytes("body"))) {
      throw new UnreadableBody("it was erased");
    }
    return body(connection, rows, message);
  }

  /** What this broadcast says. */
  Pattern of(Connection connection, UUID broadcast) throws SQLException, UnreadableBody {
    synchronized (kept) {
      Pattern known = kept.get(broadcast);
      if (known != null) {
        return known;
      }
    }
    Pattern read = read(connection, broadcast);
    synchronized (kept) {
      kept.put(broadcast, read);
    }
    return read;
  }

  private Pattern read(Connection connection, UUID broadcast) throws SQLException, UnreadableBody {
    try (PreparedStatement statement =
        tables.prepare(connection, "SELECT body FROM notify_broadcast WHERE id = ?")) {
      new Columns(tables.database(), statement).id(broadcast);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new UnreadableBody(new IllegalStateException("no broadcast " + broadcast));
        }
        return BroadcastCodec.pattern(bodies.open(connection, broadcast, rows.getBytes("body")));
      }
    }
  }
}
