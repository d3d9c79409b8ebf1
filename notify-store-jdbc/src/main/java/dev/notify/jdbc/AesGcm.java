package dev.notify.jdbc;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES in Galois/Counter Mode (NIST SP 800-38D): a random nonce of 96 bits, what was encrypted, a
 * tag of 128 bits.
 */
final class AesGcm {

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  private AesGcm() {}

  /** Chance that an attacker cannot guess. */
  static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  /**
   * Encrypts behind a head that stays in the clear.
   *
   * @param bound what must be the same again when it is opened, beside the head
   * @return head, nonce, what was encrypted, tag
   */
  static byte[] seal(SecretKey key, byte[] bound, byte[] head, byte[] plain) {
    byte[] nonce = random(NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
      cipher.updateAAD(bound);
      cipher.updateAAD(head);
      ByteBuffer sealed =
          ByteBuffer.allocate(head.length + NONCE_BYTES + cipher.getOutputSize(plain.length));
      sealed.put(head).put(nonce);
      cipher.doFinal(ByteBuffer.wrap(plain), sealed);
      return sealed.array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM with 256 bits", e);
    }
  }

  /**
   * Opens what was sealed.
   *
   * @param headBytes length of its head
   * @throws GeneralSecurityException if the key is another one, or anything was changed
   */
  static byte[] open(SecretKey key, byte[] bound, byte[] sealed, int headBytes)
      throws GeneralSecurityException {
    int from = headBytes + NONCE_BYTES;
    if (sealed.length < from + TAG_BYTES) {
      throw new GeneralSecurityException("cut off");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(sealed, headBytes, nonce, 0, NONCE_BYTES);
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
    cipher.updateAAD(bound);
    cipher.updateAAD(sealed, 0, headBytes);
    return cipher.doFinal(sealed, from, sealed.length - from);
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    return cipher;
  }
}
