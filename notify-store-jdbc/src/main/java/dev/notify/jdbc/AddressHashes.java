package dev.notify.jdbc;

import dev.notify.model.Address;
import dev.notify.spi.SuppressionList;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * By what an address is found: SHA-256, or, if the store encrypts, HMAC-SHA-256 (RFC 2104) with a
 * key of its own, for all phone numbers there are can be hashed in a minute. That key stands with
 * the persons' keys, wrapped like them, and never changes. Thread-safe.
 */
final class AddressHashes {

  private static final String ALGORITHM = "HmacSHA256";

  private final PersonKeys keys;
  private final boolean isKeyed;
  private final Recent<Boolean, Boolean> absence;
  private volatile @Nullable SecretKey key;

  /**
   * Hashes of addresses.
   *
   * @param isKeyed whether the store encrypts
   * @param absence for how long a key that is not there is not looked for again
   */
  AddressHashes(PersonKeys keys, boolean isKeyed, Recent<Boolean, Boolean> absence) {
    this.keys = keys;
    this.isKeyed = isKeyed;
    this.absence = absence;
  }

  /** By what an address is found: first the hash in use, then that of before encryption was set. */
  List<byte[]> toFind(Connection connection, Address address) throws SQLException {
    byte[] plain = Acceptance.hash(text(address));
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
    Optional<SecretKey> found = keys.findForAddresses(connection);
    found.ifPresent(there -> key = there);
    if (found.isEmpty()) {
      boolean ignored = absence.get(true, none -> true);
    }
    return found.isPresent();
  }

  /** As {@link #toFind}; makes the key if there is none, in a transaction of its own. */
  List<byte[]> toWrite(Address address) {
    prepare();
    byte[] plain = Acceptance.hash(text(address));
    return isKeyed ? List.of(keyed(address, known()), plain) : List.of(plain);
  }

  /** Sees to it that there is a key, if one is needed. */
  void prepare() {
    if (isKeyed && key == null) {
      key = keys.forAddresses();
    }
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
