package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** The databases we know, with all in which they differ for us. */
enum Database {
  POSTGRESQL("postgresql", "clock_timestamp()") {
    @Override
    void lock(Connection connection) throws SQLException {
      run(connection, "SELECT pg_advisory_lock(" + LOCK_NUMBER + ")");
    }

    @Override
    void unlock(Connection connection) throws SQLException {
      run(connection, "SELECT pg_advisory_unlock(" + LOCK_NUMBER + ")");
    }

    @Override
    void begin(Connection connection) throws SQLException {
      // All in one round trip. Planned for the values and the size that the tables have now: a plan
      // made for few rows in a short table is a bad one for many, and the tables change fast.
      run(
          connection,
          "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
              + "SET LOCAL idle_in_transaction_session_timeout = 5000;"
              + "SET LOCAL lock_timeout = 5000;"
              + "SET LOCAL plan_cache_mode = force_custom_plan;"
              + "SET LOCAL enable_seqscan = off");
    }

    @Override
    boolean setsIsolationForOneTransaction() {
      return true;
    }

    @Override
    Endings endings(Tables tables) {
      return new PostgresEndings(tables);
    }

    @Override
    Acceptance acceptance(Tables tables, Bodies bodies, Endings endings) {
      return new PostgresAcceptance(tables, bodies, endings);
    }

    @Override
    Claims claims(Tables tables, Endings endings, Patterns patterns) {
      return new PostgresClaims(tables, endings, patterns);
    }

    @Override
    String insertOnce(String insert) {
      return insert + " ON CONFLICT DO NOTHING";
    }

    @Override
    String hourOf(String column) {
      return "date_trunc('hour', " + column + ", 'UTC')";
    }
  },

  /** MySQL too: the two have the same syntax as far as we use it. */
  MARIADB("mariadb", "UTC_TIMESTAMP(6)") {
    @Override
    void lock(Connection connection) throws SQLException {
      run(connection, "SELECT GET_LOCK('notify_schema', 60)");
    }

    @Override
    void unlock(Connection connection) throws SQLException {
      run(connection, "SELECT RELEASE_LOCK('notify_schema')");
    }

    @Override
    String insertOnce(String insert) {
      // IGNORE would swallow values that do not fit as well.
      return insert
          + " ON DUPLICATE KEY UPDATE "
          + firstColumn(insert)
          + " = "
          + firstColumn(insert);
    }

    @Override
    String hourOf(String column) {
      return "CAST(DATE_FORMAT(" + column + ", '%Y-%m-%d %H:00:00') AS DATETIME(6))";
    }

    private static String firstColumn(String insert) {
      return insert.substring(insert.indexOf('(') + 1, insert.indexOf(',')).strip();
    }

    @Override
    void setId(PreparedStatement statement, int index, UUID id) throws SQLException {
      statement.setBytes(
          index,
          ByteBuffer.allocate(16)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .array());
    }

    @Override
    void setNoId(PreparedStatement statement, int index) throws SQLException {
      statement.setNull(index, Types.BINARY);
    }

    @Override
    UUID id(ResultSet rows, String column) throws SQLException {
      ByteBuffer bytes = ByteBuffer.wrap(rows.getBytes(column));
      return new UUID(bytes.getLong(), bytes.getLong());
    }

    @Override
    String currentRead() {
      return " LOCK IN SHARE MODE";
    }

    /** DATETIME has no zone; ours are all UTC, whatever the session's zone is. */
    @Override
    void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
      statement.setObject(index, LocalDateTime.ofInstant(storable(time), ZoneOffset.UTC));
    }

    @Override
    void setNoTime(PreparedStatement statement, int index) throws SQLException {
      statement.setNull(index, Types.TIMESTAMP);
    }

    @Override
    Instant time(ResultSet rows, String column) throws SQLException {
      return rows.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
  },

