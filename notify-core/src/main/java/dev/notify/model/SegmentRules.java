package dev.notify.model;

import dev.notify.model.Segment.All;
import dev.notify.model.Segment.Any;
import dev.notify.model.Segment.Known;
import dev.notify.model.Segment.Not;
import dev.notify.model.Segment.Operator;
import dev.notify.model.Segment.Test;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How big segments are, and how values compare. */
final class SegmentRules {
  static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");

  private static final int PLACES = 9;
  private static final int DIGITS = 18;

  /** What a database counts in 64 bits; some 290,000 years to both sides. */
  private static final Instant FIRST = Instant.parse("-280000-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("+280000-01-01T00:00:00Z");

  private SegmentRules() {}

  static void check(List<Segment> parts) {
    int deepest = 0;
    int tests = 0;
    for (Segment part : parts) {
      deepest = Math.max(deepest, depth(part));
      tests += tests(part);
    }
    if (deepest + 1 > Segment.DEEPEST) {
      throw new InvalidNotificationException("segment", "is nested deeper than " + Segment.DEEPEST);
    }
    if (tests > Segment.MOST_TESTS) {
      throw new InvalidNotificationException(
          "segment",
          "has " + tests + " comparisons, at most " + Segment.MOST_TESTS + " are allowed");
    }
  }

  private static List<Segment> parts(Segment segment) {
    if (segment instanceof All all) {
      return all.parts();
    }
    if (segment instanceof Any any) {
      return any.parts();
    }
    return segment instanceof Not not ? List.of(not.part()) : List.of();
  }

  private static int depth(Segment segment) {
    return 1 + parts(segment).stream().mapToInt(SegmentRules::depth).max().orElse(0);
  }

  private static int tests(Segment segment) {
    boolean isLeaf = segment instanceof Test || segment instanceof Known;
    return isLeaf ? 1 : parts(segment).stream().mapToInt(SegmentRules::tests).sum();
  }

  static String requireName(String name) {
    if (!NAME.matcher(Text.present("segment.attribute", name)).matches()) {
      throw new InvalidNotificationException(
          "segment.attribute",
          "'"
              + Text.shown(name)
              + "' cannot be asked for; a name begins with a letter and has at most 64 letters,"
              + " digits and the characters . _ -");
    }
    return name;
  }

  /** The name of something that can be known of a person. */
  static String requireFact(String fact) {
    if (fact.startsWith(Segment.TOPIC)) {
      RecipientEntry.requireTopic(fact.substring(Segment.TOPIC.length()));
    } else if (fact.startsWith(Segment.CHANNEL)) {
      Channel.of(fact.substring(Segment.CHANNEL.length()));
    } else {
      requireName(fact);
    }
    return fact;
  }

  static Object checked(String fact, Operator operator, Object value) {
    requireFact(fact);
    Object plain =
        Segment.value(Text.present("segment." + fact, value))
            .orElseThrow(
                () ->
                    new InvalidNotificationException(
                        "segment." + fact,
                        "cannot be compared with this "
                            + value.getClass().getSimpleName()
                            + ": it is none of a text of "
                            + Segment.LONGEST_TEXT
                            + " characters, a number below 10^18, a boolean or a time"));
    boolean fits =
        switch (operator) {
          case EQUAL -> true;
          case STARTS_WITH -> plain instanceof String;
          default -> plain instanceof BigDecimal || plain instanceof Instant;
        };
    if (!fits) {
      throw new InvalidNotificationException(
          "segment." + fact,
          operator == Operator.STARTS_WITH
              ? "only texts begin with something"
              : "only numbers and times have an order");
    }
    return plain;
  }

  static Optional<Object> number(Number number) {
    BigDecimal exact;
    try {
      exact = number instanceof BigDecimal big ? big : new BigDecimal(number.toString());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    // Before anything is done with it: 1e1000000000 in digits would fill the heap.
    long magnitude = (long) exact.precision() - exact.scale();
    if (exact.signum() == 0 || magnitude < -PLACES) {
      return Optional.of(BigDecimal.ZERO);
    }
    if (magnitude > DIGITS) {
      return Optional.empty();
    }
    BigDecimal rounded = exact.setScale(PLACES, RoundingMode.HALF_UP).stripTrailingZeros();
    return (long) rounded.precision() - rounded.scale() > DIGITS
        ? Optional.empty()
        : Optional.of(rounded);
  }

  static Optional<Object> time(Instant instant) {
    return instant.isBefore(FIRST) || instant.isAfter(LAST)
        ? Optional.empty()
        : Optional.of(instant.truncatedTo(ChronoUnit.MICROS));
  }

  static boolean holds(Object known, Operator operator, Object value) {
    if (operator == Operator.EQUAL) {
      return known.equals(value);
    }
    if (known instanceof String text && value instanceof String beginning) {
      return operator == Operator.STARTS_WITH && text.startsWith(beginning);
    }
    int order;
    if (known instanceof BigDecimal number && value instanceof BigDecimal other) {
      order = number.compareTo(other);
    } else if (known instanceof Instant time && value instanceof Instant other) {
      order = time.compareTo(other);
    } else {
      return false;
    }
    return switch (operator) {
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case MORE -> order > 0;
      case AT_LEAST -> order >= 0;
      default -> false;
    };
  }
}
