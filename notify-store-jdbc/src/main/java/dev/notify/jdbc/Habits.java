package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.notify.model.OpenHours;
import dev.notify.spi.OpenHoursStore;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * At which hours people open what they get, in the tables. Counting locks the person's row. A row
 * goes when its person has not opened anything for long.
 */
final class Habits implements OpenHoursStore {

  private static final Duration KEPT = Duration.ofDays(400);

  private static final String FIND = "SELECT hours FROM notify_habit WHERE key_hash = ?";

  private static final String SEVERAL = "SELECT key_hash, hours FROM notify_habit";

  private static final String INSERT =
      "INSERT INTO notify_habit (hours, ends_at, key_hash) VALUES (?, ?, ?)";

  private static final String UPDATE =
      "UPDATE notify_habit SET hours = ?, ends_at = ? WHERE key_hash = ?";

  private static final String DELETE = "DELETE FROM notify_habit WHERE key_hash = ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final InstantSource clock;
  private final Recent<String, OpenHours> recent;
  private final ReadTogether<String, OpenHours> together =
      new ReadTogether<>(this::read, this::read);
  private final ByHash several;

  Habits(
      Transactions transactions,
      Tables tables,
      InstantSource clock,
      Duration cached,
      Ticker ticker) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.clock = clock;
    recent = new Recent<>(cached, ticker);
    several = new ByHash(tables, SEVERAL, "key_hash");
  }

  @Override
  public OpenHours find(String recipientId) {
    if (transactions.isWithin()) {
      // What an application's transaction sees may be old already, and must not be kept.
      return recent.peek(recipientId).orElseGet(() -> read(recipientId));
    }
    return recent.get(recipientId, together::read);
  }

  @Override
  public void expect(Collection<String> recipientIds) {
    if (!transactions.isWithin()) {
      recent.expect(recipientIds, this::read);
    }
  }

  private Map<String, OpenHours> read(Set<String> recipientIds) {
    Map<ByteBuffer, OpenHours> known = new HashMap<>();
    List<byte[]> hashes = recipientIds.stream().map(PersonKeys::hash).toList();
    boolean ignored =
        transactions.look(
            connection -> {
              several.read(
                  connection,
                  hashes,
                  row ->
                      known.put(
                          ByteBuffer.wrap(row.getBytes("key_hash")), hours(row.getBytes("hours"))));
              return true;
            });
    Map<String, OpenHours> found = new HashMap<>();
    for (String id : recipientIds) {
      found.put(id, known.getOrDefault(ByteBuffer.wrap(PersonKeys.hash(id)), OpenHours.NONE));
    }
    return found;
  }

  private OpenHours read(String recipientId) {
    return transactions.look(connection -> find(connection, recipientId, ""));
  }

  private OpenHours find(Connection connection, String recipientId, String lock)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, FIND + lock)) {
      new Columns(database, statement).bytes(PersonKeys.hash(recipientId));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? hours(rows.getBytes("hours")) : OpenHours.NONE;
      }
    }
  }

  private static OpenHours hours(byte[] bytes) {
    List<Integer> counts = new ArrayList<>(bytes.length);
    for (byte count : bytes) {
      counts.add(Math.min(Byte.toUnsignedInt(count), OpenHours.MOST));
    }
    return new OpenHours(counts);
  }

  private static byte[] bytes(OpenHours hours) {
    byte[] bytes = new byte[hours.counts().size()];
    for (int hour = 0; hour < bytes.length; hour++) {
      bytes[hour] = hours.counts().get(hour).byteValue();
    }
    return bytes;
  }

  @Override
  public void note(String recipientId, int hour) {
    try {
      boolean ignored =
          Raced.again(() -> transactions.run(connection -> note(connection, recipientId, hour)));
    } finally {
      recent.drop(recipientId);
    }
  }

  private boolean note(Connection connection, String recipientId, int hour) throws SQLException {
    OpenHours before = find(connection, recipientId, " FOR UPDATE");
    Instant end = clock.instant().plus(KEPT);
    String sql = before.equals(OpenHours.NONE) ? INSERT : UPDATE;
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement)
          .bytes(bytes(before.plus(hour)))
          .time(end)
          .bytes(PersonKeys.hash(recipientId));
      return statement.executeUpdate() > 0;
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  @Override
  public boolean forget(String recipientId) {
    try {
      return transactions.run(
          connection -> {
            try (PreparedStatement statement = tables.prepare(connection, DELETE)) {
              new Columns(database, statement).bytes(PersonKeys.hash(recipientId));
              return statement.executeUpdate() > 0;
            }
          });
    } finally {
      recent.drop(recipientId);
    }
  }
}
