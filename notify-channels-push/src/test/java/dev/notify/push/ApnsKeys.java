package dev.notify.push;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import okhttp3.tls.HeldCertificate;

/** A signing key as Apple hands it out, and a certificate for a server on this machine. */
final class ApnsKeys {

  static final String KEY_ID = "KEY1234567";
  static final String TEAM_ID = "TEAM123456";
  static final String TOPIC = "com.example.shop";
  static final HeldCertificate SERVER =
      new HeldCertificate.Builder()
          .rsa2048()
          .addSubjectAlternativeName("localhost")
          .addSubjectAlternativeName("127.0.0.1")
          .build();

  private static final KeyPair KEY = newKey();
  static final String PRIVATE_KEY =
      Base64.getEncoder().encodeToString(KEY.getPrivate().getEncoded());

  private ApnsKeys() {}

  static InputStream p8() {
    return new ByteArrayInputStream(p8Text().getBytes(StandardCharsets.US_ASCII));
  }

  static String p8Text() {
    return "-----BEGIN PRIVATE KEY-----\n" + PRIVATE_KEY + "\n-----END PRIVATE KEY-----\n";
  }

  static ApnsVerificationKey verificationKey() {
    try {
      return new ApnsVerificationKey(KEY_ID, TEAM_ID, (ECPublicKey) KEY.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static ApnsProvider.Builder provider(int port) {
    return ApnsProvider.builder()
        .signingKey(p8())
        .keyId(KEY_ID)
        .teamId(TEAM_ID)
        .topic(TOPIC)
        .baseUrl(java.net.URI.create("https://localhost:" + port))
        .trustedCertificates(SERVER.certificate());
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
