package dev.notify.email;

import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.tls.HeldCertificate;

/** Signs messages as SNS does; valid from 2026-03-01 on for two days. */
final class SnsSigner {

  static final HeldCertificate ROOT = authority("Amazon Root CA").certificateAuthority(1).build();
  static final HeldCertificate BETWEEN =
      authority("Amazon RSA 2048").certificateAuthority(0).signedBy(ROOT).build();

  static final SnsSigner AMAZON = named("sns.amazonaws.com");
  static final SnsSigner SOMEBODY = named("sns.amazonaws.com");

  private static final List<String> UNSIGNED =
      List.of("Signature", "SignatureVersion", "SigningCertURL", "UnsubscribeURL");

  private final HeldCertificate certificate;

  private SnsSigner(HeldCertificate certificate) {
    this.certificate = certificate;
  }

  /** One who calls himself so, and whom an authority has certified. */
  static SnsSigner named(String commonName, String... alternativeNames) {
    HeldCertificate.Builder own = valid().commonName(commonName).signedBy(BETWEEN);
    for (String name : alternativeNames) {
      own.addSubjectAlternativeName(name);
    }
    return new SnsSigner(own.build());
  }

  private static HeldCertificate.Builder authority(String name) {
    return valid().commonName(name);
  }

  private static HeldCertificate.Builder valid() {
    Instant from = Instant.parse("2026-03-01T00:00:00Z");
    return new HeldCertificate.Builder()
        .rsa2048()
        .validityInterval(from.toEpochMilli(), from.plus(Duration.ofDays(2)).toEpochMilli());
  }

  /** What SNS answers to whom reads the certificate; and those that come with it. */
  Reply pem(HeldCertificate... others) {
    StringBuilder text = new StringBuilder(certificate.certificatePem());
    for (HeldCertificate other : others) {
      text.append(other.certificatePem());
    }
    return new Answer(200, Optional.empty(), text.toString());
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
      signer.initSign(certificate.keyPair().getPrivate());
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
