package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.Threads;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.model.Reason;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run: server, workers, faults, drain, and what the checker makes of it. */
final class Run {

  private static final Duration AFTERMATH = Duration.ofSeconds(3);

  /** A stray is taken back after half a minute, by a look at every fifteenth heartbeat. */
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(3);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private static final String WAITING =
      "SELECT count(*) FROM notify_delivery WHERE reason_code IS NULL OR reason_code <> '"
          + Reason.HELD
          + "'";

  private final Options options;
  private final Path directory;
  private final PrintStream out;

  Run(Options options, Path directory, PrintStream out) {
    this.options = options;
    this.directory = directory;
    this.out = out;
  }

  Verdict run() throws Exception {
    clear(directory);
    Files.createDirectories(directory);
    List<Fault> schedule =
        Schedule.of(
            options.seed(),
            options.kills(),
            options.faults() - options.kills(),
            options.kinds(),
            options.profile().lease());
    out.printf("schedule of seed %d, %d faults:%n", options.seed(), schedule.size());
    schedule.forEach(out::println);
    try (DatabaseServer server = server()) {
      // Nobody else ends it if the run is interrupted.
      Runtime.getRuntime().addShutdownHook(new Thread(server::closeQuietly));
      String version = server.version();
      out.printf("%n%s; %s%n", version, options.profile());
      JdbcSchema.migrate(server.source());
      RunClock clock = RunClock.start();
      try (Journal journal = new Journal(directory.resolve("run.journal"), clock)) {
        play(server, schedule, clock, journal);
      }
      History history = History.read(directory);
      Verdict verdict = Checker.check(history, Remains.read(server), Limits.of(options.profile()));
      Files.write(
          directory.resolve("violations.txt"),
          verdict.violations().stream().map(Violation::toString).toList());
      return verdict;
    }
  }

  private DatabaseServer server() throws IOException {
    return options.mariaDb() ? MariaServer.start(directory) : PostgresServer.start(directory);
  }

  /** Each run begins with an empty database, and journals of its own. */
  private static void clear(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void play(DatabaseServer server, List<Fault> schedule, RunClock clock, Journal journal)
      throws Exception {
    List<WorkerProcess> workers = new ArrayList<>();
    Worker.Settings settings = new Worker.Settings(options.fast(), options.rate());
    ExecutorService lanes = Executors.newFixedThreadPool(Schedule.WORKERS + 1);
    try {
      for (int i = 0; i < Schedule.WORKERS; i++) {
        workers.add(new WorkerProcess(i, server.url(), directory, clock, settings, journal));
      }
      for (WorkerProcess worker : workers) {
        worker.awaitReady();
      }
      Stage stage = new Stage(server, workers, journal, clock.now());
      List<Future<?>> played = new ArrayList<>();
      for (int lane = 0; lane <= Schedule.WORKERS; lane++) {
        List<Fault> faults = ofLane(schedule, lane);
        played.add(lanes.submit(() -> play(stage, faults, clock)));
      }
      for (Future<?> lane : played) {
        join(lane);
      }
      stage.awaitSnapshots();
      Threads.sleep(AFTERMATH);
      workers.forEach(worker -> worker.order("quiet"));
      drain(server);
      workers.forEach(worker -> worker.order("close"));
      for (WorkerProcess worker : workers) {
        if (!worker.awaitClosed()) {
          throw new IllegalStateException("a worker did not close");
        }
      }
    } finally {
      workers.forEach(WorkerProcess::close);
      lanes.shutdownNow();
    }
  }

  private static List<Fault> ofLane(List<Fault> schedule, int lane) {
    return schedule.stream().filter(fault -> fault.lane() == lane).toList();
  }

  private static void join(Future<?> lane) throws Exception {
    try {
      lane.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception fault ? fault : e;
    }
  }

  private static @Nullable Void play(Stage stage, List<Fault> faults, RunClock clock)
      throws Exception {
    for (Fault fault : faults) {
      long early = stage.begin() + fault.at().toNanos() / 1_000 - clock.now();
      if (early > 0) {
        Threads.sleep(Duration.ofNanos(early * 1_000));
      }
      stage.play(fault);
    }
    return null;
  }

  /** Until nothing is open but what a person has to look at. */
  private void drain(DatabaseServer server) throws SQLException {
    long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
    long waiting = waiting(server);
    while (waiting > 0 && System.nanoTime() < deadline) {
      Threads.sleep(BETWEEN_LOOKS);
      waiting = waiting(server);
    }
    out.printf("open after the drain: %d%n", waiting);
  }

  private static long waiting(DatabaseServer server) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      return Long.parseLong(DatabaseServer.texts(statement, WAITING).get(0));
    }
  }
}
