package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.jdbc.PeopleCodec.Change;
import dev.notify.jdbc.Presumption.Unknown;
import dev.notify.jdbc.Presumptions.Presuming;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.spi.PreferenceStore;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What people chose, in the tables. A change locks the person's row, and writes its line of the
 * history in the same transaction.
 */
final class Choices implements PreferenceStore {

  private static final String FIND =
      "SELECT version, body FROM notify_preference WHERE recipient_hash = ?";

  private static final String SEVERAL = "SELECT recipient_hash, body FROM notify_preference";

  private static final String INSERT =
      """
      INSERT INTO notify_preference (version, body, recipient_hash, recipient_id)
      VALUES (?, ?, ?, ?)""";

  private static final String UPDATE =
      "UPDATE notify_preference SET version = ?, body = ? WHERE recipient_hash = ?";

  private static final String NOTE =
      "INSERT INTO notify_consent (recipient_hash, version, at, body) VALUES (?, ?, ?, ?)";

  private static final String HISTORY =
      "SELECT body FROM notify_consent WHERE recipient_hash = ? ORDER BY version";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Recent<String, Preferences> recent;
  private final ReadTogether<String, Preferences> together =
      new ReadTogether<>(this::read, this::read);
  private final ByHash several;
  private final Presuming presuming;

