package dev.notify.tracking;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of the web in the form that may stand in a header field: a URI (RFC 3986), of ASCII
 * alone. What HTML allows beyond that is written as a browser would ask for it.
 */
final class WebAddress {

  private static final Pattern PARTS =
      Pattern.compile("(https?://)([^/?#]+)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern HOST = Pattern.compile("([^@:\\[\\]]+)(:[0-9]*)?");

  /** What browsers read in another way than {@link IDN}, which would lead to another host. */
  private static final String READ_DIFFERENTLY = "\u00df\u03c2\u200c\u200d";

  /** Not allowed in a URI, but written by many, and harmless. */
  private static final String ESCAPED = "{}|^`";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private WebAddress() {}

  /** The address in ASCII; empty if it is none of the web or cannot be written as a URI. */
  static Optional<String> inAscii(String address) {
    Matcher parts = PARTS.matcher(address);
    boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(address);
    return isText && parts.matches()
        ? authority(parts.group(2))
            .map(authority -> parts.group(1) + authority + escaped(parts.group(3)))
            .filter(WebAddress::isUri)
        : Optional.empty();
  }

  private static Optional<String> authority(String written) {
    if (isAscii(written)) {
      return Optional.of(written);
    }
    Matcher parts = HOST.matcher(written);
    if (!parts.matches() || written.chars().anyMatch(c -> READ_DIFFERENTLY.indexOf(c) >= 0)) {
      return Optional.empty();
    }
    try {
      // The rules see to it that no character turns into a slash or another mark of an address.
      String host = IDN.toASCII(parts.group(1), IDN.USE_STD3_ASCII_RULES);
      return Optional.of(parts.group(2) == null ? host : host + parts.group(2));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /**
   * Unlike {@link URI#toASCIIString}, which puts accents and their letters together first, this
   * leaves the address the same.
   */
  private static String escaped(String text) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x80 && ESCAPED.indexOf(c) < 0) {
                result.append((char) c);
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  result.append('%').append(HEX.toHexDigits(b));
                }
              }
            });
    return result.toString();
  }

  private static boolean isUri(String text) {
    try {
      return new URI(text).getRawAuthority() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
