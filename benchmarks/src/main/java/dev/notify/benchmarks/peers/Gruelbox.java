package dev.notify.benchmarks.peers;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** gruelbox' transaction-outbox: what was committed is handed to an executor at once. */
final class Gruelbox implements Contestant {

  /** The best of a sweep on two shared cores: 800/s with 8, 1,927 with 16, 1,439 with 32, 1,200. */
  static final int BEST_THREADS = 16;

  private static final int QUEUE = 16_384;

  private final DataSource source;
  private final TransactionManager transactions;
  private final TransactionOutbox outbox;
  private final ThreadPoolExecutor threads;

  Gruelbox(DataSource source, Tally tally) {
    this(source, tally, BEST_THREADS);
  }

  Gruelbox(DataSource source, Tally tally, int workers) {
    this.source = source;
    threads =
        new ThreadPoolExecutor(
            workers, workers, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE));
    transactions = TransactionManager.fromDataSource(source);
    Handler handler = (number, text) -> tally.handle(number);
    outbox =
        TransactionOutbox.builder()
            .transactionManager(transactions)
            .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
            .instantiator(Instantiator.using(type -> handler))
            .submitter(Submitter.withExecutor(threads))
            .flushBatchSize(4_096)
            .build();
  }

  /** What is called when a message is due. */
  public interface Handler {
    /** Handles it. */
    void handle(int number, String text);
  }

  /** It always works: a row that is stored is on its way. */
  @Override
  public void start(boolean works) {}

  @Override
  public void sendLater(int number) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendLater(int from, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void send(int number) {
    transactions.inTransaction(() -> outbox.schedule(Handler.class).handle(number, Payload.TEXT));
  }

  @Override
  public void fill(int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long open() {
    return Tables.count(source, "txno_outbox");
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
