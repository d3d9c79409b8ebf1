package dev.notify.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be made of a variable: times, numbers and money as the reader writes them. */
enum Filter {
  /** The day, where the reader is. */
  DATE("a time", "short, medium, long or full, or nothing for medium", styles(4)) {
    @Override
    Object apply(Object value, String style, Rendering to) {
      return temporal(value, Optional.of(style(style, FormatStyle.MEDIUM)), Optional.empty(), to);
    }
  },
  /** The time of day, where the reader is. */
  TIME("a time", "short or medium, or nothing for short", styles(2)) {
    @Override
    Object apply(Object value, String style, Rendering to) {
      return temporal(value, Optional.empty(), Optional.of(style(style, FormatStyle.SHORT)), to);
    }
  },
  /** Day and time of day, where the reader is. */
  DATETIME("a time", "short, medium, long or full, or nothing for medium", styles(4)) {
    @Override
    Object apply(Object value, String style, Rendering to) {
      return temporal(
          value, Optional.of(style(style, FormatStyle.MEDIUM)), Optional.of(FormatStyle.SHORT), to);
    }
  },
  /** The day's name. */
  WEEKDAY("a time", "nothing", Pattern.compile("")) {
    @Override
    Object apply(Object value, String nothing, Rendering to) {
      return DayOfWeek.from(time(value, to.zone()))
          .getDisplayName(TextStyle.FULL_STANDALONE, to.locale());
    }
  },
  /** A number with the reader's separators. */
  NUMBER("a number", "how many decimal places, 0 to 9, or nothing", Pattern.compile("[0-9]?")) {
    @Override
    Object apply(Object value, String places, Rendering to) {
      return decimal(NumberFormat.getNumberInstance(to.locale()), value, places, 6);
    }
  },
  /** A share, 0.25 is 25 %. */
  PERCENT("a number", "how many decimal places, 0 to 9, or nothing", Pattern.compile("[0-9]?")) {
    @Override
    Object apply(Object value, String places, Rendering to) {
      return decimal(NumberFormat.getPercentInstance(to.locale()), value, places, 0);
    }
  },
  /** An amount in a currency, with as many decimal places as that has. */
  MONEY(
      "a number, with a currency that exists",
      "a currency, EUR for example, or the name of the variable that has it",
      Pattern.compile(".+")) {
    @Override
    Object apply(Object value, String code, Rendering to) {
      Currency currency = Currency.getInstance(code);
      NumberFormat format = NumberFormat.getCurrencyInstance(to.locale());
      format.setCurrency(currency);
      int places = Math.max(0, currency.getDefaultFractionDigits());
      format.setMinimumFractionDigits(places);
      format.setMaximumFractionDigits(places);
      format.setRoundingMode(RoundingMode.HALF_UP);
      return plainSpaces(format.format(number(value)));
    }
  },
  /** Whether a count has this plural form in the text's language; for sections. */
  ZERO,
  /** As {@link #ZERO}. */
  ONE,
  /** As {@link #ZERO}. */
  TWO,
  /** As {@link #ZERO}. */
  FEW,
  /** As {@link #ZERO}. */
  MANY,
  /** As {@link #ZERO}. */
  OTHER;

  static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  private final String input;
  private final String argument;
  private final Pattern arguments;

  Filter() {
    this("a number", "nothing", Pattern.compile(""));
  }

  Filter(String input, String argument, Pattern arguments) {
    this.input = input;
    this.argument = argument;
    this.arguments = arguments;
  }

  static Optional<Filter> find(String word) {
    return Stream.of(values()).filter(filter -> filter.word().equals(word)).findFirst();
  }

  static String names() {
    return Stream.of(values()).map(Filter::word).collect(Collectors.joining(", "));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is for. */
  String input() {
    return input;
  }

  /** What may stand after the colon. */
  String argument() {
    return argument;
  }

  boolean takes(String candidate) {
    return arguments.matcher(candidate).matches();
  }

  /**
   * What is shown.
   *
   * @throws IllegalArgumentException if the value is not for this filter
   */
  Object apply(Object value, String candidate, Rendering to) {
    return Plural.of(to.locale(), number(value)) == this;
  }

  private static Pattern styles(int count) {
    List<String> words = List.of("short", "medium", "long", "full");
    return Pattern.compile("|" + String.join("|", words.subList(0, count)));
  }

  private static FormatStyle style(String word, FormatStyle byDefault) {
    return Arrays.stream(FormatStyle.values())
        .filter(style -> style.name().equalsIgnoreCase(word))
        .findFirst()
        .orElse(byDefault);
  }

  private static String temporal(
      Object value, Optional<FormatStyle> date, Optional<FormatStyle> time, Rendering to) {
    // Their own time zone names differ from release to release; what is asked for is the clock.
    String pattern =
        DateTimeFormatterBuilder.getLocalizedDateTimePattern(
            date.orElse(null), time.orElse(null), IsoChronology.INSTANCE, to.locale());
    return plainSpaces(
        DateTimeFormatter.ofPattern(pattern, to.locale()).format(time(value, to.zone())));
  }

  private static TemporalAccessor time(Object value, ZoneId zone) {
    if (value instanceof Instant instant) {
      return instant.atZone(zone);
    }
    if (value instanceof ZonedDateTime zoned) {
      return zoned.withZoneSameInstant(zone);
    }
    if (value instanceof OffsetDateTime offset) {
      return offset.atZoneSameInstant(zone);
    }
    if (value instanceof TemporalAccessor local) {
      return local;
    }
    if (value instanceof String text) {
      TemporalAccessor read =
          text.indexOf('T') > 0
              ? DateTimeFormatter.ISO_DATE_TIME.parseBest(
                  text, ZonedDateTime::from, LocalDateTime::from)
              : text.indexOf(':') > 0 ? LocalTime.parse(text) : LocalDate.parse(text);
      return read instanceof ZonedDateTime zoned ? zoned.withZoneSameInstant(zone) : read;
    }
    throw new IllegalArgumentException("no time");
  }

  private static String decimal(NumberFormat format, Object value, String places, int most) {
    boolean isGiven = !places.isEmpty();
    int digits = isGiven ? Integer.parseInt(places) : most;
    format.setMinimumFractionDigits(isGiven ? digits : 0);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return plainSpaces(format.format(number(value)));
  }

  /** Numbers that came as JSON text too. Variables have none of more than a thousand digits. */
  private static BigDecimal number(Object value) {
    if (value instanceof Number || value instanceof String) {
      String text = value.toString();
      if (text.length() <= 1_500) {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) <= 1_000) {
          return number;
        }
      }
    }
    throw new IllegalArgumentException("no number");
  }

  /** Spaces that do not break cost a text message half its length, and differ between JDKs. */
  private static String plainSpaces(String text) {
    return text.replace('\u202f', ' ').replace('\u00a0', ' ');
  }
}
