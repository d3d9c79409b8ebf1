package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.jdbc.Columns.Row;
import dev.notify.jdbc.MessageCodec.Body;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Delivery;
import dev.notify.model.NotificationRecord;
import dev.notify.model.RefusedException;
import dev.notify.spi.DigestStore.Finish;
import dev.notify.spi.DigestStore.Taken;
import dev.notify.spi.DigestStore.Wanted;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Windows of digests that have ended: many at a time, in as many statements as for one. */
final class EndedWindows {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  static final String SELECT =
      """
      SELECT id, recipient_id, category, opened_at, ends_at, due, items, version
      FROM notify_digest WHERE\s""";

  private static final String CLOSE =
      "UPDATE notify_digest SET slot = NULL, due = ?, version = ? WHERE id = ?";

  private static final String DUE = "due <= ?%s ORDER BY due LIMIT ?";

  private static final String POSTPONE =
      "UPDATE notify_digest SET due = ?, version = version + 1 WHERE id = ? AND version = ?";

  private static final String VERSIONS =
      "SELECT id, version FROM notify_digest WHERE id IN (%s) ORDER BY id FOR UPDATE";

  private static final String ITEMS =
      "SELECT i.digest_id, "
          + Lookups.OPEN_COLUMNS
          + " FROM notify_digestitem i JOIN notify_delivery d ON d.id = i.delivery_id"
          + " JOIN notify_message m ON m.id = d.message_id WHERE i.digest_id IN (%s) ORDER BY d.id";

  private static final String WAITING =
      "SELECT id FROM notify_delivery WHERE owner IS NULL AND id IN"
          + " (SELECT delivery_id FROM notify_digestitem WHERE digest_id IN (%s))"
          + " ORDER BY id FOR UPDATE";

  private static final String CONTENTS =
      "SELECT digest_id, delivery_id FROM notify_digestitem WHERE digest_id IN (%s)";

  private final Tables tables;
  private final Database database;
  private final Transactions transactions;
  private final Acceptance acceptance;
  private final Endings endings;
  private final Bodies bodies;
  private final Patterns patterns;

  EndedWindows(Tables tables, Transactions transactions, Acceptance acceptance, Parts parts) {
    this.tables = tables;
    this.transactions = transactions;
    this.acceptance = acceptance;
    endings = parts.endings();
    bodies = parts.bodies();
    patterns = parts.patterns();
    database = tables.database();
  }

  /** What reads and writes deliveries and what they say. */
  record Parts(Endings endings, Bodies bodies, Patterns patterns) {}

