package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.ConfigurationException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens by which a Vonage application signs its calls: JSON Web Tokens by RS256. Vonage takes
 * one until its end, and a signature takes longer than a call, so each serves for some minutes.
 * Thread-safe.
 *
 * @see <a href="https://developer.vonage.com/en/getting-started/concepts/authentication">Vonage:
 *     authentication</a>
 * @see <a
 *     href="https://api.support.vonage.com/hc/en-us/articles/360000958407-How-long-is-my-JSON-Web-Token-valid-for">Vonage:
 *     how long a token is valid</a>
 */
final class VonageTokens {

  /** What Vonage gives a token that names no end. */
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  /** Long before its end, so that a clock that is wrong by minutes does not matter. */
  private static final Duration IN_USE = Duration.ofMinutes(5);

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String HEADER =
      encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8));

  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

  private final String applicationId;
  private final PrivateKey key;
  private final InstantSource clock;
  private volatile @Nullable Token latest;

  private record Token(String text, Instant begin) {
    boolean serves(Instant now) {
      return !now.isBefore(begin) && now.isBefore(begin.plus(IN_USE));
    }

    @Override
    public String toString() {
      return "Token[" + begin + "]";
    }
  }

  VonageTokens(String applicationId, PrivateKey key, InstantSource clock) {
    this.applicationId = applicationId;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Reads an RSA key.
   *
   * @param pem PKCS #8 as Vonage's dashboard makes it, from BEGIN PRIVATE KEY on
   */
  static PrivateKey key(String pem) {
    Matcher matcher = PEM.matcher(pem);
    if (!matcher.matches()) {
      throw noKey();
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not passed on as the cause: a parser's message can hold a piece of the key.
      throw noKey();
    }
  }

  private static ConfigurationException noKey() {
    return new ConfigurationException(
        "privateKey: must be an RSA key in PEM form, beginning with BEGIN PRIVATE KEY");
  }

  /** The token for a call that is made now. */
  String current() {
    Instant now = clock.instant();
    Token held = latest;
    if (held == null || !held.serves(now)) {
      // Without a lock: a signature twice is better than senders in a row.
      held = new Token(signed(now), now);
      latest = held;
    }
    return held.text();
  }

  private String signed(Instant now) {
    ObjectNode claims =
        JSON.createObjectNode()
            .put("application_id", applicationId)
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(LIFETIME).getEpochSecond())
            .put("jti", UUID.randomUUID().toString());
    String signed = HEADER + "." + encoded(claims.toString().getBytes(UTF_8));
    return signed + "." + encoded(signature(signed.getBytes(UTF_8)));
  }

  private byte[] signature(byte[] signed) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform signs by RSA with SHA-256", e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "VonageTokens";
  }
}
