package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.jdbc.BroadcastCodec.Pattern;
import dev.notify.jdbc.BroadcastCodec.Progress;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Broadcast;
import dev.notify.model.BroadcastId;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts in the tables. A page's notifications are written and the cursor is moved in one
 * transaction, under the version that was read: whoever comes second rolls back.
 */
final class Broadcasts implements BroadcastStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int RELEASED_AT_ONCE = 1_000;

  private static final String INSERT =
      """
      INSERT INTO notify_broadcast (id, key_hash, created_at, audience, body, state, progress, due,
        finished, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String SELECT =
      "SELECT id, created_at, audience, state, progress, due, version FROM notify_broadcast WHERE ";

  private static final String SWAP =
      """
      UPDATE notify_broadcast SET state = ?, progress = ?, due = ?, finished = ?, version = ?
      WHERE id = ? AND version = ?""";

  private static final String BACKLOG =
      """
      SELECT COUNT(*) AS amount FROM (
        SELECT 1 AS one FROM notify_delivery
        WHERE broadcast_id = ? AND (status <> ? OR due <= ?) LIMIT ?) open""";

  private static final String HELD =
      """
      SELECT id FROM notify_delivery
      WHERE broadcast_id = ? AND owner IS NULL AND reason_code = ? AND due > ?
      ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED""";

  private final Tables tables;
  private final Database database;
  private final Transactions transactions;
  private final Acceptance acceptance;
  private final Bodies bodies;
  private final Lookups lookups;
  private final Patterns patterns;
  private final Counts counts;

  Broadcasts(
      Tables tables,
      Transactions transactions,
      Acceptance acceptance,
      Bodies bodies,
      Lookups lookups) {
    this.bodies = bodies;
    this.tables = tables;
    this.transactions = transactions;
    this.acceptance = acceptance;
    this.lookups = lookups;
    database = tables.database();
    patterns = lookups.patterns();
    counts = new Counts(tables);
  }

  @Override
  public Broadcast add(Broadcast broadcast) {
    return transactions.runSurely(again -> connection -> add(connection, broadcast), false);
  }

  private Broadcast add(Connection connection, Broadcast broadcast) throws SQLException {
    Optional<byte[]> key = broadcast.notification().idempotencyKey().map(Sha256::of);
    Optional<Broadcast> earlier = earlier(connection, broadcast, key);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    String insert = database == Database.H2 ? INSERT : database.insertOnce(INSERT);
    try (PreparedStatement statement = tables.prepare(connection, insert)) {
      new Columns(database, statement)
          .id(broadcast.id().value())
          .bytesOrNull(key)
          .time(broadcast.createdAt())
          .text(broadcast.audience())
          .bytes(bodies.seal(broadcast.id().value(), BroadcastCodec.pattern(broadcast)))
          .number(Codes.of(broadcast.state()))
          .bytes(BroadcastCodec.progress(broadcast))
          .time(broadcast.due())
          .flag(broadcast.state().isFinished())
          .number(broadcast.version());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!Counters.DUPLICATE_KEY.equals(e.getSQLState())) {
        throw e;
      }
    }
    return earlier(connection, broadcast, key).orElse(broadcast);
  }

  private Optional<Broadcast> earlier(
      Connection connection, Broadcast broadcast, Optional<byte[]> key) throws SQLException {
    return key.isPresent()
        ? query(connection, SELECT + "key_hash = ?", columns -> columns.bytes(key.get())).stream()
            .findFirst()
        : query(connection, SELECT + "id = ?", columns -> columns.id(broadcast.id().value()))
            .stream()
            .findFirst();
  }

  @Override
  public Optional<Broadcast> find(BroadcastId id) {
    return transactions
        .read(connection -> query(connection, SELECT + "id = ?", columns -> columns.id(id.value())))
        .stream()
        .findFirst();
  }

  @Override
  public List<Broadcast> unfinished() {
    return transactions.readByTurns(
        connection ->
            query(connection, SELECT + "finished = FALSE ORDER BY created_at", columns -> {}));
  }

  private List<Broadcast> query(Connection connection, String sql, Columns.Setter parameters)
      throws SQLException {
    List<Broadcast> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          UUID id = database.id(rows, "id");
          try {
            found.add(broadcast(rows, id, patterns.of(connection, id)));
          } catch (UnreadableBody e) {
            log.error("broadcast {} cannot be read ({}); it is left alone", id, e.getMessage());
          }
        }
      }
    }
    return found;
  }

  private Broadcast broadcast(ResultSet rows, UUID id, Pattern pattern)
      throws SQLException, UnreadableBody {
    Progress progress = BroadcastCodec.progress(rows.getBytes("progress"));
    return new Broadcast(
        new BroadcastId(id),
        rows.getString("audience"),
        pattern.notification(),
        pattern.options(),
        database.time(rows, "created_at"),
        Codes.state(rows.getInt("state")),
        progress.reason(),
        progress.expansion(),
        progress.canary(),
        progress.baseline(),
        database.time(rows, "due"),
        rows.getLong("version"));
  }

  @Override
  public Optional<Broadcast> replace(Broadcast next) {
    return expand(next, List.of());
  }

  @Override
  public Optional<Broadcast> expand(Broadcast next, List<Submission> page) {
    try {
      return expand(next, page, bodies::seal);
    } catch (StalePersonKey e) {
      return expand(next, page, bodies::sealAnew);
    }
  }

  private Optional<Broadcast> expand(
      Broadcast next, List<Submission> page, Function<Submission, byte[]> seal) {
    List<Parcel> parcels = page.stream().map(one -> new Parcel(one, seal.apply(one))).toList();
    // Not tried again after a cut commit: whoever is told nothing reads how far it has come.
    return transactions.run(
        connection -> {
          if (!swap(connection, next)) {
            return Optional.empty();
          }
          if (!parcels.isEmpty()) {
            if (!bodies.areFresh(connection, parcels.stream().map(Parcel::body).toList())) {
              throw new StalePersonKey();
            }
            acceptance.write(connection, parcels, OptionalLong.empty(), Whose.OURS, false);
          }
          return Optional.of(next.stored());
        });
  }

  private boolean swap(Connection connection, Broadcast next) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, SWAP)) {
      new Columns(database, statement)
          .number(Codes.of(next.state()))
          .bytes(BroadcastCodec.progress(next))
          .time(next.due())
          .flag(next.state().isFinished())
          .number(next.version() + 1)
          .id(next.id().value())
          .number(next.version());
      return statement.executeUpdate() > 0;
    }
  }

  @Override
  public Map<DeliveryEvent.Type, Long> counts(BroadcastId id) {
    return transactions.read(connection -> counts.sum(connection, id.value()));
  }

  @Override
  public int backlog(BroadcastId id, Instant now, int atMost) {
    return transactions.read(
        connection -> {
          try (PreparedStatement statement = tables.prepare(connection, BACKLOG)) {
            new Columns(database, statement)
                .id(id.value())
                .number(Codes.of(DeliveryStatus.SCHEDULED))
                .time(now)
                .number(atMost);
            try (ResultSet rows = statement.executeQuery()) {
              rows.next();
              return rows.getInt("amount");
            }
          }
        });
  }

  @Override
  public boolean hasOpen(BroadcastId id) {
    return transactions.read(
        connection -> {
          try (PreparedStatement statement =
              tables.prepare(
                  connection, "SELECT 1 FROM notify_delivery WHERE broadcast_id = ? LIMIT 1")) {
            new Columns(database, statement).id(id.value());
            try (ResultSet rows = statement.executeQuery()) {
              return rows.next();
            }
          }
        });
  }

  @Override
  public List<Delivery> waiting(BroadcastId id, int limit) {
    return transactions.read(
        connection ->
            lookups.query(
                connection,
                Lookups.OPEN + "d.broadcast_id = ? AND d.owner IS NULL ORDER BY d.id LIMIT ?",
                columns -> columns.id(id.value()).number(limit)));
  }

  @Override
  public void release(BroadcastId id, Instant now) {
    int released = RELEASED_AT_ONCE;
    while (released == RELEASED_AT_ONCE) {
      released = transactions.run(connection -> release(connection, id, now));
    }
  }

  private int release(Connection connection, BroadcastId id, Instant now) throws SQLException {
    List<UUID> held = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, HELD)) {
      new Columns(database, statement)
          .id(id.value())
          .text(Reason.BROADCAST_HELD)
          .time(now)
          .number(RELEASED_AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          held.add(database.id(rows, "id"));
        }
      }
    }
    if (!held.isEmpty()) {
      try (PreparedStatement statement =
          tables.prepare(connection, "UPDATE notify_delivery SET due = ? WHERE id = ?")) {
        Columns columns = new Columns(database, statement);
        for (UUID delivery : held) {
          columns.time(now).id(delivery).addBatch();
        }
        statement.executeBatch();
      }
    }
    return held.size();
  }
}
