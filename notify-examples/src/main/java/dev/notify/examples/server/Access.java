package dev.notify.examples.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Asks who calls, and whether they may. */
final class Access {

  /** A guesser of keys is slowed long before it matters; a mistake in a script is not. */
  private static final int TRIES_AT_ONCE = 50;

  private static final int TRIES_PER_SECOND = 5;
  private static final Duration REMEMBERED = Duration.ofHours(24);
  private static final int MOST_REMEMBERED = 100_000;
  private static final String BEARER = "Bearer ";
  private static final String PROTOCOL = "bearer.";

  private final ApiKeys keys;
  private final Optional<Tokens> tokens;
  private final ClientAddresses addresses;
  private final RateLimits tries;

  /** Which keys were right at which address not long ago. */
  private final Cache<String, Boolean> proven =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterAccess(REMEMBERED).build();

  Access(ApiKeys keys, Optional<Tokens> tokens, ClientAddresses addresses) {
    this(keys, tokens, addresses, TimeMeter.SYSTEM_NANOTIME);
  }

  Access(ApiKeys keys, Optional<Tokens> tokens, ClientAddresses addresses, TimeMeter time) {
    this.keys = keys;
    this.tokens = tokens;
    this.addresses = addresses;
    tries = new RateLimits(TRIES_AT_ONCE, TRIES_PER_SECOND, time);
  }

  /** From where a request comes. */
  String address(Context request) {
    return addresses.of(request);
  }

  /** Who calls, by {@code Authorization: Bearer} or {@code X-API-Key}. */
  Caller caller(Context request) {
    return known(request, secret(request))
        .orElseThrow(() -> Problem.unauthorized("the key or token is not valid"));
  }

  /**
   * Whose key or token this is. Keys that have not been right at an address yet are tried there so
   * often a second and no more, and a right one too: else an answer would tell which it is, however
   * often one guesses. What was right there goes on as before, whoever guesses beside it; so does a
   * token, which is signed and cannot be guessed.
   */
  Optional<Caller> known(Context request, String secret) {
    return known(address(request), secret);
  }

  Optional<Caller> known(String address, String secret) {
    Optional<Caller> signed = tokens.flatMap(verifier -> verifier.find(secret));
    if (signed.isPresent()) {
      return signed;
    }
    Optional<Caller> known = keys.find(secret);
    Optional<String> pair = known.map(caller -> caller.name() + " at " + address);
    if (pair.map(proven::getIfPresent).isEmpty()) {
      tries.count(address);
      pair.ifPresent(name -> proven.put(name, true));
    }
    return known;
  }

  private static String secret(Context request) {
    String key = request.header("X-API-Key");
    String authorization = request.header("Authorization");
    if (key != null && authorization == null) {
      return key;
    }
    Optional<String> protocol = ofSocket(request);
    if (protocol.isPresent() && key == null && authorization == null) {
      return protocol.get();
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw Problem.unauthorized(
          "send a key or token as Authorization: Bearer, or a key as X-API-Key");
    }
    return authorization.substring(BEARER.length()).strip();
  }

  /** A page cannot send a header with a WebSocket, but it can name protocols. */
  private static Optional<String> ofSocket(Context request) {
    return Optional.ofNullable(request.header("Sec-WebSocket-Protocol")).stream()
        .flatMap(protocols -> Arrays.stream(protocols.split(",")))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(PROTOCOL))
        .map(protocol -> protocol.substring(PROTOCOL.length()))
        .findFirst();
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
