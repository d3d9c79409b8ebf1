package dev.notify.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a browser hands out to be sent to: where, and under which keys. See the <a
 * href="https://www.w3.org/TR/push-api/#pushsubscription-interface">Push API</a>. {@code toString}
 * shows nothing of it.
 *
 * @param endpoint where messages are posted; whoever has it can send
 * @param key the browser's public key, {@code p256dh}
 * @param auth the secret that it shares with us
 */
record WebPushSubscription(HttpUrl endpoint, ECPublicKey key, byte[] auth) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int AUTH_BYTES = 16;

  /**
   * Reads the JSON that a browser gives.
   *
   * @throws IllegalArgumentException saying what is wrong with it, without showing any of it
   */
  static WebPushSubscription parse(String json) {
    JsonNode node = read(json);
    HttpUrl endpoint = endpoint(node.path("endpoint").textValue());
    byte[] auth = bytes("auth", node.at("/keys/auth").textValue());
    if (auth.length != AUTH_BYTES) {
      throw new IllegalArgumentException("the subscription's auth must have 16 bytes");
    }
    return new WebPushSubscription(endpoint, key(node.at("/keys/p256dh").textValue()), auth);
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a subscription is the browser's JSON");
    }
  }

  private static HttpUrl endpoint(@Nullable String text) {
    HttpUrl url = text == null ? null : HttpUrl.parse(text);
    if (url == null || !url.username().isEmpty() || !url.password().isEmpty()) {
      throw new IllegalArgumentException("the subscription's endpoint must be an https address");
    }
    return url;
  }

  private static ECPublicKey key(@Nullable String text) {
    try {
      return P256.publicKey(bytes("p256dh", text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the subscription's p256dh must be a point of P-256");
    }
  }

  /** Some libraries write the other alphabet, or padding. */
  private static byte[] bytes(String field, @Nullable String text) {
    try {
      String url = text == null ? "" : text.replace('+', '-').replace('/', '_');
      return Base64.getUrlDecoder().decode(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the subscription's " + field + " must be base64url");
    }
  }

  /** Scheme, host and port: what a VAPID token is made out to. */
  String origin() {
    HttpUrl root = endpoint.newBuilder().encodedPath("/").query(null).fragment(null).build();
    String text = root.toString();
    return text.substring(0, text.length() - 1);
  }

  @Override
  public String toString() {
    return "WebPushSubscription";
  }
}
