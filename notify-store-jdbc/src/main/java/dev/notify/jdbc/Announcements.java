package dev.notify.jdbc;

import dev.notify.jdbc.InboxCodec.Said;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.InboxStore.Announcement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** The rows of announcements. Their numbers are given out under a lock, so none comes late. */
final class Announcements {

  /** For how long another process's announcement may go unnoticed. */
  private static final long NOTICED_WITHIN = Duration.ofSeconds(1).toNanos();

  private static final int AT_ONCE = 200;

  private static final String LAST = "SELECT number FROM notify_announcementhead WHERE id = 1";

  private static final String FIRST =
      "INSERT INTO notify_announcementhead (number, id) VALUES (?, 1)";

  private static final String NEXT = "UPDATE notify_announcementhead SET number = ? WHERE id = 1";

  private static final String KNOWN = "SELECT 1 FROM notify_announcement WHERE id = ?";

  private static final String INSERT =
      """
      INSERT INTO notify_announcement (number, id, audience, category, priority, received_at,
        expires_at, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String AFTER =
      """
      SELECT number, id, audience, category, priority, received_at, expires_at, body
      FROM notify_announcement WHERE number > ? AND expires_at > ? ORDER BY number LIMIT ?""";

  private static final String STANDS_FIRST =
      "SELECT number FROM notify_announcement WHERE expires_at > ? ORDER BY number LIMIT 1";

  private static final String DELETE = "DELETE FROM notify_announcement WHERE expires_at <= ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Bodies bodies;

  /**
   * What was the last one some time ago.
   *
   * @param number the last announcement's
   * @param asked when, by the process's own clock
   */
  private record Head(long number, long asked) {}

  private volatile Head head = new Head(0, System.nanoTime() - NOTICED_WITHIN);

  Announcements(Transactions transactions, Tables tables, Bodies bodies) {
    this.transactions = transactions;
    this.tables = tables;
    this.bodies = bodies;
    database = tables.database();
  }

  boolean add(Announcement announcement) {
    boolean added =
        Raced.again(() -> transactions.run(connection -> add(connection, announcement)));
    lookAgain();
    return added;
  }

  private boolean add(Connection connection, Announcement announcement) throws SQLException {
    long number = last(connection, " FOR UPDATE") + 1;
    try (PreparedStatement statement = tables.prepare(connection, KNOWN)) {
      new Columns(database, statement).id(announcement.id());
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          return false;
        }
      }
    }
    try (PreparedStatement statement = tables.prepare(connection, number == 1 ? FIRST : NEXT)) {
      new Columns(database, statement).number(number);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      new Columns(database, statement)
          .number(number)
          .id(announcement.id())
          .text(announcement.audience())
          .text(announcement.category())
          .number(Codes.of(announcement.priority()))
          .time(announcement.at())
          .time(announcement.expiresAt())
          .bytes(
              bodies.seal(
                  announcement.id(),
                  InboxCodec.write(announcement.content(), announcement.metadata())));
      statement.executeUpdate();
    }
    return true;
  }

  private long last(Connection connection, String lock) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LAST + lock);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong("number") : 0;
    }
  }

  /** The next who asks for the last number looks into the database. */
  void lookAgain() {
    head = new Head(head.number(), System.nanoTime() - NOTICED_WITHIN);
  }

  /** The last number, as it was a moment ago. */
  long last() {
    Head known = head;
    if (System.nanoTime() - known.asked() < NOTICED_WITHIN) {
      return known.number();
    }
    long asked = System.nanoTime();
    long number = transactions.look(connection -> last(connection, ""));
    head = new Head(number, asked);
    return number;
  }

  List<Announcement> after(Connection connection, long number, Instant now) throws SQLException {
    List<Announcement> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, AFTER)) {
      new Columns(database, statement).number(number).time(now).number(AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(announcement(connection, rows));
        }
      }
    }
    return found;
  }

  private Announcement announcement(Connection connection, ResultSet rows) throws SQLException {
    UUID id = database.id(rows, "id");
    try {
      Said said = InboxCodec.read(bodies.open(connection, id, rows.getBytes("body")));
      return new Announcement(
          id,
          rows.getLong("number"),
          rows.getString("audience"),
          said.content(),
          rows.getString("category"),
          Codes.priority(rows.getInt("priority")),
          said.metadata(),
          database.time(rows, "received_at"),
          database.time(rows, "expires_at"));
    } catch (UnreadableBody e) {
      throw new ConfigurationException(
          "announcement " + id + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The first that has not left all inboxes. */
  OptionalLong first(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, STANDS_FIRST)) {
      new Columns(database, statement).time(now);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? OptionalLong.of(rows.getLong("number")) : OptionalLong.empty();
      }
    }
  }

  /** Deletes those that have left every inbox. */
  int prune(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, DELETE)) {
      new Columns(database, statement).time(now);
      return statement.executeUpdate();
    }
  }
}
