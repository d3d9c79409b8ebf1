package dev.notify.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The content encoding {@code aes128gcm} of <a href="https://www.rfc-editor.org/rfc/rfc8188">RFC
 * 8188</a>, for a message of one record, which is all that Web Push has.
 */
final class Aes128Gcm {

  static final int SALT_BYTES = 16;

  /** What a body has beside key id and message: salt, record size, length of the id. */
  static final int HEADER_BYTES = SALT_BYTES + 4 + 1;

  /** What the record has beside the message: its end mark and the tag. */
  static final int RECORD_OVERHEAD = 1 + 16;

  private static final byte LAST_RECORD = 2;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 16;
  private static final int NONCE_BYTES = 12;

  private Aes128Gcm() {}

  /**
   * Encrypts a message.
   *
   * @param secret the input keying material
   * @param salt 16 bytes that were never used with the secret before
   * @param keyId tells the receiver which secret it is
   * @param recordSize longest record, as the header says it
   */
  static byte[] encrypt(byte[] message, byte[] secret, byte[] salt, byte[] keyId, int recordSize) {
    if (message.length + RECORD_OVERHEAD > recordSize) {
      throw new IllegalArgumentException("more than one record");
    }
    byte[] marked = Arrays.copyOf(message, message.length + 1);
    marked[message.length] = LAST_RECORD;
    byte[] prk = hmac(salt, secret);
    byte[] key = expand(prk, "Content-Encoding: aes128gcm\0", KEY_BYTES);
    // The first record's sequence number is zero, so the nonce stays as it is.
    byte[] nonce = expand(prk, "Content-Encoding: nonce\0", NONCE_BYTES);
    byte[] record = seal(marked, key, nonce);
    return ByteBuffer.allocate(HEADER_BYTES + keyId.length + record.length)
        .put(salt)
        .putInt(recordSize)
        .put((byte) keyId.length)
        .put(keyId)
        .put(record)
        .array();
  }

  private static byte[] seal(byte[] plain, byte[] key, byte[] nonce) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw P256.unsupported(e);
    }
  }

  /** HKDF's second step (RFC 5869, 2.3) for as much as one block gives. */
  static byte[] expand(byte[] prk, String info, int length) {
    return expand(prk, info.getBytes(StandardCharsets.US_ASCII), length);
  }

  static byte[] expand(byte[] prk, byte[] info, int length) {
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    return Arrays.copyOf(hmac(prk, block), length);
  }

  /** HKDF's first step (RFC 5869, 2.2), with the salt as the key. */
  static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw P256.unsupported(e);
    }
  }
}
