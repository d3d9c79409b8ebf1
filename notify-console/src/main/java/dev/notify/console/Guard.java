package dev.notify.console;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps other sites out. A browser on this machine visits pages that would like to look into the
 * console: by a name of theirs that suddenly points here (DNS rebinding), which the Host header
 * gives away; or by a form that is sent here, which {@code Sec-Fetch-Site}, {@code Origin} and a
 * token that only our pages know give away.
 */
final class Guard {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> hosts;
  private final String token;

  Guard(Set<String> hosts) {
    this.hosts = hosts;
    byte[] chance = new byte[24];
    new SecureRandom().nextBytes(chance);
    token = Base64.getUrlEncoder().withoutPadding().encodeToString(chance);
  }

  /** What our own pages send along with what they change. */
  String token() {
    return token;
  }

  /** Why a request is refused. */
  Optional<String> objection(Asked asked) {
    String host = asked.header("Host").toLowerCase(Locale.ROOT);
    String name = host.replaceFirst(":\\d{1,5}$", "");
    if (!LOOPBACK.contains(name) && !hosts.contains(host) && !hosts.contains(name)) {
      return Optional.of(
          "The console does not go by this name. Open it by the address that it was started with.");
    }
    return asked.isRead() ? Optional.empty() : objectionToChange(asked, host);
  }

  private Optional<String> objectionToChange(Asked asked, String host) {
    String site = asked.header("Sec-Fetch-Site");
    String origin = asked.header("Origin");
    boolean foreign =
        (!site.isEmpty() && !site.equals("same-origin"))
            || (!origin.isEmpty() && !authority(origin).equals(host));
    return foreign
        ? Optional.of("This came from another site, which may not change anything here.")
        : Optional.empty();
  }

  private static String authority(String origin) {
    try {
      return String.valueOf(URI.create(origin).getRawAuthority()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Whether the token came along, in a header or in a form. */
  boolean hasToken(Asked asked) {
    String given =
        asked.header("X-Console-Token").isEmpty()
            ? asked.form().getOrDefault("token", "")
            : asked.header("X-Console-Token");
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }
}
