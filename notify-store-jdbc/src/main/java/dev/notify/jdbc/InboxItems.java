package dev.notify.jdbc;

import dev.notify.jdbc.InboxCodec.Said;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.InboxItem;
import dev.notify.model.NotificationId;
import dev.notify.spi.InboxStore.Box;
import dev.notify.spi.InboxStore.Place;
import dev.notify.spi.InboxStore.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of inboxes' items. What was announced has its text with the announcement. */
final class InboxItems {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final String SELECT =
      """
      SELECT i.item_id, i.notification_id, i.announcement, i.category, i.priority, i.received_at,
        i.expires_at, i.is_seen, i.is_read, i.is_archived, i.revision,
        COALESCE(i.body, a.body) AS body
      FROM notify_inbox i LEFT JOIN notify_announcement a ON a.number = i.announcement
      WHERE i.user_hash = ? AND\s""";

  private static final String CHANGED =
      SELECT
          + "i.revision > ? AND i.revision <= ? AND i.expires_at > ? ORDER BY i.revision LIMIT ?";

  private static final String BY_ID = SELECT + "i.item_id IN (%s) AND i.expires_at > ?";

  private static final String OF_NOTIFICATION =
      SELECT + "i.notification_id = ? AND i.expires_at > ?";

  private static final String LIVE = SELECT + "i.is_archived = ? AND i.expires_at > ?";

  private static final String BEHIND =
      " AND (i.received_at < ? OR (i.received_at = ? AND i.item_id < ?))";

  private static final String NEWEST = " ORDER BY i.received_at DESC, i.item_id DESC LIMIT ?";

