package dev.notify.benchmarks.peers;

import dev.notify.NotificationDispatcher;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import fr.sii.ogham.core.builder.MessagingBuilder;
import fr.sii.ogham.core.exception.MessagingException;
import fr.sii.ogham.core.service.MessagingService;
import fr.sii.ogham.email.message.Email;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Without a database: our {@code send()} beside a plain executor and beside Ogham, which sends on
 * the caller's thread. Each message is made anew, has the same text, and is delivered by a counter;
 * what counts is what was delivered. Who hands over has room for as many as the others, and senders
 * wait for it.
 */
final class InMemory implements Part {

  static final String[] FIGURES = {
    "memory.rate", "memory.executor", "memory.ogham", "memory.ogham.async"
  };

  private static final int MOST_WAITING = 512;
  private static final String FROM = "shop@example.com";
  private static final String TO = "jane@example.com";
  private static final String SUBJECT = "Your order is on its way";

  private final Bench bench;
  private final Series ours = new Series("notify");
  private final Series executor = new Series("executor");
  private final Series ogham = new Series("Ogham");
  private final Series oghamByExecutor = new Series("Ogham by executor");

  InMemory(Bench bench) {
    this.bench = bench;
  }

  /**
   * One way to deliver without a database, with the threads that it did best with in a sweep on two
   * cores.
   */
  enum Way {
    /** 14,000/s to 133,000/s. */
    OURS(16, 16),
    /** 1.5 to 7.2 million a second. */
    EXECUTOR(2, 2),
    /** 1.2 to 2.6 million a second; 2 and 4 senders are alike. Nobody works but they. */
    OGHAM(4, 0),
    /** 0.6 to 1.6 million a second. */
    OGHAM_BY_EXECUTOR(2, 4);

    private final int senders;
    private final int workers;

    Way(int senders, int workers) {
      this.senders = senders;
      this.workers = workers;
    }

    private Sender sender(LongAdder delivered, int workers) {
      return switch (this) {
        case OURS -> new Notify(delivered, workers);
        case EXECUTOR -> new Pool(workers, number -> delivered.increment());
        case OGHAM -> new Direct(ogham(delivered));
        case OGHAM_BY_EXECUTOR -> new Pool(workers, ogham(delivered));
      };
    }
  }

  /** What senders call. */
  private interface Sender extends AutoCloseable {
    void send(int number) throws Exception;

    @Override
    void close();
  }

  @Override
  public String[] figures() {
    return FIGURES.clone();
  }

  @Override
  public void round(int round) throws InterruptedException {
    bench.progress("in memory", round);
    bench.take(ours, "in memory", () -> rate(Way.OURS, round));
    if (bench.wants("memory.executor")) {
      bench.take(executor, "in memory", () -> rate(Way.EXECUTOR, round));
    }
    if (bench.wants("memory.ogham")) {
      bench.take(ogham, "in memory", () -> rate(Way.OGHAM, round));
    }
    if (bench.wants("memory.ogham.async")) {
      bench.take(oghamByExecutor, "in memory", () -> rate(Way.OGHAM_BY_EXECUTOR, round));
    }
  }

  @Override
  public void report() {
    if (!ours.isEmpty()) {
      bench.report().add(Figure.higher("memory.rate", ours, "1/s", 50_000, 200_000));
    }
    bench.ratio("memory.executor", ours, executor, 0.015, 0.05);
    bench.ratio("memory.ogham", ours, ogham, 0.03, 0.1);
    bench.ratio("memory.ogham.async", ours, oghamByExecutor, 0.05, 0.2);
    bench.rates("in memory", ours, executor, ogham, oghamByExecutor);
  }

  private double rate(Way way, int round) throws Exception {
    Options options = bench.options();
    return rate(way, way.workers, new Load(way.senders, options.warmup(round), options.window()));
  }

  /** Messages delivered in a second. */
  static double rate(Way way, int workers, Load load) throws Exception {
    LongAdder delivered = new LongAdder();
    Load.Result result;
    try (Sender sender = way.sender(delivered, workers)) {
      result = load.run(sender::send, delivered::sum);
    }
    // All that was sent is delivered when the sender is closed.
    if (delivered.sum() != result.last()) {
      throw new IllegalStateException("sent " + result.last() + ", delivered " + delivered.sum());
    }
    return result.probed()[0] / result.seconds();
  }

  /** This library on the store in memory, as {@code benchmarks/run micro} has it. */
  private static final class Notify implements Sender {
    private final NotificationDispatcher dispatcher;

    Notify(LongAdder delivered, int workers) {
      dispatcher =
          NotificationDispatcher.builder()
              .provider(new Counter(delivered))
              .store(
                  MemoryStore.builder()
                      .capacity(MOST_WAITING)
                      .waitForRoom(Duration.ofMinutes(1))
                      .build())
              .inFlight(workers)
              .build();
    }

    @Override
    public void send(int number) {
      dispatcher.send(Notification.to(Address.email(TO)).title(SUBJECT).body(Payload.TEXT).build());
    }

    @Override
    public void close() {
      dispatcher.close();
    }
  }

  private record Counter(LongAdder delivered) implements ChannelProvider {
    @Override
    public String name() {
      return "counter";
    }

    @Override
    public Channel channel() {
      return Channel.EMAIL;
    }

    @Override
    public Outcome deliver(OutboundMessage message) {
      delivered.increment();
      return Outcome.accepted(message.deliveryId().toString());
    }
  }

  /**
   * Ogham at its cheapest: nothing is looked for on the class path, nothing is filled in, no
   * content is rendered. Each thread has a service of its own: a shared one sorts its list of
   * senders with every message, and fails where two threads do so at once.
   */
  private static Load.Operation ogham(LongAdder delivered) {
    ThreadLocal<MessagingService> services = ThreadLocal.withInitial(() -> service(delivered));
    return number -> sendBy(services.get());
  }

  private static MessagingService service(LongAdder delivered) {
    MessagingBuilder builder = MessagingBuilder.empty();
    builder.email().customSender(message -> delivered.increment());
    return builder.build();
  }

  private static void sendBy(MessagingService service) throws MessagingException {
    service.send(new Email().from(FROM).to(TO).subject(SUBJECT).content(Payload.TEXT));
  }

  private record Direct(Load.Operation operation) implements Sender {
    @Override
    public void send(int number) throws Exception {
      operation.run(number);
    }

    @Override
    public void close() {}
  }

  /** The JDK's pool with a queue that has an end; senders wait for room in it. */
  private static final class Pool implements Sender {
    private final ThreadPoolExecutor threads;
    private final Load.Operation operation;

    Pool(int workers, Load.Operation operation) {
      this.operation = operation;
      threads =
          new ThreadPoolExecutor(
              workers,
              workers,
              1,
              TimeUnit.MINUTES,
              new ArrayBlockingQueue<>(MOST_WAITING),
              Pool::waitForRoom);
    }

    private static void waitForRoom(Runnable task, ThreadPoolExecutor pool) {
      try {
        pool.getQueue().put(task);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RejectedExecutionException(e);
      }
    }

    @Override
    public void send(int number) {
      threads.execute(new Task(TO, SUBJECT, Payload.TEXT, number, operation));
    }

    @Override
    public void close() {
      threads.shutdown();
      try {
        threads.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record Task(String to, String subject, String body, int number, Load.Operation operation)
      implements Runnable {
    @Override
    public void run() {
      try {
        operation.run(number);
      } catch (Exception e) {
        throw new IllegalStateException("message " + number, e);
      }
    }
  }
}