  /** Has no lock that outlives a statement; the version's primary key stops a second migration. */
  H2("h2", "CURRENT_TIMESTAMP(6)") {
    @Override
    void lock(Connection connection) {
      // See above.
    }

    @Override
    void unlock(Connection connection) {
      // See above.
    }

    @Override
    String hourOf(String column) {
      return "DATE_TRUNC(HOUR, " + column + ")";
    }

    @Override
    String insertOnce(String insert) {
      // The same as MERGE by primary key, but that what is there stays.
      String columns = insert.substring(insert.indexOf('(') + 1, insert.indexOf(')'));
      String key = columns.substring(0, columns.indexOf(',')).strip();
      String table = insert.substring("INSERT INTO ".length(), insert.indexOf('(')).strip();
      String names = columns.replaceAll("\\s+", " ");
      String values = insert.substring(insert.lastIndexOf('('));
      for (String column : columns.split(",")) {
        // A parameter in a list of values has no type; some need one, the key to be compared by.
        String typed =
            column.strip().endsWith("_hash")
                ? "CAST(:: AS VARBINARY(32))"
                : column.strip().equals(key) ? "CAST(:: AS UUID)" : "::";
        values = values.replaceFirst("\\?", typed);
      }
      values = values.replace("::", "?");
      return "MERGE INTO "
          + table
          + " t USING (VALUES "
          + values
          + ") s ("
          + names
          + ") ON t."
          + key
          + " = s."
          + key
          + " WHEN NOT MATCHED THEN INSERT ("
          + names
          + ") VALUES ("
          + names.replaceAll("(\\w+)", "s.$1")
          + ")";
    }
  };

  /** What MariaDB's DATETIME can hold; the others can hold more. */
  private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private static final long LOCK_NUMBER = 0x6e6f_7469_6679L;

  private final String folder;
  private final String now;

  Database(String folder, String now) {
    this.folder = folder;
    this.now = now;
  }

  /** Where its migrations stand among our resources. */
  String folder() {
    return folder;
  }

  /** An expression for the present moment, which goes on within a transaction. */
  String now() {
    return now;
  }

  /**
   * Begins a transaction: in READ COMMITTED, and ended by the database if we fall silent in the
   * middle of it, since a paused process must not hold locks for ever.
   */
  void begin(Connection connection) throws SQLException {
    // Only PostgreSQL can do that for one transaction; the others' isolation is the connection's.
  }

  /** Whether {@link #begin} sees to the isolation, so that the connection is left as it is. */
  boolean setsIsolationForOneTransaction() {
    return false;
  }

  /**
   * Makes a query see what others have committed, even in an application's transaction that reads
   * from an older snapshot.
   */
  String currentRead() {
    return "";
  }

  Endings endings(Tables tables) {
    return new Endings(tables);
  }

  Acceptance acceptance(Tables tables, Bodies bodies, Endings endings) {
    return new Acceptance(tables, bodies, endings);
  }

  Claims claims(Tables tables, Endings endings, Patterns patterns) {
    return new Claims(tables, endings, patterns);
  }

  /** Lets one process migrate at a time. */
  abstract void lock(Connection connection) throws SQLException;

  abstract void unlock(Connection connection) throws SQLException;

  /** The insert, without effect where a row with its key stands already. */
  abstract String insertOnce(String insert);

  /** The hour, in UTC, that the time in a column lies in. */
  abstract String hourOf(String column);

  void setId(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setObject(index, id);
  }

  void setNoId(PreparedStatement statement, int index) throws SQLException {
    statement.setNull(index, Types.OTHER);
  }

  UUID id(ResultSet rows, String column) throws SQLException {
    return rows.getObject(column, UUID.class);
  }

  /**
   * The nearest moment that all of them can keep: what a vendor or a host tells has no bounds. They
   * count microseconds; cut off, not rounded, so that nothing is due late.
   */
  static Instant storable(Instant time) {
    Instant possible = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    return possible.truncatedTo(ChronoUnit.MICROS);
  }

  void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
    statement.setObject(
        index,
        OffsetDateTime.ofInstant(storable(time), ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE);
  }

  /** By its type's name, without which PostgreSQL's driver would parse the statement anew. */
  void setNoTime(PreparedStatement statement, int index) throws SQLException {
    statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE, "timestamptz");
  }

  Instant time(ResultSet rows, String column) throws SQLException {
    return rows.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** The database behind a connection. */
  static Database of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product) {
      case "PostgreSQL" -> POSTGRESQL;
      case "MariaDB", "MySQL" -> MARIADB;
      case "H2" -> H2;
      default ->
          throw new ConfigurationException(
              "database '" + product + "': there are PostgreSQL, MariaDB, MySQL and H2");
    };
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
