package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
import dev.notify.spi.SuppressionList;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes the hashes of the audit log: with the application's key, or without one. */
final class AuditHashes {

  private static final String KEYED = "HmacSHA256";
  private static final String PLAIN = "SHA-256";

  private final Optional<byte[]> key;

  AuditHashes(Optional<byte[]> key) {
    this.key = key.map(byte[]::clone);
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
  String chained(AuditEntry entry) {
    byte[] bytes = entry.canonical().getBytes(StandardCharsets.US_ASCII);
    return hex(key.isPresent() ? mac(key.get(), bytes) : digest(bytes));
  }

  /** A person, for who knows the id and the salt and, if there is one, the key. */
  String person(String salt, String recipientId) {
    return "person:" + hidden(salt, "person\0" + recipientId);
  }

  /** An address likewise. */
  String address(String salt, Address address) {
    return "address:"
        + hidden(
            salt,
            "address\0" + address.channel().name() + '\0' + SuppressionList.comparable(address));
  }

  /** The id of something that may speak of a person likewise. */
  String schedule(String salt, String id) {
    return "schedule:" + hidden(salt, "schedule\0" + id);
  }

  private String hidden(String salt, String text) {
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
