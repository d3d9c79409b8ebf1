package dev.notify.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/**
 * A signed token that proves a webhook: a JSON Web Token (<a
 * href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>) by HMAC with SHA-256. Only what was
 * verified can be read. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class WebhookToken {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode claims;

  private WebhookToken(JsonNode claims) {
    this.claims = claims;
  }

  /**
   * Verifies a token.
   *
   * @param token three parts in Base64 with dots between them
   * @param key the secret shared with the vendor
   * @throws dev.notify.model.WebhookRefusedException if it is not by this key and this algorithm
   */
  public static WebhookToken verified(String token, byte[] key) {
    String[] parts = token.strip().split("\\.", -1);
    if (parts.length != 3) {
      throw WebhookProof.forged("the token has not three parts");
    }
    // The token does not choose the algorithm: "none" would prove nothing.
    if (!json(parts[0]).path("alg").asText().equals("HS256")) {
      throw WebhookProof.forged("the token is not by HS256");
    }
    WebhookProof.requireHmac(
        "HmacSHA256",
        key,
        (parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8),
        base64(parts[2]));
    return new WebhookToken(json(parts[1]));
  }

  /** A claim that is text and must be there. */
  public String text(String claim) {
    String text = claims.path(claim).textValue();
    if (text == null) {
      throw WebhookProof.forged("the token has no " + claim);
    }
    return text;
  }

  /** Whether there is such a claim. */
  public boolean has(String claim) {
    return claims.hasNonNull(claim);
  }

  /** A claim that is a moment, in seconds since 1970, and must be there. */
  public Instant moment(String claim) {
    JsonNode seconds = claims.path(claim);
    if (!seconds.isNumber()) {
      throw WebhookProof.forged("the token has no " + claim);
    }
    return WebhookProof.seconds(Long.toString(seconds.longValue()));
  }

  /** Checks content by a claim that has its SHA-256 in hexadecimal digits. */
  public void requireSha256(String claim, byte[] content) {
    WebhookProof.requireSha256(content, text(claim));
  }

  private static JsonNode json(String part) {
    try {
      return JSON.readTree(base64(part));
    } catch (IOException e) {
      // Bytes that are in no encoding end here too.
      throw WebhookProof.forged("the token has no JSON");
    }
  }

  private static byte[] base64(String part) {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw WebhookProof.forged("the token is no Base64");
    }
  }

  @Override
  public String toString() {
    return "WebhookToken";
  }
}
