package dev.notify.examples.server;

import io.javalin.http.Context;
import java.util.Optional;

/** Asks who calls, and whether they may. */
final class Access {

  /** A guesser of keys is stopped long before it matters; a mistake in a script is not. */
  private static final int WRONG_AT_ONCE = 50;

  private static final int WRONG_PER_SECOND = 5;
  private static final String BEARER = "Bearer ";

  private final ApiKeys keys;
  private final Optional<Tokens> tokens;
  private final RateLimits wrong = new RateLimits(WRONG_AT_ONCE, WRONG_PER_SECOND);

  Access(ApiKeys keys, Optional<Tokens> tokens) {
    this.keys = keys;
    this.tokens = tokens;
  }

  /** Who calls, by {@code Authorization: Bearer} or {@code X-API-Key}. */
  Caller caller(Context request) {
    return known(request, secret(request))
        .orElseThrow(() -> Problem.unauthorized("the key or token is not valid"));
  }

  /** Whose key or token this is; who often gives wrong ones is refused for a while. */
  Optional<Caller> known(Context request, String secret) {
    Optional<Caller> known =
        keys.find(secret).or(() -> tokens.flatMap(verifier -> verifier.find(secret)));
    if (known.isEmpty()) {
      wrong.count(request.ip());
    }
    return known;
  }

  private static String secret(Context request) {
    String key = request.header("X-API-Key");
    String authorization = request.header("Authorization");
    if (key != null && authorization == null) {
      return key;
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw Problem.unauthorized(
          "send a key or token as Authorization: Bearer, or a key as X-API-Key");
    }
    return authorization.substring(BEARER.length()).strip();
  }

  /**
   * Throws unless the caller may take this route; of persons, it must be their own.
   *
   * @param person whose things the path names; empty if it names nobody
   */
  static void require(Caller caller, Route route, String person) {
    if (caller.role() == Role.ADMIN) {
      return;
    }
    if (!route.roles().contains(caller.role())) {
      throw Problem.forbidden("this is not for the role " + caller.role());
    }
    if (caller.role() == Role.USER && !caller.person().equals(person)) {
      // The same whether there is such a person or not.
      throw Problem.forbidden("this is somebody else's");
    }
  }
}
