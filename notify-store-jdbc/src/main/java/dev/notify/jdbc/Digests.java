package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.model.Delivery;
import dev.notify.spi.DigestStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

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

  private static final String JOIN =
      "UPDATE notify_digest SET due = ?, items = ?, version = ? WHERE id = ?";

  private static final String ITEM =
      "INSERT INTO notify_digestitem (delivery_id, digest_id) VALUES (?, ?)";

  private static final String ITEM_OF =
      """
      SELECT w.id, w.recipient_id, w.category, w.opened_at, w.ends_at, w.due, w.items, w.version
      FROM notify_digestitem i JOIN notify_digest w ON w.id = i.digest_id
      WHERE i.delivery_id = ?""";

  private static final List<String> FORGET =
      List.of(
          "DELETE FROM notify_digestitem WHERE digest_id IN"
              + " (SELECT id FROM notify_digest WHERE recipient_id = ?)",
          "DELETE FROM notify_digest WHERE recipient_id = ?");

  private final Tables tables;
  private final Database database;
  private final Transactions transactions;
  private final Acceptance acceptance;
  private final Bodies bodies;
  private final EndedWindows ended;

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
    this.bodies = bodies;
    database = tables.database();
    ended =
        new EndedWindows(
            tables, transactions, acceptance, new EndedWindows.Parts(endings, bodies, patterns));
  }

  private static byte[] hash(Slot slot) {
    // Neither an id nor a category can hold a line break.
    return Sha256.of(
        slot.recipientId() + "\n" + slot.category() + slot.key().map(key -> "\n" + key).orElse(""));
  }

  @Override
  public Optional<Window> open(Slot slot) {
    // The snapshot of an application's transaction may not show what it has to come into.
    String lock = transactions.isWithin() ? " FOR UPDATE" : "";
    return transactions.look(connection -> open(connection, slot, lock));
  }

  private Optional<Window> open(Connection connection, Slot slot, String lock) throws SQLException {
    return ended
        .find(
            connection,
            EndedWindows.SELECT + "slot = ?" + lock,
            columns -> columns.bytes(hash(slot)))
        .stream()
        .findFirst();
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
      List<Window> entered = ended.find(connection, ITEM_OF, columns -> columns.id(delivery));
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
      var ignored = ended.close(connection, List.of(open.get()), open.get().due());
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

  private int update(Connection connection, String sql, Columns.Setter parameters)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      return statement.executeUpdate();
    }
  }

  @Override
  public Taken take(Wanted wanted, Instant due, Instant until) {
    return ended.take(wanted, due, until);
  }

  @Override
  public Map<UUID, List<Held>> items(List<Window> windows) {
    return ended.items(windows);
  }

  @Override
  public void postpone(List<Window> windows, Instant until) {
    ended.postpone(windows, until);
  }

  @Override
  public Set<UUID> finish(List<Finish> finishes) {
    return ended.finish(finishes);
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
