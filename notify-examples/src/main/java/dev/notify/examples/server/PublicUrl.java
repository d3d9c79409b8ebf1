package dev.notify.examples.server;

import dev.notify.SignedLinks;
import dev.notify.model.ConfigurationException;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;

/**
 * The address by which the world knows the server, for links and for what vendors sign; as long as
 * none is configured, the one at which it listens.
 */
final class PublicUrl {

  private static final String OPTION = Settings.SERVER + "public-url";

  private final String text;

  private PublicUrl(String text) {
    this.text = text;
  }

  /**
   * As the settings say.
   *
   * @param own where it listens, when the port is known
   */
  static PublicUrl of(Settings settings, URI own) {
    String text = settings.get("public-url").orElse(own.toString()).replaceAll("/+$", "");
    try {
      String scheme = String.valueOf(URI.create(text).getScheme());
      if (scheme.equals("https") || scheme.equals("http")) {
        return new PublicUrl(text);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new ConfigurationException(OPTION + ": must be an address such as https://n.example.com");
  }

  /** Without a slash at its end. */
  String text() {
    return text;
  }

  Optional<String> host() {
    return Optional.ofNullable(URI.create(text).getHost());
  }

  /** Whether browsers come by TLS, be it a proxy's. */
  boolean isSecure() {
    return text.startsWith("https:");
  }

  /** The key of links; empty if there are to be none. */
  static Optional<byte[]> linkKey(Settings settings, Storage storage) {
    try {
      return settings
          .get("links.key")
          .map(text -> Base64.getDecoder().decode(text))
          .or(storage::linkKey);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(Settings.SERVER + "links.key: must be Base64", e);
    }
  }

  /** Links below it. */
  SignedLinks links(byte[] key) {
    try {
      return SignedLinks.below(URI.create(text + "/u"), key);
    } catch (ConfigurationException e) {
      throw new ConfigurationException(
          OPTION
              + ": "
              + text
              + " is no place for links in mails; say the https address by which the world knows the"
              + " server ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
