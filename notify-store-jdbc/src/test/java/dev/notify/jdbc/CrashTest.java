package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are killed or paused at any instant. */
class CrashTest {

  /** Calls of the worker's provider at a time. */
  private static final int IN_FLIGHT = 16;

  private final String url = Databases.emptyUrl();
  private final DataSource source = Worker.pooled(url);
  private final List<Process> workers = new ArrayList<>();

  @TempDir Path directory;

  CrashTest() throws SQLException {}

  @BeforeEach
  void tables() throws SQLException {
    JdbcSchema.migrate(source);
    TableScan.execute(source, "CREATE TABLE calls (node VARCHAR(64), notification VARCHAR(64))");
  }

  @AfterEach
  void end() throws Exception {
    workers.forEach(Process::destroyForcibly);
    ((AutoCloseable) source).close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 300, 900})
  void whatWasAcceptedSurvivesAKillAtAnyInstant(int accepted) throws Exception {
    Running worker = worker("victim", 100_000, 5);
    worker.awaitReceipts(accepted);
    worker.kill();
    List<String> receipts = worker.receipts();
    List<String> inFlight =
        TableScan.texts(
            source,
            "SELECT notification FROM calls WHERE notification NOT IN"
                + " (SELECT CAST(message_id AS VARCHAR) FROM notify_outcome)");

    try (NotificationDispatcher heir =
        Worker.dispatcher(source, "heir", Worker.calls(source, "heir", 0))) {
      await().atMost(Duration.ofSeconds(40)).until(() -> open() == 0);
    }

    List<String> calls = TableScan.texts(source, "SELECT notification FROM calls");
    assertThat(new HashSet<>(calls)).as("nothing lost").containsAll(receipts);
    Set<String> once = new HashSet<>();
    List<String> twice = calls.stream().filter(call -> !once.add(call)).toList();
    assertThat(inFlight)
        .as("nothing twice but what had been sent and was not yet written down")
        .containsAll(twice);
    assertThat(inFlight).hasSizeLessThanOrEqualTo(IN_FLIGHT + Completions.MOST_UNWRITTEN);
    assertThat(stuck()).isZero();
    assertThat(TableScan.texts(source, "SELECT SUM(amount) FROM notify_rollup WHERE measure = 1"))
        .as("what was sent is counted, once")
        .isEqualTo(TableScan.texts(source, "SELECT COUNT(*) FROM notify_outcome"));
  }

  @Test
  void aRestartedProcessTakesUpItsOwnAtOnce() throws Exception {
    Running worker = worker("same", 200, 60_000);
    worker.awaitReceipts(200);
    worker.kill();
    assertThat(TableScan.texts(source, "SELECT id FROM notify_delivery WHERE owner IS NOT NULL"))
        .isNotEmpty();

    try (NotificationDispatcher again =
        Worker.dispatcher(source, "same", Worker.calls(source, "again", 0))) {
      assertThat(TableScan.texts(source, "SELECT id FROM notify_node WHERE name = 'same'"))
          .hasSize(1);
      await().atMost(Duration.ofSeconds(20)).until(() -> open() == 0);
    }

    assertThat(new HashSet<>(TableScan.texts(source, "SELECT notification FROM calls")))
        .hasSize(200);
  }

  @Test
  void aProcessThatWasPausedPastItsLeaseNeitherSendsNorOverwrites() throws Exception {
    Running zombie = worker("zombie", 3_000, 20);
    zombie.awaitReceipts(3_000);
    signal(zombie.process(), "STOP");
    awaitStandstill(zombie.process());
    int before =
        TableScan.texts(source, "SELECT notification FROM calls WHERE node = 'zombie'").size();

    try (NotificationDispatcher heir =
        Worker.dispatcher(source, "heir", Worker.calls(source, "heir", 0))) {
      await().atMost(Duration.ofSeconds(40)).until(() -> open() == 0);
      signal(zombie.process(), "CONT");
      // It has come to itself when it has signed on anew.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  TableScan.texts(source, "SELECT id FROM notify_node WHERE name = 'zombie'").size()
                      == 1);
    }

    List<String> calls = TableScan.texts(source, "SELECT notification FROM calls");
    assertThat(new HashSet<>(calls)).containsAll(zombie.receipts());
    int after =
        TableScan.texts(source, "SELECT notification FROM calls WHERE node = 'zombie'").size();
    assertThat(after - before).as("calls that were under way").isLessThanOrEqualTo(IN_FLIGHT);
    assertThat(TableScan.texts(source, "SELECT id FROM notify_outcome")).hasSize(3_000);
    assertThat(stuck()).isZero();
  }

  /** A worker and the file it prints to. */
  private record Running(Process process, Path output) {

    /** Receipts it has printed so far; a line that was cut off is none. */
    List<String> receipts() throws IOException {
      String text = Files.readString(output);
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .filter(line -> line.length() == 36)
          .toList();
    }

    void awaitReceipts(int count) {
      await().atMost(Duration.ofSeconds(40)).until(() -> receipts().size() >= count);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private Running worker(String name, int count, long millis) throws IOException {
    Path output = Files.createTempFile(directory, name, ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                url,
                name,
                String.valueOf(count),
                String.valueOf(millis))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(output.toFile())
            .start();
    workers.add(process);
    return new Running(process, output);
  }

  /** A signal takes its time, and the server ends what it has begun. */
  private void awaitStandstill(Process process) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                isStopped(process)
                    && TableScan.texts(
                            source,
                            "SELECT pid FROM pg_stat_activity WHERE state = 'active'"
                                + " AND pid <> pg_backend_pid()"
                                + " AND backend_type = 'client backend'")
                        .isEmpty());
  }

  /** As Linux tells; elsewhere it is taken to be quick. */
  private static boolean isStopped(Process process) throws IOException {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    return !Files.exists(stat) || Files.readString(stat).contains(") T ");
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }

  private int open() throws SQLException {
    return TableScan.count(source, "notify_delivery");
  }

  /** Rows that nobody would ever look at again. */
  private int stuck() throws SQLException {
    return TableScan.texts(
            source,
            "SELECT id FROM notify_delivery WHERE owner IS NOT NULL"
                + " AND owner NOT IN (SELECT id FROM notify_node)")
        .size();
  }
}
