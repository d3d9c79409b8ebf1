package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Keys of programs that call. Only hashes of them are kept: keys are long and made by chance, so a
 * plain SHA-256 of one tells nothing.
 */
final class ApiKeys {

  private static final String OPTION = Settings.SERVER + "api-keys";
  private static final String HASHED = "sha256:";
  private static final int SHORTEST = 8;

  private record Known(byte[] hash, Caller caller) {}

  private final List<Known> all;

  private ApiKeys(List<Known> all) {
    this.all = List.copyOf(all);
  }

  /** Reads {@code KEY:ROLE,KEY:ROLE}, where a key may be {@code sha256:} and the hash in hex. */
  static ApiKeys parse(String text) {
    List<Known> all = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      String entry = one.strip();
      int colon = entry.lastIndexOf(':');
      if (colon < 1) {
        throw new ConfigurationException(OPTION + ": must be KEY:ROLE,KEY:ROLE");
      }
      Role role = Role.parse(OPTION, entry.substring(colon + 1));
      if (role == Role.USER) {
        throw new ConfigurationException(OPTION + ": the role user is for tokens, not for keys");
      }
      all.add(known(hash(entry.substring(0, colon)), role));
    }
    return new ApiKeys(all);
  }

  private static byte[] hash(String key) {
    if (key.startsWith(HASHED)) {
      String hex = key.substring(HASHED.length());
      if (!hex.matches("[0-9a-fA-F]{64}")) {
        throw new ConfigurationException(OPTION + ": sha256: must have 64 hexadecimal digits");
      }
      return HexFormat.of().parseHex(hex);
    }
    if (key.length() < SHORTEST) {
      throw new ConfigurationException(
          OPTION + ": a key must have at least " + SHORTEST + " characters; 32 by chance are good");
    }
    return sha256(key);
  }

  private static Known known(byte[] hash, Role role) {
    return new Known(hash, Caller.key("key:" + HexFormat.of().formatHex(hash, 0, 4), role));
  }

  /** One key for everything. */
  static ApiKeys ofAdmin(String key) {
    return new ApiKeys(List.of(known(sha256(key), Role.ADMIN)));
  }

  /** A key that nobody can guess. */
  static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whose key it is. Takes as long whichever it is like. */
  Optional<Caller> find(String key) {
    byte[] hash = sha256(key);
    Optional<Caller> found = Optional.empty();
    for (Known known : all) {
      if (MessageDigest.isEqual(known.hash(), hash)) {
        found = Optional.of(known.caller());
      }
    }
    return found;
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ApiKeys[" + all.size() + "]";
  }
}
