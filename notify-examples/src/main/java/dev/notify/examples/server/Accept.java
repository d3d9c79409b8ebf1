package dev.notify.examples.server;

import java.util.Locale;

/** What a client says it can read (RFC 9110, section 12.5.1). */
final class Accept {

  private Accept() {}

  /** Whether a media type is among those that it takes. */
  static boolean takes(String header, String type) {
    String family = type.substring(0, type.indexOf('/')) + "/*";
    for (String one : header.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = one.split(";", -1);
      String range = parts[0].strip();
      if (range.equals("*/*") || range.equals(family) || range.equals(type)) {
        if (!isRefused(parts)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isRefused(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].strip().matches("q\\s*=\\s*0(\\.0{0,3})?")) {
        return true;
      }
    }
    return false;
  }
}
