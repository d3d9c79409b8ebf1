package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Threads;
import dev.notify.jdbc.JdbcSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the database can do with rows of our shape in our tables and nothing around it: no checks,
 * no policies, no leases kept alive, no record of outcomes. It knows our columns, and fails where
 * they change: then change it too.
 */
final class Raw implements Contestant {

  private static final String MESSAGE =
      "INSERT INTO notify_message (id, accepted_at, recipient_id, body) ";

  private static final String DELIVERY =
      """
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash)
      """;

  private static final String ONE =
      "WITH message AS ("
          + MESSAGE
          + "VALUES (?, ?, ?, ?)) "
          + DELIVERY
          + "VALUES (?, ?, 'email', 2, 0, ?, ?, NULL, 0, 0, 0, FALSE, ?, NULL)";

  private static final String MANY =
      "WITH message AS ("
          + MESSAGE
          + "SELECT * FROM unnest(?::uuid[], ?::timestamptz[], ?::text[], ?::bytea[])) "
          + DELIVERY
          + """
          SELECT id, message_id, channel, priority, status, due, expires_at, NULL, lease, attempts,
            0, counted, updated_at, NULL
          FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::smallint[], ?::smallint[],
            ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::int[], ?::boolean[],
            ?::timestamptz[])
            AS d (id, message_id, channel, priority, status, due, expires_at, lease, attempts,
              counted, updated_at)""";

  /** With the message, which a delivery cannot do without. */
  private static final String CLAIM =
      """
      WITH picked AS MATERIALIZED (
        SELECT id FROM notify_delivery
        WHERE owner IS NULL AND channel = 'email' AND priority = 2 AND due <= now()
        ORDER BY due, id LIMIT 500 FOR UPDATE SKIP LOCKED),
      taken AS (
        UPDATE notify_delivery d SET owner = 1, lease = lease + 1, status = 1
        FROM picked WHERE d.id = picked.id RETURNING d.id, d.message_id)
      SELECT taken.id, m.recipient_id, m.body
      FROM taken JOIN notify_message m ON m.id = taken.message_id""";

  private static final String DELETE =
      "DELETE FROM notify_delivery WHERE id = ANY (?) AND owner = 1";

  private static final int FILL = 1_000;

  private final DataSource source;
  private final Tally tally;
  private final byte[] body;
  private volatile boolean stopped;
  private @Nullable Thread worker;

  Raw(DataSource source, Tally tally) {
    this.source = source;
    this.tally = tally;
    JdbcSchema.migrate(source);
    body = body(source);
  }

  /** What we store with the same text; where the tables are empty, a message of ours is tried. */
  private static byte[] body(DataSource source) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      if (Tables.count(source, "notify_message") == 0) {
        try (Ours ours = new Ours(source, new Tally())) {
          ours.startAside();
          ours.sendLater(0);
        }
        byte[] body = anyBody(statement);
        statement.execute("DELETE FROM notify_delivery");
        statement.execute("DELETE FROM notify_message");
        return body;
      }
      return anyBody(statement);
    } catch (SQLException e) {
      throw new IllegalStateException("looking at a message of ours", e);
    }
  }

  private static byte[] anyBody(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT body FROM notify_message LIMIT 1")) {
      rows.next();
      return rows.getBytes(1);
    }
  }

  @Override
  public void start(boolean works) {
    if (works) {
      worker = new Thread(this::drain, "raw");
      worker.start();
    }
  }

  /** One row by one statement that commits by itself: both rows of a message. */
  @Override
  public void sendLater(int number) throws SQLException {
    UUID message = newId();
    Timestamp now = Timestamp.from(Instant.now());
    Timestamp due = Timestamp.from(Instant.now().plusSeconds(3_600));
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(ONE)) {
      statement.setObject(1, message);
      statement.setTimestamp(2, now);
      statement.setString(3, Integer.toString(number));
      statement.setBytes(4, body);
      statement.setObject(5, newId());
      statement.setObject(6, message);
      statement.setTimestamp(7, due);
      statement.setTimestamp(8, due);
      statement.setTimestamp(9, now);
      statement.executeUpdate();
    }
  }

  /** All in one statement that commits by itself. */
  @Override
  public void sendLater(int from, int count) throws SQLException {
    insert(from, count, Instant.now().plusSeconds(3_600));
  }

  @Override
  public void send(int number) throws SQLException {
    insert(number, 1, Instant.now());
  }

  @Override
  public void fill(int count) throws SQLException {
    for (int from = 0; from < count; from += FILL) {
      insert(from, Math.min(FILL, count - from), Instant.now());
    }
  }

  private void insert(int from, int count, Instant due) throws SQLException {
    String now = Instant.now().toString();
    UUID[] messages = new UUID[count];
    UUID[] deliveries = new UUID[count];
    String[] recipients = new String[count];
    byte[][] bodies = new byte[count][];
    for (int i = 0; i < count; i++) {
      messages[i] = newId();
      deliveries[i] = newId();
      recipients[i] = Integer.toString(from + i);
      bodies[i] = body;
    }
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(MANY)) {
      Arrays arrays = new Arrays(connection, statement, count);
      arrays.set("uuid", messages);
      arrays.all("timestamptz", now);
      arrays.set("text", recipients);
      arrays.set("bytea", bodies);
      arrays.set("uuid", deliveries);
      arrays.set("uuid", messages);
      arrays.all("text", "email");
      arrays.all("int2", (short) 2);
      arrays.all("int2", (short) 0);
      arrays.all("timestamptz", due.toString());
      arrays.all("timestamptz", due.plusSeconds(86_400).toString());
      arrays.all("int8", 0L);
      arrays.all("int4", 0);
      arrays.all("bool", false);
      arrays.all("timestamptz", now);
      statement.executeUpdate();
    }
  }

  /** Binds arrays of one length in turn. */
  private static final class Arrays {
    private final Connection connection;
    private final PreparedStatement statement;
    private final int length;
    private int index;

    Arrays(Connection connection, PreparedStatement statement, int length) {
      this.connection = connection;
      this.statement = statement;
      this.length = length;
    }

    void set(String type, Object[] values) throws SQLException {
      statement.setArray(++index, connection.createArrayOf(type, values));
    }

    void all(String type, Object value) throws SQLException {
      Object[] values = new Object[length];
      java.util.Arrays.fill(values, value);
      set(type, values);
    }
  }

  /** Time first, as ours: such keys go to the end of their index. */
  private static UUID newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long time = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
    return new UUID(time, random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
  }

  private void drain() {
    try (Connection connection = source.getConnection();
        PreparedStatement claim = connection.prepareStatement(CLAIM);
        PreparedStatement delete = connection.prepareStatement(DELETE)) {
      while (!stopped) {
        List<UUID> ids = new ArrayList<>();
        try (ResultSet rows = claim.executeQuery()) {
          while (rows.next()) {
            ids.add(rows.getObject(1, UUID.class));
            rows.getBytes(3);
            tally.handle(Integer.parseInt(rows.getString(2)));
          }
        }
        if (ids.isEmpty()) {
          return;
        }
        delete.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
        delete.executeUpdate();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("draining", e);
    }
  }

  @Override
  public long open() {
    return Tables.count(source, "notify_delivery");
  }

  @Override
  public void close() {
    stopped = true;
    Threads.join(worker);
  }
}
