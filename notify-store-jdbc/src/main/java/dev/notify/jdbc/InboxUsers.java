package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of inboxes' users: whoever changes an inbox locks its row, in the order of hashes. */
final class InboxUsers {

  private static final String COLUMNS =
      "SELECT user_hash, began, revision, unread, unseen, items, announced, next_expiry"
          + " FROM notify_inboxuser";

  private static final String FIND = COLUMNS + " WHERE user_hash = ?";

  private static final String INSERT =
      """
      INSERT INTO notify_inboxuser (user_hash, began, revision, unread, unseen, items, announced)
      VALUES (?, ?, ?, 0, 0, 0, 0)""";

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

  /** For so long an empty inbox remembers its revision, for whoever comes again. */
  static final Duration EMPTY_FOR = Duration.ofDays(1);

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
        rows.getLong("began"),
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

  /** Several users, those that there are, by their ids. */
  Map<String, InboxUser> find(Connection connection, Collection<String> userIds)
      throws SQLException {
    TreeMap<String, String> ids = byHash(userIds);
    Map<String, InboxUser> found = new HashMap<>();
    several.read(
        connection,
        hashes(ids.keySet()),
        row -> found.put(ids.get(hex(row.getBytes("user_hash"))), user(row)));
    return found;
  }

  private static TreeMap<String, String> byHash(Collection<String> userIds) {
    TreeMap<String, String> ids = new TreeMap<>();
    userIds.forEach(id -> ids.put(hex(hash(id)), id));
    return ids;
  }

  private static List<byte[]> hashes(Collection<String> hexes) {
    return hexes.stream().map(HexFormat.of()::parseHex).toList();
  }

  /** Users locked, and made if they are new, by their ids in the order of their locks. */
  Map<String, InboxUser> lock(Connection connection, Collection<String> userIds)
      throws SQLException {
    TreeMap<String, String> ids = byHash(userIds);
    TreeMap<String, InboxUser> known = lockKnown(connection, ids.keySet());
    long first = first();
    insert(
        connection, ids.keySet().stream().filter(hash -> !known.containsKey(hash)).toList(), first);
    Map<String, InboxUser> users = new LinkedHashMap<>();
    for (Map.Entry<String, String> one : ids.entrySet()) {
      InboxUser user = known.get(one.getKey());
      users.put(one.getValue(), user != null ? user : fresh(one.getKey(), first));
    }
    return users;
  }

  private TreeMap<String, InboxUser> lockKnown(Connection connection, Collection<String> hexes)
      throws SQLException {
    TreeMap<String, InboxUser> known = new TreeMap<>();
    locked.read(
        connection, hashes(hexes), row -> known.put(hex(row.getBytes("user_hash")), user(row)));
    return known;
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  private static InboxUser fresh(String hash, long first) {
    return new InboxUser(HexFormat.of().parseHex(hash), first, first, 0, 0, 0, 0, null);
  }

  /**
   * Larger than any that the same user had before being forgotten, since nobody's inbox changes
   * every microsecond; and small enough to be a whole number in JavaScript.
   */
  private long first() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  private void insert(Connection connection, List<String> hashes, long first) throws SQLException {
    if (hashes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      for (String hash : hashes) {
        new Columns(database, statement)
            .bytes(HexFormat.of().parseHex(hash))
            .number(first)
            .number(first)
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
    Instant whenEmpty = clock.instant().plus(EMPTY_FOR);
    try (PreparedStatement statement = tables.prepare(connection, UPDATE)) {
      for (InboxUser user : users) {
        new Columns(database, statement)
            .number(user.revision())
            .number(user.unread())
            .number(user.unseen())
            .number(user.items())
            .number(Math.max(announced, user.announced()))
            .timeOrNull(user.isEmpty() ? whenEmpty : user.nextExpiry())
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

  /** Sweeps several, those of them that there are; answers them as they are then, by their ids. */
  Map<String, InboxUser> sweepAll(Connection connection, Collection<String> userIds, Instant now)
      throws SQLException {
    TreeMap<String, String> ids = byHash(userIds);
    Map<String, InboxUser> found = new HashMap<>();
    TreeMap<String, InboxUser> users = lockKnown(connection, ids.keySet());
    for (Map.Entry<String, InboxUser> one : users.entrySet()) {
      boolean ignored = sweep(connection, one.getValue(), now);
      found.put(ids.get(one.getKey()), one.getValue());
    }
    write(connection, users.values(), 0);
    return found;
  }

  /**
   * Sweeps some inboxes that nobody looks at, and deletes those that have long been empty.
   *
   * @param presence who is there, and would be told to begin anew
   * @param keptFor the first announcement that somebody new would meet
   * @return how many those were
   */
  int sweepSome(
      Connection connection, Instant now, Presence presence, OptionalLong keptFor, int most)
      throws SQLException {
    TreeMap<String, byte[]> due = new TreeMap<>();
    try (PreparedStatement statement = tables.prepare(connection, DUE)) {
      new Columns(database, statement).time(now).number(most);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          byte[] hash = rows.getBytes("user_hash");
          due.put(hex(hash), hash);
        }
      }
    }
    if (due.isEmpty()) {
      return 0;
    }
    Set<String> present = presence.presentOf(connection, List.copyOf(due.values()), now);
    List<InboxUser> kept = new ArrayList<>();
    for (Map.Entry<String, InboxUser> one : lockKnown(connection, due.keySet()).entrySet()) {
      InboxUser user = one.getValue();
      boolean wasEmpty = user.isEmpty();
      boolean ignored = sweep(connection, user, now);
      boolean isOfUse =
          present.contains(one.getKey())
              || (keptFor.isPresent() && user.announced() >= keptFor.getAsLong());
      if (wasEmpty && !isOfUse) {
        long gone = delete(connection, "notify_inboxuser", user);
      } else {
        kept.add(user);
      }
    }
    write(connection, kept, 0);
    return due.size();
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
