package dev.notify.push;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code Authorization} header of <a href="https://www.rfc-editor.org/rfc/rfc8292">RFC
 * 8292</a>. Keeps one token for each push service, as services ask. Thread-safe.
 */
final class Vapid {

  /** Half of what the RFC allows, so that no clock is so wrong that it matters. */
  static final Duration LIFE = Duration.ofHours(12);

  private static final Duration EARLY = Duration.ofHours(1);

  /** There are a handful of services; more come from subscriptions that are none. */
  private static final int MOST_TOKENS = 64;

  private static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";

  private record Token(String header, Instant end) {}

  private final VapidKeys keys;
  private final String subject;
  private final InstantSource clock;
  private final Map<String, Token> tokens =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Token> eldest) {
          return size() > MOST_TOKENS;
        }
      };

  Vapid(VapidKeys keys, String subject, InstantSource clock) {
    this.keys = keys;
    this.subject = subject;
    this.clock = clock;
  }

  /** The header for a push service. */
  String authorization(String origin) {
    Instant now = clock.instant();
    synchronized (tokens) {
      Token held = tokens.get(origin);
      if (held != null && now.plus(EARLY).isBefore(held.end())) {
        return held.header();
      }
    }
    // Not under the lock: a signature twice is better than senders in a row.
    Token token = sign(origin, now.plus(LIFE));
    synchronized (tokens) {
      tokens.put(origin, token);
    }
    return token.header();
  }

  private Token sign(String origin, Instant end) {
    String claims =
        Traits.text(
            Traits.object()
                .put("aud", origin)
                .put("exp", end.getEpochSecond())
                .put("sub", subject));
    String text = base64(HEADER) + "." + base64(claims);
    String jwt = text + "." + VapidKeys.encode(keys.sign(text.getBytes(StandardCharsets.US_ASCII)));
    return new Token("vapid t=" + jwt + ", k=" + keys.publicKey(), end);
  }

  private static String base64(String text) {
    return VapidKeys.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
