package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.ConfigurationException;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.ScheduleStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recurring schedules in the tables. What a run sends is written and the schedule is moved on in
 * one transaction, under the version that was read: whoever comes second rolls back.
 */
final class StoredSchedules implements ScheduleStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final String INSERT =
      """
      INSERT INTO notify_schedule (id, recipient_hash, body, due, version)
      VALUES (?, ?, ?, ?, ?)""";

  private static final String SELECT = "SELECT id, body, version FROM notify_schedule ";

  private static final String BY_ID = "WHERE id = ?";

  private static final String SWAP =
      """
      UPDATE notify_schedule SET recipient_hash = ?, body = ?, due = ?, version = ?
      WHERE id = ? AND version = ?""";

  private static final String RESEAL =
      "UPDATE notify_schedule SET body = ? WHERE id = ? AND version = ?";

  private static final String LEAVE_ALONE =
      "UPDATE notify_schedule SET due = ? WHERE id = ? AND version = ? AND due <= ?";

  /** What cannot be read is looked at again after so long: its key may come back. */
  private static final Duration LEFT_ALONE = Duration.ofMinutes(1);

  private static final int AT_ONCE = 100;

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
    List<Row> earlier = rows(connection, BY_ID, columns -> columns.text(schedule.id()));
    if (!earlier.isEmpty()) {
      return known(connection, earlier.get(0));
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

  private StoredSchedule known(Connection connection, Row row) throws SQLException {
    try {
      return opened(connection, row);
    } catch (UnreadableBody e) {
      throw new ConfigurationException(
          "schedule '" + row.id() + "' is there, and cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<StoredSchedule> find(String id) {
    return transactions.read(connection -> find(connection, id));
  }

  private Optional<StoredSchedule> find(Connection connection, String id) throws SQLException {
    return query(connection, BY_ID, columns -> columns.text(id)).stream().findFirst();
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
    List<Row> unreadable = new ArrayList<>();
    List<StoredSchedule> due =
        transactions.readByTurns(
            connection -> {
              unreadable.clear();
              return query(
                  connection,
                  "WHERE due <= ? ORDER BY due LIMIT ?",
                  columns -> columns.time(now).number(limit),
                  unreadable::add);
            });
    if (!unreadable.isEmpty()) {
      leaveAlone(unreadable, now);
    }
    return due;
  }

  /** Or they would stand before all others for ever, and be told of every second. */
  private void leaveAlone(List<Row> unreadable, Instant now) {
    int ignored =
        transactions.run(
            connection -> {
              try (PreparedStatement statement = tables.prepare(connection, LEAVE_ALONE)) {
                for (Row row : unreadable) {
                  new Columns(database, statement)
                      .time(now.plus(LEFT_ALONE))
                      .text(row.id())
                      .number(row.version())
                      .time(now)
                      .addBatch();
                }
                return statement.executeBatch().length;
              }
            });
  }

  private List<StoredSchedule> query(Connection connection, String which, Columns.Setter parameters)
      throws SQLException {
    return query(connection, which, parameters, unreadable -> {});
  }

  private List<StoredSchedule> query(
      Connection connection, String which, Columns.Setter parameters, Consumer<Row> unreadable)
      throws SQLException {
    List<StoredSchedule> found = new ArrayList<>();
    for (Row row : rows(connection, which, parameters)) {
      try {
        found.add(opened(connection, row));
      } catch (UnreadableBody e) {
        log.error("schedule {} cannot be read ({}); it is left alone", row.id(), e.getMessage());
        unreadable.accept(row);
      }
    }
    return found;
  }

  private record Row(String id, byte[] body, long version) {}

  private StoredSchedule opened(Connection connection, Row row)
      throws SQLException, UnreadableBody {
    byte[] body = bodies.open(connection, owner(row.id()), row.body());
    return ScheduleCodec.read(row.id(), body, row.version());
  }

  private List<Row> rows(Connection connection, String which, Columns.Setter parameters)
      throws SQLException {
    List<Row> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, SELECT + which)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(new Row(rows.getString("id"), rows.getBytes("body"), rows.getLong("version")));
        }
      }
    }
    return found;
  }

  /**
   * Seals by the current key what an earlier one sealed: schedules stay for good, and one that runs
   * once a year would need that key until then.
   *
   * @return how many
   */
  long reseal(BooleanSupplier goesOn) {
    long resealed = 0;
    List<Row> page = after("");
    while (!page.isEmpty() && goesOn.getAsBoolean()) {
      for (Row row : page) {
        if (bodies.isToBeSealedAnew(row.body(), false)) {
          resealed += withFreshKey(() -> transactions.run(connection -> reseal(connection, row)));
        }
      }
      page = after(page.get(page.size() - 1).id());
    }
    return resealed;
  }

  private List<Row> after(String id) {
    return transactions.read(
        connection ->
            rows(
                connection,
                "WHERE id > ? ORDER BY id LIMIT ?",
                columns -> columns.text(id).number(AT_ONCE)));
  }

  /** Without effect on one that was changed meanwhile: that has sealed it. */
  private int reseal(Connection connection, Row row) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, RESEAL)) {
      new Columns(database, statement)
          .bytes(seal(connection, opened(connection, row)))
          .text(row.id())
          .number(row.version());
      return statement.executeUpdate();
    } catch (UnreadableBody e) {
      log.warn("schedule {} stays as it is: {}", row.id(), e.getMessage());
      return 0;
    }
  }

  @Override
  public Optional<Instant> nextDue() {
    return transactions.readByTurns(this::nextDue);
  }

  private Optional<Instant> nextDue(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            tables.prepare(
                connection,
                "SELECT due FROM notify_schedule WHERE due IS NOT NULL ORDER BY due LIMIT 1");
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(database.time(rows, "due")) : Optional.empty();
    }
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
    acceptance.write(connection, List.of(parcel), OptionalLong.empty(), Whose.OURS, false);
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
