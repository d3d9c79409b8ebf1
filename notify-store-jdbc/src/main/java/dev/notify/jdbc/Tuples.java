package dev.notify.jdbc;

import dev.notify.model.Assignment;
import dev.notify.model.Channel;
import dev.notify.spi.RollupStore.Tuple;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What counters are of: a row for each combination that was ever counted, with a hash of it as its
 * id, which says for what times it is needed. A row may be deleted when all counters are that are
 * not younger than it says. Whoever counts something younger has to say so first; what a process
 * remembers of that is never wrong, however old it is: for the times it remembers, the row is of no
 * more use when it has gone.
 */
final class Tuples {

  static final String COLUMNS =
      "channel, category, template, template_version, experiment, variant, provider, segment";

  /** So that a row changes about once a day; what is younger by less needs it no longer. */
  static final Duration GIVE = Duration.ofDays(1);

  private static final int MOST_KNOWN = 10_000;

  private static final String SELECT = "SELECT last_bucket FROM notify_tuple WHERE id = ?";

  private static final String LATER =
      "UPDATE notify_tuple SET last_bucket = ? WHERE id = ? AND last_bucket < ?";

  private static final String INSERT =
      "INSERT INTO notify_tuple (id, "
          + COLUMNS
          + ", last_bucket) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final Tables tables;
  private final Database database;

  /** Until when tuples surely stand in their table; later ones are to be looked at. */
  private final ConcurrentHashMap<UUID, Instant> standing = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<Tuple, UUID> ids = new ConcurrentHashMap<>();

  Tuples(Tables tables) {
    this.tables = tables;
    database = tables.database();
  }

  /** What a tuple has to stand for. */
  private record Need(Tuple tuple, Instant bucket) {}

  /** What is to be counted, of tuples that are to stand when it is. */
  final class Needs {
    private final TreeMap<UUID, Need> needs = new TreeMap<>();

    /** Answers the id of a tuple that something is to be counted of. */
    UUID id(Tuple tuple, Instant bucket) {
      UUID id = Tuples.this.id(tuple);
      Instant known = standing.get(id);
      if (known == null || known.isBefore(bucket)) {
        needs.merge(
            id,
            new Need(tuple, bucket),
            (one, other) -> one.bucket().isBefore(other.bucket()) ? other : one);
      }
      return id;
    }

    /** Sees to it that they stand; always in the same order, so that two nodes cannot deadlock. */
    void meet(Connection connection) throws SQLException {
      for (Map.Entry<UUID, Need> one : needs.entrySet()) {
        Tuples.this.meet(connection, one.getKey(), one.getValue());
      }
    }
  }

  /**
   * Keeps a tuple. Only one that was found is known to stand: what is written here may be rolled
   * back.
   */
  private void meet(Connection connection, UUID id, Need need) throws SQLException {
    Optional<Instant> until = standsUntil(connection, id);
    if (until.isPresent() && !until.get().isBefore(need.bucket())) {
      keep(id, until.get());
      return;
    }
    if (until.isPresent()) {
      try (PreparedStatement statement = tables.prepare(connection, LATER)) {
        new Columns(database, statement).time(need.bucket()).id(id).time(need.bucket());
        if (statement.executeUpdate() > 0) {
          return;
        }
      }
      // Another has said so meanwhile, or it was deleted.
    }
    try (PreparedStatement statement = tables.prepare(connection, database.insertOnce(INSERT))) {
      set(new Columns(database, statement).id(id), need.tuple()).time(need.bucket());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw toBeDoneAgain(e);
    }
  }

  private Optional<Instant> standsUntil(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, SELECT)) {
      new Columns(database, statement).id(id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(database.time(rows, "last_bucket").plus(GIVE))
            : Optional.empty();
      }
    }
  }

  private void keep(UUID id, Instant until) {
    if (standing.size() >= MOST_KNOWN) {
      standing.clear();
    }
    standing.put(id, until);
  }

  /** H2 finds no row, and then one that somebody else has just written: as if they had collided. */
  private static SQLException toBeDoneAgain(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("23")
        ? new SQLTransactionRollbackException("a row was written meanwhile", "40001", e)
        : e;
  }

  /** Sets the {@link #COLUMNS}. */
  static Columns set(Columns columns, Tuple tuple) throws SQLException {
    return columns
        .text(tuple.channel().name())
        .text(tuple.labels().category())
        .text(tuple.labels().template())
        .number(tuple.labels().version())
        .text(tuple.assignment().map(Assignment::experiment))
        .text(tuple.assignment().map(Assignment::variant))
        .text(tuple.provider())
        .text(tuple.labels().segment());
  }

  /** Reads the {@link #COLUMNS}. */
  static Tuple read(ResultSet rows, Optional<String> provider) throws SQLException {
    return new Tuple(
        Channel.of(rows.getString("channel")),
        Columns.labels(rows),
        Columns.assignment(rows),
        provider);
  }

  UUID id(Tuple tuple) {
    if (ids.size() >= MOST_KNOWN) {
      ids.clear();
    }
    return ids.computeIfAbsent(tuple, Tuples::hash);
  }

  private static UUID hash(Tuple tuple) {
    String parts =
        String.join(
            "\0",
            "notify tuple",
            tuple.channel().name(),
            tuple.labels().category(),
            tuple.labels().template().orElse(""),
            "" + tuple.labels().version(),
            tuple.assignment().map(Assignment::experiment).orElse(""),
            tuple.assignment().map(Assignment::variant).orElse(""),
            tuple.provider().orElse(""),
            tuple.labels().segment().orElse(""));
    ByteBuffer hash = ByteBuffer.wrap(Sha256.of(parts));
    return new UUID(hash.getLong(), hash.getLong());
  }
}
