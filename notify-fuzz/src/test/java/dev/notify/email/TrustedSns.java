package dev.notify.email;

import dev.notify.http.Reply.Answer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.tls.HeldCertificate;

/** Signs as SNS does, and is believed: it stands here for its builder's sake. */
public final class TrustedSns {

  /** The topic that is believed. */
  public static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:SES_Events";

  /** Where SNS is. */
  public static final String HOST = "https://sns.us-east-1.amazonaws.com";

  /** Where its certificate is. */
  public static final String CERTIFICATE = HOST + "/SimpleNotificationService-12345abcde.pem";

  private static final List<String> UNSIGNED =
      List.of("Signature", "SignatureVersion", "SigningCertURL", "UnsubscribeURL");

  private final HeldCertificate root;
  private final HeldCertificate own;
  private final Instant now;

  /** One that is valid at this time. */
  public TrustedSns(Instant now) {
    this.now = now;
    root = certificate("Amazon Root CA").certificateAuthority(1).build();
    own = certificate("sns.amazonaws.com").signedBy(root).build();
  }

  private HeldCertificate.Builder certificate(String name) {
    return new HeldCertificate.Builder()
        .rsa2048()
        .validityInterval(
            now.minus(Duration.ofDays(1)).toEpochMilli(),
            now.plus(Duration.ofDays(1)).toEpochMilli())
        .commonName(name);
  }

  /** A webhook that believes it. */
  public SesWebhook webhook() {
    return SesWebhook.builder()
        .topicArn(TOPIC)
        .clock(InstantSource.fixed(now))
        .anchors(() -> Set.of(new TrustAnchor(root.certificate(), null)))
        .web(url -> new Answer(200, Optional.empty(), own.certificatePem()))
        .build();
  }

  /** The fields with the signature over them. */
  public Map<String, String> sign(Map<String, String> fields) {
    Map<String, String> signed = new TreeMap<>(fields);
    StringBuilder text = new StringBuilder();
    signed.forEach(
        (name, value) -> {
          if (!UNSIGNED.contains(name)) {
            text.append(name).append('\n').append(value).append('\n');
          }
        });
    try {
      Signature signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(own.keyPair().getPrivate());
      signer.update(text.toString().getBytes(StandardCharsets.UTF_8));
      signed.put("Signature", Base64.getEncoder().encodeToString(signer.sign()));
      return signed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
