package dev.notify.jdbc;

import dev.notify.jdbc.BroadcastCodec.Progress;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationRecord;
import dev.notify.spi.NotificationStore.Erased;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases a person from the tables: goes along the messages' primary key, a few messages in one
 * short transaction. Rows stay, so that counts stay true.
 */
final class Erasing {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int AT_ONCE = 100;
  private static final UUID FIRST = new UUID(0, 0);

  private static final String NEXT =
      "SELECT id, body FROM notify_message WHERE recipient_id = ? AND id > ? ORDER BY id LIMIT ?";

  private static final String MESSAGE =
      "UPDATE notify_message SET recipient_id = ?, body = ? WHERE id = ?";

  private static final String OPEN = "SELECT id FROM notify_delivery WHERE id IN (%s)";

  private static final List<String> DELIVERIES =
      List.of(
          """
          UPDATE notify_delivery SET reason_detail = NULL, cancel_detail = NULL, subject_hash = NULL
          WHERE id = ?""",
          """
          UPDATE notify_outcome SET provider_message_id = NULL, reason_detail = NULL,
            dead_letter = FALSE WHERE id = ?""");

  private static final List<String> DETAILS =
      List.of(
          "UPDATE notify_attempt SET detail = '' WHERE delivery_id = ?",
          "UPDATE notify_event SET reason_detail = NULL WHERE delivery_id = ?");

  private static final String BROADCASTS =
      "SELECT id, progress FROM notify_broadcast WHERE id > ? ORDER BY id LIMIT ?";

  private static final String BROADCAST =
      "SELECT id, progress FROM notify_broadcast WHERE id = ? FOR UPDATE";

  /** Whoever expands it meanwhile finds that it has changed, and reads it anew. */
  private static final String PROGRESS =
      "UPDATE notify_broadcast SET progress = ?, version = version + 1 WHERE id = ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;

  Erasing(Transactions transactions, Tables tables) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
  }

  private record Message(UUID id, List<DeliveryId> deliveries) {}

  Erased erase(String recipientId, boolean wasKnown, boolean keyDestroyed) {
    long notifications = 0;
    long deliveries = 0;
    long details = 0;
    UUID last = FIRST;
    for (List<Message> next = after(recipientId, last);
        !next.isEmpty();
        next = after(recipientId, last)) {
      List<Message> page = next;
      notifications += page.size();
      deliveries += page.stream().mapToLong(message -> message.deliveries().size()).sum();
      details += transactions.run(connection -> erase(connection, page, recipientId));
      last = page.get(page.size() - 1).id();
    }
    eraseRefusals(recipientId);
    return new Erased(notifications, deliveries, details, wasKnown, keyDestroyed);
  }

  private record Refusing(UUID id, Optional<Progress> progress) {

    /** What is left of it; empty if it does not name the person. */
    Optional<Progress> without(String recipientId) {
      Optional<Progress> left = progress.map(one -> one.forgetting(recipientId));
      return left.equals(progress) ? Optional.empty() : left;
    }
  }

  /** Broadcasts name the first of those who could not be sent to. */
  private void eraseRefusals(String recipientId) {
    UUID last = FIRST;
    for (List<Refusing> page = broadcastsAfter(last);
        !page.isEmpty();
        page = broadcastsAfter(last)) {
      for (Refusing one : page) {
        if (one.without(recipientId).isPresent()) {
          boolean ignored =
              transactions.run(connection -> eraseRefusals(connection, one.id(), recipientId));
        }
        last = one.id();
      }
    }
  }

  private List<Refusing> broadcastsAfter(UUID last) {
    return transactions.read(
        connection -> broadcasts(connection, BROADCASTS, at -> at.id(last).number(AT_ONCE)));
  }

  private List<Refusing> broadcasts(Connection connection, String sql, Columns.Setter which)
      throws SQLException {
    List<Refusing> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      which.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          UUID id = database.id(rows, "id");
          found.add(new Refusing(id, progress(id, rows.getBytes("progress"))));
        }
      }
    }
    return found;
  }

  private static Optional<Progress> progress(UUID broadcast, byte[] bytes) {
    try {
      return Optional.of(BroadcastCodec.progress(bytes));
    } catch (UnreadableBody e) {
      log.warn("the progress of broadcast {} is damaged; whom it names stays", broadcast);
      return Optional.empty();
    }
  }

  private boolean eraseRefusals(Connection connection, UUID broadcast, String recipientId)
      throws SQLException {
    for (Refusing one : broadcasts(connection, BROADCAST, at -> at.id(broadcast))) {
      Optional<Progress> left = one.without(recipientId);
      if (left.isPresent()) {
        try (PreparedStatement statement = tables.prepare(connection, PROGRESS)) {
          new Columns(database, statement).bytes(BroadcastCodec.progress(left.get())).id(broadcast);
          return statement.executeUpdate() > 0;
        }
      }
    }
    return false;
  }

  private List<Message> after(String recipientId, UUID last) {
    return transactions.read(
        connection -> {
          List<Message> found = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
            new Columns(database, statement).text(recipientId).id(last).number(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                UUID id = database.id(rows, "id");
                found.add(new Message(id, deliveries(id, rows.getBytes("body"))));
              }
            }
          }
          return found;
        });
  }

  private static List<DeliveryId> deliveries(UUID message, byte[] body) {
    try {
      return Bodies.deliveries(body);
    } catch (UnreadableBody e) {
      log.warn("message {} is damaged; what its deliveries' rows say stays", message);
      return List.of();
    }
  }

  private long erase(Connection connection, List<Message> messages, String recipientId)
      throws SQLException {
    List<DeliveryId> ids = messages.stream().flatMap(each -> each.deliveries().stream()).toList();
    for (String sql : DELIVERIES) {
      update(connection, sql, ids);
    }
    long details = 0;
    for (String sql : DETAILS) {
      details += update(connection, sql, ids);
    }
    Set<DeliveryId> open = open(connection, ids);
    try (PreparedStatement statement = tables.prepare(connection, MESSAGE)) {
      Columns columns = new Columns(database, statement);
      for (Message message : messages) {
        // What is in flight keeps the person's id, so that a second call finds what it left.
        boolean inFlight = message.deliveries().stream().anyMatch(open::contains);
        columns
            .text(inFlight ? recipientId : NotificationRecord.ERASED.recipientId())
            .bytes(Bodies.erased(message.deliveries()))
            .id(message.id())
            .addBatch();
      }
      statement.executeBatch();
    }
    return details;
  }

  private long update(Connection connection, String sql, List<DeliveryId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (DeliveryId id : ids) {
        columns.id(id.value()).addBatch();
      }
      long changed = 0;
      for (int count : statement.executeBatch()) {
        changed += Math.max(0, count);
      }
      return changed;
    }
  }

  private Set<DeliveryId> open(Connection connection, List<DeliveryId> ids) throws SQLException {
    Set<DeliveryId> open = new HashSet<>();
    if (ids.isEmpty()) {
      return open;
    }
    String sql = OPEN.formatted(Lookups.marks(ids.size()));
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).ids(ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          open.add(new DeliveryId(database.id(rows, "id")));
        }
      }
    }
    return open;
  }
}
