package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Broadcasts of processes that are small, killed or paused. For a million people say {@code
 * -Dnotify.test.people=1000000}.
 */
class BroadcastProcessTest {

  private static final int PEOPLE = Integer.getInteger("notify.test.people", 20_000);

  private final String url = Databases.emptyUrl();
  private final DataSource source = Worker.pooled(url);
  private final List<Process> workers = new ArrayList<>();

  @TempDir Path directory;

  BroadcastProcessTest() throws SQLException {}

  @AfterEach
  void end() throws Exception {
    workers.forEach(Process::destroyForcibly);
    ((AutoCloseable) source).close();
  }

  private void customers(int count) throws SQLException {
    JdbcSchema.migrate(source);
    TableScan.execute(source, "CREATE TABLE customers (id BIGINT PRIMARY KEY)");
    TableScan.execute(source, "INSERT INTO customers SELECT generate_series(1, " + count + ")");
    TableScan.execute(source, "ANALYZE customers");
  }

  @Test
  void manyPeopleFitIntoASmallHeapAndHoldBackNothingCritical() throws Exception {
    customers(PEOPLE);

    Running worker = worker("small");
    boolean ended = worker.process().waitFor(60 + PEOPLE / 200, TimeUnit.SECONDS);

    String told = Files.readString(worker.output());
    assertThat(ended).as(told).isTrue();
    assertThat(worker.process().exitValue()).as(told).isZero();
    everybodyHasOneMessage(PEOPLE);
    String sent = "SELECT SUM(amount) FROM notify_count WHERE type = 10 AND scope ";
    assertThat(TableScan.number(source, sent + "<> '" + Counts.EVERYTHING + "'")).isEqualTo(PEOPLE);
    assertThat(TableScan.number(source, sent + "= '" + Counts.EVERYTHING + "'"))
        .as("with the critical ones")
        .isEqualTo(TableScan.count(source, "notify_outcome"));
    System.out.println(told.substring(Math.max(0, told.length() - 400)));
    // A machine that is busy with other things takes its time now and then; half of them it cannot.
    long median = Long.parseLong(told.replaceAll("(?s).*median (\\d+) ms.*", "$1"));
    assertThat(median).as("milliseconds to a critical one").isLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4_000})
  void afterAKillAnotherNodeGoesOnAndNobodyIsSkippedOrRepeated(int expanded) throws Exception {
    customers(10_000);
    Running worker = worker("victim");
    awaitExpanded(expanded);
    worker.process().destroyForcibly().waitFor();

    try (NotificationDispatcher heir = BroadcastWorker.builder(source, "heir").build()) {
      awaitCompleted(heir);
    }

    everybodyHasOneMessage(10_000);
  }

  @Test
  void aNodeThatWasPausedLongEnoughToBeReplacedRepeatsNobody() throws Exception {
    customers(20_000);
    Running zombie = worker("zombie");
    awaitExpanded(2_000);
    signal(zombie.process(), "STOP");

    try (NotificationDispatcher heir = BroadcastWorker.builder(source, "heir").build()) {
      long before = TableScan.count(source, "notify_message");
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> TableScan.count(source, "notify_message") > before + 2_000);
      signal(zombie.process(), "CONT");
      awaitCompleted(heir);
    }

    everybodyHasOneMessage(20_000);
  }

  @Test
  void nodesThatBeginTheSameAtOnceShareOneBroadcast() throws Exception {
    customers(4_000);
    Running one = worker("one");
    Running other = worker("other");

    for (Running worker : List.of(one, other)) {
      assertThat(worker.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(worker.process().exitValue()).isZero();
    }

    assertThat(TableScan.count(source, "notify_broadcast")).isEqualTo(1);
    everybodyHasOneMessage(4_000);
  }

  private void everybodyHasOneMessage(long people) throws SQLException {
    String messages = " FROM notify_message WHERE broadcast_id IS NOT NULL";
    assertThat(TableScan.number(source, "SELECT COUNT(*)" + messages)).isEqualTo(people);
    assertThat(TableScan.number(source, "SELECT COUNT(DISTINCT recipient_id)" + messages))
        .isEqualTo(people);
    assertThat(
            TableScan.number(
                source,
                "SELECT COUNT(*) FROM notify_outcome o JOIN notify_message m ON m.id = o.message_id"
                    + " WHERE m.broadcast_id IS NOT NULL AND o.status = 10"))
        .isEqualTo(people);
  }

  private void awaitExpanded(int people) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> TableScan.count(source, "notify_message") >= people);
  }

  private void awaitCompleted(NotificationDispatcher heir) {
    BroadcastId id = BroadcastWorker.begin(heir, source);
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> heir.broadcasts().find(id).orElseThrow().state() == State.COMPLETED);
  }

  /** A worker and the file it prints to. */
  private record Running(Process process, Path output) {}

  private Running worker(String name) throws IOException {
    Path output = Files.createTempFile(directory, name, ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                BroadcastWorker.class.getName(),
                url,
                name)
            .redirectError(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    workers.add(process);
    return new Running(process, output);
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }
}
