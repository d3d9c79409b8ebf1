package dev.notify.email;

import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Signs messages as SNS does; valid from 2026-03-01 on for two days. */
final class SnsSigner {

  static final SnsSigner AMAZON = new SnsSigner();
  static final SnsSigner SOMEBODY = new SnsSigner();

  private static final List<String> UNSIGNED =
      List.of("Signature", "SignatureVersion", "SigningCertURL", "UnsubscribeURL");

  private final PrivateKey key;
  private final Certificate certificate;

  private SnsSigner() {
    try (InputStream in =
        Files.newInputStream(
            Keytool.keyStore(
                "sns",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=sns.amazonaws.com",
                "-startdate",
                "2026/03/01 00:00:00"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      char[] password = Keytool.PASSWORD.toCharArray();
      store.load(in, password);
      key = (PrivateKey) store.getKey("sns", password);
      certificate = store.getCertificate("sns");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What SNS answers to whom reads the certificate. */
  Reply pem() {
    try {
      String body = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
      return new Answer(
          200,
          Optional.empty(),
          "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The fields with the signature over them. */
  Map<String, String> sign(Map<String, String> fields) {
    // For the fields there are, SNS's order is the alphabet's.
    Map<String, String> signed = new TreeMap<>(fields);
    StringBuilder text = new StringBuilder();
    signed.forEach(
        (name, value) -> {
          if (!UNSIGNED.contains(name)) {
            text.append(name).append('\n').append(value).append('\n');
          }
        });
    signed.put("Signature", sign(text.toString(), fields.getOrDefault("SignatureVersion", "2")));
    return signed;
  }

  private String sign(String text, String version) {
    try {
      Signature signer =
          Signature.getInstance(version.equals("1") ? "SHA1withRSA" : "SHA256withRSA");
      signer.initSign(key);
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
