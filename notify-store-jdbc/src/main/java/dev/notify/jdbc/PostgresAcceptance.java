package dev.notify.jdbc;

import static dev.notify.jdbc.ColumnArrays.time;

import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** Messages and their open deliveries in one statement, which needs no transaction around it. */
final class PostgresAcceptance extends Acceptance {

  private static final String INSERT =
      """
      WITH message AS (
        INSERT INTO notify_message (id, accepted_at, recipient_id, body, broadcast_id, experiment,
          variant, category, template, template_version, segment)
        SELECT id, %s, recipient_id, body, broadcast_id, experiment, variant, category, template,
          template_version, segment
        FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::bytea[], ?::uuid[], ?::text[], ?::text[],
            ?::text[], ?::text[], ?::bigint[], ?::text[])
          AS one (id, accepted_at, recipient_id, body, broadcast_id, experiment, variant, category,
            template, template_version, segment))
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash, provider,
        reason_code, reason_detail, broadcast_id)
      SELECT id, message_id, channel, priority, status, %s, %s, owner, lease, attempts, 0, counted,
        %s, subject_hash, provider, reason_code, reason_detail, broadcast_id
      FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bool[], ?::bigint[], ?::bigint[],
          ?::text[], ?::text[], ?::text[], ?::uuid[])
        AS one (id, message_id, channel, priority, status, due, expires_at, owner, lease, attempts,
          counted, updated_at, subject_hash, provider, reason_code, reason_detail,
          broadcast_id)"""
          .formatted(time("accepted_at"), time("due"), time("expires_at"), time("updated_at"));

  /** The same for one of each: by far the most frequent case where little is sent at a time. */
  private static final String INSERT_ONE =
      """
      WITH message AS (
        INSERT INTO notify_message (id, accepted_at, recipient_id, body, broadcast_id, experiment,
          variant, category, template, template_version, segment)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash, provider,
        reason_code, reason_detail, broadcast_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)""";

  private final Tables tables;

  PostgresAcceptance(Tables tables, Bodies bodies, Endings endings) {
    super(tables, bodies, endings);
    this.tables = tables;
  }

  @Override
  boolean isOneStatement(List<Parcel> parcels) {
    return parcels.stream()
        .allMatch(
            parcel ->
                parcel.submission().key().isEmpty()
                    && parcel.submission().deliveries().stream()
                        .allMatch(delivery -> delivery.status().isOpen()));
  }

  @Override
  void insert(Connection connection, List<Parcel> parcels, List<Open> open, OptionalLong node)
      throws SQLException {
    if (parcels.size() == 1 && open.size() == 1) {
      insertOne(connection, parcels.get(0), open.get(0), node);
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      int before =
          new ColumnArrays<>(statement, 0, parcels)
              .ids(parcel -> parcel.submission().id().value())
              .times(parcel -> parcel.submission().acceptedAt())
              .texts(parcel -> parcel.submission().notification().recipientId())
              .bytes(Parcel::body)
              .ids(Parcel::broadcast)
              .texts(parcel -> parcel.experiment().orElse(null))
              .texts(parcel -> parcel.variant().orElse(null))
              .texts(parcel -> parcel.labels().category())
              .texts(parcel -> parcel.labels().template().orElse(null))
              .numbers(parcel -> (long) parcel.labels().version())
              .texts(parcel -> parcel.labels().segment().orElse(null))
              .index();
      int all =
          new ColumnArrays<>(statement, before, open)
              .ids(one -> one.delivery().id().value())
              .ids(one -> one.delivery().notificationId().value())
              .texts(one -> one.delivery().channel().name())
              .numbers(one -> (long) Codes.of(one.delivery().lane().priority()))
              .numbers(one -> (long) Codes.of(one.delivery().status()))
              .times(one -> one.delivery().due())
              .times(one -> one.delivery().expiresAt())
              .numbers(one -> owner(one.delivery(), node))
              .numbers(one -> one.delivery().lease())
              .numbers(one -> (long) one.delivery().attempts())
              .flags(one -> one.delivery().counted())
              .times(one -> one.delivery().updatedAt())
              .numbers(one -> hash(one.about()))
              .texts(one -> one.delivery().provider().orElse(null))
              .texts(one -> one.delivery().reason().map(Reason::code).orElse(null))
              .texts(one -> one.delivery().reason().map(Reason::detail).orElse(null))
              .ids(one -> broadcast(one.delivery()))
              .index();
      assert all == 28;
      statement.executeUpdate();
    }
  }

  private void insertOne(Connection connection, Parcel parcel, Open open, OptionalLong node)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, INSERT_ONE)) {
      Columns columns = new Columns(tables.database(), statement);
      delivery(message(columns, parcel), open, node);
      statement.executeUpdate();
    }
  }
}