  Choices(
      Transactions transactions,
      Tables tables,
      Presuming presuming,
      Duration cached,
      Ticker ticker) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    recent = new Recent<>(cached, ticker);
    several = new ByHash(tables, SEVERAL, "recipient_hash");
    this.presuming = presuming;
  }

  private record Row(long version, Preferences preferences) {
    static final Row NONE = new Row(0, Preferences.NONE);
  }

  @Override
  public Preferences find(String recipientId) {
    if (transactions.isWithin()) {
      // What an application's transaction sees may be old already, and must not be kept.
      return recent.peek(recipientId).orElseGet(() -> read(recipientId));
    }
    Presumption presumption = presuming.open();
    if (presumption == null) {
      return recent.get(recipientId, together::read);
    }
    Optional<Preferences> known = recent.peek(recipientId);
    if (known.isEmpty()) {
      presumption.addWithoutChoices(recipientId, recent.stamp(recipientId));
    }
    return known.orElse(Preferences.NONE);
  }

  /**
   * Reads at a stroke what these have chosen, and keeps it.
   *
   * @param stamps the moments from which on a change of theirs must not be overlooked
   * @return those who have chosen anything
   */
  Set<String> known(Connection connection, Map<String, Long> stamps) throws SQLException {
    Map<String, Preferences> found = read(connection, stamps.keySet());
    Set<String> known = new HashSet<>();
    found.forEach(
        (id, preferences) -> {
          recent.put(id, preferences, stamps.getOrDefault(id, -1L));
          if (!preferences.equals(Preferences.NONE)) {
            known.add(id);
          }
        });
    return known;
  }

  @Override
  public void expect(Collection<String> recipientIds) {
    if (!transactions.isWithin()) {
      recent.expect(recipientIds, this::read);
    }
  }

  /** Keeps that somebody has chosen nothing. */
  void knowNothing(Unknown<String> recipientId) {
    recent.put(recipientId.what(), Preferences.NONE, recipientId.stamp());
  }

  /** By what people are found. */
  static List<byte[]> hashes(Collection<String> recipientIds) {
    return recipientIds.stream().map(Choices::hash).toList();
  }

  private Map<String, Preferences> read(Set<String> recipientIds) {
    return transactions.look(connection -> read(connection, recipientIds));
  }

  private Map<String, Preferences> read(Connection connection, Set<String> recipientIds)
      throws SQLException {
    Map<String, Preferences> found = new HashMap<>();
    Map<ByteBuffer, String> ids = new HashMap<>();
    for (String id : recipientIds) {
      found.put(id, Preferences.NONE);
      ids.put(ByteBuffer.wrap(hash(id)), id);
    }
    several.read(
        connection,
        ids.keySet().stream().map(ByteBuffer::array).toList(),
        row -> {
          String id = ids.get(ByteBuffer.wrap(row.getBytes("recipient_hash")));
          if (id != null) {
            found.put(id, preferences(id, row));
          }
        });
    return found;
  }

  private static Preferences preferences(String recipientId, ResultSet row) throws SQLException {
    try {
      return PeopleCodec.preferences(row.getBytes("body"));
    } catch (UnreadableBody e) {
      throw unreadable(recipientId, e);
    }
  }

  private Preferences read(String recipientId) {
    return transactions.look(connection -> find(connection, recipientId, "")).preferences();
  }

  private Row find(Connection connection, String recipientId, String lock) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, FIND + lock)) {
      new Columns(database, statement).bytes(hash(recipientId));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? new Row(rows.getLong("version"), preferences(recipientId, rows))
            : Row.NONE;
      }
    }
  }

  private static byte[] hash(String recipientId) {
    return PersonKeys.hash(recipientId);
  }

  /** To guess what somebody chose is worse than to send nothing. */
  private static ConfigurationException unreadable(String recipientId, UnreadableBody e) {
    return new ConfigurationException(
        "what '" + recipientId + "' has chosen cannot be read: " + e.getMessage(), e);
  }

  @Override
  public Preferences update(String recipientId, Origin origin, UnaryOperator<Preferences> change) {
    try {
      return Raced.again(
          () -> transactions.run(connection -> update(connection, recipientId, origin, change)));
    } finally {
      transactions.afterwards(() -> recent.drop(recipientId));
    }
  }

  private Preferences update(
      Connection connection, String recipientId, Origin origin, UnaryOperator<Preferences> change)
      throws SQLException {
    Row before = find(connection, recipientId, " FOR UPDATE");
    Preferences after = change.apply(before.preferences());
    if (after.equals(before.preferences())) {
      return after;
    }
    long version = before.version() + 1;
    write(connection, recipientId, version, after);
    try (PreparedStatement statement = tables.prepare(connection, NOTE)) {
      new Columns(database, statement)
          .bytes(hash(recipientId))
          .number(version)
          .time(origin.at())
          .bytes(PeopleCodec.change(new Change(origin, after)));
      statement.executeUpdate();
    }
    return after;
  }

  private void write(Connection connection, String recipientId, long version, Preferences after)
      throws SQLException {
    boolean isFirst = version == 1;
    try (PreparedStatement statement = tables.prepare(connection, isFirst ? INSERT : UPDATE)) {
      Columns columns =
          new Columns(database, statement)
              .number(version)
              .bytes(PeopleCodec.preferences(after))
              .bytes(hash(recipientId));
      if (isFirst) {
        columns.text(recipientId);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  @Override
  public List<PreferenceChange> history(String recipientId) {
    return transactions.read(
        connection -> {
          List<PreferenceChange> history = new ArrayList<>();
          Preferences before = Preferences.NONE;
          for (Change change : changes(connection, recipientId)) {
            history.add(new PreferenceChange(change.origin(), before, change.after()));
            before = change.after();
          }
          return List.copyOf(history);
        });
  }

  private List<Change> changes(Connection connection, String recipientId) throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, HISTORY)) {
      new Columns(database, statement).bytes(hash(recipientId));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          changes.add(PeopleCodec.change(rows.getBytes("body")));
        }
      }
    } catch (UnreadableBody e) {
      throw unreadable(recipientId, e);
    }
    return changes;
  }

  @Override
  public long forget(String recipientId) {
    try {
      return transactions.run(
          connection -> {
            // The row first: whoever changes it at this moment writes its history before or after.
            long ignored = delete(connection, "preference", recipientId);
            return delete(connection, "consent", recipientId);
          });
    } finally {
      transactions.afterwards(() -> recent.drop(recipientId));
    }
  }

  private long delete(Connection connection, String table, String recipientId) throws SQLException {
    String sql = "DELETE FROM notify_" + table + " WHERE recipient_hash = ?";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).bytes(hash(recipientId));
      return statement.executeUpdate();
    }
  }
}