  /** Windows that a statement over {@link #SELECT} finds. */
  List<Window> find(Connection connection, String sql, Columns.Setter parameters)
      throws SQLException {
    List<Window> found = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Window(
                  database.id(rows, "id"),
                  rows.getString("recipient_id"),
                  rows.getString("category"),
                  database.time(rows, "opened_at"),
                  database.time(rows, "ends_at"),
                  database.time(rows, "due"),
                  rows.getInt("items"),
                  rows.getLong("version")));
        }
      }
    }
    return found;
  }

  /** Another node may open a window at any time, so it does not tell when. */
  Taken take(Wanted wanted, Instant due, Instant until) {
    if (wanted.categories().isEmpty() && !wanted.others()) {
      return new Taken(List.of(), Optional.empty());
    }
    String sql = SELECT + DUE.formatted(of(wanted));
    Columns.Setter parameters =
        columns -> {
          columns.time(due);
          for (String category : wanted.categories()) {
            columns.text(category);
          }
          columns.number(wanted.windows());
        };
    // A look that finds nothing, as nearly all of them, is a single statement and locks nothing.
    boolean isAnyDue =
        !transactions
            .byTurns(() -> transactions.look(connection -> find(connection, sql, parameters)))
            .isEmpty();
    return new Taken(
        isAnyDue
            ? transactions.run(
                connection -> {
                  String lock = " FOR UPDATE SKIP LOCKED";
                  List<Window> ended = find(connection, sql + lock, parameters);
                  return close(connection, wanted.first(ended), until);
                })
            : List.of(),
        Optional.empty());
  }

  private static String of(Wanted wanted) {
    if (wanted.categories().isEmpty()) {
      return "";
    }
    String marks = Lookups.marks(wanted.categories().size());
    return " AND category " + (wanted.others() ? "NOT IN (" : "IN (") + marks + ")";
  }

  Map<UUID, List<Held>> items(List<Window> windows) {
    return windows.isEmpty()
        ? Map.of()
        : transactions.read(connection -> items(connection, windows));
  }

  private Map<UUID, List<Held>> items(Connection connection, List<Window> windows)
      throws SQLException {
    Map<UUID, List<Held>> items = new HashMap<>();
    try (PreparedStatement statement = prepare(connection, ITEMS, windows);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        items
            .computeIfAbsent(database.id(rows, "digest_id"), id -> new ArrayList<>())
            .add(held(connection, rows));
      }
    }
    return items;
  }

  /** A statement about some windows. */
  private PreparedStatement prepare(Connection connection, String sql, List<Window> windows)
      throws SQLException {
    PreparedStatement statement =
        tables.prepare(connection, sql.formatted(Lookups.marks(windows.size())));
    Columns columns = new Columns(database, statement);
    for (Window window : windows) {
      columns.id(window.id());
    }
    return statement;
  }

  /** What cannot be read says nothing, but has to end. */
  private Held held(Connection connection, ResultSet rows) throws SQLException {
    Row row = Row.of(database, rows, Optional.empty());
    String recipientId = rows.getString("recipient_id");
    Instant acceptedAt = database.time(rows, "accepted_at");
    try {
      Body body = patterns.bodyToSend(connection, rows, row.messageId().value());
      return new Held(
          row.with(
              recipientId, body.targets().getOrDefault(row.id(), Lookups.UNREADABLE), acceptedAt),
          body.notification());
    } catch (UnreadableBody e) {
      return new Held(
          row.with(recipientId, Lookups.UNREADABLE, acceptedAt), NotificationRecord.ERASED);
    }
  }

  void postpone(List<Window> windows, Instant until) {
    if (windows.isEmpty()) {
      return;
    }
    int[] ignored =
        transactions.run(
            connection -> {
              try (PreparedStatement statement = tables.prepare(connection, POSTPONE)) {
                Columns columns = new Columns(database, statement);
                for (Window window : inOrder(windows)) {
                  columns.time(until).id(window.id()).number(window.version()).addBatch();
                }
                return statement.executeBatch();
              }
            });
  }

  /** Whoever locks several, locks them in this order. */
  private static List<Window> inOrder(List<Window> windows) {
    return windows.stream().sorted(Comparator.comparing(Window::id)).toList();
  }

  Set<UUID> finish(List<Finish> finishes) {
    if (finishes.isEmpty()) {
      return Set.of();
    }
    try {
      return finishSealed(finishes);
    } catch (RefusedException e) {
      if (finishes.size() == 1 || Transactions.isAbsence(e)) {
        throw e;
      }
      // One that cannot be written must not keep the others from it.
      Set<UUID> finished = new HashSet<>();
      for (Finish finish : finishes) {
        finished.addAll(finishAlone(finish));
      }
      return finished;
    }
  }

  private Set<UUID> finishAlone(Finish finish) {
    try {
      return finishSealed(List.of(finish));
    } catch (RefusedException e) {
      if (Transactions.isAbsence(e)) {
        throw e;
      }
      log.warn("digest {} cannot be written: {}", finish.window().id(), e.getMessage());
      return Set.of();
    }
  }

  private Set<UUID> finishSealed(List<Finish> finishes) {
    try {
      return finish(finishes, bodies::seal);
    } catch (StalePersonKey e) {
      return finish(finishes, bodies::sealAnew);
    }
  }

  private Set<UUID> finish(List<Finish> finishes, Function<Submission, byte[]> seal) {
    List<Sealed> all =
        finishes.stream()
            .map(
                one ->
                    new Sealed(
                        one,
                        one.said().stream().map(it -> new Parcel(it, seal.apply(it))).toList()))
            .toList();
    // Not tried again after a cut commit: whoever looks next finds the window there or gone.
    return transactions.run(
        connection -> {
          Set<UUID> standing = standing(connection, finishes);
          List<Sealed> kept = all.stream().filter(one -> standing.contains(one.id())).toList();
          if (kept.isEmpty()) {
            return standing;
          }
          List<Window> windows = kept.stream().map(one -> one.finish().window()).toList();
          List<Delivery> ended =
              kept.stream().flatMap(one -> one.finish().ended().stream()).toList();
          endings.move(connection, ended);
          keep(connection, kept.stream().flatMap(one -> one.parcels().stream()).toList());
          delete(connection, "DELETE FROM notify_digestitem WHERE digest_id IN (%s)", windows);
          delete(connection, "DELETE FROM notify_digest WHERE id IN (%s)", windows);
          endings.count(connection, ended);
          return standing;
        });
  }

  /** With what says its items ready to be written. */
  private record Sealed(Finish finish, List<Parcel> parcels) {
    UUID id() {
      return finish.window().id();
    }
  }

  private void keep(Connection connection, List<Parcel> parcels) throws SQLException {
    if (parcels.isEmpty()) {
      return;
    }
    if (!bodies.areFresh(connection, parcels.stream().map(Parcel::body).toList())) {
      throw new StalePersonKey();
    }
    acceptance.write(connection, parcels, OptionalLong.empty(), Whose.OURS, false);
  }

  private void delete(Connection connection, String sql, List<Window> windows) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, windows)) {
      statement.executeUpdate();
    }
  }

  /**
   * Those windows that nobody else has taken, and whose items are the very ones that wait; the rows
   * of both are locked then.
   */
  private Set<UUID> standing(Connection connection, List<Finish> finishes) throws SQLException {
    List<Window> taken = taken(connection, finishes.stream().map(Finish::window).toList());
    if (taken.isEmpty()) {
      return Set.of();
    }
    Set<UUID> ids = taken.stream().map(Window::id).collect(Collectors.toSet());
    Map<UUID, Set<UUID>> waiting = waiting(connection, taken);
    return finishes.stream()
        .filter(one -> ids.contains(one.window().id()))
        .filter(one -> ids(one.ended()).equals(waiting.getOrDefault(one.window().id(), Set.of())))
        .map(one -> one.window().id())
        .collect(Collectors.toSet());
  }

  private static Set<UUID> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(one -> one.id().value()).collect(Collectors.toSet());
  }

  /** Those that are as they were when they were taken. */
  private List<Window> taken(Connection connection, List<Window> windows) throws SQLException {
    Map<UUID, Long> versions = new HashMap<>();
    try (PreparedStatement statement = prepare(connection, VERSIONS, windows);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        versions.put(database.id(rows, "id"), rows.getLong("version"));
      }
    }
    return windows.stream()
        .filter(one -> Objects.equals(versions.get(one.id()), one.version()))
        .toList();
  }

  /** What waits in each window; the rows are locked. */
  private Map<UUID, Set<UUID>> waiting(Connection connection, List<Window> windows)
      throws SQLException {
    Set<UUID> open = new HashSet<>();
    try (PreparedStatement statement = prepare(connection, WAITING, windows);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        open.add(database.id(rows, "id"));
      }
    }
    Map<UUID, Set<UUID>> waiting = new HashMap<>();
    try (PreparedStatement statement = prepare(connection, CONTENTS, windows);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        UUID item = database.id(rows, "delivery_id");
        if (open.contains(item)) {
          waiting.computeIfAbsent(database.id(rows, "digest_id"), id -> new HashSet<>()).add(item);
        }
      }
    }
    return waiting;
  }

  /** Nothing more comes into them. */
  List<Window> close(Connection connection, List<Window> windows, Instant due) throws SQLException {
    if (windows.isEmpty()) {
      return windows;
    }
    try (PreparedStatement statement = tables.prepare(connection, CLOSE)) {
      Columns columns = new Columns(database, statement);
      for (Window window : inOrder(windows)) {
        columns.time(due).number(window.version() + 1).id(window.id()).addBatch();
      }
      statement.executeBatch();
    }
    return windows.stream().map(window -> closed(window, due)).toList();
  }

  private static Window closed(Window window, Instant due) {
    return new Window(
        window.id(),
        window.recipientId(),
        window.category(),
        window.opened(),
        window.end(),
        due,
        window.items(),
        window.version() + 1);
  }
}
