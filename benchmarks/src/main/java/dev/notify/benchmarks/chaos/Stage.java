package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.Threads;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Where faults happen. Those of one target come one after the other. */
final class Stage {

  private static final int MOST_LOST_ANSWERS = 8;
  private static final int LONGEST_DELAY = 40;

  private final DatabaseServer server;
  private final List<WorkerProcess> workers;
  private final Journal journal;
  private final long begin;
  private final ConcurrentLinkedQueue<CompletableFuture<Void>> snapshots =
      new ConcurrentLinkedQueue<>();

  Stage(DatabaseServer server, List<WorkerProcess> workers, Journal journal, long begin) {
    this.server = server;
    this.workers = workers;
    this.journal = journal;
    this.begin = begin;
  }

  /** When the schedule begins. */
  long begin() {
    return begin;
  }

  void play(Fault fault) throws IOException, InterruptedException, SQLException {
    journal.write(What.FAULT, "kind", fault.kind().word(), "target", fault.target());
    if (fault.kind().isOfServer()) {
      playOnServer(fault);
    } else {
      playOn(workers.get(fault.worker()), fault);
    }
    journal.write(What.PASSED, "kind", fault.kind().word(), "target", fault.target());
  }

  private void playOn(WorkerProcess worker, Fault fault) throws IOException, InterruptedException {
    Duration length = fault.length();
    switch (fault.kind()) {
      case KILL -> {
        worker.kill();
        Threads.sleep(length);
        worker.restart();
      }
      case PAUSE -> {
        worker.pause();
        Threads.sleep(length);
        worker.resume();
      }
      case POOL -> {
        worker.order("take-pool " + length.toMillis());
        Threads.sleep(length);
      }
      case ANSWERS_LOST ->
          during(
              length, worker, "lose " + (1 + (int) (fault.chance() * MOST_LOST_ANSWERS)), "lose 0");
      case SLOW ->
          during(
              length, worker, "delay " + (1 + (int) (fault.chance() * LONGEST_DELAY)), "delay 0");
      case PROVIDER_TIMEOUT -> during(length, worker, "mood SILENT", "mood WELL");
      case BROWNOUT -> during(length, worker, "mood ILL", "mood WELL");
      default -> throw new IllegalArgumentException(fault.toString());
    }
  }

  private static void during(Duration length, WorkerProcess worker, String begin, String end) {
    worker.order(begin);
    Threads.sleep(length);
    worker.order(end);
  }

  private void playOnServer(Fault fault) throws IOException, SQLException {
    switch (fault.kind()) {
      case BACKENDS -> {
        server.endSome(0.2 + 0.8 * fault.chance(), (long) (fault.chance() * Long.MAX_VALUE));
        Threads.sleep(fault.length());
      }
      case RESTART_FAST, RESTART_IMMEDIATE -> {
        server.stop(fault.kind() == Kind.RESTART_IMMEDIATE);
        Threads.sleep(fault.length());
        server.start();
      }
      case LOCK -> server.lock(fault.length());
      // It goes on while other things happen to the server.
      case SNAPSHOT -> snapshots.add(server.holdSnapshot(fault.length()));
      default -> throw new IllegalArgumentException(fault.toString());
    }
  }

  void awaitSnapshots() {
    snapshots.forEach(CompletableFuture::join);
  }
}
