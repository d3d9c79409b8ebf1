package dev.notify.benchmarks.peers;

import dev.notify.NotificationDispatcher;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Heap;
import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Threads;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.spi.Audience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * M3: how much more heap lives while a broadcast goes out to a million people, in a JVM that has 64
 * MB in all. It has to end there, and everyone has to get it once.
 */
final class FanOut {

  private static final String HEAP = "-Xmx64m";
  private static final double MEGABYTE = 1 << 20;

  private final Bench bench;

  FanOut(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    int people = bench.options().audience();
    bench.progress("a broadcast to " + people);
    double megabytes =
        bench.fresh(
            Kind.OURS, (contestant, site) -> inProcess(bench.server().url(Kind.OURS), people));
    bench.report().add(Figure.lower("M3", megabytes, "MB", 48, 16));
    bench.report().note("M3: %d people, %s".formatted(people, HEAP));
  }

  private static double inProcess(String url, int people) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FanOut.class.getName(),
                url,
                String.valueOf(people))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String last = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = line;
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the broadcast did not come to its end: " + last);
    }
    return Double.parseDouble(last);
  }

  /** In a JVM of its own: the database's URL, and how many people. Prints megabytes. */
  public static void main(String[] args) throws Exception {
    Program.quiet(Level.SEVERE);
    int people = Integer.parseInt(args[1]);
    PGSimpleDataSource plain = new PGSimpleDataSource();
    plain.setUrl(args[0]);
    Tally tally = new Tally();
    try (var pool = Server.pool(plain);
        NotificationDispatcher dispatcher =
            NotificationDispatcher.builder()
                .store(JdbcStore.builder(pool).build())
                .recipients(id -> Optional.of(person(id)))
                .provider(new TallyingProvider(tally))
                .inFlight(Ours.IN_FLIGHT)
                .build()) {
      double before = Heap.collect();
      dispatcher.broadcast(
          everyone(people),
          Notification.to("pattern").channels(TallyingProvider.CHANNEL).body(Payload.TEXT).build());
      double most = before;
      long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
      for (int turn = 0; tally.handled() < people; turn++) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("handled " + tally.handled() + " of " + people);
        }
        Threads.sleep(Duration.ofMillis(250));
        if (turn % 8 == 0) {
          most = Math.max(most, Heap.collect());
        }
      }
      if (tally.repeated() > 0) {
        throw new IllegalStateException("twice: " + tally.repeated());
      }
      System.out.println((most - before) / MEGABYTE);
    }
    System.exit(0);
  }

  private static Recipient person(String id) {
    return Recipient.builder(id).address(Address.email("p" + id + "@example.com")).build();
  }

  private static Audience everyone(int people) {
    return new Audience() {
      @Override
      public String name() {
        return "everyone";
      }

      @Override
      public Page page(String cursor, int limit) {
        int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        int to = Math.min(people, from + limit);
        List<Member> members =
            IntStream.range(from, to).mapToObj(String::valueOf).map(Member::of).toList();
        return new Page(members, String.valueOf(to), to == people);
      }
    };
  }
}
