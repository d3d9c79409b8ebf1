package dev.notify.jdbc;

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
import java.util.concurrent.ConcurrentHashMap;
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
      WITH ended AS MATERIALIZED (SELECT one.*, ?::bigint AS owner FROM %s one),
      gone AS (
        DELETE FROM notify_delivery d USING ended
        WHERE d.id = ANY (?::uuid[])
          AND d.id = ended.id AND d.lease = ended.lease AND d.owner = ended.owner
        RETURNING d.message_id, d.channel, d.priority, d.due, d.expires_at, ended.*)
      INSERT INTO notify_outcome (id, message_id, channel, priority, status, due, expires_at,
        lease, attempts, counted, updated_at, dead_letter, provider, provider_message_id,
        reason_code, reason_detail, attempt_at, attempt_us, cost_micros, cost_currency)
      SELECT id, message_id, channel, priority, status, due, expires_at, lease, attempts, counted,
        updated_at, dead_letter, provider, provider_message_id, reason_code, reason_detail,
        attempt_at, attempt_us, cost_micros, cost_currency
      FROM gone
      ON CONFLICT DO NOTHING RETURNING id""";

  private static final String WAIT =
      """
      WITH waiting AS MATERIALIZED (
        SELECT one.*, ?::bigint AS owner FROM %s one)
      UPDATE notify_delivery d SET owner = NULL, status = one.status, due = one.due,
        attempts = one.attempts, deaths = 0, counted = one.counted, updated_at = one.updated_at,
        provider = one.provider, reason_code = one.reason_code, reason_detail = one.reason_detail
      FROM waiting one
      WHERE d.id = ANY (?::uuid[])
        AND d.id = one.id AND d.lease = one.lease AND d.owner = one.owner RETURNING d.id""";

  private static final Relation<Change> ENDED =
      new Relation<Change>()
          .ids("id", change -> change.next().id().value())
          .times("updated_at", change -> change.next().updatedAt())
          .texts("provider_message_id", change -> messageId(change.next()))
          .times("attempt_at", change -> startOf(lastWord(change)))
          .numbers("attempt_us", change -> microsOf(lastWord(change)))
          .alike()
          .numbers("lease", change -> change.next().lease())
          .numbers("status", change -> (long) Codes.of(change.next().status()))
          .numbers("attempts", change -> (long) change.next().attempts())
          .flags("counted", change -> change.next().counted())
          .flags("dead_letter", change -> isDeadLetter(change.next()))
          .texts("provider", change -> change.next().provider().orElse(null))
          .seldom()
          .texts("reason_code", change -> code(change.next().reason()))
          .texts("reason_detail", change -> detail(change.next().reason()))
          .seldom()
          .numbers("cost_micros", change -> change.next().cost().map(Cost::micros).orElse(null))
          .texts("cost_currency", change -> change.next().cost().map(Columns::code).orElse(null));

  private static final Relation<Change> WAITING =
      new Relation<Change>()
          .ids("id", change -> change.next().id().value())
          .numbers("lease", change -> change.next().lease())
          .numbers("status", change -> (long) Codes.of(change.next().status()))
          .times("due", change -> change.next().due())
          .numbers("attempts", change -> (long) change.next().attempts())
          .flags("counted", change -> change.next().counted())
          .times("updated_at", change -> change.next().updatedAt())
          .texts("provider", change -> change.next().provider().orElse(null))
          .texts("reason_code", change -> code(change.next().reason()))
          .texts("reason_detail", change -> detail(change.next().reason()));

  /**
   * What statements differ by.
   *
   * @param how what is to be done
   * @param relation the relation's shape
   */
  private record Shape(String how, long relation) {}

  private final ConcurrentHashMap<Shape, String> statements = new ConcurrentHashMap<>();
  private final Tables tables;

  PostgresEndings(Tables tables) {
    super(tables);
    this.tables = tables;
  }

  @Override
  Set<UUID> leave(Connection connection, List<Change> changes, long node) throws SQLException {
    return write(connection, LEAVE, ENDED.of(changes), changes, node);
  }

  @Override
  Set<UUID> putBack(Connection connection, List<Change> changes, long node) throws SQLException {
    return write(connection, WAIT, WAITING.of(changes), changes, node);
  }

  private Set<UUID> write(
      Connection connection,
      String how,
      Relation<Change>.Rows relation,
      List<Change> changes,
      long node)
      throws SQLException {
    String sql =
        statements.computeIfAbsent(
            new Shape(how, relation.shape()),
            shape -> tables.names().in(how.formatted(relation.sql())));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, node);
      int before = relation.set(statement, 1);
      new ColumnArrays<>(statement, before, changes).ids(change -> change.next().id().value());
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
