package dev.notify.http;

import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.spi.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What vendors' webhooks have in common when it comes to believing them. Comparisons take the same
 * time wherever the difference is.
 *
 * @since 0.1
 */
public final class WebhookProof {

  /** How old, or how far ahead of our clock, a report may be. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

  private WebhookProof() {}

  /** A header that a true request has. */
  public static String header(WebhookRequest request, String name) {
    return request.header(name).orElseThrow(() -> forged("has no header " + name));
  }

  /**
   * Checks a keyed hash (RFC 2104).
   *
   * @param algorithm for example {@code HmacSHA256}
   * @param signature what the request claims
   */
  public static void requireHmac(String algorithm, byte[] key, byte[] signed, byte[] signature) {
    if (!MessageDigest.isEqual(hmac(algorithm, key, signed), signature)) {
      throw forged("the signature is not right");
    }
  }

  /**
   * Checks a keyed hash where the vendor sends several, one for each of its keys.
   *
   * @param algorithm for example {@code HmacSHA256}
   * @param signatures what the request claims; one of them has to be right
   */
  public static void requireHmac(
      String algorithm, byte[] key, byte[] signed, List<byte[]> signatures) {
    byte[] expected = hmac(algorithm, key, signed);
    if (signatures.stream().noneMatch(signature -> MessageDigest.isEqual(expected, signature))) {
      throw forged("the signature is not right");
    }
  }

  /**
   * Checks what was signed by its hash.
   *
   * @param hash SHA-256 in hexadecimal digits, as the signature covers it
   */
  public static void requireSha256(byte[] content, String hash) {
    try {
      byte[] actual = MessageDigest.getInstance("SHA-256").digest(content);
      if (!MessageDigest.isEqual(actual, hex(hash))) {
        throw forged("the content is not the one that was signed");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A keyed hash. */
  public static byte[] hmac(String algorithm, byte[] key, byte[] signed) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /**
   * The keyed hash of <a href="https://www.standardwebhooks.com">Standard Webhooks</a>: over id,
   * time and body, with dots between.
   */
  public static byte[] standardHash(byte[] secret, String id, String time, byte[] body) {
    byte[] head = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
    byte[] signed = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, signed, head.length, body.length);
    return hmac("HmacSHA256", secret, signed);
  }

  /** Refuses what was sent too long ago, or will be. */
  public static void requireFresh(Instant sent, Instant now) {
    requireFresh(sent, now, TOLERANCE);
  }

  /** The same for a vendor that repeats itself for longer without signing anew. */
  public static void requireFresh(Instant sent, Instant now, Duration longest) {
    if (Duration.between(sent, now).compareTo(longest) > 0
        || Duration.between(now, sent).compareTo(TOLERANCE) > 0) {
      throw new WebhookRefusedException(
          Why.STALE, "was sent more than " + longest.toMinutes() + " minutes from now");
    }
  }

  /** A moment given in whole seconds since 1970. */
  public static Instant seconds(String text) {
    try {
      return Instant.ofEpochSecond(Long.parseLong(text.strip()));
    } catch (NumberFormatException | DateTimeException e) {
      throw forged("the time is no number");
    }
  }

  /**
   * A moment at which something can have happened, or be about to: clocks are wrong by hours, and
   * not by ages.
   *
   * @throws DateTimeException if it is before 1970, or after the year 9999
   */
  public static Instant believable(Instant told) {
    if (told.isBefore(Instant.EPOCH) || !told.isBefore(END_OF_TIME)) {
      throw new DateTimeException("not a moment of this age");
    }
    return told;
  }

  /** Bytes given in Base64, with or without padding. */
  public static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      throw forged("the signature is no Base64");
    }
  }

  /** Bytes given in hexadecimal digits. */
  public static byte[] hex(String text) {
    try {
      return HexFormat.of().parseHex(text.strip());
    } catch (IllegalArgumentException e) {
      throw forged("the signature is not hexadecimal");
    }
  }

  /** A request that nothing proves to be the vendor's. */
  public static WebhookRefusedException forged(String message) {
    return new WebhookRefusedException(Why.FORGED, message);
  }

  /** A request of the vendor's that cannot be read. */
  public static WebhookRefusedException malformed(String message) {
    return new WebhookRefusedException(Why.MALFORMED, message);
  }

  /** A request that may be the vendor's: what would prove it is out of reach just now. */
  public static WebhookRefusedException undecided(String message) {
    return new WebhookRefusedException(Why.UNDECIDED, message);
  }
}
