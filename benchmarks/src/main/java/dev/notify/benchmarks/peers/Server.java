package dev.notify.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of this run's own, with the same settings for everyone. */
final class Server implements AutoCloseable {

  /**
   * Connections in everyone's pool: enough for the most threads that any of them does best with.
   */
  static final int POOL = 64;

  /** So large that a batch goes out at once; the driver's own is 8 KiB. */
  private static final int SEND_BUFFER = 64 * 1024;

  /**
   * On disk beside what Maven builds; a temporary folder may be memory, where fsync costs nothing.
   */
  private static final Path DATA = Path.of("benchmarks/target/peers-postgresql");

  /** What makes a commit a commit. The embedded server's own settings are for tests that forget. */
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  private static final Map<String, String> SIZES =
      Map.of(
          "shared_buffers", "1GB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "30min",
          "max_connections", "200",
          "wal_buffers", "16MB");

  private final EmbeddedPostgres postgres;
  private final DataSource own;

  private Server(EmbeddedPostgres postgres) {
    this.postgres = postgres;
    own = postgres.getPostgresDatabase();
  }

  /**
   * Starts it.
   *
   * @param statements whether it counts statements, which costs everyone a little
   */
  static Server start(boolean statements) throws IOException, SQLException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setDataDirectory(DATA).setCleanDataDirectory(true);
    DURABLE.forEach(builder::setServerConfig);
    SIZES.forEach(builder::setServerConfig);
    if (statements) {
      builder.setServerConfig("shared_preload_libraries", "pg_stat_statements");
    }
    Server server = new Server(builder.start());
    for (Map.Entry<String, String> setting : DURABLE.entrySet()) {
      List<String> present = server.texts(server.own, "SHOW " + setting.getKey());
      if (!present.equals(List.of(setting.getValue()))) {
        server.close();
        throw new IllegalStateException(setting.getKey() + " is " + present);
      }
    }
    return server;
  }

  /**
   * Whether commits wait until the disk has them. Holds for connections that are opened from now
   * on; set for everyone's role, since what the server was started with cannot be changed.
   */
  void waitForDisk(boolean wait) throws SQLException {
    String wanted = wait ? "on" : "off";
    run(own, "ALTER ROLE postgres SET synchronous_commit = " + wanted);
    List<String> present = texts(own, "SHOW synchronous_commit");
    if (!present.equals(List.of(wanted))) {
      throw new IllegalStateException("synchronous_commit is " + present);
    }
  }

  String version() throws SQLException {
    return texts(own, "SHOW server_version").get(0);
  }

  /** Settings for the report. */
  static String settings() {
    return SIZES.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()
        + ", "
        + DURABLE.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
  }

  /** An empty database. */
  void create(String database) throws SQLException {
    drop(database);
    run(own, "CREATE DATABASE " + database);
  }

  /** A copy of a database that nobody is connected to, page by page. */
  void copy(String original, String database) throws SQLException {
    drop(database);
    run(own, "CREATE DATABASE " + database + " TEMPLATE " + original + " STRATEGY FILE_COPY");
  }

  void drop(String database) throws SQLException {
    run(own, "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }

  /** Where a kind's database is. */
  String url(Kind kind) {
    return postgres.getJdbcUrl("postgres", "bench_" + kind.name());
  }

  /** Connections without a pool. */
  DataSource source(String database, boolean rewriteBatches) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(postgres.getJdbcUrl("postgres", database));
    source.setReWriteBatchedInserts(rewriteBatches);
    source.setMaxSendBufferSize(SEND_BUFFER);
    return source;
  }

  /** A pool as everyone gets it; filled at once, so that nobody's window has connecting in it. */
  static HikariDataSource pool(DataSource source) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(POOL);
    return new HikariDataSource(config);
  }

  /** Leaves no work of the last measurement to the next one. */
  void settle(DataSource database) throws SQLException {
    run(database, "VACUUM ANALYZE");
    run(own, "CHECKPOINT");
  }

  /** Bytes of log written since the server was made. */
  long logPosition() {
    return number(own, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
  }

  /** Grows by one with each transaction that writes; reading it writes nothing. */
  long writingTransactions() {
    return number(own, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
  }

  /** One number of a database. */
  long number(DataSource database, String sql) {
    try {
      return Long.parseLong(texts(database, sql).get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the answer. */
  List<String> texts(DataSource database, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
