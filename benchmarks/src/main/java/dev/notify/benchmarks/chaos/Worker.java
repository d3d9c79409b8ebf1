package dev.notify.benchmarks.chaos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.benchmarks.Threads;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.RefusedException;
import dev.notify.routing.RetryPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An application in a process of its own: sends, delivers, and does what it is told by lines of its
 * input. It ends when that ends.
 */
final class Worker {

  static final int IN_FLIGHT = 16;
  static final int MOST_ATTEMPTS = 12;
  static final String READY = "ready";

  /** Longer than a provider that is well takes, and shorter than any lease. */
  private static final Duration ATTEMPT = Duration.ofSeconds(1);

  private static final int POOL = 8;
  private static final long PULSE_MILLIS = 20;
  private static final long STALL_MICROS = 250_000;

  private final RunClock clock;
  private final Journal journal;
  private final HikariDataSource pool;
  private final UnreliableSource unreliable;
  private final List<StubProvider> providers;
  private final NotificationDispatcher dispatcher;
  private final Sender sender;

  private Worker(String url, String node, String life, RunClock clock, Path path, Settings settings)
      throws IOException {
    this.clock = clock;
    journal = new Journal(path, clock);
    Thread pulse = new Thread(this::feelPulse, "pulse");
    pulse.setDaemon(true);
    pulse.start();
    pool = new NotingPool(pool(url), journal, clock);
    unreliable = new UnreliableSource(journal, clock);
    providers =
        List.of(
            new StubProvider(Channel.EMAIL, true, journal, clock),
            new StubProvider(Channel.SMS, false, journal, clock));
    dispatcher = dispatcher(store(node, settings));
    sender = new Sender(dispatcher, journal, clock, life, settings.rate());
    journal.write(What.STARTED, "life", life);
  }

  /** Arguments: JDBC URL, node, life, clock, journal, settings. */
  public static void main(String[] arguments) throws IOException {
    Worker worker =
        new Worker(
            arguments[0],
            arguments[1],
            arguments[2],
            RunClock.parse(arguments[3]),
            Path.of(arguments[4]),
            Settings.parse(arguments[5]));
    worker.sender.start();
    System.out.println(READY);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      worker.obey(order.split(" ", -1));
    }
    System.exit(0);
  }

  /**
   * How it is set up.
   *
   * @param fast whether leases are short
   * @param rate messages a second
   */
  record Settings(boolean fast, int rate) {

    static Settings parse(String text) {
      String[] parts = text.split("/", -1);
      return new Settings(Boolean.parseBoolean(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
      return fast + "/" + rate;
    }
  }

  private static HikariConfig pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(POOL);
    config.setConnectionTimeout(1_000);
    config.setValidationTimeout(500);
    config.setInitializationFailTimeout(-1);
    // Else it asks its first connection for it, and if that breaks is of no use ever after.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    return config;
  }

  /** The server may be away just now. */
  private JdbcStore store(String node, Settings settings) {
    Options.Profile profile = settings.fast() ? Options.Profile.FAST : Options.Profile.DEFAULT;
    while (true) {
      try {
        return JdbcStore.builder(unreliable.of(pool))
            .nodeName(node)
            .lease(profile.lease(), profile.heartbeat())
            .pollInterval(profile.poll())
            .build();
      } catch (RefusedException | ConfigurationException e) {
        Threads.sleep(Duration.ofMillis(50));
      }
    }
  }

  private NotificationDispatcher dispatcher(JdbcStore store) {
    var builder =
        NotificationDispatcher.builder()
            .store(store)
            .attemptTimeout(ATTEMPT)
            .inFlight(IN_FLIGHT)
            .circuitBreaker(10, Duration.ofMillis(500))
            .retry(
                RetryPolicy.DEFAULT
                    .withMaxAttempts(MOST_ATTEMPTS)
                    .withDelays(Duration.ofMillis(200), Duration.ofSeconds(2)))
            .listener(this::note);
    providers.forEach(builder::provider);
    return builder.build();
  }

  /** Listeners are told of what is committed, but for a call that begins. */
  private void note(DeliveryEvent event) {
    if (event.type() != DeliveryEvent.Type.SENDING) {
      journal.write(
          What.WRITTEN,
          "delivery",
          event.deliveryId(),
          "status",
          event.type(),
          "reason",
          event.reason().map(reason -> reason.code()).orElse("none"));
    }
  }

  /** A process that did not run for a while finds out by its stopwatch. */
  private void feelPulse() {
    long before = clock.now();
    while (true) {
      LockSupport.parkNanos(PULSE_MILLIS * 1_000_000);
      long now = clock.now();
      if (now - before > STALL_MICROS) {
        journal.writeAt(now, What.STALLED, "since", before);
      }
      before = now;
    }
  }

  private void obey(String[] order) throws IOException {
    switch (order[0]) {
      case "mood" -> {
        StubProvider.Mood mood = StubProvider.Mood.valueOf(order[1]);
        providers.forEach(provider -> provider.mood(mood));
      }
      case "lose" -> unreliable.loseAnswers(Integer.parseInt(order[1]));
      case "delay" -> unreliable.delay(Long.parseLong(order[1]));
      case "take-pool" -> {
        Duration length = Duration.ofMillis(Long.parseLong(order[1]));
        Thread thread = new Thread(() -> takePool(length), "hog");
        thread.setDaemon(true);
        thread.start();
      }
      case "quiet" -> sender.stop();
      case "close" -> close();
      default -> throw new IllegalArgumentException(order[0]);
    }
  }

  /** Somebody in the same application has a use for all connections. */
  private void takePool(Duration length) {
    List<Connection> taken = new ArrayList<>();
    long end = System.nanoTime() + length.toNanos();
    journal.write(What.POOL_TAKEN);
    while (System.nanoTime() < end) {
      if (taken.size() < POOL) {
        try {
          taken.add(pool.getConnection());
          continue;
        } catch (SQLException e) {
          // Others have some; they come back.
        }
      }
      LockSupport.parkNanos(1_000_000);
    }
    for (Connection connection : taken) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It was cut meanwhile.
      }
    }
    journal.write(What.POOL_FREE);
  }

  private void close() throws IOException {
    sender.stop();
    boolean idle = dispatcher.close(Duration.ofSeconds(20));
    journal.write(What.CLOSED, "idle", idle);
    pool.close();
    journal.close();
    System.exit(0);
  }
}
