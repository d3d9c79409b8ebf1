package dev.notify.email;

import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Addresses in what a vendor says, whole: {@code shop@} is no part of {@code my-shop@}. */
final class Mentions {

  private static final Pattern ADDRESS =
      Pattern.compile(
          "[^\\s<>()\\[\\]\",;:]{1,64}@[^\\s<>()\\[\\]\",;:@]{0,253}[^\\s<>()\\[\\]\",;:@.]");

  private Mentions() {}

  /** In lower case. */
  static Set<String> in(String text) {
    return ADDRESS
        .matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }
}
