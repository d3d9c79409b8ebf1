package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/** A server of this run's own that can be stopped and started again. */
abstract class DatabaseServer implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(120);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private ProcessHandle process;
  private final List<String> command;
  private final Path directory;

  /**
   * A server that runs.
   *
   * @param process its first process
   * @param command what starts it in the same way again
   * @param directory where its files are, and what it says goes
   */
  DatabaseServer(ProcessHandle process, List<String> command, Path directory) {
    this.process = process;
    this.command = command;
    this.directory = directory;
  }

  /** Where workers connect to. */
  abstract String url();

  /** Connections without a pool. */
  abstract DataSource source();

  /** Name and version. */
  abstract String version() throws SQLException;

  /** The signal on which it ends at once, without a goodbye to anyone. */
  abstract String immediately();

  /** The signal on which it ends in good order, but waits for nobody. */
  abstract String fast();

  abstract void lockTables(Connection connection) throws SQLException;

  abstract void takeSnapshot(Connection connection) throws SQLException;

  /** A query for the connections of workers. */
  abstract String backends();

  /** A statement that ends one of them. */
  abstract String end(String backend);

  final Connection connect() throws SQLException {
    return source().getConnection();
  }

  final void stop(boolean immediate) throws IOException {
    String signal = immediate ? immediately() : fast();
    List<String> kill = List.of("kill", "-" + signal, Long.toString(process.pid()));
    if (new ProcessBuilder(kill).start().onExit().join().exitValue() != 0) {
      throw new IOException(kill + " failed");
    }
    process.onExit().join();
  }

  final void start() throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("server.log").toFile()))
            .start()
            .toHandle();
    awaitReady();
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (!answers()) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        throw new IOException("the server did not come back; see " + directory);
      }
      Threads.sleep(BETWEEN_LOOKS);
    }
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Ends some of the workers' connections. */
  final void endSome(double share, long seed) throws SQLException {
    Random random = new Random(seed);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String backend : texts(statement, backends())) {
        if (random.nextDouble() < share) {
          try {
            statement.execute(end(backend));
          } catch (SQLException e) {
            // It ended by itself meanwhile.
          }
        }
      }
    }
  }

  final void lock(Duration length) throws SQLException {
    try (Connection connection = connect()) {
      lockTables(connection);
      Threads.sleep(length);
    }
  }

  /** Holds it beside what goes on; ends by itself. */
  final CompletableFuture<Void> holdSnapshot(Duration length) {
    return CompletableFuture.runAsync(
        () -> {
          try (Connection connection = connect()) {
            takeSnapshot(connection);
            Threads.sleep(length);
          } catch (SQLException e) {
            // The server was stopped, or ended it.
          }
        });
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the answer. */
  static List<String> texts(Statement statement, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  final void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      // It has ended by itself.
    }
  }

  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      stop(true);
    }
  }
}
