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

  /**
   * Up to so many messages with as many deliveries are written as {@code VALUES}. Each number is a
   * text of its own, of which a driver keeps 256, so it must not multiply with what is rare.
   */
  private static final int FEW = 8;

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
          .seldom()
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

  /** About how many a statement asks, of people or of addresses. */
  private enum Asked {
    NOBODY,
    ONE,
    SEVERAL;

    /** A single message asks for no more than it must; for several that is not worth more texts. */
    static Asked about(List<byte[]> hashes, Doubt doubt, boolean isSingle) {
      if (isSingle) {
        return hashes.isEmpty() ? NOBODY : hashes.size() == 1 ? ONE : SEVERAL;
      }
      return doubt.isNone() ? NOBODY : SEVERAL;
    }

    String of() {
      return this == ONE ? "?" : "ANY (?::bytea[])";
    }

    /** Sets the hashes behind other parameters, and answers how many there are then. */
    int set(PreparedStatement statement, int before, List<byte[]> hashes) throws SQLException {
      return switch (this) {
        case NOBODY -> before;
        case ONE -> {
          statement.setBytes(before + 1, hashes.get(0));
          yield before + 1;
        }
        case SEVERAL -> new ColumnArrays<>(statement, before, hashes).bytes(hash -> hash).index();
      };
    }
  }

  /**
   * What statements differ by.
   *
   * @param messages the shape of the messages
   * @param deliveries the shape of the deliveries
   * @param people whether it is asked what they have chosen
   * @param addresses whether it is asked if they are suppressed
   */
  private record Shape(long messages, long deliveries, Asked people, Asked addresses) {}

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
    boolean areFew =
        parcels.size() <= FEW
            && parcels.size() == open.size()
            && messages.hasNothingSeldom()
            && deliveries.hasNothingSeldom();
    return areFew
        ? insert(connection, messages.asValues(), deliveries.asValues(), doubt, parcels.size() == 1)
        : insert(connection, messages, deliveries, doubt, parcels.size() == 1);
  }

  private int insert(
      Connection connection,
      Relation<Parcel>.Rows messages,
      Relation<Open>.Rows deliveries,
      Doubt doubt,
      boolean isSingle)
      throws SQLException {
    Asked people = Asked.about(doubt.people(), doubt, isSingle);
    Asked addresses = Asked.about(doubt.addresses(), doubt, isSingle);
    String sql =
        statements.computeIfAbsent(
            new Shape(messages.shape(), deliveries.shape(), people, addresses),
            shape -> tables.names().in(sql(messages, deliveries, shape)));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int index = messages.set(statement, 0);
      index = people.set(statement, index, doubt.people());
      index = addresses.set(statement, index, doubt.addresses());
      int ignored = deliveries.set(statement, index);
      return statement.executeUpdate();
    }
  }

  /**
   * Deliveries are written if a message was, so that nothing is asked twice: one is enough to know,
   * and PostgreSQL writes the other messages nonetheless.
   */
  private static String sql(
      Relation<Parcel>.Rows messages, Relation<Open>.Rows deliveries, Shape shape) {
    List<String> conditions = new ArrayList<>();
    if (shape.people() != Asked.NOBODY) {
      conditions.add(unless("notify_preference", "recipient_hash", shape.people()));
    }
    if (shape.addresses() != Asked.NOBODY) {
      conditions.add(unless("notify_suppression", "address_hash", shape.addresses()));
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

  private static String unless(String table, String column, Asked asked) {
    return "NOT EXISTS (SELECT 1 FROM %s WHERE %s = %s)".formatted(table, column, asked.of());
  }

  private static String insert(String table, Relation<?>.Rows rows) {
    String names = rows.names();
    return "INSERT INTO %s (%s) SELECT %s FROM %s AS row"
        .formatted(table, names, names, rows.sql());
  }
}
