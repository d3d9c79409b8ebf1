package dev.notify.sms;

/**
 * In how many segments a text travels: what it costs, since networks carry and bill segments.
 *
 * <p>A text whose every character stands in the GSM 7-bit alphabet (3GPP TS 23.038, 6.2.1) takes
 * 160 units in one segment or 153 in each of several; characters of the extension table, such as
 * {@code €}, take two. Any other character makes the whole text UCS-2: 70 units or 67, an emoji
 * taking two or more. Two units that belong together, an extended character or a surrogate pair,
 * never fall into two segments, so that the last unit of a segment can stay empty.
 *
 * <p>An estimate: a vendor may replace typographic characters on the way, and national language
 * tables are not considered.
 *
 * @param encoding how the characters are coded
 * @param units 7-bit or 16-bit units that the text takes
 * @param count segments; none for an empty text
 * @since 0.1
 */
public record SmsSegments(Encoding encoding, int units, int count) {

  private static final String BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
          + "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

  private static final String EXTENDED = "\f^{}\\[~]|€";

  /** How the characters of a text message are coded. */
  public enum Encoding {
    /** GSM 7-bit default alphabet. */
    GSM_7(160, 153),
    /** Sixteen bits a unit, as in a Java string. */
    UCS_2(70, 67);

    private final int single;
    private final int each;

    Encoding(int single, int each) {
      this.single = single;
      this.each = each;
    }

    /** Units that fit in a text of one segment. */
    public int unitsInOne() {
      return single;
    }

    /** Units that fit in each segment of a longer text; the rest is taken by its number. */
    public int unitsInEach() {
      return each;
    }

    /** Units that the character at this place takes, its second half included. */
    private int unitsAt(String text, int index) {
      if (this == UCS_2) {
        return Character.charCount(text.codePointAt(index));
      }
      return EXTENDED.indexOf(text.charAt(index)) >= 0 ? 2 : 1;
    }

    /** How far it is to the next character. */
    private int charsAt(String text, int index) {
      return this == UCS_2 ? Character.charCount(text.codePointAt(index)) : 1;
    }
  }

  /** Looks at a text. */
  public static SmsSegments of(String text) {
    Encoding encoding = text.chars().allMatch(SmsSegments::isGsm) ? Encoding.GSM_7 : Encoding.UCS_2;
    int units = 0;
    for (int i = 0; i < text.length(); i += encoding.charsAt(text, i)) {
      units += encoding.unitsAt(text, i);
    }
    if (units <= encoding.unitsInOne()) {
      return new SmsSegments(encoding, units, text.isEmpty() ? 0 : 1);
    }
    return new SmsSegments(encoding, units, severalSegments(text, encoding));
  }

  private static int severalSegments(String text, Encoding encoding) {
    int segments = 1;
    int used = 0;
    for (int i = 0; i < text.length(); i += encoding.charsAt(text, i)) {
      int next = encoding.unitsAt(text, i);
      if (used + next > encoding.unitsInEach()) {
        segments++;
        used = 0;
      }
      used += next;
    }
    return segments;
  }

  private static boolean isGsm(int character) {
    return BASIC.indexOf(character) >= 0 || EXTENDED.indexOf(character) >= 0;
  }
}
