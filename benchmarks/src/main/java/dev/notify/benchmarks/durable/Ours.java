package dev.notify.benchmarks.durable;

import dev.notify.BulkReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** This library, through its public face. */
final class Ours implements Contestant {

  /**
   * Calls under way at a time. A call here is over at once, and what a worker waits for is its
   * share of a commit: the more wait together, the fewer commits. The default of 16 is for real
   * vendors.
   */
  static final int IN_FLIGHT = 128;

  private static final Duration USUAL_POLL = Duration.ofMillis(250);

  /** For a node that must not take up what lies in the tables. */
  private static final Duration FAR = Duration.ofHours(1);

  private static final int FILLERS = 2;

  private final DataSource source;
  private final Tally tally;
  private final int inFlight;
  private @Nullable NotificationDispatcher dispatcher;

  Ours(DataSource source, Tally tally) {
    this(source, tally, IN_FLIGHT);
  }

  Ours(DataSource source, Tally tally, int inFlight) {
    this.source = source;
    this.tally = tally;
    this.inFlight = inFlight;
    JdbcSchema.migrate(source);
  }

  /** It cannot be told not to work; where nothing is due, that makes no difference. */
  @Override
  public void start(boolean works) {
    dispatcher = dispatcher(USUAL_POLL);
  }

  /** Makes it ready for senders only: what others stored is left to others, as far as possible. */
  void startAside() {
    dispatcher = dispatcher(FAR);
  }

  private NotificationDispatcher dispatcher(Duration poll) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).pollInterval(poll).build())
        .provider(new TallyingProvider(tally))
        .inFlight(inFlight)
        .closeTimeout(Duration.ofSeconds(5))
        .build();
  }

  NotificationDispatcher dispatcher() {
    if (dispatcher == null) {
      throw new IllegalStateException("not started");
    }
    return dispatcher;
  }

  static Notification.Builder notification(int number) {
    // The provider reads the number from the id.
    Recipient person =
        Recipient.builder(Integer.toString(number))
            .address(Address.email("jane@example.com"))
            .build();
    return Notification.to(person).channels(TallyingProvider.CHANNEL).body(Payload.TEXT);
  }

  private static Notification later(int number) {
    return notification(number).at(Instant.now().plusSeconds(3_600)).build();
  }

  @Override
  public void sendLater(int number) {
    dispatcher().send(later(number));
  }

  @Override
  public void sendLater(int from, int count) {
    BulkReceipt receipt =
        dispatcher().sendAll(IntStream.range(from, from + count).mapToObj(Ours::later));
    if (receipt.accepted() != count) {
      throw new IllegalStateException("accepted " + receipt.accepted() + " of " + count);
    }
  }

  @Override
  public void send(int number) {
    dispatcher().send(notification(number).build());
  }

  /** Sent within transactions, a message is born ready and nobody's. */
  @Override
  public void fill(int count) throws Exception {
    startAside();
    List<Thread> fillers = new ArrayList<>();
    for (int i = 0; i < FILLERS; i++) {
      int from = count / FILLERS * i;
      int to = i == FILLERS - 1 ? count : count / FILLERS * (i + 1);
      Thread filler = new Thread(() -> fill(from, to));
      filler.start();
      fillers.add(filler);
    }
    for (Thread filler : fillers) {
      filler.join();
    }
    if (tally.handled() > 0 || open() != count) {
      throw new IllegalStateException("filled " + open() + ", handled " + tally.handled());
    }
  }

  private void fill(int from, int to) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      for (int number = from; number < to; number++) {
        dispatcher().inTransaction(connection).send(notification(number).build());
      }
      connection.commit();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw new IllegalStateException("filling", e);
    }
  }

  @Override
  public long open() {
    return Tables.count(source, "notify_delivery");
  }

  @Override
  public void close() {
    if (dispatcher != null) {
      dispatcher.close();
      dispatcher = null;
    }
  }
}
