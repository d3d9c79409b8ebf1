package dev.notify.jdbc;

import dev.notify.model.Delivery;
import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Messages and their open deliveries in one statement, which needs no transaction around it. */
final class PostgresAcceptance extends Acceptance {

  /** From so many on, one statement is slower than a transaction with two of {@code COPY}. */
  private static final int MANY = 200;

  private final Copy copy = new Copy();

  private static final Relation<Parcel> MESSAGES =
      new Relation<Parcel>()
          .ids("id", parcel -> parcel.submission().id().value())
          .times("accepted_at", parcel -> parcel.submission().acceptedAt())
          .texts("recipient_id", parcel -> parcel.submission().notification().recipientId())
          .bytes("body", Parcel::body)
          .alike()
          .texts("category", parcel -> parcel.labels().category())
          .texts("template", parcel -> parcel.labels().template().orElse(null))
          .integers("template_version", parcel -> (long) parcel.labels().version())
          .seldom()
          .ids("broadcast_id", Parcel::broadcast)
          .texts("experiment", parcel -> parcel.experiment().orElse(null))
          .texts("variant", parcel -> parcel.variant().orElse(null))
          .texts("segment", parcel -> parcel.labels().segment().orElse(null));

  private static final Relation<Open> DELIVERIES =
      new Relation<Open>()
          .ids("id", one -> one.delivery().id().value())
          .ids("message_id", one -> one.delivery().notificationId().value())
          .times("due", one -> one.delivery().due())
          .times("expires_at", one -> one.delivery().expiresAt())
          .times("updated_at", one -> one.delivery().updatedAt())
          .alike()
          .texts("channel", one -> one.delivery().channel().name())
          .smalls("priority", one -> (long) Codes.of(one.delivery().lane().priority()))
          .smalls("status", one -> (long) Codes.of(one.delivery().status()))
          .numbers("owner", Open::owner)
          .numbers("lease", one -> one.delivery().lease())
          .integers("attempts", one -> (long) one.delivery().attempts())
          .smalls("deaths", one -> 0L)
          .flags("counted", one -> one.delivery().counted())
          .seldom()
          .numbers("subject_hash", one -> hash(one.about()))
          .seldom()
          .texts("provider", one -> one.delivery().provider().orElse(null))
          .texts("reason_code", one -> one.delivery().reason().map(Reason::code).orElse(null))
          .texts("reason_detail", one -> one.delivery().reason().map(Reason::detail).orElse(null))
          .seldom()
          .ids("broadcast_id", one -> broadcast(one.delivery()));

  /** What statements differ by. */
  private record Shape(long messages, long deliveries, int people, int addresses) {}

  private final ConcurrentHashMap<Shape, String> statements = new ConcurrentHashMap<>();
  private final Tables tables;

  PostgresAcceptance(Tables tables, Bodies bodies, Endings endings) {
    super(tables, bodies, endings);
    this.tables = tables;
  }

  @Override
  boolean isOneStatement(List<Parcel> parcels) {
    if (parcels.size() >= MANY) {
      return false;
    }
    for (Parcel parcel : parcels) {
      if (parcel.submission().key().isPresent()) {
        return false;
      }
      for (Delivery delivery : parcel.submission().deliveries()) {
        if (!delivery.status().isOpen()) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  void insert(Connection connection, List<Parcel> parcels, List<Open> open) throws SQLException {
    if (parcels.size() >= MANY && !connection.getAutoCommit() && copy.isPossible(connection)) {
      copy.into(tables.names().in("notify_message"), MESSAGES.of(parcels), connection);
      copy.into(tables.names().in("notify_delivery"), DELIVERIES.of(open), connection);
    } else {
      int written = insert(connection, parcels, open, Doubt.NONE);
      assert written == open.size();
    }
  }

  @Override
  boolean writeUnlessKnown(
      Connection connection, List<Parcel> parcels, OptionalLong node, Doubt doubt)
      throws SQLException {
    List<Open> open = open(parcels, node);
    return !open.isEmpty() && insert(connection, parcels, open, doubt) > 0;
  }

  /** Answers how many deliveries were written: all, or none if anybody in doubt is known. */
  private int insert(Connection connection, List<Parcel> parcels, List<Open> open, Doubt doubt)
      throws SQLException {
    Relation<Parcel>.Rows messages = MESSAGES.of(parcels);
    Relation<Open>.Rows deliveries = DELIVERIES.of(open);
    Shape shape =
        new Shape(
            messages.shape(),
            deliveries.shape(),
            Math.min(2, doubt.people().size()),
            Math.min(2, doubt.addresses().size()));
    String sql = statements.computeIfAbsent(shape, anew -> sql(messages, deliveries, doubt));
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      int index = messages.set(statement, 0);
      index = set(statement, index, doubt.people());
      index = set(statement, index, doubt.addresses());
      int ignored = deliveries.set(statement, index);
      return statement.executeUpdate();
    }
  }

  /** Sets what {@link #unless} asks for, and answers how many parameters there are then. */
  private static int set(PreparedStatement statement, int before, List<byte[]> hashes)
      throws SQLException {
    if (hashes.size() == 1) {
      statement.setBytes(before + 1, hashes.get(0));
      return before + 1;
    }
    return hashes.isEmpty()
        ? before
        : new ColumnArrays<>(statement, before, hashes).bytes(hash -> hash).index();
  }

  /** Asks about no more than is in doubt: with a single message that is a good part of the cost. */
  private static String sql(
      Relation<Parcel>.Rows messages, Relation<Open>.Rows deliveries, Doubt doubt) {
    List<String> conditions = new ArrayList<>();
    if (!doubt.people().isEmpty()) {
      conditions.add(unless("notify_preference", "recipient_hash", doubt.people()));
    }
    if (!doubt.addresses().isEmpty()) {
      conditions.add(unless("notify_suppression", "address_hash", doubt.addresses()));
    }
    String message = insert("notify_message", messages);
    String delivery = insert("notify_delivery", deliveries);
    return conditions.isEmpty()
        ? "WITH message AS (" + message + ") " + delivery
        : "WITH message AS ("
            + message
            + " WHERE "
            + String.join(" AND ", conditions)
            + " RETURNING 1) "
            + delivery
            + " WHERE EXISTS (SELECT 1 FROM message)";
  }

  private static String unless(String table, String column, List<byte[]> hashes) {
    return "NOT EXISTS (SELECT 1 FROM %s WHERE %s = %s)"
        .formatted(table, column, hashes.size() == 1 ? "?" : "ANY (?::bytea[])");
  }

  private static String insert(String table, Relation<?>.Rows rows) {
    String names = rows.names();
    return "INSERT INTO %s (%s) SELECT %s FROM %s AS row"
        .formatted(table, names, names, rows.sql());
  }
}
