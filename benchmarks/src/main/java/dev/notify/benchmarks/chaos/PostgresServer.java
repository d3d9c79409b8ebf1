package dev.notify.benchmarks.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL, whose commits are commits. */
final class PostgresServer extends DatabaseServer {

  private static final String DATA = "postgresql";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "shared_buffers", "128MB",
          "max_connections", "100");

  private final String url;

  private PostgresServer(EmbeddedPostgres postgres, Path directory) throws IOException {
    super(process(directory.resolve(DATA)), command(directory.resolve(DATA)), directory);
    url = postgres.getJdbcUrl("postgres", "postgres") + "&connectTimeout=2&socketTimeout=20";
  }

  static PostgresServer start(Path directory) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve(DATA))
            .setCleanDataDirectory(true)
            .setRegisterShutdownHook(false);
    SETTINGS.forEach(builder::setServerConfig);
    return new PostgresServer(builder.start(), directory);
  }

  /** Not the process that was started: that has ended when the server is there. */
  private static ProcessHandle process(Path data) throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    return ProcessHandle.of(pid).orElseThrow(() -> new IOException("the server has ended"));
  }

  /**
   * As it noted itself: the program, and arguments in quotes. It refuses to run as root, also as
   * the root of a container; within a namespace it is nobody.
   */
  private static List<String> command(Path data) throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    String noted = Files.readString(data.resolve("postmaster.opts")).strip();
    for (String part : noted.split("\"? \"", -1)) {
      command.add(part.replace("\"", ""));
    }
    return command;
  }

  @Override
  String url() {
    return url;
  }

  @Override
  DataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    return source;
  }

  @Override
  String version() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return "PostgreSQL " + texts(statement, "SHOW server_version").get(0);
    }
  }

  @Override
  String immediately() {
    return "QUIT";
  }

  @Override
  String fast() {
    return "INT";
  }

  @Override
  void lockTables(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    run(connection, "LOCK TABLE notify_delivery, notify_outcome IN ACCESS EXCLUSIVE MODE");
  }

  @Override
  void takeSnapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    run(connection, "SELECT count(*) FROM notify_delivery");
  }

  @Override
  String backends() {
    return "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        + " AND pid <> pg_backend_pid() ORDER BY pid";
  }

  @Override
  String end(String backend) {
    return "SELECT pg_terminate_backend(" + backend + ")";
  }
}
