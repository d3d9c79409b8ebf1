package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.jdbc.Columns.Row;
import dev.notify.jdbc.MessageCodec.Body;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationRecord;
import dev.notify.spi.DigestStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The windows of digests in the tables. The row of a window is locked by whoever puts something
 * into it, closes or finishes it; its slot, which is unique, is empty once it is closed.
 */
final class Digests implements DigestStore {

  private static final String INSERT =
      """
      INSERT INTO notify_digest (id, slot, recipient_id, category, opened_at, ends_at, due, items,
        version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String SELECT =
      """
      SELECT id, recipient_id, category, opened_at, ends_at, due, items, version
      FROM notify_digest WHERE\s""";

  private static final String JOIN =
      "UPDATE notify_digest SET due = ?, items = ?, version = ? WHERE id = ?";

  private static final String CLOSE =
      "UPDATE notify_digest SET slot = NULL, due = ?, version = ? WHERE id = ?";

  private static final String DUE = "due <= ? AND category IN (%s) ORDER BY due LIMIT ?";

  private static final String POSTPONE =
      "UPDATE notify_digest SET due = ?, version = version + 1 WHERE id = ? AND version = ?";

  private static final String ITEM =
      "INSERT INTO notify_digestitem (delivery_id, digest_id) VALUES (?, ?)";

  private static final String ITEM_OF =
      """
      SELECT w.id, w.recipient_id, w.category, w.opened_at, w.ends_at, w.due, w.items, w.version
      FROM notify_digestitem i JOIN notify_digest w ON w.id = i.digest_id
      WHERE i.delivery_id = ?""";

  private static final String ITEMS =
      "SELECT "
          + Lookups.OPEN_COLUMNS
          + " FROM notify_digestitem i JOIN notify_delivery d ON d.id = i.delivery_id"
          + " JOIN notify_message m ON m.id = d.message_id WHERE i.digest_id = ? ORDER BY d.id";

  private static final String WAITING =
      "SELECT id FROM notify_delivery WHERE owner IS NULL AND id IN"
          + " (SELECT delivery_id FROM notify_digestitem WHERE digest_id = ?)"
          + " ORDER BY id FOR UPDATE";

  private static final List<String> FORGET =
      List.of(
          "DELETE FROM notify_digestitem WHERE digest_id IN"
              + " (SELECT id FROM notify_digest WHERE recipient_id = ?)",
          "DELETE FROM notify_digest WHERE recipient_id = ?");

  private final Tables tables;
  private final Database database;
  private final Transactions transactions;
  private final Acceptance acceptance;
  private final Endings endings;
  private final Bodies bodies;
  private final Patterns patterns;

  Digests(
      Tables tables,
      Transactions transactions,
      Acceptance acceptance,
      Endings endings,
      Bodies bodies,
      Patterns patterns) {
    this.tables = tables;
    this.transactions = transactions;
    this.acceptance = acceptance;
    this.endings = endings;
    this.bodies = bodies;
    this.patterns = patterns;
    database = tables.database();
  }

  private static byte[] hash(Slot slot) {
    // Neither an id nor a category can hold a line break.
    return Acceptance.hash(
        slot.recipientId() + "\n" + slot.category() + slot.key().map(key -> "\n" + key).orElse(""));
  }

  @Override
  public Optional<Window> open(Slot slot) {
    // The snapshot of an application's transaction may not show what it has to come into.
    String lock = transactions.isWithin() ? " FOR UPDATE" : "";
    return transactions.look(connection -> open(connection, slot, lock));
  }

  private Optional<Window> open(Connection connection, Slot slot, String lock) throws SQLException {
    return windows(connection, SELECT + "slot = ?" + lock, columns -> columns.bytes(hash(slot)))
        .stream()
        .findFirst();
  }

  private List<Window> windows(Connection connection, String sql, Columns.Setter parameters)
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

  /** In a transaction of its own. */
  Entered collect(Submission submission, Joining joining) {
    try {
      return collect(new Parcel(submission, bodies.seal(submission)), joining);
    } catch (StalePersonKey e) {
      return collect(new Parcel(submission, bodies.sealAnew(submission)), joining);
    }
  }

  private Entered collect(Parcel parcel, Joining joining) {
    return transactions.runSurely(
        again ->
            connection -> {
              if (!bodies.areFresh(connection, List.of(parcel.body()))) {
                throw new StalePersonKey();
              }
              return collect(connection, parcel, joining, Whose.OURS, again);
            },
        false);
  }

  /**
   * In a transaction that goes on.
   *
   * @param whose whose transaction it is
   * @param again whether an earlier try may have been committed
   */
  Entered collect(Connection connection, Parcel parcel, Joining joining, Whose whose, boolean again)
      throws SQLException {
    Submission submission = parcel.submission();
    Optional<Delivery> item = DigestStore.held(submission);
    if (again && item.isPresent()) {
      UUID delivery = item.get().id().value();
      List<Window> entered = windows(connection, ITEM_OF, columns -> columns.id(delivery));
      if (!entered.isEmpty()) {
        return Entered.into(entered.get(0));
      }
    }
    Optional<Window> open = open(connection, joining.slot(), " FOR UPDATE");
    boolean isMine = open.filter(one -> one.id().equals(joining.fresh().id())).isPresent();
    if (joining.part() == Part.LEADS ? open.isPresent() && !isMine : isMissed(open, joining)) {
      return Entered.missed();
    }
    if (open.isPresent() && item.isPresent() && joining.isFull(open.get())) {
      close(connection, open.get(), open.get().due());
      open = Optional.empty();
    }
    Window window = open.isPresent() ? open.get() : opened(connection, joining);
    if (joining.part() == Part.LEADS && !window.id().equals(joining.fresh().id())) {
      return Entered.missed();
    }
    Optional<KeyUse> earlier =
        acceptance.write(connection, List.of(parcel), OptionalLong.empty(), whose, again).get(0);
    if (earlier.isPresent()) {
      if (window.items() == 0 && window.id().equals(joining.fresh().id())) {
        update(connection, "DELETE FROM notify_digest WHERE id = ?", at -> at.id(window.id()));
      }
      return Entered.replayed(earlier.get());
    }
    return Entered.into(
        item.isPresent() ? joined(connection, window, item.get(), joining) : window);
  }

  private static boolean isMissed(Optional<Window> open, Joining joining) {
    return joining.part() == Part.FOLLOWS && open.isEmpty();
  }

  /** The window of a slot that had none; another process may have been faster. */
  private Window opened(Connection connection, Joining joining) throws SQLException {
    Window fresh = joining.fresh();
    String insert = database == Database.H2 ? INSERT : database.insertOnce(INSERT);
    try {
      int ignored =
          update(
              connection,
              insert,
              columns ->
                  columns
                      .id(fresh.id())
                      .bytes(hash(joining.slot()))
                      .text(fresh.recipientId())
                      .text(fresh.category())
                      .time(fresh.opened())
                      .time(fresh.end())
                      .time(fresh.due())
                      .number(fresh.items())
                      .number(fresh.version()));
    } catch (SQLException e) {
      if (!Counters.DUPLICATE_KEY.equals(e.getSQLState())) {
        throw e;
      }
    }
    Optional<Window> open = open(connection, joining.slot(), " FOR UPDATE");
    // Somebody else's, closed again in between: as if it had collided.
    return open.orElseThrow(() -> new SQLException("window of a digest came and went", "40001"));
  }

  private Window joined(Connection connection, Window window, Delivery item, Joining joining)
      throws SQLException {
    Window next = joining.joined(window, item.createdAt());
    int ignored =
        update(
            connection,
            JOIN,
            columns ->
                columns.time(next.due()).number(next.items()).number(next.version()).id(next.id()));
    ignored = update(connection, ITEM, columns -> columns.id(item.id().value()).id(next.id()));
    return next;
  }

  private Window close(Connection connection, Window window, Instant due) throws SQLException {
    int ignored =
        update(
            connection,
            CLOSE,
            columns -> columns.time(due).number(window.version() + 1).id(window.id()));
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

  private int update(Connection connection, String sql, Columns.Setter parameters)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      return statement.executeUpdate();
    }
  }

  /** {@inheritDoc} Another node may open a window at any time, so it does not tell when. */
  @Override
  public Taken take(Set<String> categories, Instant now, Duration lease, int most) {
    String sql = SELECT + DUE.formatted(Lookups.marks(categories.size()));
    Columns.Setter parameters =
        columns -> {
          columns.time(now);
          for (String category : categories) {
            columns.text(category);
          }
          columns.number(most);
        };
    // A look that finds nothing, as nearly all of them, is a single statement and locks nothing.
    boolean isAnyDue =
        !transactions
            .<List<Window>>look(connection -> windows(connection, sql, parameters))
            .isEmpty();
    return new Taken(
        isAnyDue
            ? transactions.run(
                connection -> {
                  List<Window> taken = new ArrayList<>();
                  for (Window due :
                      windows(connection, sql + " FOR UPDATE SKIP LOCKED", parameters)) {
                    taken.add(close(connection, due, now.plus(lease)));
                  }
                  return taken;
                })
            : List.of(),
        Optional.empty());
  }

  @Override
  public List<Held> items(Window window) {
    return transactions.read(connection -> items(connection, window));
  }

  private List<Held> items(Connection connection, Window window) throws SQLException {
    List<Held> items = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, ITEMS)) {
      new Columns(database, statement).id(window.id());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          items.add(held(connection, rows));
        }
      }
    }
    return items;
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

  @Override
  public void postpone(Window window, Instant until) {
    int ignored =
        transactions.run(
            connection ->
                update(
                    connection,
                    POSTPONE,
                    columns -> columns.time(until).id(window.id()).number(window.version())));
  }

  @Override
  public boolean finish(Window window, List<Delivery> ended, Optional<Submission> digest) {
    try {
      return finish(window, ended, digest, bodies::seal);
    } catch (StalePersonKey e) {
      return finish(window, ended, digest, bodies::sealAnew);
    }
  }

  private boolean finish(
      Window window,
      List<Delivery> ended,
      Optional<Submission> digest,
      Function<Submission, byte[]> seal) {
    List<Parcel> parcels = digest.stream().map(one -> new Parcel(one, seal.apply(one))).toList();
    // Not tried again after a cut commit: whoever looks next finds the window there or gone.
    return transactions.run(
        connection -> {
          if (!isTaken(connection, window) || !areAll(connection, window, ended)) {
            return false;
          }
          endings.move(connection, ended);
          if (!parcels.isEmpty()) {
            if (!bodies.areFresh(connection, parcels.stream().map(Parcel::body).toList())) {
              throw new StalePersonKey();
            }
            acceptance.write(connection, parcels, OptionalLong.empty(), Whose.OURS, false);
          }
          update(
              connection,
              "DELETE FROM notify_digestitem WHERE digest_id = ?",
              columns -> columns.id(window.id()));
          update(
              connection,
              "DELETE FROM notify_digest WHERE id = ?",
              columns -> columns.id(window.id()));
          endings.count(connection, ended);
          return true;
        });
  }

  private boolean isTaken(Connection connection, Window window) throws SQLException {
    return windows(connection, SELECT + "id = ? FOR UPDATE", columns -> columns.id(window.id()))
        .stream()
        .anyMatch(one -> one.version() == window.version());
  }

  /** Whether these are the very items that wait; their rows are locked then. */
  private boolean areAll(Connection connection, Window window, List<Delivery> ended)
      throws SQLException {
    Set<DeliveryId> waiting = new HashSet<>();
    try (PreparedStatement statement = tables.prepare(connection, WAITING)) {
      new Columns(database, statement).id(window.id());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          waiting.add(new DeliveryId(database.id(rows, "id")));
        }
      }
    }
    Set<DeliveryId> ids = new HashSet<>();
    ended.forEach(item -> ids.add(item.id()));
    return waiting.equals(ids);
  }

  /** Deletes the windows of a person, so that nothing comes of what is being made of them. */
  void forget(String recipientId) {
    int ignored =
        transactions.run(
            connection -> {
              int deleted = 0;
              for (String sql : FORGET) {
                deleted += update(connection, sql, columns -> columns.text(recipientId));
              }
              return deleted;
            });
  }
}
