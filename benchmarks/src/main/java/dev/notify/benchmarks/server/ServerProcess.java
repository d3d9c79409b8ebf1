package dev.notify.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The example server in a process of its own, as its users start it. */
final class ServerProcess implements AutoCloseable {

  static final String KEY = "key-of-the-benchmark-0123456789";

  private static final Path DATA = Path.of("benchmarks/target/server-data");
  private static final String LISTENING = "listening on ";

  private final Process process;
  private final URI address;

  private ServerProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  static ServerProcess start(Map<String, String> settings) throws IOException {
    clear();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // On two cores that others use, the threads of a parallel collector wait for each other.
    command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC"));
    String more = System.getenv("BENCH_SERVER_JVM");
    if (more != null && !more.isBlank()) {
      command.addAll(List.of(more.split(" ")));
    }
    command.add("-Dexample=server");
    command.add("-Dnotify.server.port=0");
    command.add("-Dnotify.server.rate=1000000");
    command.add("-Dnotify.server.data=" + DATA);
    command.add("-Dnotify.server.api-keys=" + KEY + ":admin");
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.notify.examples.Examples");
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENING)) {
        return new ServerProcess(process, URI.create(line.substring(LISTENING.length())));
      }
    }
    process.destroy();
    throw new IOException("the server ended before it listened");
  }

  /** Each run begins with an empty database. */
  private static void clear() throws IOException {
    if (Files.exists(DATA)) {
      try (Stream<Path> files = Files.walk(DATA)) {
        files
            .sorted(Comparator.reverseOrder())
            .forEach(
                file -> {
                  try {
                    Files.delete(file);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
      }
    }
  }

  URI address() {
    return address;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
