package dev.notify.tracking;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The letters and digits of a text, so that two that say the same are equal, however they are
 * broken into lines, punctuated and marked up.
 */
public final class PlainWords {

  private static final Pattern REFERENCE = Pattern.compile("&#?[A-Za-z0-9]{1,31};?");

  private PlainWords() {}

  /** Letters and digits of plain text, in small letters. */
  public static String of(String text) {
    StringBuilder words = new StringBuilder(text.length());
    text.codePoints().filter(Character::isLetterOrDigit).forEach(words::appendCodePoint);
    return words.toString().toLowerCase(Locale.ROOT);
  }

  /** Letters and digits of what a reader sees of HTML: tags, comments and styles are left out. */
  public static String ofHtml(String html) {
    StringBuilder seen = new StringBuilder(html.length());
    int at = 0;
    while (at < html.length()) {
      int tag = html.indexOf('<', at);
      int end = tag < 0 ? html.length() : tag;
      seen.append(html, at, end);
      at = tag < 0 ? html.length() : endOfTag(html, tag);
    }
    return of(decoded(seen.toString()));
  }

  private static int endOfTag(String html, int tag) {
    if (html.startsWith("<!--", tag)) {
      return after(html, "-->", tag + 4);
    }
    for (String hidden : new String[] {"style", "script", "title"}) {
      if (html.regionMatches(true, tag + 1, hidden, 0, hidden.length())) {
        return after(html, ">", endOfHidden(html, hidden, tag));
      }
    }
    return after(html, ">", tag);
  }

  private static int endOfHidden(String html, String name, int from) {
    for (int at = html.indexOf("</", from); at >= 0; at = html.indexOf("</", at + 2)) {
      if (html.regionMatches(true, at + 2, name, 0, name.length())) {
        return at;
      }
    }
    return html.length();
  }

  private static int after(String html, String mark, int from) {
    int at = html.indexOf(mark, from);
    return at < 0 ? html.length() : at + mark.length();
  }

  private static String decoded(String text) {
    return CharacterReferences.decoded(text)
        .orElseGet(
            () ->
                REFERENCE
                    .matcher(text)
                    .replaceAll(
                        found ->
                            Matcher.quoteReplacement(
                                CharacterReferences.decoded(found.group()).orElse(" "))));
  }
}
