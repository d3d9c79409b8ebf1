package dev.notify.benchmarks.soak;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.benchmarks.Postgres;
import dev.notify.benchmarks.Threads;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.DeliveryEvent;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Recorder;
import org.postgresql.ds.PGSimpleDataSource;

/** One run: a server, a dispatcher, senders by a timetable, and samples all the while. */
final class SoakRun {

  private static final int POOL = 16;

  /** Every so often a sample finds out what lives in the heap, which stops everything for it. */
  private static final int SAMPLES_TO_COLLECT = 6;

  /** A message that failed a few times waits for its next try. */
  private static final Duration LONGEST_REST = Duration.ofMinutes(3);

  private final Options options;
  private final Path data;
  private final PrintStream out;
  private final Ledger ledger;
  private final Recorder untilCall = new Recorder(3);
  private final Recorder untilAccepted = new Recorder(3);
  private final List<Sample> samples = new ArrayList<>();

  SoakRun(Options options, Path data, PrintStream out) {
    this.options = options;
    this.data = data;
    this.out = out;
    ledger = new Ledger(options.messages());
  }

  Verdict run() throws Exception {
    try (Postgres postgres = new Postgres(data)) {
      PGSimpleDataSource plain = new PGSimpleDataSource();
      plain.setUrl(postgres.url());
      JdbcSchema.migrate(plain);
      try (HikariDataSource pool = pool(plain)) {
        return run(plain, pool);
      }
    }
  }

  private static HikariDataSource pool(PGSimpleDataSource plain) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(plain);
    config.setMaximumPoolSize(POOL);
    return new HikariDataSource(config);
  }

  private Verdict run(PGSimpleDataSource plain, HikariDataSource pool) throws Exception {
    // The first is due when everything has been made.
    Timetable timetable =
        new Timetable(System.nanoTime() + Duration.ofSeconds(2).toNanos(), options.rate());
    Sampler sampler = new Sampler(plain, pool, untilCall, untilAccepted);
    try (NotificationDispatcher dispatcher = dispatcher(pool, timetable)) {
      Senders senders = new Senders(dispatcher, timetable, ledger, untilAccepted);
      senders.start(options.messages());
      sample(sampler, timetable);
      while (!senders.isDone()) {
        Threads.sleep(Duration.ofMillis(50));
      }
      double seconds = (System.nanoTime() - timetable.begin()) / 1e9;
      awaitEnds();
      Verdict.Sending sending = new Verdict.Sending(senders.refused(), seconds);
      return new Verdict(options, ledger.balance(), sending, List.copyOf(samples), sampler.kept());
    }
  }

  private NotificationDispatcher dispatcher(HikariDataSource pool, Timetable timetable) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(pool).retention(options.retention()).build())
        .provider(new FlakyProvider(ledger, timetable, options.errors(), untilCall))
        .listener(this::note)
        .build();
  }

  private void note(DeliveryEvent event) {
    int number = Integer.parseInt(event.recipientId());
    switch (event.type()) {
      case SENT -> ledger.sent(number);
      case DEAD -> ledger.dead(number);
      case UNCONFIRMED, SUPPRESSED, CANCELLED, EXPIRED, BOUNCED, UNDELIVERED ->
          ledger.endedOtherwise(number);
      default -> {
        // It is on its way.
      }
    }
  }

  private void sample(Sampler sampler, Timetable timetable) throws SQLException {
    int most = (int) options.time().dividedBy(options.interval());
    for (int number = 0; number <= most; number++) {
      long at = timetable.begin() + number * options.interval().toNanos();
      Threads.sleep(Duration.ofNanos(Math.max(0, at - System.nanoTime())));
      double seconds = (System.nanoTime() - timetable.begin()) / 1e9;
      Sample sample = sampler.take(seconds, number % SAMPLES_TO_COLLECT == 0);
      samples.add(sample);
      out.println(sample.csv());
    }
  }

  private void awaitEnds() {
    long deadline = System.nanoTime() + LONGEST_REST.toNanos();
    while (!ledger.isSettled() && System.nanoTime() < deadline) {
      Threads.sleep(Duration.ofMillis(100));
    }
  }
}
