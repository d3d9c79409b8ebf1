package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of inboxes' users: whoever changes an inbox locks its row, in the order of hashes. */
final class InboxUsers {

  private static final String COLUMNS =
      "SELECT user_hash, revision, unread, unseen, items, announced, next_expiry"
          + " FROM notify_inboxuser";

  private static final String FIND = COLUMNS + " WHERE user_hash = ?";

  private static final String INSERT =
      """
      INSERT INTO notify_inboxuser (user_hash, revision, unread, unseen, items, announced)
      VALUES (?, ?, 0, 0, 0, 0)""";

  private static final String UPDATE =
      """
      UPDATE notify_inboxuser SET revision = ?, unread = ?, unseen = ?, items = ?, announced = ?,
        next_expiry = ?
      WHERE user_hash = ?""";

  private static final String GONE =
      """
      SELECT COUNT(*) AS gone,
        SUM(CASE WHEN is_archived OR is_read THEN 0 ELSE 1 END) AS unread,
        SUM(CASE WHEN is_archived OR is_seen THEN 0 ELSE 1 END) AS unseen
      FROM notify_inbox WHERE user_hash = ? AND expires_at <= ?""";

  private static final String DELETE =
      "DELETE FROM notify_inbox WHERE user_hash = ? AND expires_at <= ?";

  private static final String NEXT =
      "SELECT MIN(expires_at) AS next FROM notify_inbox WHERE user_hash = ?";

  private static final String DUE =
      "SELECT user_hash FROM notify_inboxuser WHERE next_expiry <= ? ORDER BY next_expiry LIMIT ?";

  private static final String PRESENT =
      "UPDATE notify_inboxuser SET present_until = ? WHERE user_hash = ?";

  private static final String PRESENCE =
      "SELECT 1 FROM notify_inboxuser WHERE user_hash = ? AND present_until > ?";

  private final Tables tables;
  private final Database database;
  private final InstantSource clock;
  private final ByHash several;
  private final ByHash locked;

  InboxUsers(Tables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
    database = tables.database();
    several = new ByHash(tables, COLUMNS, "user_hash");
    locked = new ByHash(tables, COLUMNS, "user_hash", " ORDER BY user_hash FOR UPDATE");
  }

  static byte[] hash(String userId) {
    return PersonKeys.hash(userId);
  }

