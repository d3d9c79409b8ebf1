package dev.notify.jdbc;

import dev.notify.jdbc.EncryptionKeys.Key;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.ConfigurationException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key for each person, made when they are first written to and wrapped by a key of the store. Its
 * name is a hash of the person's id and a number of chance, so that a person who was forgotten and
 * comes back has another key, and none of the old one's name.
 */
final class PersonKeys {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int HASH_BYTES = 32;
  private static final int SERIAL_BYTES = 16;
  private static final byte[] NO_HEAD = {};

  private static final String FIND =
      "SELECT serial, key_id, wrapped_key FROM notify_person WHERE recipient_hash = ?";

  private static final String MAKE =
      """
      INSERT INTO notify_person (recipient_hash, serial, key_id, wrapped_key, created_at)
      VALUES (?, ?, ?, ?, ?)""";

  private static final String STANDING =
      "SELECT recipient_hash, serial FROM notify_person WHERE recipient_hash IN (%s)";

  private static final String DESTROY = "DELETE FROM notify_person WHERE recipient_hash = ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final InstantSource clock;
  private final Optional<EncryptionKeys> keys;
  private final PersonKeyCache cache = new PersonKeyCache();

  /** Who makes a key may wait for a transaction of the application's; others must not wait too. */
  private final Semaphore making = new Semaphore(1, true);

  PersonKeys(
      Transactions transactions,
      Tables tables,
      InstantSource clock,
      Optional<EncryptionKeys> keys) {
    this.transactions = transactions;
    this.clock = clock;
    this.tables = tables;
    database = tables.database();
    this.keys = keys;
  }

  /**
   * A person's key.
   *
   * @param name hash of the person's id, then the number of chance
   * @param secret the key itself
   */
  record PersonKey(byte[] name, SecretKey secret) {

    @Override
    public String toString() {
      return "PersonKey";
    }
  }

  /** What cannot be read any more, since the person was forgotten. */
  static final class KeyDestroyed extends UnreadableBody {
    private static final long serialVersionUID = 1L;

    KeyDestroyed() {
      super("the person's key was destroyed");
    }
  }

  static byte[] hash(String recipientId) {
    return Sha256.of("notify person\0" + recipientId);
  }

  private static ByteBuffer hashOf(byte[] name) {
    return ByteBuffer.wrap(name, 0, HASH_BYTES).slice();
  }

  /** The person's key, made if there is none; in a short transaction of its own if need be. */
  PersonKey forSealing(String recipientId) {
    byte[] hash = hash(recipientId);
    Optional<PersonKey> known = cache.find(ByteBuffer.wrap(hash));
    if (known.isPresent()) {
      return known.get();
    }
    long asOf = cache.asOf();
    PersonKey key = findOrMake(hash);
    cache.put(ByteBuffer.wrap(hash), key, asOf);
    return key;
  }

  private PersonKey findOrMake(byte[] hash) {
    making.acquireUninterruptibly();
    try {
      return transactions.runSurely(again -> connection -> findOrMake(connection, hash), false);
    } finally {
      making.release();
    }
  }

  /**
   * The same within a transaction of the application's. A key that is made there exists if that
   * commits; until then, others who write to the same person for the first time wait.
   */
  PersonKey forSealing(Connection connection, String recipientId) throws SQLException {
    return findOrMake(connection, hash(recipientId));
  }

  /** Of several that are made at the same time, the first that is written counts for all. */
  private PersonKey findOrMake(Connection connection, byte[] hash) throws SQLException {
    Optional<PersonKey> known = findToSeal(connection, hash, "");
    if (known.isPresent()) {
      return known.get();
    }
    make(connection, hash);
    // There is one now; to lock what is not there would lock its neighbours out on MariaDB.
    return findToSeal(connection, hash, database.currentRead()).orElseThrow(StalePersonKey::new);
  }

  private Optional<PersonKey> findToSeal(Connection connection, byte[] hash, String read)
      throws SQLException {
    try {
      return find(connection, hash, read);
    } catch (UnreadableBody e) {
      throw new ConfigurationException("encryption: " + e.getMessage(), e);
    }
  }

