package dev.notify.benchmarks.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** db-scheduler: rows are locked and fetched in batches, and deleted one by one. */
final class DbScheduler implements Contestant {

  /**
   * How it works off what is due.
   *
   * @param threads at work
   * @param lower fraction of them at which it fetches more
   * @param upper fraction of them up to which it fetches
   * @param generic whether by the statements that all databases know, instead of PostgreSQL's own
   * @param immediate whether what is sent here and due wakes it
   */
  record Settings(int threads, double lower, double upper, boolean generic, boolean immediate) {}

  /**
   * The best of a sweep with 50,000 rows on two shared cores, 6,676/s. (2, 6) with 10 threads and
   * (4, 20) with 20 were within a tenth of it; the generic statements were slower with almost
   * everything, 2,229/s to 5,970/s.
   */
  static final Settings BEST = new Settings(50, 4.0, 20.0, false, false);

  /**
   * The best where it is sent to at the same time: in four of five interleaved rounds on two cores
   * that others used, by a median of 4,149/s. (4, 20) and (2, 6) with 50 threads, and being woken
   * by what is sent, were between 3,367/s and 3,664/s.
   */
  static final Settings STEADY = new Settings(20, 4.0, 20.0, false, false);

  private static final byte[] DATA = Payload.TEXT.getBytes(StandardCharsets.US_ASCII);
  private static final int FILL = 1_000;

  private static final Serializer AS_IT_IS =
      new Serializer() {
        @Override
        public byte[] serialize(Object data) {
          return (byte[]) data;
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] bytes) {
          return type.cast(bytes);
        }
      };

  private final DataSource source;
  private final Settings settings;
  private final OneTimeTask<byte[]> task;
  private @Nullable Scheduler scheduler;
  private @Nullable SchedulerClient client;

  DbScheduler(DataSource source, Tally tally) {
    this(source, tally, BEST);
  }

  DbScheduler(DataSource source, Tally tally, Settings settings) {
    this.source = source;
    this.settings = settings;
    task =
        Tasks.oneTime("send", byte[].class)
            .execute((instance, context) -> tally.handle(Integer.parseInt(instance.getId())));
    // Its documented columns; no index for priorities, which are off.
    Tables.run(
        source,
        """
        CREATE TABLE IF NOT EXISTS scheduled_tasks (
          task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
          execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
          last_success timestamptz, last_failure timestamptz, consecutive_failures int,
          last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
          PRIMARY KEY (task_name, task_instance))""",
        "CREATE INDEX IF NOT EXISTS execution_time_idx ON scheduled_tasks (execution_time)",
        "CREATE INDEX IF NOT EXISTS last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");
  }

  @Override
  public void start(boolean works) {
    if (!works) {
      client = SchedulerClient.Builder.create(source, task).serializer(AS_IT_IS).build();
      return;
    }
    SchedulerBuilder builder =
        Scheduler.create(source, List.of(task))
            .threads(settings.threads())
            .pollUsingLockAndFetch(settings.lower(), settings.upper())
            .pollingInterval(Duration.ofMillis(50))
            .jdbcCustomization(new PostgreSqlJdbcCustomization(settings.generic(), false))
            .serializer(AS_IT_IS)
            .shutdownMaxWait(Duration.ofSeconds(2));
    if (settings.immediate()) {
      builder.enableImmediateExecution();
    }
    scheduler = builder.build();
    scheduler.start();
    client = scheduler;
  }

  private SchedulerClient client() {
    if (client == null) {
      throw new IllegalStateException("not started");
    }
    return client;
  }

  private static TaskInstance<byte[]> instance(int number) {
    return new TaskInstance<>("send", Integer.toString(number), DATA);
  }

  @Override
  public void sendLater(int number) {
    client().scheduleIfNotExists(instance(number), Instant.now().plusSeconds(3_600));
  }

  @Override
  public void sendLater(int from, int count) {
    schedule(from, count, Instant.now().plusSeconds(3_600));
  }

  @Override
  public void send(int number) {
    client().scheduleIfNotExists(instance(number), Instant.now());
  }

  @Override
  public void fill(int count) {
    start(false);
    for (int from = 0; from < count; from += FILL) {
      schedule(from, Math.min(FILL, count - from), Instant.now());
    }
  }

  private void schedule(int from, int count, Instant due) {
    List<TaskInstance<?>> instances =
        IntStream.range(from, from + count)
            .<TaskInstance<?>>mapToObj(DbScheduler::instance)
            .toList();
    client().scheduleBatch(instances, due);
  }

  @Override
  public long open() {
    return Tables.count(source, "scheduled_tasks");
  }

  @Override
  public void close() {
    if (scheduler != null) {
      scheduler.stop();
    }
  }
}
