package dev.notify.jdbc;

import static dev.notify.jdbc.ColumnArrays.time;

import dev.notify.model.Attempt;
import dev.notify.model.Cost;
import dev.notify.model.Delivery;
import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that came to an end in one statement, all that waits again in another.
 *
 * <p>They are written for the planner: the ids come twice, once with what belongs to them and once
 * by themselves, so that an index is never read as a whole to find them; and the owner is compared
 * in the join, for by itself it would be taken for so rare that joining row by row seems cheap.
 */
final class PostgresEndings extends Endings {

  /** What never changes is taken from the row that leaves. */
  private static final String LEAVE =
      """
      WITH ended AS MATERIALIZED (
        SELECT one.id, one.updated_at, one.provider_message_id, one.reason_code, one.reason_detail,
          one.attempt_at, one.attempt_us, one.cost_micros, one.cost_currency,
          coalesce(one.lease, same.lease) AS lease,
          coalesce(one.status, same.status) AS status,
          coalesce(one.attempts, same.attempts) AS attempts,
          coalesce(one.counted, same.counted) AS counted,
          coalesce(one.dead_letter, same.dead_letter) AS dead_letter,
          coalesce(one.provider, same.provider) AS provider,
          ?::bigint AS owner
        FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[],
            ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bool[],
            ?::bool[], ?::text[])
          AS one (id, updated_at, provider_message_id, reason_code, reason_detail, attempt_at,
            attempt_us, cost_micros, cost_currency, lease, status, attempts, counted, dead_letter,
            provider)
        CROSS JOIN (SELECT ?::bigint, ?::bigint, ?::bigint, ?::bool, ?::bool, ?::text)
          AS same (lease, status, attempts, counted, dead_letter, provider)),
      gone AS (
        DELETE FROM notify_delivery d USING ended
        WHERE d.id = ANY (?::uuid[])
          AND d.id = ended.id AND d.lease = ended.lease AND d.owner = ended.owner
        RETURNING d.message_id, d.channel, d.priority, d.due, d.expires_at, ended.*)
      INSERT INTO notify_outcome (id, message_id, channel, priority, status, due, expires_at,
        lease, attempts, counted, updated_at, dead_letter, provider, provider_message_id,
        reason_code, reason_detail, attempt_at, attempt_us, cost_micros, cost_currency)
      SELECT id, message_id, channel, priority, status, due, expires_at, lease, attempts, counted,
        %s, dead_letter, provider, provider_message_id, reason_code, reason_detail, %s, attempt_us,
        cost_micros, cost_currency
      FROM gone
      ON CONFLICT DO NOTHING RETURNING id"""
          .formatted(time("updated_at"), time("attempt_at"));

  private static final String WAIT =
      """
      WITH waiting AS MATERIALIZED (
        SELECT one.*, ?::bigint AS owner FROM unnest(?::uuid[], ?::bigint[], ?::bigint[],
            ?::bigint[], ?::bigint[], ?::bool[], ?::bigint[], ?::text[], ?::text[], ?::text[])
          AS one (id, lease, status, due, attempts, counted, updated_at, provider, reason_code,
            reason_detail))
      UPDATE notify_delivery d SET owner = NULL, status = one.status, due = %s,
        attempts = one.attempts, deaths = 0, counted = one.counted, updated_at = %s,
        provider = one.provider, reason_code = one.reason_code, reason_detail = one.reason_detail
      FROM waiting one
      WHERE d.id = ANY (?::uuid[])
        AND d.id = one.id AND d.lease = one.lease AND d.owner = one.owner RETURNING d.id"""
          .formatted(time("one.due"), time("one.updated_at"));

  private final Tables tables;

  PostgresEndings(Tables tables) {
    super(tables);
    this.tables = tables;
  }

  @Override
  Set<UUID> leave(Connection connection, List<Change> changes, long node) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LEAVE)) {
      statement.setLong(1, node);
      new ColumnArrays<>(statement, 1, changes)
          .ids(change -> change.next().id().value())
          .times(change -> change.next().updatedAt())
          .texts(change -> messageId(change.next()))
          .texts(change -> code(change.next().reason()))
          .texts(change -> detail(change.next().reason()))
          .times(change -> startOf(lastWord(change)))
          .numbers(change -> microsOf(lastWord(change)))
          .numbers(change -> change.next().cost().map(Cost::micros).orElse(null))
          .texts(change -> change.next().cost().map(Columns::code).orElse(null))
          .repeatedNumbers(change -> change.next().lease())
          .repeatedNumbers(change -> (long) Codes.of(change.next().status()))
          .repeatedNumbers(change -> (long) change.next().attempts())
          .repeatedFlags(change -> change.next().counted())
          .repeatedFlags(change -> isDeadLetter(change.next()))
          .repeatedTexts(change -> change.next().provider().orElse(null))
          .repeated()
          .ids(change -> change.next().id().value());
      return ids(statement);
    }
  }

  @Override
  Set<UUID> putBack(Connection connection, List<Change> changes, long node) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, WAIT)) {
      statement.setLong(1, node);
      new ColumnArrays<>(statement, 1, changes)
          .ids(change -> change.next().id().value())
          .numbers(change -> change.next().lease())
          .numbers(change -> (long) Codes.of(change.next().status()))
          .times(change -> change.next().due())
          .numbers(change -> (long) change.next().attempts())
          .flags(change -> change.next().counted())
          .times(change -> change.next().updatedAt())
          .texts(change -> change.next().provider().orElse(null))
          .texts(change -> code(change.next().reason()))
          .texts(change -> detail(change.next().reason()))
          .ids(change -> change.next().id().value());
      return ids(statement);
    }
  }

  private static Set<UUID> ids(PreparedStatement statement) throws SQLException {
    Set<UUID> ids = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getObject(1, UUID.class));
      }
    }
    return ids;
  }

  private static @Nullable String messageId(Delivery delivery) {
    return delivery.providerMessageId().map(Endings::shortened).orElse(null);
  }

  private static @Nullable String code(Optional<Reason> reason) {
    return reason.map(Reason::code).orElse(null);
  }

  private static @Nullable String detail(Optional<Reason> reason) {
    return reason.map(Reason::detail).orElse(null);
  }

  private static @Nullable Instant startOf(@Nullable Attempt attempt) {
    return attempt == null ? null : attempt.startedAt();
  }

  private static @Nullable Long microsOf(@Nullable Attempt attempt) {
    return attempt == null ? null : (Long) micros(attempt);
  }
}
