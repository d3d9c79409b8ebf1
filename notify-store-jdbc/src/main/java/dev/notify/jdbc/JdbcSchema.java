package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of the durable store, on PostgreSQL, MariaDB, MySQL and H2.
 *
 * <p>Either call {@link #migrate} when the application starts; or let the application's own Flyway
 * do it, with the location {@code classpath:dev/notify/jdbc/postgresql} (or {@code mariadb}, {@code
 * h2}): they are the same files.
 *
 * @since 0.1
 */
public final class JdbcSchema {

  private static final Logger log = LoggerFactory.getLogger(JdbcSchema.class);

  /** All migrations, oldest first; the first has version 1. */
  private static final List<String> MIGRATIONS =
      List.of(
          "V1__notify",
          "V2__broadcasts",
          "V3__people",
          "V4__preferences",
          "V5__recipients",
          "V6__templates",
          "V7__limits",
          "V8__schedules",
          "V9__digests",
          "V10__experiments",
          "V11__audit",
          "V12__analytics",
          "V13__inbox");

  /** The version that this release works with. */
  public static final int VERSION = MIGRATIONS.size();

  private JdbcSchema() {}

  /**
   * Brings the tables to {@link #VERSION}; does nothing if they are there. Processes that call it
   * at the same time wait for each other.
   *
   * @throws ConfigurationException if the database is unknown to us, refuses a statement, or has
   *     tables of a later release
   */
  public static void migrate(DataSource dataSource) {
    migrate(dataSource, TableNames.DEFAULT);
  }

  /**
   * As {@link #migrate(DataSource)}, for tables of other names.
   *
   * @param names a schema that is named must be there
   */
  public static void migrate(DataSource dataSource, TableNames names) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      migrate(connection, Database.of(connection), names);
    } catch (SQLException e) {
      throw new ConfigurationException("cannot migrate the database: " + e.getMessage(), e);
    }
  }

  /** Refuses tables that this release cannot work with. */
  static void requireCurrent(Connection connection, TableNames names) throws SQLException {
    int present;
    try {
      present = version(connection, names);
    } catch (SQLException e) {
      throw new ConfigurationException(
          "the tables " + names + " are not there; call JdbcSchema.migrate(dataSource) first", e);
    }
    if (present != VERSION) {
      throw new ConfigurationException(
          "the tables have version "
              + present
              + ", this release works with "
              + VERSION
              + (present < VERSION
                  ? "; call JdbcSchema.migrate(dataSource) first"
                  : "; use the release that made them, or a later one"));
    }
  }

  private static void migrate(Connection connection, Database database, TableNames names)
      throws SQLException {
    database.lock(connection);
    try {
      Database.run(
          connection,
          names.in("CREATE TABLE IF NOT EXISTS notify_schema (version INTEGER PRIMARY KEY)"));
      int present = version(connection, names);
      if (present > VERSION) {
        throw new ConfigurationException(
            "the tables have version "
                + present
                + " and this release knows "
                + VERSION
                + "; use the release that made them, or a later one");
      }
      for (int version = present + 1; version <= VERSION; version++) {
        apply(connection, database, names, version);
      }
    } finally {
      database.unlock(connection);
    }
  }

  private static void apply(Connection connection, Database database, TableNames names, int version)
      throws SQLException {
    String file = database.folder() + "/" + MIGRATIONS.get(version - 1) + ".sql";
    // One transaction where the database can do that with tables; the files for the others say IF
    // NOT EXISTS, so that a migration that was cut off can be begun again.
    connection.setAutoCommit(false);
    try {
      for (String statement : statements(text(file))) {
        Database.run(connection, names.in(statement));
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    log.info("tables are at version {}", version);
  }

  private static int version(Connection connection, TableNames names) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(names.in("SELECT MAX(version) FROM notify_schema"));
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /** Our files have one statement after the other, each ending a line. */
  private static List<String> statements(String text) {
    String withoutComments = text.replaceAll("(?m)^--.*$", "");
    return Stream.of(withoutComments.split("(?m);$"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private static String text(String file) {
    try (InputStream in = JdbcSchema.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("migration " + file + " is not among our resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
