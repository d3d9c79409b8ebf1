package dev.notify.tracking;

import java.lang.Character.UnicodeScript;
import java.util.BitSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text, so that two that say the same are equal, however they are broken into lines,
 * punctuated and marked up.
 */
public final class PlainWords {

  private static final Pattern REFERENCE = Pattern.compile("&#?[A-Za-z0-9]{1,31};?");

  /** They put no space between words, or hang an ending onto a name: any letter may begin one. */
  private static final Set<UnicodeScript> UNSPACED =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR,
          UnicodeScript.TIBETAN);

  /** Letters and digits alone, in small letters. */
  private final String letters;

  /** Where in them a word may begin or end. */
  private final BitSet bounds;

  private PlainWords(String letters, BitSet bounds) {
    this.letters = letters;
    this.bounds = bounds;
  }

  /** The words of plain text. */
  public static PlainWords of(String text) {
    StringBuilder letters = new StringBuilder(text.length());
    BitSet bounds = new BitSet(text.length() + 1);
    bounds.set(0);
    text.codePoints()
        .forEach(
            each -> {
              if (Character.isLetterOrDigit(each)) {
                boolean stands = UNSPACED.contains(UnicodeScript.of(each));
                if (stands) {
                  bounds.set(letters.length());
                }
                letters.appendCodePoint(Character.toLowerCase(each));
                if (stands) {
                  bounds.set(letters.length());
                }
              } else if (!isPartOfLetter(each)) {
                bounds.set(letters.length());
              }
            });
    bounds.set(letters.length());
    return new PlainWords(letters.toString(), bounds);
  }

  /** Accents that stand for themselves, soft hyphens and what joins letters. */
  private static boolean isPartOfLetter(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.FORMAT;
  }

  /** The words of what a reader sees of HTML; a tag may stand between two words, or within one. */
  public static PlainWords ofHtml(String html) {
    return of(decoded(SeenHtml.text(html)));
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

  /** Whether there are none. */
  public boolean isEmpty() {
    return letters.isEmpty();
  }

  /** Whether others are among these, one after the other and as whole words. */
  public boolean contains(PlainWords others) {
    int length = others.letters.length();
    for (int at = letters.indexOf(others.letters);
        at >= 0;
        at = letters.indexOf(others.letters, at + 1)) {
      if (bounds.get(at) && bounds.get(at + length)) {
        return true;
      }
    }
    return false;
  }
}
