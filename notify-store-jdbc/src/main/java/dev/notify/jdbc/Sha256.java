package dev.notify.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of texts. Thread-safe. */
final class Sha256 {

  /**
   * Looking for an algorithm, and making it, costs more than a short text's hash. Threads may keep
   * these: they are the platform's own, and hold on to nothing of this library.
   */
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::digest);

  private Sha256() {}

  static byte[] of(String text) {
    MessageDigest digest = DIGEST.get();
    // An Error in the middle of the last text may have left a part of it.
    digest.reset();
    return digest.digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
