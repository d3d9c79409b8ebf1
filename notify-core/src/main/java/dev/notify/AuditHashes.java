package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
import dev.notify.spi.SuppressionList;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes the hashes of the audit log: with the application's key, or without one. */
final class AuditHashes {

  private static final String KEYED = "HmacSHA256";
  private static final String PLAIN = "SHA-256";

  /**
   * A key that was in use before.
   *
   * @param until the moment after which nothing was hashed by it
   */
  record Earlier(byte[] key, Instant until) {}

  private final Optional<byte[]> key;
  private final List<Earlier> earlier;

  AuditHashes(Optional<byte[]> key, List<Earlier> earlier) {
    this.key = key.map(byte[]::clone);
    this.earlier = List.copyOf(earlier);
  }

  /** What makes the hashes, in the log's own words. */
  String name() {
    return key.isPresent() ? "HMAC-SHA-256" : PLAIN;
  }

  /** An entry with its hash. */
  AuditEntry sealed(AuditEntry entry) {
    return entry.withHash(chained(entry));
  }

  /** What the hash of an entry must be. */
  private String chained(AuditEntry entry) {
    byte[] bytes = bytes(entry);
    return hex(key.isPresent() ? mac(key.get(), bytes) : digest(bytes));
  }

  private static byte[] bytes(AuditEntry entry) {
    return entry.canonical().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Whether the hash of an entry is one that was made of it, by a key that was in use then.
   *
   * @param latest the time of the latest entry up to this one: whoever still has an earlier key
   *     could write an old time into a new line
   */
  boolean isSealed(AuditEntry entry, Instant latest) {
    return entry.hash().equals(chained(entry))
        || earlier.stream()
            .filter(one -> !latest.isAfter(one.until()))
            .anyMatch(one -> entry.hash().equals(hex(mac(one.key(), bytes(entry)))));
  }

  /** A person, for who knows the id and the salt and, if there is one, the key. */
  String person(String salt, String recipientId) {
    return "person:" + hidden(key, salt, "person\0" + recipientId);
  }

  /** As which a person stands in lines, by this key and by those before. */
  List<String> persons(String salt, String recipientId) {
    List<String> names = new ArrayList<>(List.of(person(salt, recipientId)));
    earlier.forEach(
        one ->
            names.add("person:" + hidden(Optional.of(one.key()), salt, "person\0" + recipientId)));
    return names;
  }

  /** An address likewise. */
  String address(String salt, Address address) {
    return "address:"
        + hidden(
            key,
            salt,
            "address\0" + address.channel().name() + '\0' + SuppressionList.comparable(address));
  }

  /** The id of something that may speak of a person likewise. */
  String schedule(String salt, String id) {
    return "schedule:" + hidden(key, salt, "schedule\0" + id);
  }

  private static String hidden(Optional<byte[]> key, String salt, String text) {
    byte[] salted = HexFormat.of().parseHex(salt);
    byte[] bytes = ("notify audit " + text).getBytes(StandardCharsets.UTF_8);
    // Twice keyed: by what is secret, if anything is, and by what differs from log to log.
    return hex(mac(key.map(secret -> mac(secret, salted)).orElse(salted), bytes));
  }

  private static byte[] mac(byte[] key, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance(KEYED);
      mac.init(new SecretKeySpec(key, KEYED));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + KEYED, e);
    }
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance(PLAIN).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + PLAIN, e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
