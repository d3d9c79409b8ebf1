package dev.notify.benchmarks.peers;

import dev.notify.BulkReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import java.time.Duration;
import java.time.Instant;
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

  private static final int PORTION = 10_000;

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

  /** Accepted for later and then made due, so that nobody holds them when the clock starts. */
  @Override
  public void fill(int count) {
    start(false);
    for (int from = 0; from < count; from += PORTION) {
      sendLater(from, Math.min(PORTION, count - from));
    }
    close();
    Tables.run(source, "UPDATE notify_delivery SET status = 2, due = now()");
    if (tally.handled() > 0 || open() != count) {
      throw new IllegalStateException("filled " + open() + ", handled " + tally.handled());
    }
  }

  /** As {@link #fill}, in the lowest lane. */
  void fillLow(int from, int count) {
    start(false);
    for (int done = 0; done < count; done += PORTION) {
      int first = from + done;
      int size = Math.min(PORTION, count - done);
      BulkReceipt receipt =
          dispatcher()
              .sendAll(
                  IntStream.range(first, first + size)
                      .mapToObj(
                          number ->
                              notification(number)
                                  .priority(Priority.LOW)
                                  .at(Instant.now().plusSeconds(3_600))
                                  .build()));
      if (receipt.accepted() != size) {
        throw new IllegalStateException("accepted " + receipt.accepted() + " of " + size);
      }
    }
    close();
    Tables.run(source, "UPDATE notify_delivery SET status = 2, due = now()", "VACUUM ANALYZE");
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
