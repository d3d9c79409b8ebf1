package dev.notify.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/**
 * Encrypts a message for one browser, as <a href="https://www.rfc-editor.org/rfc/rfc8291">RFC
 * 8291</a> says, so that the push service cannot read it. Thread-safe.
 */
final class WebPushEncryption {

  /** Bytes of a body that every push service must take (RFC 8030, 7.2). */
  static final int BODY_BYTES = 4096;

  /** Bytes of a message that fit into such a body. */
  static final int MESSAGE_BYTES =
      BODY_BYTES - Aes128Gcm.HEADER_BYTES - P256.PUBLIC_BYTES - Aes128Gcm.RECORD_OVERHEAD;

  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private WebPushEncryption() {}

  /** The body, under a key pair and a salt that serve this once. */
  static byte[] encrypt(byte[] message, WebPushSubscription browser) {
    byte[] salt = new byte[Aes128Gcm.SALT_BYTES];
    RANDOM.nextBytes(salt);
    return encrypt(message, browser, P256.newPair(), salt);
  }

  /** The body under this pair and salt, for the RFC's example. */
  static byte[] encrypt(byte[] message, WebPushSubscription browser, KeyPair once, byte[] salt) {
    byte[] own = P256.raw((ECPublicKey) once.getPublic());
    byte[] shared = P256.agree((ECPrivateKey) once.getPrivate(), browser.key());
    byte[] info = "WebPush: info\0".getBytes(StandardCharsets.US_ASCII);
    byte[] context =
        ByteBuffer.allocate(info.length + 2 * P256.PUBLIC_BYTES)
            .put(info)
            .put(P256.raw(browser.key()))
            .put(own)
            .array();
    byte[] secret = Aes128Gcm.expand(Aes128Gcm.hmac(browser.auth(), shared), context, SECRET_BYTES);
    return Aes128Gcm.encrypt(message, secret, salt, own, BODY_BYTES);
  }
}
