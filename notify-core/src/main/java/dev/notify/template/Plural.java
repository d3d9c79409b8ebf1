package dev.notify.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which form of a word stands with a number, by the cardinal rules of Unicode CLDR (TR 35, <a
 * href="https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html">language
 * plural rules</a>), for the languages named here; all others have one for 1 and another for the
 * rest.
 */
final class Plural {

  private static final Set<String> NO_FORMS =
      Set.of("ja", "zh", "ko", "vi", "th", "id", "in", "ms", "my", "lo", "km", "yue");

  private static final Set<String> VALUE_IS_ONE =
      Set.of("es", "el", "hu", "tr", "bg", "nb", "no", "nn", "sq", "eu", "ka", "kk", "az", "uz");

  private static final Set<String> BELOW_ONE_TOO = Set.of("hi", "bn", "fa", "gu", "kn", "zu", "am");

  private static final Set<String> MILLIONS = Set.of("es", "fr", "pt", "it", "ca");

  private Plural() {}

  /**
   * A number as CLDR takes it apart.
   *
   * @param n its absolute value
   * @param i its whole part, the last nine digits where they matter
   * @param v how many decimal places it is written with
   * @param f those places
   * @param isHuge whether the whole part is more than its last nine digits
   */
  private record Operands(BigDecimal n, int i, int v, long f, boolean isHuge) {

    static Operands of(BigDecimal number) {
      BigDecimal n = number.abs();
      int v = Math.max(0, n.stripTrailingZeros().scale());
      BigDecimal whole = new BigDecimal(n.toBigInteger());
      int i = whole.remainder(BigDecimal.valueOf(1_000_000_000)).intValue();
      long f = n.subtract(whole).movePointRight(Math.min(v, 15)).longValue();
      return new Operands(n, i, v, f, whole.precision() > 9);
    }

    boolean is(int value) {
      return v == 0 && !isHuge && i == value;
    }

    boolean whole(int value) {
      return !isHuge && i == value;
    }

    int mod(int divisor) {
      return i % divisor;
    }

    boolean isMillions() {
      return v == 0 && (i != 0 || isHuge) && mod(1_000_000) == 0;
    }
  }

  static Filter of(Locale locale, BigDecimal number) {
    Operands o = Operands.of(number);
    String language = locale.getLanguage();
    if (MILLIONS.contains(language) && o.isMillions()) {
      return Filter.MANY;
    }
    if (NO_FORMS.contains(language)) {
      return Filter.OTHER;
    }
    if (VALUE_IS_ONE.contains(language)) {
      return one(o.is(1));
    }
    if (BELOW_ONE_TOO.contains(language)) {
      return one(o.whole(0) || o.is(1));
    }
    return switch (language) {
      case "fr", "hy" -> one(o.whole(0) || o.whole(1));
      case "pt" -> one(locale.getCountry().equals("PT") ? o.is(1) : o.whole(0) || o.whole(1));
      case "da" -> one(o.is(1) || (o.v() != 0 && (o.whole(0) || o.whole(1))));
      case "is", "mk" -> one(endsInOne(o.v() == 0 ? o.i() : o.f()));
      case "ru", "uk", "be" -> eastSlavic(o);
      case "pl" -> polish(o);
      case "cs", "sk" -> o.v() != 0 ? Filter.MANY : oneFew(o.is(1), isAmong(o, 2, 4));
      case "hr", "sr", "bs", "sh" -> southSlavic(o.v() == 0 ? o.i() : o.f());
      case "sl" -> slovenian(o);
      case "lt" -> lithuanian(o);
      case "lv" -> latvian(o);
      case "ro", "mo" -> oneFew(o.is(1), o.v() != 0 || o.is(0) || isBetween(o.mod(100), 1, 19));
      case "ar" -> arabic(o);
      case "he", "iw" -> o.is(2) ? Filter.TWO : one(o.is(1) || (o.v() != 0 && o.whole(0)));
      default -> one(o.is(1));
    };
  }

  private static Filter one(boolean isOne) {
    return isOne ? Filter.ONE : Filter.OTHER;
  }

  private static Filter oneFew(boolean isOne, boolean isFew) {
    return isOne ? Filter.ONE : isFew ? Filter.FEW : Filter.OTHER;
  }

  private static boolean isBetween(long value, int from, int to) {
    return value >= from && value <= to;
  }

  private static boolean isAmong(Operands o, int from, int to) {
    return o.v() == 0 && !o.isHuge() && isBetween(o.i(), from, to);
  }

  private static boolean endsInOne(long digits) {
    return digits % 10 == 1 && digits % 100 != 11;
  }

  private static boolean endsInTwoToFour(long digits) {
    return isBetween(digits % 10, 2, 4) && !isBetween(digits % 100, 12, 14);
  }

  private static Filter eastSlavic(Operands o) {
    if (o.v() != 0) {
      return Filter.OTHER;
    }
    return endsInOne(o.i()) ? Filter.ONE : endsInTwoToFour(o.i()) ? Filter.FEW : Filter.MANY;
  }

  private static Filter polish(Operands o) {
    if (o.v() != 0) {
      return Filter.OTHER;
    }
    return o.is(1) ? Filter.ONE : endsInTwoToFour(o.i()) ? Filter.FEW : Filter.MANY;
  }

  private static Filter southSlavic(long digits) {
    return oneFew(endsInOne(digits), endsInTwoToFour(digits));
  }

  private static Filter slovenian(Operands o) {
    if (o.v() != 0) {
      return Filter.FEW;
    }
    return List.of(Filter.OTHER, Filter.ONE, Filter.TWO, Filter.FEW, Filter.FEW)
        .get(o.mod(100) <= 4 ? o.mod(100) : 0);
  }

  private static Filter lithuanian(Operands o) {
    if (o.v() != 0) {
      return Filter.MANY;
    }
    boolean isTeen = isBetween(o.mod(100), 11, 19);
    return oneFew(o.mod(10) == 1 && !isTeen, o.mod(10) >= 2 && !isTeen);
  }

  private static Filter latvian(Operands o) {
    boolean isWhole = o.v() == 0;
    boolean isTeen = isWhole ? isBetween(o.mod(100), 11, 19) : isLatvianTeen(o);
    if (isTeen || (isWhole && o.mod(10) == 0)) {
      return Filter.ZERO;
    }
    return one(o.f() % 10 == 1 || (isWhole && o.mod(10) == 1));
  }

  private static boolean isLatvianTeen(Operands o) {
    return o.v() == 2 && isBetween(o.f() % 100, 11, 19);
  }

  private static Filter arabic(Operands o) {
    if (o.v() != 0) {
      return Filter.OTHER;
    }
    if (!o.isHuge() && o.i() <= 2) {
      return List.of(Filter.ZERO, Filter.ONE, Filter.TWO).get(o.i());
    }
    int last = o.mod(100);
    return isBetween(last, 3, 10) ? Filter.FEW : last >= 11 ? Filter.MANY : Filter.OTHER;
  }
}
