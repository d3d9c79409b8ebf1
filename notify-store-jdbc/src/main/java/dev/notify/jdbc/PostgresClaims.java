package dev.notify.jdbc;

import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;

/** All lanes in one statement: finds, takes and reads. */
final class PostgresClaims extends Claims {

  /**
   * The look into the lanes is materialized, for a plan that runs it twice would take too many. Of
   * the suspects one at a time is taken. Deliveries are found by an array of ids and messages one
   * by one, behind OFFSET 0, so that no plan can prefer to go through all of either because they
   * were few when the tables were last counted.
   */
  private static final String TAKE =
      """
      WITH found AS MATERIALIZED (
        SELECT one.id, one.deaths
        FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS lane (channel, priority, room)
        CROSS JOIN LATERAL (
          SELECT id, deaths FROM notify_delivery
          WHERE owner IS NULL AND channel = lane.channel AND priority = lane.priority AND due <= ?
          ORDER BY due, id LIMIT lane.room FOR UPDATE SKIP LOCKED) one),
      chosen AS MATERIALIZED (
        SELECT id FROM (
          SELECT id, deaths, row_number() OVER (PARTITION BY deaths >= %d ORDER BY id) AS place
          FROM found) one
        WHERE deaths < %d OR place <= ?),
      taken AS (
        UPDATE notify_delivery d SET owner = ?, lease = lease + 1, status = ?, updated_at = ?
        WHERE d.id = ANY (ARRAY(SELECT id FROM chosen)) RETURNING d.*)
      SELECT %s
      FROM taken d CROSS JOIN LATERAL (
        SELECT * FROM notify_message WHERE id = d.message_id OFFSET 0) m
      ORDER BY d.due, d.id"""
          .formatted(SUSPECT, SUSPECT, Lookups.OPEN_COLUMNS);

  private static final String NEXT_DUE =
      """
      SELECT min(one.due) AS due
      FROM unnest(?::text[], ?::bigint[]) AS lane (channel, priority)
      CROSS JOIN LATERAL (
        SELECT due FROM notify_delivery
        WHERE owner IS NULL AND channel = lane.channel AND priority = lane.priority AND due > ?
        ORDER BY due LIMIT 1) one""";

  private final Tables tables;

  PostgresClaims(Tables tables, Endings endings, Patterns patterns) {
    super(tables, endings, patterns);
    this.tables = tables;
  }

  @Override
  Taken take(Connection connection, Map<Lane, Integer> room, Instant now, Taker taker)
      throws SQLException {
    Database database = tables.database();
    try (PreparedStatement statement = tables.prepare(connection, TAKE)) {
      Set<Entry<Lane, Integer>> lanes = room.entrySet();
      int before =
          new ColumnArrays<>(statement, 0, lanes)
              .texts(lane -> lane.getKey().channel().name())
              .numbers(lane -> (long) Codes.of(lane.getKey().priority()))
              .numbers(lane -> (long) lane.getValue())
              .index();
      new Columns(database, statement, before)
          .time(now)
          .number(taker.mostSuspects())
          .number(taker.node())
          .number(Codes.of(DeliveryStatus.SENDING))
          .time(now);
      try (ResultSet rows = statement.executeQuery()) {
        return taken(connection, rows, now, taker.node());
      }
    }
  }

  @Override
  Optional<Instant> nextDue(Connection connection, Set<Lane> lanes, Instant now)
      throws SQLException {
    Database database = tables.database();
    try (PreparedStatement statement = tables.prepare(connection, NEXT_DUE)) {
      int before =
          new ColumnArrays<>(statement, 0, lanes)
              .texts(lane -> lane.channel().name())
              .numbers(lane -> (long) Codes.of(lane.priority()))
              .index();
      new Columns(database, statement, before).time(now);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getObject("due") != null
            ? Optional.of(database.time(rows, "due"))
            : Optional.empty();
      }
    }
  }
}
