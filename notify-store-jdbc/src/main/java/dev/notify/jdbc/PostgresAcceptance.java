package dev.notify.jdbc;

import dev.notify.model.Delivery;
import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Messages and their open deliveries in one statement, which needs no transaction around it. */
final class PostgresAcceptance extends Acceptance {

  /** One of those who are asked about has chosen something, or cannot be written to. */
  private static final String KNOWN =
      """
      known AS (
        SELECT 1 FROM notify_preference WHERE recipient_hash = ANY (?::bytea[])
        UNION ALL
        SELECT 1 FROM notify_suppression WHERE address_hash = ANY (?::bytea[])),
      """;

  private static final String UNLESS_KNOWN = " WHERE NOT EXISTS (SELECT 1 FROM known)";

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
  private record Shape(long messages, long deliveries, boolean unlessKnown) {}

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
      int written = insert(connection, parcels, open, Optional.empty());
      assert written == open.size();
    }
  }

  @Override
  boolean writeUnlessKnown(
      Connection connection, List<Parcel> parcels, OptionalLong node, Doubt doubt)
      throws SQLException {
    List<Open> open = open(parcels, node);
    return !open.isEmpty() && insert(connection, parcels, open, Optional.of(doubt)) > 0;
  }

  /** Answers how many deliveries were written. */
  private int insert(
      Connection connection, List<Parcel> parcels, List<Open> open, Optional<Doubt> unless)
      throws SQLException {
    Relation<Parcel>.Rows messages = MESSAGES.of(parcels);
    Relation<Open>.Rows deliveries = DELIVERIES.of(open);
    boolean unlessKnown = unless.isPresent();
    String sql =
        statements.computeIfAbsent(
            new Shape(messages.shape(), deliveries.shape(), unlessKnown),
            shape -> sql(messages, deliveries, unlessKnown));
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      int index = unlessKnown ? set(statement, unless.get()) : 0;
      int ignored = deliveries.set(statement, messages.set(statement, index));
      return statement.executeUpdate();
    }
  }

  /** Answers how many parameters these are. */
  private static int set(PreparedStatement statement, Doubt doubt) throws SQLException {
    new ColumnArrays<>(statement, 0, doubt.people()).bytes(hash -> hash);
    new ColumnArrays<>(statement, 1, doubt.addresses()).bytes(hash -> hash);
    return 2;
  }

  private static String sql(
      Relation<Parcel>.Rows messages, Relation<Open>.Rows deliveries, boolean unlessKnown) {
    return "WITH "
        + (unlessKnown ? KNOWN : "")
        + "message AS ("
        + insert("notify_message", MESSAGES.names(), messages.sql(), unlessKnown)
        + ") "
        + insert("notify_delivery", DELIVERIES.names(), deliveries.sql(), unlessKnown);
  }

  private static String insert(String table, String names, String rows, boolean unlessKnown) {
    String condition = unlessKnown ? UNLESS_KNOWN : "";
    return "INSERT INTO %s (%s) SELECT %s FROM %s AS row%s"
        .formatted(table, names, names, rows, condition);
  }
}
