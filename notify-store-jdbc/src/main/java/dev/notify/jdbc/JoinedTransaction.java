package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.SubmissionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Writes on the application's connection, and leaves the commit to the application. */
final class JoinedTransaction implements SubmissionStore {

  private final Connection connection;
  private final Acceptance acceptance;
  private final Digests digests;
  private final Bodies bodies;
  private final Hints hints;
  private final Transactions transactions;

  JoinedTransaction(
      Connection connection,
      Acceptance acceptance,
      Digests digests,
      Bodies bodies,
      Hints hints,
      Transactions transactions) {
    this.transactions = transactions;
    this.bodies = bodies;
    this.digests = digests;
    this.connection = connection;
    this.acceptance = acceptance;
    this.hints = hints;
    try {
      if (connection.getAutoCommit()) {
        throw new ConfigurationException(
            "transaction: the connection is in auto-commit mode, so there is none");
      }
    } catch (SQLException e) {
      throw Transactions.unavailable(e);
    }
  }

  @Override
  public Optional<KeyUse> findKey(String key, Instant now) {
    try {
      return acceptance.find(connection, key, now);
    } catch (SQLException e) {
      throw Transactions.unavailable(e);
    }
  }

  @Override
  public Optional<KeyUse> accept(Submission submission) {
    try {
      Parcel parcel = new Parcel(submission, bodies.seal(connection, submission));
      // In nobody's hands: without a hook on the commit nobody would learn that it is there.
      Optional<KeyUse> earlier =
          acceptance
              .write(connection, List.of(parcel), OptionalLong.empty(), Whose.THEIRS, false)
              .get(0);
      boolean isNews = earlier.isEmpty() && Wakeups.isReady(submission);
      if (isNews && !hints.tellWithin(connection)) {
        // Nobody says when it commits; most do in a moment.
        hints.tellSoon();
      }
      return earlier;
    } catch (SQLException e) {
      throw Transactions.unavailable(e);
    }
  }

  @Override
  public Entered collect(Submission submission, Joining joining) {
    try {
      Parcel parcel = new Parcel(submission, bodies.seal(connection, submission));
      return digests.collect(connection, parcel, joining, Whose.THEIRS, false);
    } catch (SQLException e) {
      throw Transactions.unavailable(e);
    }
  }

  @Override
  public <R> R within(Supplier<R> work) {
    return transactions.within(connection, work);
  }
}
