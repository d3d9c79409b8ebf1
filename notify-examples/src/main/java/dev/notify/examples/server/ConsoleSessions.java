package dev.notify.examples.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Who has logged in to the console: a random number in a cookie that scripts cannot read and other
 * sites cannot send. Ends after twelve hours, and with the token by which it began. Thread-safe.
 */
final class ConsoleSessions {

  private static final String COOKIE = "notify-console";
  private static final Duration LONGEST = Duration.ofHours(12);
  private static final int MOST = 1_000;

  private final InstantSource clock;
  private final String path;
  private final boolean isSecure;
  private final Cache<String, Caller> all =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

  /**
   * Of nobody yet.
   *
   * @param path below which browsers send the cookie
   * @param isSecure whether they send it by TLS alone
   */
  ConsoleSessions(InstantSource clock, String path, boolean isSecure) {
    this.clock = clock;
    this.path = path;
    this.isSecure = isSecure;
  }

  /** Somebody has shown who it is. */
  void begin(Context request, Caller caller) {
    String number = ApiKeys.random();
    all.put(number, caller);
    request.cookie(cookie(number));
  }

  /** Whose session a request belongs to. */
  Optional<Caller> of(Context request) {
    return Optional.ofNullable(request.cookie(COOKIE))
        .map(all::getIfPresent)
        .filter(caller -> caller.until().map(clock.instant()::isBefore).orElse(true));
  }

  /** Other sites cannot send the cookie, and so log nobody out. */
  void end(Context request) {
    String number = request.cookie(COOKIE);
    if (number != null && all.getIfPresent(number) != null) {
      all.invalidate(number);
      Cookie gone = cookie("");
      gone.setMaxAge(0);
      request.cookie(gone);
    }
  }

  private Cookie cookie(String number) {
    Cookie cookie = new Cookie(COOKIE, number);
    cookie.setPath(path);
    cookie.setHttpOnly(true);
    cookie.setSecure(isSecure);
    cookie.setSameSite(SameSite.STRICT);
    return cookie;
  }
}
