package dev.notify.benchmarks.providers;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.KeyAgreement;
import okhttp3.tls.HeldCertificate;

/** Keys made for this run; what they open is on this machine only. */
final class Keys {

  /** An application's key at Vonage. */
  static final String RSA = pem(pair("RSA").getPrivate());

  /** A signing key as Apple hands it out. */
  static final String P8 = pem(pair("EC").getPrivate());

  /** A server on this machine. */
  static final HeldCertificate SERVER =
      new HeldCertificate.Builder()
          .addSubjectAlternativeName("localhost")
          .addSubjectAlternativeName("127.0.0.1")
          .build();

  /** A browser's. */
  private static final ECPublicKey BROWSER = (ECPublicKey) pair("EC").getPublic();

  private Keys() {}

  /**
   * A key pair for one message, and the secret that it shares with the browser (RFC 8291, 3.1): by
   * far the most of what encryption costs.
   */
  static void agree() throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(pair("EC").getPrivate());
    agreement.doPhase(BROWSER, true);
    agreement.generateSecret();
  }

  /** The browser's subscription at this endpoint. */
  static String subscription(String endpoint) {
    byte[] point = new byte[65];
    point[0] = 4;
    put(BROWSER.getW().getAffineX().toByteArray(), point, 1);
    put(BROWSER.getW().getAffineY().toByteArray(), point, 33);
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return "{\"endpoint\":\"%s\",\"keys\":{\"p256dh\":\"%s\",\"auth\":\"%s\"}}"
        .formatted(endpoint, base64.encodeToString(point), base64.encodeToString(new byte[16]));
  }

  /** Thirty-two bytes, whatever signs and zeros stand before them. */
  private static void put(byte[] number, byte[] into, int at) {
    int length = Math.min(32, number.length);
    byte[] digits = Arrays.copyOfRange(number, number.length - length, number.length);
    System.arraycopy(digits, 0, into, at + 32 - length, length);
  }

  private static KeyPair pair(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  private static String pem(Key key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }
}
