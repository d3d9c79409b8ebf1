package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that {@link Encryption} works with: one encrypts, all of them open. To rotate, give
 * every process the new key as one of the others first, then make it the current one.
 *
 * <p>Nonces are random: make another key the current one before 2<sup>32</sup> messages were
 * encrypted with it (NIST SP 800-38D, 8.3). Asked for every message, so an implementation answers
 * from memory; it must be thread-safe. What it throws is a passing fault: a {@code send} fails with
 * it, and what waits is tried again. An empty answer means that there is no such key.
 *
 * @since 0.1
 */
public interface EncryptionKeys {

  /** The key that encrypts from now on. */
  Key current();

  /** A key by its id; empty if there is none, and then what it encrypted cannot be read. */
  Optional<Key> find(String id);

  /**
   * Keys that do not change while the process runs.
   *
   * @param earlier keys that still open what they encrypted, or will be the current one soon
   */
  static EncryptionKeys of(Key current, Key... earlier) {
    Map<String, Key> byId = new LinkedHashMap<>();
    byId.put(current.id(), current);
    for (Key key : earlier) {
      if (byId.putIfAbsent(key.id(), key) != null) {
        throw new ConfigurationException("encryption: two keys have the id '" + key.id() + "'");
      }
    }
    return new EncryptionKeys() {
      @Override
      public Key current() {
        return current;
      }

      @Override
      public Optional<Key> find(String id) {
        return Optional.ofNullable(byId.get(id));
      }

      @Override
      public String toString() {
        return "EncryptionKeys" + byId.keySet();
      }
    };
  }

  /** A key of AES-256 with an id, which is no secret: it stands beside what it encrypted. */
  final class Key {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final int BYTES = 32;

    private final String id;
    private final SecretKey secret;

    private Key(String id, SecretKey secret) {
      this.id = id;
      this.secret = secret;
    }

    /**
     * A key.
     *
     * @param id 1 to 32 letters, digits, {@code _} and {@code -}; never given to another key
     * @param secret 32 bytes of chance, from a vault for example, not from a password
     * @throws ConfigurationException if one of them is not so
     */
    public static Key of(String id, byte[] secret) {
      if (!ID.matcher(id).matches()) {
        throw new ConfigurationException(
            "encryption key '" + id + "': an id has 1 to 32 letters, digits, '_' and '-'");
      }
      if (secret.length != BYTES) {
        throw new ConfigurationException(
            "encryption key '" + id + "': has " + secret.length + " bytes, must have " + BYTES);
      }
      return new Key(id, new SecretKeySpec(Arrays.copyOf(secret, BYTES), "AES"));
    }

    /** Its id. */
    public String id() {
      return id;
    }

    SecretKey secret() {
      return secret;
    }

    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }
}
