package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.ScheduleStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recurring schedules in the tables. What a run sends is written and the schedule is moved on in
 * one transaction, under the version that was read: whoever comes second rolls back.
 */
final class StoredSchedules implements ScheduleStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final int AT_ONCE = 200;

  private static final String INSERT =
      """
      INSERT INTO notify_schedule (id, recipient_hash, body, due, version)
      VALUES (?, ?, ?, ?, ?)""";

  private static final String SELECT = "SELECT id, body, version FROM notify_schedule ";

  private static final String SWAP =
      """
      UPDATE notify_schedule SET recipient_hash = ?, body = ?, due = ?, version = ?
      WHERE id = ? AND version = ?""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Acceptance acceptance;
  private final Bodies bodies;

  StoredSchedules(Transactions transactions, Tables tables, Acceptance acceptance, Bodies bodies) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.acceptance = acceptance;
    this.bodies = bodies;
  }

  /** Whose key seals it, and who takes it with them when they are forgotten. */
  private static Optional<String> person(StoredSchedule stored) {
    RecurringSchedule schedule = stored.schedule();
    return schedule.audience().isPresent()
        ? Optional.empty()
        : Optional.of(schedule.notification().recipientId());
  }

  private static UUID owner(String id) {
    return UUID.nameUUIDFromBytes(("schedule/" + id).getBytes(StandardCharsets.UTF_8));
  }

  private byte[] seal(Connection connection, StoredSchedule stored) throws SQLException {
    byte[] plain = ScheduleCodec.write(stored);
    Optional<String> person = person(stored);
    return person.isPresent()
        ? bodies.seal(connection, person.get(), owner(stored.id()), plain)
        : bodies.seal(owner(stored.id()), plain);
  }

  @Override
  public StoredSchedule add(StoredSchedule schedule) {
    return Raced.again(
        () ->
            withFreshKey(
                () ->
                    transactions.runSurely(
                        again -> connection -> add(connection, schedule), false)));
  }

  /** Somebody forgets the person at this moment; the next try finds or makes a new key. */
  private static <R> R withFreshKey(Supplier<R> work) {
    try {
      return work.get();
    } catch (StalePersonKey e) {
      return work.get();
    }
  }

  private StoredSchedule add(Connection connection, StoredSchedule schedule) throws SQLException {
    Optional<StoredSchedule> earlier = find(connection, schedule.id());
    if (earlier.isPresent()) {
      return earlier.get();
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      new Columns(database, statement)
          .text(schedule.id())
          .bytesOrNull(person(schedule).map(PersonKeys::hash))
          .bytes(seal(connection, schedule))
          .timeOrNull(schedule.due().orElse(null))
          .number(schedule.version());
      statement.executeUpdate();
      return schedule;
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  @Override
  public Optional<StoredSchedule> find(String id) {
    return transactions.read(connection -> find(connection, id));
  }

  private Optional<StoredSchedule> find(Connection connection, String id) throws SQLException {
    return query(connection, "WHERE id = ?", columns -> columns.text(id)).stream().findFirst();
  }

  @Override
  public List<StoredSchedule> list(String after, int limit) {
    return transactions.read(
        connection ->
            query(
                connection,
                "WHERE id > ? ORDER BY id LIMIT ?",
                columns -> columns.text(after).number(limit)));
  }

  @Override
  public List<StoredSchedule> due(Instant now, int limit) {
    return transactions.read(
        connection ->
            query(
                connection,
                "WHERE due <= ? ORDER BY due LIMIT ?",
                columns -> columns.time(now).number(limit)));
  }

  private List<StoredSchedule> query(Connection connection, String which, Columns.Setter parameters)
      throws SQLException {
    List<StoredSchedule> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, SELECT + which)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String id = rows.getString("id");
          try {
            byte[] body = bodies.open(connection, owner(id), rows.getBytes("body"));
            found.add(ScheduleCodec.read(id, body, rows.getLong("version")));
          } catch (UnreadableBody e) {
            log.error("schedule {} cannot be read ({}); it is left alone", id, e.getMessage());
          }
        }
      }
    }
    return found;
  }

  @Override
  public Optional<Instant> nextDue() {
    return transactions.read(
        connection -> {
          try (PreparedStatement statement =
                  tables.prepare(
                      connection,
                      "SELECT due FROM notify_schedule WHERE due IS NOT NULL"
                          + " ORDER BY due LIMIT 1");
              ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(database.time(rows, "due")) : Optional.empty();
          }
        });
  }

  @Override
  public Optional<StoredSchedule> replace(StoredSchedule next) {
    return withFreshKey(
        () ->
            transactions.run(
                connection ->
                    swap(connection, next) ? Optional.of(next.stored()) : Optional.empty()));
  }

  @Override
  public Optional<StoredSchedule> run(StoredSchedule next, Submission submission) {
    // Not tried again after a cut commit: the version tells whether it was one.
    return withFreshKey(() -> transactions.run(connection -> run(connection, next, submission)));
  }

  private Optional<StoredSchedule> run(
      Connection connection, StoredSchedule next, Submission submission) throws SQLException {
    if (!swap(connection, next)) {
      return Optional.empty();
    }
    Parcel parcel = new Parcel(submission, bodies.seal(connection, submission));
    acceptance.write(connection, List.of(parcel), OptionalLong.empty(), false);
    return Optional.of(next.stored());
  }

  private boolean swap(Connection connection, StoredSchedule next) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, SWAP)) {
      new Columns(database, statement)
          .bytesOrNull(person(next).map(PersonKeys::hash))
          .bytes(seal(connection, next))
          .timeOrNull(next.due().orElse(null))
          .number(next.version() + 1)
          .text(next.id())
          .number(next.version());
      return statement.executeUpdate() > 0;
    }
  }

  /**
   * Seals schedules as they would be now: a paused one stays as it is for ever, and an earlier key
   * that it needs could never be retired.
   */
  long reseal(BooleanSupplier goesOn) {
    long resealed = 0;
    String last = "";
    for (List<Sealed> page = after(last);
        !page.isEmpty() && goesOn.getAsBoolean();
        page = after(last)) {
      for (Sealed row : page) {
        // To a person or to many: the one is sealed by the person's key, the other by the store's.
        if (!bodies.isSealedAsNow(row.body()) && !bodies.isSealedForAPersonAsNow(row.body())) {
          resealed += find(row.id()).flatMap(this::replace).isPresent() ? 1 : 0;
        }
      }
      last = page.get(page.size() - 1).id();
    }
    return resealed;
  }

  private record Sealed(String id, byte[] body) {}

  private List<Sealed> after(String id) {
    return transactions.read(
        connection -> {
          List<Sealed> page = new ArrayList<>();
          String next = SELECT + "WHERE id > ? ORDER BY id LIMIT ?";
          try (PreparedStatement statement = tables.prepare(connection, next)) {
            new Columns(database, statement).text(id).number(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                page.add(new Sealed(rows.getString("id"), rows.getBytes("body")));
              }
            }
          }
          return page;
        });
  }

  @Override
  public boolean remove(String id) {
    return delete("id = ?", columns -> columns.text(id)) > 0;
  }

  @Override
  public long forget(String recipientId) {
    return delete("recipient_hash = ?", columns -> columns.bytes(PersonKeys.hash(recipientId)));
  }

  private int delete(String which, Columns.Setter parameters) {
    return transactions.run(
        connection -> {
          try (PreparedStatement statement =
              tables.prepare(connection, "DELETE FROM notify_schedule WHERE " + which)) {
            parameters.set(new Columns(database, statement));
            return statement.executeUpdate();
          }
        });
  }
}
