package dev.notify.benchmarks.server;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Postgres;
import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Threads;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** How many sends a second the REST server takes, and how long each takes. */
public final class ServerLoad {

  private static final int PEOPLE = 1_000;
  private static final Path DATA = Path.of("benchmarks/target/server-postgresql");
  private static final Path RESULTS = Path.of("benchmarks/target/server.jsonl");
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);
  private static final Pattern SENT =
      Pattern.compile("notifications_sent_total\\{channel=\"email\"} ([0-9.E]+)");

  private final Options options;
  private final Report report = new Report();

  private ServerLoad(Options options) {
    this.options = options;
  }

  /** Runs it. */
  public static void main(String... args) {
    Program.run(Options.USAGE, Options::parse, options -> new ServerLoad(options).run(), args);
  }

  private boolean run() throws IOException, InterruptedException {
    if (options.postgres()) {
      try (Postgres postgres = new Postgres(DATA)) {
        measure(Map.of("notify.store.url", postgres.url()));
      }
    } else {
      measure(Map.of());
    }
    report.print(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    report.write(RESULTS);
    return true;
  }

  private void measure(Map<String, String> settings) throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(settings)) {
      OpenLoop.Connecting connecting = () -> new Wire(server.address(), ServerProcess.KEY);
      try (Wire wire = connecting.connect()) {
        for (int i = 0; i < PEOPLE; i++) {
          keep(wire, i);
        }
      }
      OpenLoop loop = new OpenLoop(connecting, ServerLoad::send);
      System.err.println("warming up ...");
      OpenLoop.Result before = loop.run(options.rate(), options.warmupSeconds());
      System.err.println("measuring ...");
      OpenLoop.Result result = loop.run(options.rate(), options.seconds());
      try (Wire wire = connecting.connect()) {
        awaitSent(wire, before.accepted() + result.accepted());
      }
      tell(before, result);
      Histogram disk = Disk.forcing();
      report.note(
          "To write a page and force it to this disk, by itself, took %.1f ms at p50 and %.1f ms at p99."
              .formatted(
                  disk.getValueAtPercentile(50) / 1_000.0,
                  disk.getValueAtPercentile(99) / 1_000.0));
    }
  }

  private static void keep(Wire wire, int number) throws IOException {
    Wire.Answer answer =
        wire.call(
            "PUT",
            "/api/v1/users/user-" + number,
            "{\"email\": \"user-" + number + "@example.com\", \"timeZone\": \"Europe/Berlin\"}");
    if (answer.status() > 201) {
      throw new IOException("a person was not kept: " + answer);
    }
  }

  private static boolean send(Wire wire, int number) throws IOException {
    String body =
        """
        {"userId": "user-%d", "channel": "email", "title": "Your order is on its way", "body": "Order %d left our warehouse today.", "metadata": {"order": "%d"}}"""
            .formatted(number % PEOPLE, number, number);
    return wire.call("POST", "/api/v1/notifications", body).status() == 202;
  }

  /** Nothing that was accepted may be missing, and nothing may have gone out twice. */
  private static void awaitSent(Wire wire, int expected) throws IOException {
    long deadline = System.nanoTime() + LONGEST_REST.toNanos();
    long sent = sent(wire);
    while (sent < expected && System.nanoTime() < deadline) {
      Threads.sleep(Duration.ofMillis(100));
      sent = sent(wire);
    }
    if (sent != expected) {
      throw new IllegalStateException("accepted " + expected + ", but sent " + sent);
    }
  }

  private static long sent(Wire wire) throws IOException {
    Matcher found = SENT.matcher(wire.call("GET", "/metrics", "").body());
    return found.find() ? (long) Double.parseDouble(found.group(1)) : 0;
  }

  private void tell(OpenLoop.Result before, OpenLoop.Result result) {
    String store = options.postgres() ? "postgres" : "h2";
    String name = "server." + store;
    // A schedule ends with an answer, so the rate stays a little below what was asked for.
    double asked = options.rate();
    report.add(Figure.higher(name + ".rate", result.rate(), "1/s", asked * 0.99, asked * 0.995));
    report.add(Figure.lower(name + ".p50", result.millis(50), "ms", 20, 5));
    report.add(Figure.lower(name + ".p99", result.millis(99), "ms", 50, 25));
    report.add(Figure.lower(name + ".p99.9", result.millis(99.9), "ms", 200, 100));
    report.add(Figure.lower(name + ".refused", result.refused(), "", 0, 0));
    report.note(
        "%d requests at %d a second over %d s, after %d s at the same rate (p99 there %.1f ms); the slowest took %.0f ms. All that were accepted were sent, once."
            .formatted(
                result.accepted() + result.refused(),
                options.rate(),
                options.seconds(),
                options.warmupSeconds(),
                before.millis(99),
                result.millis(100)));
  }
}
