package dev.notify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.http.WebhookProof;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Signs as the vendors do, whatever there is to sign. */
final class WebhookSigning {

  static final String SECRET = "hush-" + Canary.WORD + "-0123456789abcdef";
  static final KeyPair CURVE = curve();

  private WebhookSigning() {}

  private static KeyPair curve() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] hmac(String algorithm, String text) {
    return WebhookProof.hmac(algorithm, SECRET.getBytes(UTF_8), text.getBytes(UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String standard(byte[] secret, String id, String time, byte[] body) {
    return "v1," + base64(WebhookProof.standardHash(secret, id, time, body));
  }

  static String byCurve(String time, byte[] body) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(CURVE.getPrivate());
      signer.update(time.getBytes(UTF_8));
      signer.update(body);
      return base64(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String token(String head, String claims) {
    String signed = part(head) + "." + part(claims);
    return signed
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(hmac("HmacSHA256", signed));
  }

  private static String part(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The fields of a form as a vendor sees them; none where they cannot be read. */
  static Map<String, String> fields(String form) {
    Map<String, String> fields = new TreeMap<>();
    try {
      for (String pair : form.split("&")) {
        if (!pair.isEmpty()) {
          String[] words = pair.split("=", 2);
          fields.putIfAbsent(
              URLDecoder.decode(words[0], UTF_8),
              words.length < 2 ? "" : URLDecoder.decode(words[1], UTF_8));
        }
      }
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
    return fields;
  }

  static String joined(Map<String, String> fields) {
    StringBuilder joined = new StringBuilder();
    fields.forEach((name, value) -> joined.append(name).append(value));
    return joined.toString();
  }
}
