package dev.notify.jdbc;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes what became of deliveries: those that ended leave the table of open ones for good, the
 * others go back to wait. A change under another lease or owner than the row's has no effect.
 */
class Endings {

  private static final int LONGEST_MESSAGE_ID = 512;
  private static final int LONGEST_DETAIL = 1_000;

  private static final String LEAVE =
      "DELETE FROM notify_delivery WHERE id = ? AND lease = ? AND owner = ?";

  private static final String WAIT =
      """
      UPDATE notify_delivery SET owner = NULL, status = ?, due = ?, attempts = ?, deaths = 0,
        counted = ?, updated_at = ?, provider = ?, reason_code = ?, reason_detail = ?
      WHERE id = ? AND lease = ? AND owner = ?""";

  private static final String OUTCOME =
      """
      INSERT INTO notify_outcome (id, message_id, channel, priority, status, due, expires_at,
        lease, attempts, counted, updated_at, dead_letter, provider, provider_message_id,
        reason_code, reason_detail, attempt_at, attempt_us, cost_micros, cost_currency)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String ATTEMPT =
      """
      INSERT INTO notify_attempt (delivery_id, lease, position, provider, started_at, duration_us,
        outcome, detail, wait_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String WAITS =
      "SELECT 1 FROM notify_delivery WHERE id = ? AND lease = ? AND owner IS NULL";

  private static final String LOGGED =
      "SELECT 1 FROM notify_attempt WHERE delivery_id = ? AND lease = ?";

  private static final String ENDED =
      "SELECT status, reason_code, reason_detail, updated_at FROM notify_outcome"
          + " WHERE id = ? AND lease = ?";

  private static final Comparator<Change> BY_ID =
      Comparator.comparing(change -> change.next().id());

  private final Tables tables;
  private final Database database;
  private final Counts counts;
  private final Exposures exposures;
  private final Rollups rollups;
  private final Tally tally;

  Endings(Tables tables) {
    this.tables = tables;
    counts = new Counts(tables);
    exposures = new Exposures(tables);
    rollups = new Rollups(tables);
    tally = new Tally(tables, counts, rollups);
    database = tables.database();
  }

  /**
   * What became of a delivery that this node held.
   *
   * @param next how it stands now
   * @param attempts the provider calls that led to it
   */
  record Change(Delivery next, List<Attempt> attempts) {}

  /**
   * Writes the changes, ordered by id so that two nodes cannot deadlock. What was called off
   * meanwhile ends instead of waiting again.
   *
   * @return how each delivery stands now; empty where the change did not take
   */
  List<Optional<Delivery>> write(Connection connection, List<Change> changes, long node)
      throws SQLException {
    List<Change> sorted = changes.stream().sorted(BY_ID).toList();
    List<Change> waiting = sorted.stream().filter(Endings::waits).toList();
    List<Change> leaving = sorted.stream().filter(change -> !waits(change)).toList();
    Set<UUID> taken = new HashSet<>();
    if (!waiting.isEmpty()) {
      taken.addAll(putBack(connection, waiting, node));
    }
    if (!leaving.isEmpty()) {
      taken.addAll(leave(connection, leaving, node));
    }
    log(connection, sorted.stream().filter(change -> isIn(taken, change)).toList());
    Map<UUID, Delivery> calledOff = endCalledOff(connection, waiting, taken);
    List<Delivery> ended = new ArrayList<>(calledOff.values());
    leaving.stream().filter(change -> isIn(taken, change)).map(Change::next).forEach(ended::add);
    count(connection, ended);
    return changes.stream()
        .map(Change::next)
        .map(
            next ->
                taken.contains(next.id().value())
                    ? Optional.of(calledOff.getOrDefault(next.id().value(), next))
                    : Optional.<Delivery>empty())
        .toList();
  }

  private Map<UUID, Delivery> endCalledOff(
      Connection connection, List<Change> waiting, Set<UUID> taken) throws SQLException {
    Map<UUID, Delivery> ended = new HashMap<>();
    List<Delivery> putBack =
        waiting.stream().filter(change -> isIn(taken, change)).map(Change::next).toList();
    Map<UUID, CancelOrder> orders =
        CancelOrder.among(tables, connection, putBack.stream().map(Delivery::id).toList());
    for (Delivery delivery : putBack) {
      CancelOrder order = orders.get(delivery.id().value());
      if (order != null && order.endsInstead(delivery)) {
        Delivery end = order.carriedOut(delivery, delivery.updatedAt());
        move(connection, end);
        ended.put(end.id().value(), end);
      }
    }
    return ended;
  }

  /** Counts what has ended; the last thing of a transaction of our own. */
  void count(Connection connection, List<Delivery> ended) throws SQLException {
    exposures.note(connection, ended);
    rollups.ended(connection, ended, counts.shard());
    counts.ended(connection, ended, counts.shard());
  }

  Counts counts() {
    return counts;
  }

  Rollups rollups() {
    return rollups;
  }

  Tally tally() {
    return tally;
  }

  Exposures exposures() {
    return exposures;
  }

  private static boolean isIn(Set<UUID> taken, Change change) {
    return taken.contains(change.next().id().value());
  }

  private static boolean waits(Change change) {
    return change.next().status().isOpen();
  }

  private static Set<UUID> taken(List<Change> changes, int[] counts) {
    Set<UUID> taken = new HashSet<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        taken.add(changes.get(i).next().id().value());
      }
    }
    return taken;
  }

  /**
   * For changes that may have been written before, by a try whose commit was cut off: takes one as
   * written if the tables show it so.
   */
  List<Optional<Delivery>> confirm(
      Connection connection, List<Change> changes, List<Optional<Delivery>> taken)
      throws SQLException {
    List<Optional<Delivery>> confirmed = new ArrayList<>(taken);
    for (int i = 0; i < changes.size(); i++) {
      if (confirmed.get(i).isEmpty()) {
        confirmed.set(i, written(connection, changes.get(i).next()));
      }
    }
    return confirmed;
  }

  /**
   * How a delivery stands that an earlier try has written; empty if none has. One that was to wait
   * may have gone on meanwhile: then the log of attempts tells of it, or its end under our lease.
   * An order to cancel that was carried out with our change bears its time; whoever has called it
   * off since then has told of it.
   */
  private Optional<Delivery> written(Connection connection, Delivery next) throws SQLException {
    Optional<Delivery> ended = ended(connection, next);
    if (ended.isPresent() || !next.status().isOpen()) {
      return ended;
    }
    return finds(connection, WAITS, next) || finds(connection, LOGGED, next)
        ? Optional.of(next)
        : Optional.empty();
  }

  private Optional<Delivery> ended(Connection connection, Delivery next) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, ENDED)) {
      new Columns(database, statement).id(next.id().value()).number(next.lease());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        DeliveryStatus status = Codes.status(rows.getInt("status"));
        if (!next.status().isOpen()) {
          // A provider may have told more of it already.
          return Optional.of(next)
              .filter(same -> same.status() == status || same.status().canBecome(status));
        }
        Instant ours = next.updatedAt().truncatedTo(ChronoUnit.MICROS);
        if (!database.time(rows, "updated_at").equals(ours)) {
          return Optional.of(next);
        }
        Reason reason = Columns.reason(rows).orElse(Reason.of(Reason.CANCELLED));
        return Optional.of(next)
            .filter(waiting -> waiting.status().canBecome(status))
            .map(waiting -> waiting.ended(status, reason, waiting.updatedAt()));
      }
    }
  }

  private boolean finds(Connection connection, String sql, Delivery delivery) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).id(delivery.id().value()).number(delivery.lease());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Ends a delivery that nobody holds, and counts it; the caller has its row locked. */
  void end(Connection connection, Delivery ended) throws SQLException {
    move(connection, ended);
    count(connection, List.of(ended));
  }

  /** Moves a delivery that nobody holds among the outcomes; the caller has its row locked. */
  void move(Connection connection, Delivery ended) throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(connection, "DELETE FROM notify_delivery WHERE id = ?")) {
      new Columns(database, statement).id(ended.id().value());
      statement.executeUpdate();
    }
    insert(connection, List.of(ended), List.of());
  }

  /** The same for several; the caller counts them at the end of its transaction. */
  void move(Connection connection, List<Delivery> ended) throws SQLException {
    if (ended.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        tables.prepare(connection, "DELETE FROM notify_delivery WHERE id = ?")) {
      Columns columns = new Columns(database, statement);
      for (Delivery delivery : ended) {
        columns.id(delivery.id().value()).addBatch();
      }
      statement.executeBatch();
    }
    insert(connection, ended, List.of());
  }

  /** Puts back what waits again; answers whose change took. */
  Set<UUID> putBack(Connection connection, List<Change> changes, long node) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, WAIT)) {
      Columns columns = new Columns(database, statement);
      for (Change change : changes) {
        Delivery next = change.next();
        columns
            .number(Codes.of(next.status()))
            .time(next.due())
            .number(next.attempts())
            .flag(next.counted())
            .time(next.updatedAt())
            .text(next.provider())
            .reason(next.reason())
            .id(next.id().value())
            .number(next.lease())
            .number(node)
            .addBatch();
      }
      return taken(changes, statement.executeBatch());
    }
  }

  /** Moves what has ended among the outcomes; answers whose change took. */
  Set<UUID> leave(Connection connection, List<Change> changes, long node) throws SQLException {
    Set<UUID> left = taken(changes, remove(connection, changes, node));
    List<Change> gone = changes.stream().filter(change -> isIn(left, change)).toList();
    insert(
        connection,
        gone.stream().map(Change::next).toList(),
        gone.stream().map(Endings::lastWord).toList());
    return left;
  }

  private int[] remove(Connection connection, List<Change> changes, long node) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LEAVE)) {
      Columns columns = new Columns(database, statement);
      for (Change change : changes) {
        columns
            .id(change.next().id().value())
            .number(change.next().lease())
            .number(node)
            .addBatch();
      }
      return statement.executeBatch();
    }
  }

  /** The attempt that ended a sent delivery; it stands beside it and not in the log. */
  static @Nullable Attempt lastWord(Change change) {
    if (change.next().status() != DeliveryStatus.SENT || change.attempts().isEmpty()) {
      return null;
    }
    Attempt last = change.attempts().get(change.attempts().size() - 1);
    boolean tellsNoMore =
        last.outcome() instanceof Outcome.Accepted accepted
            && Optional.of(accepted.providerMessageId()).equals(change.next().providerMessageId())
            && Optional.of(last.provider()).equals(change.next().provider());
    return tellsNoMore ? last : null;
  }

  static boolean isDeadLetter(Delivery delivery) {
    return delivery.status() == DeliveryStatus.DEAD;
  }

  /** Writes deliveries that have ended. */
  void insert(Connection connection, List<Delivery> ended, List<@Nullable Attempt> lastWords)
      throws SQLException {
    if (ended.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, database.insertOnce(OUTCOME))) {
      Columns columns = new Columns(database, statement);
      for (int i = 0; i < ended.size(); i++) {
        Delivery delivery = ended.get(i);
        Attempt last = i < lastWords.size() ? lastWords.get(i) : null;
        columns
            .id(delivery.id().value())
            .id(delivery.notificationId().value())
            .text(delivery.channel().name())
            .number(Codes.of(delivery.lane().priority()))
            .number(Codes.of(delivery.status()))
            .time(delivery.due())
            .time(delivery.expiresAt())
            .number(delivery.lease())
            .number(delivery.attempts())
            .flag(delivery.counted())
            .time(delivery.updatedAt())
            .flag(isDeadLetter(delivery))
            .text(delivery.provider())
            .text(delivery.providerMessageId().map(Endings::shortened))
            .reason(delivery.reason())
            .timeOrNull(last == null ? null : last.startedAt())
            .numberOrNull(last == null ? null : (Long) micros(last))
            .cost(delivery.cost())
            .addBatch();
      }
      statement.executeBatch();
    }
  }

  private void log(Connection connection, List<Change> changes) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, ATTEMPT)) {
      Columns columns = new Columns(database, statement);
      boolean any = false;
      for (Change change : changes) {
        int inLog = change.attempts().size() - (lastWord(change) == null ? 0 : 1);
        for (int position = 0; position < inLog; position++) {
          Attempt attempt = change.attempts().get(position);
          columns
              .id(change.next().id().value())
              .number(change.next().lease())
              .number(position)
              .text(attempt.provider())
              .time(attempt.startedAt())
              .number(micros(attempt))
              .number(Codes.of(attempt.outcome()))
              .text(detail(attempt.outcome()))
              .numberOrNull(Codes.waitOf(attempt.outcome()))
              .addBatch();
          any = true;
        }
      }
      if (any) {
        statement.executeBatch();
      }
    }
  }

  private static String detail(Outcome outcome) {
    String detail = Codes.detailOf(outcome);
    return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL);
  }

  static long micros(Attempt attempt) {
    return attempt.duration().toNanos() / 1_000;
  }

  /** Ids longer than any vendor's are found by their beginning. */
  static String shortened(String messageId) {
    return messageId.length() <= LONGEST_MESSAGE_ID
        ? messageId
        : messageId.substring(0, LONGEST_MESSAGE_ID);
  }
}
