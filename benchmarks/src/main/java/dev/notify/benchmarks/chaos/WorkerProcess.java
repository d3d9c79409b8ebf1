package dev.notify.benchmarks.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker as the run sees it: one node in several lives. Belongs to one thread at a time. */
final class WorkerProcess implements AutoCloseable {

  private static final long LONGEST_START_SECONDS = 240;
  private static final long LONGEST_CLOSING_SECONDS = 60;

  private final String node;
  private final String url;
  private final Path directory;
  private final RunClock clock;
  private final Worker.Settings settings;
  private final Journal journal;
  private int number;
  private Process process;
  private PrintStream orders;

  WorkerProcess(
      int index,
      String url,
      Path directory,
      RunClock clock,
      Worker.Settings settings,
      Journal journal)
      throws IOException {
    node = name(index);
    this.url = url;
    this.directory = directory;
    this.clock = clock;
    this.settings = settings;
    this.journal = journal;
    process = launch();
    orders = orders(process);
  }

  static String name(int index) {
    return "w" + (index + 1);
  }

  private String life() {
    return node + "." + number;
  }

  private Process launch() throws IOException {
    number++;
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // Born often, on few cores: compiled quickly rather than well.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xmx192m",
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName(),
            url,
            node,
            life(),
            clock.toString(),
            directory.resolve(life() + ".journal").toString(),
            settings.toString())
        .redirectError(directory.resolve(life() + ".err").toFile())
        .start();
  }

  private static PrintStream orders(Process process) {
    return new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Waits until it sends. */
  void awaitReady() throws IOException, InterruptedException {
    CompletableFuture<Optional<String>> said =
        CompletableFuture.supplyAsync(() -> firstLine(process));
    try {
      if (said.get(LONGEST_START_SECONDS, TimeUnit.SECONDS).equals(Optional.of(Worker.READY))) {
        return;
      }
    } catch (ExecutionException | TimeoutException e) {
      // As if it had said something else.
    }
    throw new IOException(life() + " did not start; see " + directory);
  }

  private static Optional<String> firstLine(Process process) {
    try {
      return Optional.ofNullable(
          new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
              .readLine());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void order(String line) {
    orders.println(line);
  }

  void kill() throws InterruptedException {
    journal.write(What.KILLING, "life", life());
    process.destroyForcibly().waitFor();
    journal.write(What.KILLED, "life", life());
  }

  /** A new process of the same name. */
  void restart() throws IOException, InterruptedException {
    process = launch();
    orders = orders(process);
    awaitReady();
  }

  void pause() throws IOException, InterruptedException {
    journal.write(What.PAUSING, "life", life());
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
    journal.write(What.RESUMED, "life", life());
  }

  private void signal(String name) throws IOException, InterruptedException {
    List<String> command = List.of("kill", "-" + name, Long.toString(process.pid()));
    if (new ProcessBuilder(command).start().waitFor() != 0) {
      throw new IOException(command + " failed");
    }
  }

  /** Has it close in good order; answers whether it did. */
  boolean awaitClosed() throws InterruptedException {
    return process.waitFor(LONGEST_CLOSING_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** Leaves nothing behind, whatever happened. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