  private void make(Connection connection, byte[] hash) throws SQLException {
    byte[] serial = AesGcm.random(SERIAL_BYTES);
    byte[] name = name(hash, serial);
    Key wrapping = required().current();
    byte[] wrapped = wrap(wrapping, name, AesGcm.random(32));
    // PostgreSQL would give up the whole transaction over a key that is taken.
    String sql = database == Database.POSTGRESQL ? database.insertOnce(MAKE) : MAKE;
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement)
          .bytes(hash)
          .bytes(serial)
          .text(wrapping.id())
          .bytes(wrapped)
          .time(clock.instant());
      statement.executeUpdate();
    } catch (SQLIntegrityConstraintViolationException e) {
      log.debug("somebody else was first to make a person's key: {}", e.getSQLState());
    }
  }

  static byte[] name(byte[] hash, byte[] serial) {
    return ByteBuffer.allocate(HASH_BYTES + SERIAL_BYTES).put(hash).put(serial).array();
  }

  private EncryptionKeys required() {
    return keys.orElseThrow(() -> new IllegalStateException("this store has no encryption set"));
  }

  private Optional<PersonKey> find(Connection connection, byte[] hash, String read)
      throws SQLException, UnreadableBody {
    try (PreparedStatement statement = tables.prepare(connection, FIND + read)) {
      new Columns(database, statement).bytes(hash);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(unwrap(hash, rows)) : Optional.empty();
      }
    }
  }

  private PersonKey unwrap(byte[] hash, ResultSet rows) throws SQLException, UnreadableBody {
    byte[] name = name(hash, rows.getBytes("serial"));
    byte[] secret =
        unwrap(required(), name, rows.getString("key_id"), rows.getBytes("wrapped_key"));
    return new PersonKey(name, new SecretKeySpec(secret, "AES"));
  }

  static byte[] wrap(Key wrapping, byte[] name, byte[] secret) {
    return AesGcm.seal(wrapping.secret(), name, NO_HEAD, secret);
  }

  static byte[] unwrap(EncryptionKeys keys, byte[] name, String keyId, byte[] wrapped)
      throws UnreadableBody {
    Key wrapping =
        keys.find(keyId)
            .orElseThrow(
                () ->
                    new UnreadableBody(
                        "there is no key '" + keyId + "', in which the person's key is wrapped"));
    try {
      return AesGcm.open(wrapping.secret(), name, wrapped, 0);
    } catch (GeneralSecurityException e) {
      throw new UnreadableBody("key '" + keyId + "' does not unwrap the person's key");
    }
  }

  /** The key of this name; what was sealed by one that was destroyed cannot be read any more. */
  SecretKey forOpening(Connection connection, byte[] name) throws SQLException, UnreadableBody {
    if (keys.isEmpty()) {
      throw new UnreadableBody(
          "it is encrypted with a person's key, and this store has no encryption set");
    }
    if (name.length != HASH_BYTES + SERIAL_BYTES) {
      throw new UnreadableBody("it is damaged");
    }
    Optional<PersonKey> key = cache.find(hashOf(name));
    if (key.isEmpty() || !is(key.get(), name)) {
      long asOf = cache.asOf();
      byte[] hash = new byte[HASH_BYTES];
      hashOf(name).get(hash);
      key = find(connection, hash, "");
      key.ifPresent(found -> cache.put(hashOf(name), found, asOf));
    }
    return key.filter(found -> is(found, name))
        .map(PersonKey::secret)
        .orElseThrow(KeyDestroyed::new);
  }

  private static boolean is(PersonKey key, byte[] name) {
    return ByteBuffer.wrap(key.name()).equals(ByteBuffer.wrap(name));
  }

  /** Does not go by memory when the person's key is asked for next. */
  void lookAgain(String recipientId) {
    cache.remove(ByteBuffer.wrap(hash(recipientId)));
  }

  /** Whether the keys of these names are all there still. */
  boolean stand(Connection connection, List<byte[]> names) throws SQLException {
    Set<ByteBuffer> wanted = new HashSet<>();
    names.forEach(name -> wanted.add(ByteBuffer.wrap(name)));
    String sql = STANDING.formatted(Lookups.marks(names.size())) + database.currentRead();
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (byte[] name : names) {
        byte[] hash = new byte[HASH_BYTES];
        hashOf(name).get(hash);
        columns.bytes(hash);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          wanted.remove(
              ByteBuffer.wrap(name(rows.getBytes("recipient_hash"), rows.getBytes("serial"))));
        }
      }
    }
    return wanted.isEmpty();
  }

  /** Destroys a person's key, here at once and for other processes when they look again. */
  boolean destroy(String recipientId) {
    byte[] hash = hash(recipientId);
    boolean destroyed =
        transactions.run(
            connection -> {
              try (PreparedStatement statement = tables.prepare(connection, DESTROY)) {
                new Columns(database, statement).bytes(hash);
                return statement.executeUpdate() > 0;
              }
            });
    cache.remove(ByteBuffer.wrap(hash));
    return destroyed;
  }
}
