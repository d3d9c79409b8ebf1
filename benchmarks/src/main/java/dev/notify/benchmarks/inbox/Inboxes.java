package dev.notify.benchmarks.inbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Threads;
import dev.notify.inapp.InAppProvider;
import dev.notify.inapp.InboxServlet;
import dev.notify.inapp.InboxStreams;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Notification;
import dev.notify.spi.NotificationStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * {@code benchmarks/run inbox}: 2,000 open streams on Jetty, and a send at every tick of a steady
 * clock to one of their users; how long until the client has its event.
 */
public final class Inboxes {

  private static final Path FIGURES = Path.of("benchmarks/target/inbox.jsonl");
  private static final Path DATA = Path.of("benchmarks/target/inbox-postgresql");

  private static final Duration SETTLING = Duration.ofSeconds(2);

  /** As the threads of an application's server; more than are busy at a time. */
  private static final int SENDERS = 16;

  private final int streams;
  private final int rate;
  private final int seconds;
  private final Report report = new Report();

  private Inboxes(boolean quick) {
    streams = quick ? 200 : 2_000;
    rate = quick ? 50 : 200;
    seconds = quick ? 3 : 20;
  }

  /** Measures; {@code --quick} only shows that everything runs. */
  public static void main(String... args) {
    Program.run(
        "usage: benchmarks/run inbox [--quick]",
        Program::isQuick,
        quick -> new Inboxes(quick).run(quick),
        args);
  }

  /** The same on both sides, which share the machine's clock. */
  static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private boolean run(boolean quick) throws Exception {
    try (MemoryStore store = MemoryStore.create()) {
      measure("inbox.memory", store);
    }
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder()
                .setDataDirectory(DATA)
                .setCleanDataDirectory(true)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        HikariDataSource pool = pool(postgres)) {
      JdbcSchema.migrate(pool);
      measure("inbox.postgresql", JdbcStore.of(pool));
    }
    report.note(
        "%,d streams, %,d sends a second for %d s; JDK %s, %d processors"
            .formatted(
                streams,
                rate,
                seconds,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors()));
    if (quick) {
      report.note("--quick: too short to mean anything");
    }
    report.print(System.out);
    report.write(FIGURES);
    return true;
  }

  private static HikariDataSource pool(EmbeddedPostgres postgres) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(postgres.getPostgresDatabase());
    config.setMaximumPoolSize(32);
    return new HikariDataSource(config);
  }

  private void measure(String name, NotificationStore store) throws Exception {
    InAppProvider inApp = InAppProvider.in(store);
    Server server = new Server();
    try (NotificationDispatcher dispatcher =
            NotificationDispatcher.builder().store(store).provider(inApp).build();
        InboxStreams open = InboxStreams.of(inApp.inbox())) {
      int port = start(server, open);
      Process clients = clients(port);
      try (BufferedReader said =
              new BufferedReader(
                  new InputStreamReader(clients.getInputStream(), StandardCharsets.US_ASCII));
          PrintStream to =
              new PrintStream(clients.getOutputStream(), true, StandardCharsets.US_ASCII)) {
        require("open".equals(said.readLine()), "clients did not open");
        require(open.open() == streams, "open: " + open.open());
        long ignored = send(dispatcher, Math.max(2, seconds / 2));
        Threads.sleep(SETTLING);
        to.println("forget");
        require("forgotten".equals(said.readLine()), "clients did not forget");
        long sent = send(dispatcher, seconds);
        // Nobody waits any more for what has not come by now.
        Threads.sleep(SETTLING);
        to.println("stop");
        String[] found = Optional.ofNullable(said.readLine()).orElse("0").split(" ");
        add(name, sent, found);
      } finally {
        clients.destroy();
      }
    } finally {
      server.stop();
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static int start(Server server, InboxStreams streams) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(1_000);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    ServletHolder holder =
        new ServletHolder(
            InboxServlet.of(streams, request -> Optional.ofNullable(request.getParameter("user"))));
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/inbox");
    server.setHandler(context);
    server.start();
    return connector.getLocalPort();
  }

  private Process clients(int port) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Clients.class.getName(),
            "" + port,
            "" + streams)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Each at its time, and measured from then, however long the ones before it took. */
  private long send(NotificationDispatcher dispatcher, int forSeconds) {
    long count = (long) rate * forSeconds;
    long first = micros();
    List<Thread> senders = new ArrayList<>();
    AtomicLong accepted = new AtomicLong();
    for (int sender = 0; sender < SENDERS; sender++) {
      int own = sender;
      Thread thread =
          new Thread(
              () -> {
                Random random = new Random(own);
                for (long i = own; i < count; i += SENDERS) {
                  send(dispatcher, first + i * 1_000_000 / rate, random.nextInt(streams));
                  accepted.incrementAndGet();
                }
              });
      thread.start();
      senders.add(thread);
    }
    senders.forEach(Threads::join);
    require(accepted.get() == count, "not all were accepted");
    return count;
  }

  private static void send(NotificationDispatcher dispatcher, long due, int user) {
    for (long left = due - micros(); left > 0; left = due - micros()) {
      LockSupport.parkNanos(left * 1_000);
    }
    var receipt =
        dispatcher.send(
            Notification.to(Address.inApp("user-" + user))
                .content(
                    Content.builder()
                        .title("Order 1017")
                        .body("Your parcel left our house today and will arrive tomorrow.")
                        .data("sent", "" + due)
                        .build())
                .build());
    require(!receipt.decisions().isEmpty(), "not accepted");
  }

  private void add(String name, long sent, String[] found) {
    long events = Long.parseLong(found[0]);
    require(events > 0, "no event came");
    report.add(Figure.lower(name + ".p50.ms", Long.parseLong(found[1]) / 1e3, "ms", 50, 10));
    report.add(Figure.lower(name + ".p99.ms", Long.parseLong(found[3]) / 1e3, "ms", 250, 100));
    report.note(
        "%s: %,d sent, %,d came; p90 %s, p99.9 %s, longest %s ms"
            .formatted(name, sent, events, ms(found[2]), ms(found[4]), ms(found[5])));
  }

  private static String ms(String micros) {
    return Figure.number(Long.parseLong(micros) / 1e3);
  }
}
