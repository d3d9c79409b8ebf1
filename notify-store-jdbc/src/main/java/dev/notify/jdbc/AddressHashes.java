package dev.notify.jdbc;

import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.SuppressionList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * By what an address is found: SHA-256, or, if the store encrypts, HMAC-SHA-256 (RFC 2104) with a
 * key of its own, for all phone numbers there are can be hashed in a minute. That key is a row of
 * the list, so that one is never without the other; it is sealed like the entries and never
 * changes. Thread-safe.
 */
final class AddressHashes {

  private static final String ALGORITHM = "HmacSHA256";

  /** Unlike the hash of any address. */
  private static final byte[] KEY_ROW = Sha256.of("notify key of addresses");

  private static final int KEY_BYTES = 32;

  private static final String FIND = "SELECT body FROM notify_suppression WHERE address_hash = ?";

  private static final String MAKE =
      "INSERT INTO notify_suppression (address_hash, channel, kind, body) VALUES (?, '', 0, ?)";

  private final Transactions transactions;
  private final Tables tables;
  private final Bodies bodies;
  private final boolean isKeyed;
  private final Recent<Boolean, Boolean> absence;
  private volatile @Nullable SecretKey key;

  /**
   * Hashes of addresses.
   *
   * @param isKeyed whether the store encrypts
   * @param absence for how long a key that is not there is not looked for again
   */
  AddressHashes(
      Transactions transactions,
      Tables tables,
      Bodies bodies,
      boolean isKeyed,
      Recent<Boolean, Boolean> absence) {
    this.transactions = transactions;
    this.tables = tables;
    this.bodies = bodies;
    this.isKeyed = isKeyed;
    this.absence = absence;
  }

  /** Whether a row is no entry, but the key. */
  static boolean isKey(byte[] hash) {
    return Arrays.equals(hash, KEY_ROW);
  }

  /** To what a body is bound: it opens in its own row only. */
  static UUID owner(byte[] hash) {
    ByteBuffer bytes = ByteBuffer.wrap(hash);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /** By what an address is found: first the hash in use, then that of before encryption was set. */
  List<byte[]> toFind(Connection connection, Address address) throws SQLException {
    byte[] plain = Sha256.of(text(address));
    if (!isKeyed || (key == null && !isThere(connection))) {
      // Without a key nothing was written by it.
      return List.of(plain);
    }
    return List.of(keyed(address, known()), plain);
  }

  private boolean isThere(Connection connection) throws SQLException {
    if (absence.peek(true).isPresent()) {
      return false;
    }
    Optional<SecretKey> found = find(connection, "");
    found.ifPresent(there -> key = there);
    if (found.isEmpty()) {
      boolean ignored = absence.get(true, none -> true);
    }
    return found.isPresent();
  }

  private Optional<SecretKey> find(Connection connection, String read) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, FIND + read)) {
      new Columns(tables.database(), statement).bytes(KEY_ROW);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new SecretKeySpec(
                    bodies.open(connection, owner(KEY_ROW), rows.getBytes("body")), ALGORITHM))
            : Optional.empty();
      }
    } catch (UnreadableBody e) {
      throw new ConfigurationException(
          "the key by which suppressed addresses are found cannot be read: " + e.getMessage(), e);
    }
  }

  /** As {@link #toFind}; makes the key if there is none, in a transaction of its own. */
  List<byte[]> toWrite(Address address) {
    prepare();
    byte[] plain = Sha256.of(text(address));
    return isKeyed ? List.of(keyed(address, known()), plain) : List.of(plain);
  }

  /** Sees to it that there is a key, if one is needed. */
  void prepare() {
    if (isKeyed && key == null) {
      key = Raced.again(() -> transactions.run(this::findOrMake));
    }
  }

  private SecretKey findOrMake(Connection connection) throws SQLException {
    Optional<SecretKey> found = find(connection, tables.database().currentRead());
    if (found.isPresent()) {
      return found.get();
    }
    byte[] made = AesGcm.random(KEY_BYTES);
    try (PreparedStatement statement = tables.prepare(connection, MAKE)) {
      new Columns(tables.database(), statement)
          .bytes(KEY_ROW)
          .bytes(bodies.seal(owner(KEY_ROW), made));
      statement.executeUpdate();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
    return new SecretKeySpec(made, ALGORITHM);
  }

  private SecretKey known() {
    return Objects.requireNonNull(key, "key");
  }

  private static String text(Address address) {
    return "notify address\0"
        + address.channel().name()
        + '\0'
        + SuppressionList.comparable(address);
  }

  private static byte[] keyed(Address address, SecretKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text(address).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
