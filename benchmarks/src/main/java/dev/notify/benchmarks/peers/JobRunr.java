package dev.notify.benchmarks.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;
import org.jspecify.annotations.Nullable;

/** JobRunr: requests with handlers, so that no bytecode is analysed; no dashboard. */
final class JobRunr implements Contestant {

  /**
   * The best of a sweep on two shared cores: 619/s with 16, 1,491 with 32, 1,939 with 64, 2,755.
   */
  static final int BEST_WORKERS = 128;

  /** What its stream takes to the database in one go. */
  static final int PORTION = 5_000;

  private final DataSource source;
  private final StorageProvider storage;
  private final JacksonJsonMapper json = new JacksonJsonMapper();
  private final JobRequestScheduler scheduler;
  private final JobActivator handlers;
  private final int workers;
  private @Nullable BackgroundJobServer server;

  JobRunr(DataSource source, Tally tally) {
    this(source, tally, BEST_WORKERS);
  }

  JobRunr(DataSource source, Tally tally, int workers) {
    this.source = source;
    this.workers = workers;
    storage = SqlStorageProviderFactory.using(source);
    storage.setJobMapper(new JobMapper(json));
    scheduler = new JobRequestScheduler(storage);
    Handler handler = new Handler(tally);
    handlers =
        new JobActivator() {
          @Override
          public <T> T activateJob(Class<T> type) {
            return type.cast(handler);
          }
        };
  }

  /** One message. */
  public static final class Request implements JobRequest {
    private static final long serialVersionUID = 1L;

    private int number;
    private String text = "";

    /** For Jackson. */
    Request() {}

    Request(int number) {
      this.number = number;
      text = Payload.TEXT;
    }

    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /** Handles it. */
  public static final class Handler implements JobRequestHandler<Request> {
    private final Tally tally;

    Handler(Tally tally) {
      this.tally = tally;
    }

    @Override
    public void run(Request request) {
      if (request.text.length() != Payload.BYTES) {
        throw new IllegalStateException("payload lost");
      }
      tally.handle(request.number);
    }
  }

  @Override
  public void start(boolean works) {
    if (works) {
      server =
          new BackgroundJobServer(
              storage,
              json,
              handlers,
              BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                  .andPollInterval(Duration.ofSeconds(5))
                  .andWorkerCount(workers)
                  .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(2)));
      server.start();
    }
  }

  @Override
  public void sendLater(int number) {
    scheduler.schedule(Instant.now().plusSeconds(3_600), new Request(number));
  }

  /** It has no bulk call for later. */
  @Override
  public void sendLater(int from, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void send(int number) {
    scheduler.enqueue(new Request(number));
  }

  @Override
  public void fill(int count) {
    for (int from = 0; from < count; from += PORTION) {
      enqueue(from, Math.min(PORTION, count - from));
    }
  }

  /** Accepts many that are due now. */
  void enqueue(int from, int count) {
    scheduler.enqueue(IntStream.range(from, from + count).mapToObj(Request::new));
  }

  @Override
  public long open() {
    return Tables.count(source, "jobrunr_jobs WHERE state IN ('ENQUEUED', 'PROCESSING')");
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
    storage.close();
  }
}
