package dev.notify.jdbc;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What the nodes of a PostgreSQL database tell each other: that there is something to claim, so
 * that they need not wait for their next look, and that inboxes have changed. A hint and no more:
 * looking is the truth, and finds what a lost hint was about.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
 */
final class Wakeups implements AutoCloseable {

  /** What is told of inboxes begins with it; of work nothing is said. */
  private static final String OF_INBOXES = "inbox ";

  /** By which what this store has told itself is known: its own listeners have heard already. */
  private final String ofOurInboxes = OF_INBOXES + UUID.randomUUID();

  private final String channel;
  private final ScheduledThreadPoolExecutor later;
  private final Hints work;
  private final Hints inboxes;

  Wakeups(Tables tables, Transactions transactions) {
    channel = tables.names().channel();
    later = new ScheduledThreadPoolExecutor(1, Daemons.named("notify-hints"));
    later.setKeepAliveTime(10, TimeUnit.SECONDS);
    later.allowCoreThreadTimeOut(true);
    later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    boolean possible = tables.database() == Database.POSTGRESQL;
    work = new Hints(transactions, possible, channel, "", later);
    inboxes = new Hints(transactions, possible, channel, ofOurInboxes, later);
  }

  /** Where it is told. */
  String channel() {
    return channel;
  }

  /** That there is something to claim. */
  Hints ofWork() {
    return work;
  }

  /** That inboxes have changed. */
  Hints ofInboxes() {
    return inboxes;
  }

  /** Whether there is something to claim in it: due, and in nobody's hands. */
  static boolean isReady(Submission submission) {
    Instant now = submission.acceptedAt();
    for (Delivery delivery : submission.deliveries()) {
      if (delivery.status().isOpen()
          && delivery.status() != DeliveryStatus.SENDING
          && !delivery.due().isAfter(now)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is of inboxes that this was told. */
  static boolean isOfInboxes(String told) {
    return told.startsWith(OF_INBOXES);
  }

  /** Whether it is this store that told it, of inboxes. */
  boolean isOfOurInboxes(String told) {
    return told.equals(ofOurInboxes);
  }

  @Override
  public void close() {
    later.shutdown();
  }
}
