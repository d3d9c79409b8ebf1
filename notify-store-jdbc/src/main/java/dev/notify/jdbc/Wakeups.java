package dev.notify.jdbc;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the nodes of a PostgreSQL database that there is something to claim, so that they need not
 * wait for their next look. A hint and no more: looking is the truth, and finds what a lost hint
 * was about. At most one in a while, for each commit with a NOTIFY in it takes a lock of the whole
 * database.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-notify.html">NOTIFY</a>
 */
final class Wakeups {

  /** What is told of inboxes begins with it; of work nothing is said. */
  private static final String OF_INBOXES = "inbox ";

  private static final String TELL = "SELECT pg_notify(?, ?)";

  /** A hint changes nothing, so nobody waits until the disk has it. */
  private static final String TELL_ALONE =
      "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

  private static final Duration BETWEEN_TWO = Duration.ofMillis(20);

  /** By which what this store has told itself is known: its own listeners have heard already. */
  private final String ofOurInboxes = OF_INBOXES + UUID.randomUUID();

  private final boolean possible;
  private final String channel;
  private final AtomicLong last = new AtomicLong(System.nanoTime() - BETWEEN_TWO.toNanos());
  private final AtomicLong lastOfInboxes =
      new AtomicLong(System.nanoTime() - BETWEEN_TWO.toNanos());

  Wakeups(Tables tables) {
    possible = tables.database() == Database.POSTGRESQL;
    channel = tables.names().channel();
  }

  /** Where it is told. */
  String channel() {
    return channel;
  }

  /** Whether somebody may be told of these now: of what is due and in nobody's hands. */
  boolean areWorthIt(Collection<Submission> submissions) {
    return possible && submissions.stream().anyMatch(Wakeups::isReady) && isTime(last);
  }

  private static boolean isReady(Submission submission) {
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

  /** Whether anybody can be told of anything. */
  boolean isPossible() {
    return possible;
  }

  /** Whether others may be told now that inboxes have changed. */
  boolean isTimeForInboxes() {
    return possible && isTime(lastOfInboxes);
  }

  /**
   * How long until nothing was told of inboxes for twice as long as it must be: while changes go
   * on, theirs tells of earlier ones as well, at no cost of its own.
   */
  Duration restForInboxes() {
    long passed = System.nanoTime() - lastOfInboxes.get();
    return Duration.ofNanos(Math.max(0, 2 * BETWEEN_TWO.toNanos() - passed));
  }

  private static boolean isTime(AtomicLong last) {
    long now = System.nanoTime();
    long before = last.get();
    return now - before >= BETWEEN_TWO.toNanos() && last.compareAndSet(before, now);
  }

  /** Tells everyone that there is something to claim, once the transaction commits. */
  boolean tell(Connection connection) throws SQLException {
    return tell(connection, TELL, "");
  }

  /** Tells everyone that there is something to claim, by a statement of its own. */
  boolean tellAlone(Connection connection) throws SQLException {
    return tell(connection, TELL_ALONE, "");
  }

  /** Tells everyone that inboxes have changed, once the transaction commits. */
  boolean tellInboxes(Connection connection) throws SQLException {
    return tell(connection, TELL, ofOurInboxes);
  }

  /** Tells everyone that inboxes have changed, by a statement of its own. */
  boolean tellInboxesAlone(Connection connection) throws SQLException {
    return tell(connection, TELL_ALONE, ofOurInboxes);
  }

  /** Whether it is of inboxes that this was told. */
  static boolean isOfInboxes(String told) {
    return told.startsWith(OF_INBOXES);
  }

  /** Whether it is this store that told it, of inboxes. */
  boolean isOfOurInboxes(String told) {
    return told.equals(ofOurInboxes);
  }

  private boolean tell(Connection connection, String how, String what) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(how)) {
      statement.setString(1, channel);
      statement.setString(2, what);
      return statement.execute();
    }
  }
}
