package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.jdbc.Presumption.Unknown;
import dev.notify.jdbc.Presumptions.Presuming;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Suppression;
import dev.notify.spi.SuppressionList;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The suppression list in the tables. An address is found by its hash, so that nothing in the clear
 * is needed; a change locks the row.
 */
final class Suppressions implements SuppressionList {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int AT_ONCE = 500;
  private static final byte[] FIRST = {};

  private static final String FIND =
      "SELECT address_hash, body FROM notify_suppression WHERE address_hash IN (?, ?)";

  private static final String SEVERAL = "SELECT address_hash, body FROM notify_suppression";

  private static final String INSERT =
      "INSERT INTO notify_suppression (channel, kind, body, address_hash) VALUES (?, ?, ?, ?)";

  private static final String UPDATE =
      """
      UPDATE notify_suppression SET channel = ?, kind = ?, body = ?, address_hash = ?
      WHERE address_hash = ?""";

  private static final String NEXT =
      """
      SELECT address_hash, body FROM notify_suppression
      WHERE address_hash > ? ORDER BY address_hash LIMIT ?""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Bodies bodies;
  private final AddressHashes hashes;
  private final Recent<Key, Optional<Suppression>> recent;
  private final ReadTogether<Address, Optional<Suppression>> together =
      new ReadTogether<>(this::read, this::read);
  private final ByHash several;
  private final Presuming presuming;

  Suppressions(
      Transactions transactions,
      Tables tables,
      Bodies bodies,
      AddressHashes hashes,
      Presuming presuming,
      Duration cached,
      Ticker ticker) {
    this.transactions = transactions;
    this.tables = tables;
    this.bodies = bodies;
    this.hashes = hashes;
    this.presuming = presuming;
    database = tables.database();
    recent = new Recent<>(cached, ticker);
    several = new ByHash(tables, SEVERAL, "address_hash");
  }

  /** What of an address counts. */
  private record Key(Channel channel, String value) {
    static Key of(Address address) {
      return new Key(address.channel(), SuppressionList.comparable(address));
    }
  }

  private record Row(byte[] hash, byte[] body) {}

  @Override
  public Optional<Suppression> find(Address address) {
    Key key = Key.of(address);
    if (transactions.isWithin()) {
      // What an application's transaction sees may be old already, and must not be kept.
      return recent.peek(key).orElseGet(() -> read(address));
    }
    Presumption presumption = presuming.open();
    if (presumption == null) {
      return recent.get(key, same -> together.read(address));
    }
    Optional<Optional<Suppression>> known = recent.peek(key);
    if (known.isEmpty()) {
      presumption.addUnsuppressed(address, recent.stamp(key));
    }
    return known.orElse(Optional.empty());
  }

  /**
   * Looks these addresses up at a stroke, and keeps what is found.
   *
   * @param stamps the moments from which on a change of theirs must not be overlooked
   * @return those that are suppressed
   */
  Set<Address> known(Connection connection, Map<Address, Long> stamps) throws SQLException {
    Map<Key, Address> byKey = byKey(stamps.keySet());
    Map<Key, Optional<Suppression>> found = read(connection, byKey.keySet(), byKey);
    Set<Address> known = new HashSet<>();
    stamps.forEach(
        (address, stamp) -> {
          Key key = Key.of(address);
          Optional<Suppression> entry = found.getOrDefault(key, Optional.empty());
          recent.put(key, entry, stamp);
          if (entry.isPresent()) {
            known.add(address);
          }
        });
    return known;
  }

  /** Keeps that an address is not suppressed. */
  void knowNothing(Unknown<Address> address) {
    recent.put(Key.of(address.what()), Optional.empty(), address.stamp());
  }

  /** By what these are found. */
  List<byte[]> hashes(Connection connection, Collection<Address> addresses) throws SQLException {
    List<byte[]> all = new ArrayList<>();
    for (Address address : addresses) {
      all.addAll(hashes.toFind(connection, address));
    }
    return all;
  }

  private static Map<Key, Address> byKey(Collection<Address> addresses) {
    Map<Key, Address> byKey = new HashMap<>();
    addresses.forEach(address -> byKey.put(Key.of(address), address));
    return byKey;
  }

  private Optional<Suppression> read(Address address) {
    return transactions.look(
        connection -> {
          Optional<Row> row = row(connection, hashes.toFind(connection, address), "");
          return row.isEmpty() ? Optional.empty() : Optional.of(entry(connection, row.get()));
        });
  }

  @Override
  public void expect(Collection<Address> addresses) {
    if (transactions.isWithin()) {
      return;
    }
    Map<Key, Address> byKey = byKey(addresses);
    recent.expect(byKey.keySet(), missing -> transactions.look(c -> read(c, missing, byKey)));
  }

  private Map<Address, Optional<Suppression>> read(Set<Address> addresses) {
    Map<Key, Address> byKey = byKey(addresses);
    Map<Key, Optional<Suppression>> found =
        transactions.look(connection -> read(connection, byKey.keySet(), byKey));
    Map<Address, Optional<Suppression>> answers = new HashMap<>();
    for (Address address : addresses) {
      answers.put(address, found.getOrDefault(Key.of(address), Optional.empty()));
    }
    return answers;
  }

  private Map<Key, Optional<Suppression>> read(
      Connection connection, Set<Key> keys, Map<Key, Address> addresses) throws SQLException {
    Map<Key, List<byte[]>> either = new HashMap<>();
    for (Key key : keys) {
      either.put(key, hashes.toFind(connection, Objects.requireNonNull(addresses.get(key))));
    }
    Map<ByteBuffer, Row> rows = new HashMap<>();
    several.read(
        connection,
        either.values().stream().flatMap(List::stream).toList(),
        row -> {
          byte[] hash = row.getBytes("address_hash");
          rows.put(ByteBuffer.wrap(hash), new Row(hash, row.getBytes("body")));
        });
    Map<Key, Optional<Suppression>> found = new HashMap<>();
    for (Map.Entry<Key, List<byte[]>> each : either.entrySet()) {
      Optional<Row> row =
          each.getValue().stream()
              .map(hash -> rows.get(ByteBuffer.wrap(hash)))
              .filter(Objects::nonNull)
              .findFirst();
      found.put(
          each.getKey(),
          row.isEmpty() ? Optional.empty() : Optional.of(entry(connection, row.get())));
    }
    return found;
  }

  /** The row under the hash in use, or the one of before the store had encryption set. */
  private Optional<Row> row(Connection connection, List<byte[]> either, String lock)
      throws SQLException {
    byte[] first = either.get(0);
    Optional<Row> found = Optional.empty();
    try (PreparedStatement statement = tables.prepare(connection, FIND + lock)) {
      new Columns(database, statement).bytes(first).bytes(either.get(either.size() - 1));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Row row = new Row(rows.getBytes("address_hash"), rows.getBytes("body"));
          if (found.isEmpty() || Arrays.equals(row.hash(), first)) {
            found = Optional.of(row);
          }
        }
      }
    }
    return found;
  }

  /** What cannot be read must not be taken for what is not there. */
  private Suppression entry(Connection connection, Row row) throws SQLException {
    try {
      return read(connection, row);
    } catch (UnreadableBody e) {
      throw new ConfigurationException(
          "an entry of the suppression list cannot be read: " + e.getMessage(), e);
    }
  }

  private Suppression read(Connection connection, Row row) throws SQLException, UnreadableBody {
    return PeopleCodec.suppression(
        bodies.open(connection, AddressHashes.owner(row.hash()), row.body()));
  }

  @Override
  public boolean update(Address address, UnaryOperator<Optional<Suppression>> change) {
    List<byte[]> either = hashes.toWrite(address);
    try {
      return Raced.again(() -> transactions.run(connection -> update(connection, either, change)));
    } finally {
      transactions.afterwards(() -> recent.drop(Key.of(address)));
    }
  }

  private boolean update(
      Connection connection, List<byte[]> either, UnaryOperator<Optional<Suppression>> change)
      throws SQLException {
    Optional<Row> row = row(connection, either, " FOR UPDATE");
    Optional<Suppression> before =
        row.isEmpty() ? Optional.empty() : Optional.of(entry(connection, row.get()));
    Optional<Suppression> after = change.apply(before);
    if (after.equals(before)) {
      return false;
    }
    if (after.isPresent()) {
      write(connection, row, either.get(0), after.get());
    } else {
      delete(connection, either);
    }
    return true;
  }

  private void write(Connection connection, Optional<Row> row, byte[] hash, Suppression entry)
      throws SQLException {
    String sql = row.isEmpty() ? INSERT : UPDATE;
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns =
          new Columns(database, statement)
              .text(entry.address().channel().name())
              .number(Codes.of(entry.kind()))
              .bytes(bodies.seal(AddressHashes.owner(hash), PeopleCodec.suppression(entry)))
              .bytes(hash);
      if (row.isPresent()) {
        columns.bytes(row.get().hash());
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  private void delete(Connection connection, List<byte[]> either) throws SQLException {
    String sql = "DELETE FROM notify_suppression WHERE address_hash IN (?, ?)";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).bytes(either.get(0)).bytes(either.get(either.size() - 1));
      statement.executeUpdate();
    }
  }

  @Override
  public void forEach(Consumer<Suppression> reader) {
    byte[] last = FIRST;
    for (List<Row> page = after(last); !page.isEmpty(); page = after(last)) {
      entries(page).forEach(reader);
      last = page.get(page.size() - 1).hash();
    }
  }

  private List<Row> after(byte[] last) {
    return transactions.read(
        connection -> {
          List<Row> page = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
            new Columns(database, statement).bytes(last).number(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                page.add(new Row(rows.getBytes("address_hash"), rows.getBytes("body")));
              }
            }
          }
          return page;
        });
  }

  private List<Suppression> entries(List<Row> page) {
    return transactions.read(
        connection -> {
          List<Suppression> entries = new ArrayList<>(page.size());
          for (Row row : page) {
            if (AddressHashes.isKey(row.hash())) {
              continue;
            }
            try {
              entries.add(read(connection, row));
            } catch (UnreadableBody e) {
              log.error("an entry of the suppression list is left out: {}", e.getMessage());
            }
          }
          return entries;
        });
  }

  /**
   * Makes now what the first change would make, and what must not go if that change is taken back.
   */
  void prepare() {
    hashes.prepare();
  }

  /**
   * Seals entries by the current key that were sealed by an earlier one, or not at all: they stay
   * for good, and a key that they need could never be retired.
   */
  long reseal(BooleanSupplier goesOn) {
    long resealed = 0;
    byte[] last = FIRST;
    List<Row> page = after(last);
    while (!page.isEmpty() && goesOn.getAsBoolean()) {
      for (Row row : page) {
        if (!bodies.isSealedAsNow(row.body())) {
          resealed += reseal(row) ? 1 : 0;
        }
      }
      last = page.get(page.size() - 1).hash();
      page = after(last);
    }
    return resealed;
  }

  private boolean reseal(Row old) {
    hashes.prepare();
    try {
      return transactions.run(connection -> reseal(connection, old));
    } catch (Raced e) {
      log.warn("an entry of the suppression list stays as it is, for there is a newer one");
      return false;
    }
  }

  private boolean reseal(Connection connection, Row old) throws SQLException {
    Optional<Row> row = row(connection, List.of(old.hash()), " FOR UPDATE");
    if (row.isEmpty() || bodies.isSealedAsNow(row.get().body())) {
      return false;
    }
    try {
      if (AddressHashes.isKey(old.hash())) {
        return resealKey(connection, row.get());
      }
      Suppression entry = read(connection, row.get());
      write(connection, row, hashes.toWrite(entry.address()).get(0), entry);
      return true;
    } catch (UnreadableBody e) {
      log.warn("an entry of the suppression list stays as it is: {}", e.getMessage());
      return false;
    }
  }

  private boolean resealKey(Connection connection, Row row) throws SQLException, UnreadableBody {
    String sql = "UPDATE notify_suppression SET body = ? WHERE address_hash = ?";
    byte[] key = bodies.open(connection, AddressHashes.owner(row.hash()), row.body());
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement)
          .bytes(bodies.seal(AddressHashes.owner(row.hash()), key))
          .bytes(row.hash());
      return statement.executeUpdate() > 0;
    }
  }
}
