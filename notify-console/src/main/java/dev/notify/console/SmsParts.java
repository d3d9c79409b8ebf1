package dev.notify.console;

/**
 * How many messages a text takes on its way to a phone (3GPP TS 23.038): 160 characters of the GSM
 * alphabet or 70 of UCS-2, and a little less in each of several.
 *
 * @param parts how many
 * @param units characters of the encoding; some of GSM's count twice
 * @param isGsm whether the GSM alphabet has them all
 */
record SmsParts(int parts, int units, boolean isGsm) {

  private static final String GSM =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
          + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final String GSM_TWICE = "\f^{}\\[~]|€";

  static SmsParts of(String text) {
    int units = 0;
    for (char c : text.toCharArray()) {
      if (GSM.indexOf(c) >= 0) {
        units++;
      } else if (GSM_TWICE.indexOf(c) >= 0) {
        units += 2;
      } else {
        return new SmsParts(ucs2(text), text.length(), false);
      }
    }
    return new SmsParts(units <= 160 ? 1 : gsm(text), units, true);
  }

  /** No character is torn in two between parts. */
  private static int gsm(String text) {
    return parts(text.codePoints().map(c -> GSM_TWICE.indexOf(c) >= 0 ? 2 : 1).toArray(), 153);
  }

  private static int ucs2(String text) {
    return text.length() <= 70
        ? 1
        : parts(text.codePoints().map(Character::charCount).toArray(), 67);
  }

  private static int parts(int[] widths, int most) {
    int parts = 1;
    int used = 0;
    for (int width : widths) {
      if (used + width > most) {
        parts++;
        used = 0;
      }
      used += width;
    }
    return parts;
  }

  @Override
  public String toString() {
    return "%d %s · %d characters · %s"
        .formatted(parts, parts == 1 ? "part" : "parts", units, isGsm ? "GSM-7" : "UCS-2");
  }
}
