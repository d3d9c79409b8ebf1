package dev.notify.jdbc;

import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.jdbc.SegmentSql.Window;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Device;
import dev.notify.model.RecipientEntry;
import dev.notify.model.RefusedException;
import dev.notify.model.Segment;
import dev.notify.spi.Audience;
import dev.notify.spi.RecipientStore;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People in the tables. A person's row has all that is known of them; devices and facts are there
 * to find people by, and are changed in the transaction that changes the row, under its lock.
 */
final class Recipients implements RecipientStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int MOST_TRIES = 20;
  private static final int AT_ONCE = 200;

  /** A page looks at so many times as many people as it has room for, and then at the next. */
  private static final int LOOK_AHEAD = 4;

  /** And at so many portions of them at most, so that one page never takes long. */
  private static final int MOST_PORTIONS = 100;

  private static final String BY_ID =
      "SELECT serial, recipient_id, body FROM notify_recipient WHERE id_hash = ?";

  private static final String SEVERAL = "SELECT serial, recipient_id, body FROM notify_recipient";

  private static final String BY_SERIAL =
      "SELECT serial, recipient_id, body FROM notify_recipient WHERE serial = ?";

  private static final String INSERT =
      "INSERT INTO notify_recipient (id_hash, recipient_id, body, updated_at) VALUES (?, ?, ?, ?)";

  private static final String UPDATE =
      "UPDATE notify_recipient SET body = ?, updated_at = ? WHERE serial = ?";

  private static final String OWNER =
      "SELECT recipient_serial FROM notify_device WHERE token_hash = ?";

  private static final String OWNER_ID =
      """
      SELECT r.recipient_id FROM notify_device d
      JOIN notify_recipient r ON r.serial = d.recipient_serial WHERE d.token_hash = ?""";

  private static final String UNSEEN =
      """
      SELECT DISTINCT r.recipient_id FROM notify_device d
      JOIN notify_recipient r ON r.serial = d.recipient_serial WHERE d.seen_at < ? LIMIT ?""";

  private static final String ADD_DEVICE =
      "INSERT INTO notify_device (token_hash, recipient_serial, seen_at) VALUES (?, ?, ?)";

  private static final String SEE_DEVICE =
      "UPDATE notify_device SET seen_at = ? WHERE token_hash = ? AND recipient_serial = ?";

  private static final String REMOVE_DEVICE =
      "DELETE FROM notify_device WHERE token_hash = ? AND recipient_serial = ?";

  private static final List<String> DELETE =
      List.of(
          "DELETE FROM notify_fact WHERE recipient_serial = ?",
          "DELETE FROM notify_device WHERE recipient_serial = ?",
          "DELETE FROM notify_recipient WHERE serial = ?");

  private static final String PAGE =
      "SELECT r.serial, r.recipient_id, r.body FROM notify_recipient r"
          + " WHERE r.serial > ? AND r.serial <= ? AND ";

  private static final String NEXT =
      """
      SELECT serial, body FROM notify_recipient WHERE serial > ? ORDER BY serial LIMIT ?""";

  private static final String LAST = "SELECT MAX(serial) FROM notify_recipient";

  private static final String IN_ORDER = " ORDER BY r.serial LIMIT ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Bodies bodies;
  private final InstantSource clock;
  private final Recent<String, Optional<RecipientEntry>> recent;
  private final ReadTogether<String, Optional<RecipientEntry>> together =
      new ReadTogether<>(this::read, this::read);
  private final ByHash several;
  private final Facts facts;

  Recipients(
      Transactions transactions,
      Tables tables,
      Bodies bodies,
      InstantSource clock,
      Recent<String, Optional<RecipientEntry>> recent,
      Facts facts) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.bodies = bodies;
    this.clock = clock;
    this.recent = recent;
    several = new ByHash(tables, SEVERAL, "id_hash");
    this.facts = facts;
  }

  /** Somebody else was first; what was done is undone and begun again. */
  private static final class Raced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Raced() {
      super("somebody else was first", null, false, false);
    }
  }

  private record Row(long serial, RecipientEntry entry) {}

  private static byte[] hash(String recipientId) {
    return Sha256.of("notify recipient\0" + recipientId);
  }

  private static byte[] hash(Address device) {
    return Sha256.of("notify device\0" + device.value());
  }

  /** What a person's body is bound to, so that it opens in no other row. */
  private static UUID owner(String recipientId) {
    ByteBuffer hash = ByteBuffer.wrap(hash(recipientId));
    return new UUID(hash.getLong(), hash.getLong());
  }

  @Override
  public Optional<RecipientEntry> entry(String recipientId) {
    if (transactions.isWithin()) {
      // What an application's transaction sees may be old already, and must not be kept.
      return recent.peek(recipientId).orElseGet(() -> read(recipientId));
    }
    return recent.get(recipientId, together::read);
  }

  private Optional<RecipientEntry> read(String recipientId) {
    return transactions.look(
        connection -> byId(connection, recipientId, "").flatMap(Stored::entry));
  }

  @Override
  public void expect(Collection<String> recipientIds) {
    if (!transactions.isWithin()) {
      recent.expect(recipientIds, this::read);
    }
  }

  private Map<String, Optional<RecipientEntry>> read(Set<String> ids) {
    return transactions.look(connection -> read(connection, ids));
  }

  private Map<String, Optional<RecipientEntry>> read(Connection connection, Set<String> ids)
      throws SQLException {
    Map<String, Optional<RecipientEntry>> found = new HashMap<>();
    ids.forEach(id -> found.put(id, Optional.empty()));
    several.read(
        connection,
        ids.stream().map(Recipients::hash).toList(),
        row -> {
          Stored stored = stored(connection, row);
          found.put(stored.id(), stored.entry());
        });
    return found;
  }

  /** A row that is there, whose person may have been forgotten meanwhile. */
  private record Stored(long serial, String id, Optional<RecipientEntry> entry) {
    RecipientEntry known() {
      return entry.orElseGet(() -> RecipientEntry.of(id));
    }
  }

  private Optional<Stored> byId(Connection connection, String id, String lock) throws SQLException {
    return first(connection, BY_ID + lock, columns -> columns.bytes(hash(id)));
  }

  private Optional<Stored> first(Connection connection, String sql, Columns.Setter which)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      which.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(stored(connection, rows)) : Optional.empty();
      }
    }
  }

  private Stored stored(Connection connection, ResultSet rows) throws SQLException {
    String id = rows.getString("recipient_id");
    try {
      byte[] plain = bodies.open(connection, owner(id), rows.getBytes("body"));
      return new Stored(rows.getLong("serial"), id, Optional.of(RecipientCodec.read(plain)));
    } catch (PersonKeys.KeyDestroyed e) {
      return new Stored(rows.getLong("serial"), id, Optional.empty());
    } catch (UnreadableBody e) {
      throw new ConfigurationException(
          "recipients: a person's row cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public RecipientEntry update(String recipientId, UnaryOperator<RecipientEntry> change) {
    RecipientEntry unknown = RecipientEntry.of(recipientId);
    Set<String> touched = new HashSet<>(Set.of(recipientId));
    try {
      for (int tries = 1; ; tries++) {
        try {
          return transactions.run(connection -> update(connection, unknown, change, touched));
        } catch (Raced | StalePersonKey e) {
          if (tries == MOST_TRIES) {
            throw new RefusedException(
                RefusedException.Why.STORE_UNAVAILABLE,
                "the recipient or a device is changed by others all the time",
                e);
          }
        }
      }
    } finally {
      touched.forEach(recent::drop);
    }
  }

  private RecipientEntry update(
      Connection connection,
      RecipientEntry unknown,
      UnaryOperator<RecipientEntry> change,
      Set<String> touched)
      throws SQLException {
    Optional<Stored> stored = byId(connection, unknown.id(), " FOR UPDATE");
    RecipientEntry before = stored.map(Stored::known).orElse(unknown);
    RecipientEntry next = before.with(change.apply(before));
    for (Device device : next.devices()) {
      if (before.device(device.address()).isEmpty()) {
        next = settle(connection, unknown.id(), next, device, touched);
      }
    }
    if (stored.isEmpty()) {
      Row row = new Row(insert(connection, next), unknown);
      writeDevices(connection, row, next);
      facts.write(connection, row.serial(), next);
      return next;
    }
    write(connection, new Row(stored.get().serial(), before), next, stored.get().entry().isEmpty());
    return next;
  }

  /** Of two who have a device it is one's. */
  private RecipientEntry settle(
      Connection connection, String id, RecipientEntry next, Device device, Set<String> touched)
      throws SQLException {
    Optional<Long> serial = owner(connection, device);
    Optional<Stored> other =
        serial.isEmpty()
            ? Optional.empty()
            : first(connection, BY_SERIAL + " FOR UPDATE", columns -> columns.number(serial.get()));
    if (other.isEmpty() || other.get().id().equals(id)) {
      return next;
    }
    RecipientEntry theirs = other.get().known();
    if (theirs.isTheirsRather(device)) {
      return next.without(device.address());
    }
    touched.add(other.get().id());
    Row row = new Row(other.get().serial(), theirs);
    write(connection, row, theirs.without(device.address()), false);
    return next;
  }

  private Optional<Long> owner(Connection connection, Device device) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, OWNER)) {
      new Columns(database, statement).bytes(hash(device.address()));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong("recipient_serial")) : Optional.empty();
      }
    }
  }

  private byte[] sealed(Connection connection, RecipientEntry entry) throws SQLException {
    return bodies.seal(connection, entry.id(), owner(entry.id()), RecipientCodec.write(entry));
  }

  private long insert(Connection connection, RecipientEntry entry) throws SQLException {
    byte[] body = sealed(connection, entry);
    try (PreparedStatement statement = tables.prepareForKey(connection, once(INSERT))) {
      new Columns(database, statement)
          .bytes(hash(entry.id()))
          .text(entry.id())
          .bytes(body)
          .time(clock.instant());
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        if (keys.next()) {
          return keys.getLong(1);
        }
      }
    } catch (SQLIntegrityConstraintViolationException e) {
      log.debug("somebody else was first to store a person: {}", e.getSQLState());
    }
    throw new Raced();
  }

  /**
   * Seals what is said of people as it would be now: rows stay for good, and an earlier key that
   * one needs could never be retired.
   */
  long reseal(BooleanSupplier goesOn) {
    long resealed = 0;
    long last = 0;
    for (List<Sealed> page = after(last);
        !page.isEmpty() && goesOn.getAsBoolean();
        page = after(last)) {
      for (Sealed row : page) {
        if (bodies.isToBeSealedAnew(row.body(), true)) {
          resealed += reseal(row.serial()) ? 1 : 0;
        }
      }
      last = page.get(page.size() - 1).serial();
    }
    return resealed;
  }

  private record Sealed(long serial, byte[] body) {}

  private List<Sealed> after(long serial) {
    return transactions.read(
        connection -> {
          List<Sealed> page = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
            new Columns(database, statement).number(serial).number(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                page.add(new Sealed(rows.getLong("serial"), rows.getBytes("body")));
              }
            }
          }
          return page;
        });
  }

  private boolean reseal(long serial) {
    try {
      return transactions.run(
          connection -> {
            Optional<Stored> stored =
                first(connection, BY_SERIAL + " FOR UPDATE", columns -> columns.number(serial));
            Optional<RecipientEntry> entry = stored.flatMap(Stored::entry);
            if (entry.isPresent()) {
              write(connection, new Row(serial, entry.get()), entry.get(), true);
            }
            return entry.isPresent();
          });
    } catch (StalePersonKey | ConfigurationException e) {
      log.warn("what is said of a person stays sealed as it is: {}", e.getClass().getName());
      return false;
    }
  }

  /** PostgreSQL would give up the whole transaction over a key that is taken. */
  private String once(String insert) {
    return database == Database.POSTGRESQL ? database.insertOnce(insert) : insert;
  }

  private void write(Connection connection, Row row, RecipientEntry next, boolean anew)
      throws SQLException {
    if (anew || !next.equals(row.entry())) {
      byte[] body = sealed(connection, next);
      change(
          connection,
          UPDATE,
          columns -> columns.bytes(body).time(clock.instant()).number(row.serial()));
    }
    writeDevices(connection, row, next);
    // Also where nothing is new: the store may have learned since what may be asked for.
    facts.write(connection, row.serial(), next);
  }

  private void writeDevices(Connection connection, Row row, RecipientEntry next)
      throws SQLException {
    for (Device device : row.entry().devices()) {
      byte[] token = hash(device.address());
      Optional<Device> kept = next.device(device.address());
      if (kept.isEmpty()) {
        change(connection, REMOVE_DEVICE, columns -> columns.bytes(token).number(row.serial()));
      } else if (!kept.get().seenAt().equals(device.seenAt())) {
        Instant seen = kept.get().seenAt();
        change(
            connection,
            SEE_DEVICE,
            columns -> columns.time(seen).bytes(token).number(row.serial()));
      }
    }
    for (Device device : next.devices()) {
      if (row.entry().device(device.address()).isEmpty()) {
        add(connection, row.serial(), device);
      }
    }
  }

  private void add(Connection connection, long serial, Device device) throws SQLException {
    try {
      int added =
          change(
              connection,
              once(ADD_DEVICE),
              columns ->
                  columns.bytes(hash(device.address())).number(serial).time(device.seenAt()));
      if (added > 0) {
        return;
      }
    } catch (SQLIntegrityConstraintViolationException e) {
      log.debug("somebody else was first to register a device: {}", e.getSQLState());
    }
    throw new Raced();
  }

  private int change(Connection connection, String sql, Columns.Setter values) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      values.set(new Columns(database, statement));
      return statement.executeUpdate();
    }
  }

  @Override
  public boolean delete(String recipientId) {
    try {
      return transactions.run(
          connection -> {
            Optional<Long> serial = serial(connection, recipientId);
            for (String sql : serial.isEmpty() ? List.<String>of() : DELETE) {
              change(connection, sql, columns -> columns.number(serial.get()));
            }
            return serial.isPresent();
          });
    } finally {
      recent.drop(recipientId);
    }
  }

  /** Without reading the body, whose key may be destroyed. */
  private Optional<Long> serial(Connection connection, String recipientId) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, BY_ID + " FOR UPDATE")) {
      new Columns(database, statement).bytes(hash(recipientId));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong("serial")) : Optional.empty();
      }
    }
  }

  @Override
  public Optional<String> ownerOf(Address device) {
    return transactions
        .read(connection -> ids(connection, OWNER_ID, columns -> columns.bytes(hash(device))))
        .stream()
        .findFirst();
  }

  private List<String> ids(Connection connection, String sql, Columns.Setter which)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      which.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString("recipient_id"));
        }
      }
    }
    return ids;
  }

  @Override
  public long pruneDevices(Instant unseenSince) {
    Instant moment = unseenSince.truncatedTo(ChronoUnit.MICROS);
    long pruned = 0;
    long before;
    do {
      before = pruned;
      List<String> owners =
          transactions.read(
              connection -> ids(connection, UNSEEN, at -> at.time(moment).number(AT_ONCE)));
      for (String owner : owners) {
        pruned += pruneDevices(owner, moment);
      }
    } while (pruned > before);
    return pruned;
  }

  private long pruneDevices(String owner, Instant moment) {
    long[] count = new long[1];
    update(
        owner,
        entry -> {
          RecipientEntry left = entry.withoutDevicesUnseenSince(moment);
          count[0] = (long) entry.devices().size() - left.devices().size();
          return left;
        });
    return count[0];
  }

  @Override
  public Audience audience(String name, Segment who) {
    SegmentSql sql = new SegmentSql(who);
    facts.requireSearchable(name, sql.facts());
    return new Audience() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Page page(String cursor, int limit) {
        return new Reading(sql, cursor.isEmpty() ? 0 : Long.parseLong(cursor), limit).page();
      }

      @Override
      public String toString() {
        return "Audience[" + name + "]";
      }
    };
  }

  /**
   * One page being read, a portion at a time. Who is read is asked for by the broadcast in a
   * moment, and is remembered until then.
   */
  private final class Reading {
    private final SegmentSql sql;
    private final int limit;
    private final List<Audience.Member> members = new ArrayList<>();
    private long behind;

    Reading(SegmentSql sql, long behind, int limit) {
      this.sql = sql;
      this.behind = behind;
      this.limit = limit;
    }

    Audience.Page page() {
      long last = transactions.read(Recipients.this::last);
      int portion = Math.max(1_000, limit * LOOK_AHEAD);
      for (int i = 0; i < MOST_PORTIONS && members.size() < limit && behind < last; i++) {
        Window window = new Window(behind, Math.min(last, behind + portion));
        int room = limit - members.size();
        Recent.AsOf asOf = recent.asOf();
        List<Stored> found =
            transactions.read(connection -> portion(connection, sql, window, room));
        found.forEach(one -> take(one, asOf));
        behind = found.size() < room ? window.upTo() : found.get(room - 1).serial();
      }
      return new Audience.Page(members, String.valueOf(behind), behind >= last);
    }

    private void take(Stored stored, Recent.AsOf asOf) {
      if (stored.entry().isPresent()) {
        recent.put(stored.id(), stored.entry(), asOf);
        members.add(Audience.Member.of(stored.id()));
      }
    }
  }

  private long last(Connection connection) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LAST);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private List<Stored> portion(Connection connection, SegmentSql sql, Window window, int limit)
      throws SQLException {
    List<Stored> found = new ArrayList<>();
    try (PreparedStatement statement =
        tables.prepare(connection, PAGE + sql.condition() + IN_ORDER)) {
      Columns columns =
          new Columns(database, statement).number(window.behind()).number(window.upTo());
      sql.set(columns, window);
      columns.number(limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(stored(connection, rows));
        }
      }
    }
    return found;
  }
}