  private static final String INSERT =
      """
      INSERT INTO notify_inbox (item_id, user_hash, notification_id, announcement, category,
        priority, received_at, expires_at, is_seen, is_read, is_archived, revision, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String UPDATE =
      """
      UPDATE notify_inbox SET is_seen = ?, is_read = ?, is_archived = ?, revision = ?
      WHERE item_id = ? AND user_hash = ?""";

  private static final String KNOWN =
      "SELECT item_id, user_hash FROM notify_inbox WHERE item_id IN (%s)";

  private static final String KNOWN_OF_USER = KNOWN + " AND user_hash = ?";

  private static final String OLDEST =
      """
      SELECT item_id, is_seen, is_read, is_archived FROM notify_inbox
      WHERE user_hash = ? ORDER BY received_at, item_id LIMIT ?""";

  private static final String DELETE =
      "DELETE FROM notify_inbox WHERE item_id = ? AND user_hash = ?";

  private final Tables tables;
  private final Database database;
  private final Bodies bodies;

  InboxItems(Tables tables, Bodies bodies) {
    this.tables = tables;
    this.bodies = bodies;
    database = tables.database();
  }

  /** Its id as we write ids; empty if it cannot be one of ours. */
  static Optional<UUID> id(String itemId) {
    try {
      return Optional.of(UUID.fromString(itemId));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * An item about to stand in an inbox.
   *
   * @param user whose it is, locked
   * @param item as it will stand there
   * @param announcement the number of the announcement that it is; empty if it is none
   */
  record Fresh(InboxUser user, InboxItem item, Optional<Long> announcement) {}

  /** Which of these stand in an inbox, as {@code item/user}. */
  Set<String> known(Connection connection, Collection<UUID> ids, Optional<InboxUser> ofUser)
      throws SQLException {
    Set<String> known = new HashSet<>();
    String sql = (ofUser.isPresent() ? KNOWN_OF_USER : KNOWN).formatted(Lookups.marks(ids.size()));
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (UUID id : ids) {
        columns.id(id);
      }
      if (ofUser.isPresent()) {
        columns.bytes(ofUser.get().hash());
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          known.add(key(database.id(rows, "item_id").toString(), rows.getBytes("user_hash")));
        }
      }
    }
    return known;
  }

  static String key(String itemId, byte[] userHash) {
    return itemId + "/" + HexFormat.of().formatHex(userHash);
  }

  void insert(Connection connection, List<Fresh> all) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      for (Fresh one : all) {
        InboxItem item = one.item();
        UUID id = UUID.fromString(item.id());
        new Columns(database, statement)
            .id(id)
            .bytes(one.user().hash())
            .idOrNull(item.notificationId().map(NotificationId::value).orElse(null))
            .numberOrNull(one.announcement().orElse(null))
            .text(item.category())
            .number(Codes.of(item.priority()))
            .time(item.receivedAt())
            .time(item.expiresAt())
            .flag(item.isSeen())
            .flag(item.isRead())
            .flag(item.isArchived())
            .number(item.revision())
            .bytesOrNull(
                one.announcement().isPresent()
                    ? Optional.empty()
                    : Optional.of(sealed(connection, item, id)))
            .addBatch();
      }
      int[] ignored = statement.executeBatch();
    }
  }

  private byte[] sealed(Connection connection, InboxItem item, UUID id) throws SQLException {
    return bodies.seal(
        connection, item.userId(), id, InboxCodec.write(item.content(), item.metadata()));
  }

  void update(Connection connection, InboxUser user, List<InboxItem> changed) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, UPDATE)) {
      for (InboxItem item : changed) {
        new Columns(database, statement)
            .flag(item.isSeen())
            .flag(item.isRead())
            .flag(item.isArchived())
            .number(item.revision())
            .id(UUID.fromString(item.id()))
            .bytes(user.hash())
            .addBatch();
      }
      int[] ignored = statement.executeBatch();
    }
  }

  /** Takes the oldest out of an inbox that has too many; the user is locked. */
  void trim(Connection connection, InboxUser user, int most) throws SQLException {
    int tooMany = user.items() - most;
    if (tooMany <= 0) {
      return;
    }
    List<UUID> oldest = new ArrayList<>();
    int unread = 0;
    int unseen = 0;
    try (PreparedStatement statement = tables.prepare(connection, OLDEST)) {
      new Columns(database, statement).bytes(user.hash()).number(tooMany);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          oldest.add(database.id(rows, "item_id"));
          boolean inFeed = !rows.getBoolean("is_archived");
          unread += inFeed && !rows.getBoolean("is_read") ? 1 : 0;
          unseen += inFeed && !rows.getBoolean("is_seen") ? 1 : 0;
        }
      }
    }
    try (PreparedStatement statement = tables.prepare(connection, DELETE)) {
      for (UUID id : oldest) {
        new Columns(database, statement).id(id).bytes(user.hash()).addBatch();
      }
      int[] ignored = statement.executeBatch();
    }
    user.removed(oldest.size(), unread, unseen);
  }

  /**
   * A row of an inbox.
   *
   * @param place where it stands
   * @param revision of its last change
   * @param item what it is; empty if what it said cannot be read any more
   */
  record Row(Place place, long revision, Optional<InboxItem> item) {

    /** Those that can be read. */
    static List<InboxItem> items(List<Row> rows) {
      return rows.stream().flatMap(row -> row.item().stream()).toList();
    }
  }

  List<Row> page(Connection connection, String userId, Query query, int limit, Instant now)
      throws SQLException {
    String sql =
        LIVE
            + (query.category().isPresent() ? " AND i.category = ?" : "")
            + (query.unreadOnly() ? " AND i.is_read = FALSE" : "")
            + (query.before().isPresent() ? BEHIND : "")
            + NEWEST;
    return rows(
        connection,
        userId,
        sql,
        columns -> {
          columns.flag(query.box() == Box.ARCHIVE).time(now);
          if (query.category().isPresent()) {
            columns.text(query.category().get());
          }
          if (query.before().isPresent()) {
            behind(columns, query.before().get());
          }
          columns.number(limit);
        });
  }

  private static void behind(Columns columns, Place place) throws SQLException {
    columns
        .time(place.receivedAt())
        .time(place.receivedAt())
        .id(id(place.itemId()).orElse(new UUID(0, 0)));
  }

  List<InboxItem> inFeed(
      Connection connection, String userId, Optional<String> category, Instant now)
      throws SQLException {
    return items(
        connection,
        userId,
        LIVE + (category.isPresent() ? " AND i.category = ?" : ""),
        columns -> {
          columns.flag(false).time(now);
          if (category.isPresent()) {
            columns.text(category.get());
          }
        });
  }

  List<InboxItem> byId(Connection connection, String userId, Collection<UUID> ids, Instant now)
      throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    return items(
        connection,
        userId,
        BY_ID.formatted(Lookups.marks(ids.size())),
        columns -> {
          for (UUID id : ids) {
            columns.id(id);
          }
          columns.time(now);
        });
  }

  List<InboxItem> ofNotification(
      Connection connection, String userId, NotificationId notificationId, Instant now)
      throws SQLException {
    return items(
        connection,
        userId,
        OF_NOTIFICATION,
        columns -> columns.id(notificationId.value()).time(now));
  }

  List<Row> changed(
      Connection connection, String userId, long after, long upTo, int limit, Instant now)
      throws SQLException {
    return rows(
        connection,
        userId,
        CHANGED,
        columns -> columns.number(after).number(upTo).time(now).number(limit));
  }

  private List<InboxItem> items(
      Connection connection, String userId, String sql, Columns.Setter which) throws SQLException {
    return Row.items(rows(connection, userId, sql, which));
  }

  private List<Row> rows(Connection connection, String userId, String sql, Columns.Setter which)
      throws SQLException {
    List<Row> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement).bytes(InboxUsers.hash(userId));
      which.set(columns);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Row(
                  new Place(
                      database.time(rows, "received_at"), database.id(rows, "item_id").toString()),
                  rows.getLong("revision"),
                  item(connection, userId, rows)));
        }
      }
    }
    return found;
  }

  /** Empty if what it said cannot be read any more. */
  private Optional<InboxItem> item(Connection connection, String userId, ResultSet rows)
      throws SQLException {
    UUID id = database.id(rows, "item_id");
    byte[] body = rows.getBytes("body");
    if (body == null) {
      return Optional.empty();
    }
    try {
      Said said = InboxCodec.read(bodies.open(connection, id, body));
      return Optional.of(
          new InboxItem(
              id.toString(),
              userId,
              rows.getBytes("notification_id") == null
                  ? Optional.empty()
                  : Optional.of(new NotificationId(database.id(rows, "notification_id"))),
              said.content(),
              rows.getString("category"),
              Codes.priority(rows.getInt("priority")),
              said.metadata(),
              database.time(rows, "received_at"),
              database.time(rows, "expires_at"),
              rows.getBoolean("is_seen"),
              rows.getBoolean("is_read"),
              rows.getBoolean("is_archived"),
              rows.getLong("revision")));
    } catch (UnreadableBody e) {
      log.warn("item {} of an inbox cannot be read: {}", id, e.getMessage());
      return Optional.empty();
    }
  }
}