  /** A user, if there is one. */
  Optional<InboxUser> find(Connection connection, String userId, boolean lock) throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(connection, FIND + (lock ? " FOR UPDATE" : ""))) {
      new Columns(database, statement).bytes(hash(userId));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(user(rows)) : Optional.empty();
      }
    }
  }

  private InboxUser user(ResultSet rows) throws SQLException {
    return new InboxUser(
        rows.getBytes("user_hash"),
        rows.getLong("revision"),
        rows.getInt("unread"),
        rows.getInt("unseen"),
        rows.getInt("items"),
        rows.getLong("announced"),
        timeOrNull(rows, "next_expiry"));
  }

  private @Nullable Instant timeOrNull(ResultSet rows, String column) throws SQLException {
    Object there = rows.getObject(column);
    return there == null ? null : database.time(rows, column);
  }

  /** The revisions of several users. */
  void revisions(Connection connection, Map<String, String> idsByHash, Map<String, Long> found)
      throws SQLException {
    several.read(
        connection,
        idsByHash.keySet().stream().map(HexFormat.of()::parseHex).toList(),
        row ->
            found.put(
                idsByHash.get(HexFormat.of().formatHex(row.getBytes("user_hash"))),
                row.getLong("revision")));
  }

  /** Users locked, and made if they are new, by their ids in the order of their locks. */
  Map<String, InboxUser> lock(Connection connection, Collection<String> userIds)
      throws SQLException {
    TreeMap<String, String> ids = new TreeMap<>();
    userIds.forEach(id -> ids.put(HexFormat.of().formatHex(hash(id)), id));
    TreeMap<String, InboxUser> known = new TreeMap<>();
    List<byte[]> hashes = ids.keySet().stream().map(HexFormat.of()::parseHex).toList();
    locked.read(connection, hashes, row -> known.put(hex(row.getBytes("user_hash")), user(row)));
    insert(connection, ids.keySet().stream().filter(hash -> !known.containsKey(hash)).toList());
    Map<String, InboxUser> users = new LinkedHashMap<>();
    for (Map.Entry<String, String> one : ids.entrySet()) {
      InboxUser user = known.get(one.getKey());
      users.put(one.getValue(), user != null ? user : fresh(one.getKey()));
    }
    return users;
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  private InboxUser fresh(String hash) {
    return new InboxUser(HexFormat.of().parseHex(hash), first(), 0, 0, 0, 0, null);
  }

  /**
   * Larger than any that the same user had before being forgotten, since nobody's inbox changes
   * every microsecond; and small enough to be a whole number in JavaScript.
   */
  private long first() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  private void insert(Connection connection, List<String> hashes) throws SQLException {
    if (hashes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      for (String hash : hashes) {
        new Columns(database, statement)
            .bytes(HexFormat.of().parseHex(hash))
            .number(first())
            .addBatch();
      }
      int[] ignored = statement.executeBatch();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  /** Writes users as they are now. */
  void write(Connection connection, Collection<InboxUser> users, long announced)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, UPDATE)) {
      for (InboxUser user : users) {
        new Columns(database, statement)
            .number(user.revision())
            .number(user.unread())
            .number(user.unseen())
            .number(user.items())
            .number(Math.max(announced, user.announced()))
            .timeOrNull(user.nextExpiry())
            .bytes(user.hash())
            .addBatch();
      }
      int[] ignored = statement.executeBatch();
    }
  }

  /** Deletes what has expired of a user's, who is locked; {@code false} if there was nothing. */
  boolean sweep(Connection connection, InboxUser user, Instant now) throws SQLException {
    if (!user.isDue(now)) {
      return false;
    }
    try (PreparedStatement statement = tables.prepare(connection, GONE)) {
      new Columns(database, statement).bytes(user.hash()).time(now);
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          user.removed(rows.getInt("gone"), rows.getInt("unread"), rows.getInt("unseen"));
        }
      }
    }
    try (PreparedStatement statement = tables.prepare(connection, DELETE)) {
      new Columns(database, statement).bytes(user.hash()).time(now);
      statement.executeUpdate();
    }
    try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
      new Columns(database, statement).bytes(user.hash());
      try (ResultSet rows = statement.executeQuery()) {
        user.swept(rows.next() ? timeOrNull(rows, "next") : null);
      }
    }
    return true;
  }

  /** Sweeps some inboxes that nobody looks at; how many those were. */
  int sweepSome(Connection connection, Instant now, int most) throws SQLException {
    Map<String, byte[]> due = new TreeMap<>();
    try (PreparedStatement statement = tables.prepare(connection, DUE)) {
      new Columns(database, statement).time(now).number(most);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          byte[] hash = rows.getBytes("user_hash");
          due.put(hex(hash), hash);
        }
      }
    }
    if (!due.isEmpty()) {
      TreeMap<String, InboxUser> users = new TreeMap<>();
      locked.read(
          connection,
          List.copyOf(due.values()),
          row -> users.put(hex(row.getBytes("user_hash")), user(row)));
      for (InboxUser user : users.values()) {
        boolean ignored = sweep(connection, user, now);
      }
      write(connection, users.values(), 0);
    }
    return due.size();
  }

  void present(Connection connection, Collection<InboxUser> users, Instant until)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, PRESENT)) {
      for (InboxUser user : users) {
        new Columns(database, statement).time(until).bytes(user.hash()).addBatch();
      }
      int[] ignored = statement.executeBatch();
    }
  }

  boolean isPresent(Connection connection, String userId, Instant now) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, PRESENCE)) {
      new Columns(database, statement).bytes(hash(userId)).time(now);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Deletes a user with all that stands in the inbox; how many items those were. */
  long forget(Connection connection, String userId) throws SQLException {
    Optional<InboxUser> user = find(connection, userId, true);
    if (user.isEmpty()) {
      return 0;
    }
    long had = delete(connection, "notify_inbox", user.get());
    long ignored = delete(connection, "notify_inboxuser", user.get());
    return had;
  }

  private long delete(Connection connection, String table, InboxUser user) throws SQLException {
    String sql = "DELETE FROM " + table + " WHERE user_hash = ?";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).bytes(user.hash());
      return statement.executeUpdate();
    }
  }
}
