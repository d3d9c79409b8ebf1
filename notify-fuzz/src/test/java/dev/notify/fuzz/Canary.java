package dev.notify.fuzz;

import java.util.Locale;
import java.util.Optional;

/** A word that stands in all that is personal or secret, and in nothing else. */
public final class Canary {

  /** The word; letters and digits alone, so that no encoding changes it. */
  public static final String WORD = "c4nary";

  /** An e-mail address with it. */
  public static final String MAIL = "jane." + WORD + "@example.com";

  private Canary() {}

  /** The text, if the word is in it. */
  static Optional<String> foundIn(String text) {
    return text.toLowerCase(Locale.ROOT).contains(WORD) ? Optional.of(text) : Optional.empty();
  }
}
