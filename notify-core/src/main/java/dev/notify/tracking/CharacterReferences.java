package dev.notify.tracking;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the value of an HTML attribute says that was written with references such as {@code &amp;}
 * or {@code &#61;}, by the <a
 * href="https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state">HTML
 * standard</a>. Of some two thousand names it knows those that stand in addresses.
 */
final class CharacterReferences {

  /** Those that hold without a semicolon too; from U+00A0 on, in their order. */
  private static final String LATIN_1 =
      "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn"
          + " sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest"
          + " Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave"
          + " Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave"
          + " Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig"
          + " ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute"
          + " ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

  private static final Map<String, Character> WITHOUT_SEMICOLON = withoutSemicolon();
  private static final Map<String, Character> WITH_SEMICOLON =
      Map.of("apos", '\'', "equals", '=', "quest", '?', "num", '#', "sol", '/', "colon", ':');

  private final String text;
  private final StringBuilder read;
  private int at;

  private CharacterReferences(String text) {
    this.text = text;
    this.read = new StringBuilder(text.length());
  }

  private static Map<String, Character> withoutSemicolon() {
    Map<String, Character> known = new HashMap<>();
    char next = '\u00a0';
    for (String name : LATIN_1.split(" ")) {
      known.put(name, next++);
    }
    known.putAll(Map.of("amp", '&', "lt", '<', "gt", '>', "quot", '"'));
    known.putAll(Map.of("AMP", '&', "LT", '<', "GT", '>', "QUOT", '"'));
    known.putAll(Map.of("COPY", '\u00a9', "REG", '\u00ae'));
    return Map.copyOf(known);
  }

  /** What it says; empty where that is not sure. */
  static Optional<String> decoded(String value) {
    if (value.indexOf('&') < 0) {
      return Optional.of(value);
    }
    CharacterReferences references = new CharacterReferences(value);
    return references.readAll() ? Optional.of(references.read.toString()) : Optional.empty();
  }

  /** Each of these reads on as long as it is sure. */
  private boolean readAll() {
    while (at < text.length()) {
      int mark = text.indexOf('&', at);
      int end = mark < 0 ? text.length() : mark;
      read.append(text, at, end);
      at = end;
      if (mark >= 0 && !(text.startsWith("#", mark + 1) ? readNumber() : readName())) {
        return false;
      }
    }
    return true;
  }

  private boolean readNumber() {
    boolean isHex = text.startsWith("x", at + 2) || text.startsWith("X", at + 2);
    int radix = isHex ? 16 : 10;
    int start = at + (isHex ? 3 : 2);
    int end = start;
    int number = 0;
    while (end < text.length() && digit(text.charAt(end), radix) >= 0) {
      number = Math.min(number * radix + digit(text.charAt(end), radix), 0x11_0000);
      end++;
    }
    if (end == start) {
      read.append(text, at, start);
      at = start;
      return true;
    }
    // Browsers read what is no character, and 128 to 159, as something else.
    boolean isSure =
        number > 0
            && (number < 0x80 || number > 0x9f)
            && (number < Character.MIN_SURROGATE || number > Character.MAX_SURROGATE)
            && Character.isValidCodePoint(number);
    if (isSure) {
      read.appendCodePoint(number);
      at = text.startsWith(";", end) ? end + 1 : end;
    }
    return isSure;
  }

  /** Of ASCII digits only: {@code Character.digit} alone takes those of all scripts. */
  private static int digit(char c, int radix) {
    return c < 0x80 ? Character.digit(c, radix) : -1;
  }

  private boolean readName() {
    int end = at + 1;
    while (end < text.length() && digit(text.charAt(end), Character.MAX_RADIX) >= 0) {
      end++;
    }
    String name = text.substring(at + 1, end);
    Character said = WITHOUT_SEMICOLON.get(name);
    boolean isClosed = !name.isEmpty() && text.startsWith(";", end);
    if (isClosed) {
      said = said == null ? WITH_SEMICOLON.get(name) : said;
      if (said == null) {
        return false;
      }
      end++;
    }
    // As in "?a=1&copy=2", which is how many write it.
    if (said == null || !isClosed && text.startsWith("=", end)) {
      read.append(text, at, end);
    } else {
      read.append(said.charValue());
    }
    at = end;
    return true;
  }
}
