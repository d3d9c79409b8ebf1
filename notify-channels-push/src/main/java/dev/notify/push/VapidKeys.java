package dev.notify.push;

import dev.notify.model.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;

/**
 * The key pair by which push services know an application (<a
 * href="https://www.rfc-editor.org/rfc/rfc8292">RFC 8292</a>). Make it once and keep it:
 * subscriptions are bound to it. {@code toString} hides the private key.
 *
 * @param publicKey what the page gives to {@code pushManager.subscribe} as {@code
 *     applicationServerKey}: a point of 65 bytes in base64url
 * @param privateKey a number of 32 bytes in base64url
 * @since 0.1
 */
public record VapidKeys(String publicKey, String privateKey) {

  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

  /**
   * Checks both keys and that they belong together.
   *
   * @throws ConfigurationException naming the one that is wrong
   */
  public VapidKeys {
    if (!belongTogether(openKey(publicKey), secretKey(privateKey))) {
      throw new ConfigurationException("publicKey: does not belong to the private key");
    }
    // It stands in a header, where padding has no place.
    publicKey = encode(decode(publicKey));
  }

  static ECPublicKey openKey(String text) {
    try {
      return P256.publicKey(decode(text));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("publicKey: must be a point of P-256 in base64url");
    }
  }

  static ECPrivateKey secretKey(String text) {
    try {
      return P256.privateKey(decode(text));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("privateKey: must be 32 bytes in base64url");
    }
  }

  /** Makes a pair. */
  public static VapidKeys generate() {
    KeyPair pair = P256.newPair();
    return new VapidKeys(
        encode(P256.raw((ECPublicKey) pair.getPublic())),
        encode(P256.raw((ECPrivateKey) pair.getPrivate())));
  }

  /** Signs as ES256 (RFC 7518, 3.4). */
  byte[] sign(byte[] text) {
    return sign(secretKey(privateKey), text);
  }

  private static byte[] sign(ECPrivateKey key, byte[] text) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw P256.unsupported(e);
    }
  }

  private static boolean belongTogether(ECPublicKey open, ECPrivateKey secret) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initVerify(open);
      signature.update(PROBE);
      return signature.verify(sign(secret, PROBE));
    } catch (GeneralSecurityException e) {
      throw P256.unsupported(e);
    }
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "VapidKeys[" + publicKey + "]";
  }
}
