package dev.notify.model;

import dev.notify.model.Segment.All;
import dev.notify.model.Segment.Any;
import dev.notify.model.Segment.Known;
import dev.notify.model.Segment.Not;
import dev.notify.model.Segment.Operator;
import dev.notify.model.Segment.Test;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes segments as text that reads as the same segment. */
final class SegmentText {

  /** Words of the text form; an attribute that is called so stands in double quotes. */
  static final Set<String> WORDS =
      Set.of(
          "and",
          "or",
          "not",
          "in",
          "starts",
          "with",
          "has",
          "follows",
          "reachable",
          "by",
          "time",
          "true",
          "false",
          "everyone",
          "nobody");

  private static final Map<Operator, String> SIGNS =
      Map.of(
          Operator.EQUAL, "=",
          Operator.STARTS_WITH, "starts with",
          Operator.LESS, "<",
          Operator.AT_MOST, "<=",
          Operator.MORE, ">",
          Operator.AT_LEAST, ">=");

  private SegmentText() {}

  static String of(Segment segment) {
    if (segment instanceof All all) {
      return all.parts().isEmpty() ? "everyone" : joined(all.parts(), " and ");
    }
    if (segment instanceof Any any) {
      return any.parts().isEmpty() ? "nobody" : joined(any.parts(), " or ");
    }
    if (segment instanceof Not not) {
      return "not " + part(not.part());
    }
    if (segment instanceof Known known) {
      return "has " + name(known.fact());
    }
    Test test = (Test) segment;
    if (isTrue(test, Segment.TOPIC)) {
      return "follows " + quoted(test.fact().substring(Segment.TOPIC.length()));
    }
    if (isTrue(test, Segment.CHANNEL)) {
      return "reachable by " + quoted(test.fact().substring(Segment.CHANNEL.length()));
    }
    return name(test.fact()) + " " + SIGNS.get(test.operator()) + " " + value(test.value());
  }

  private static boolean isTrue(Test test, String kind) {
    return test.fact().startsWith(kind)
        && test.operator() == Operator.EQUAL
        && test.value().equals(true);
  }

  private static String joined(List<Segment> parts, String word) {
    return parts.stream().map(SegmentText::part).collect(Collectors.joining(word));
  }

  private static String part(Segment segment) {
    boolean isJoined =
        segment instanceof All all && !all.parts().isEmpty()
            || segment instanceof Any any && !any.parts().isEmpty();
    return isJoined ? "(" + of(segment) + ")" : of(segment);
  }

  private static String name(String fact) {
    return WORDS.contains(fact) || !Segment.isName(fact) ? '"' + fact + '"' : fact;
  }

  private static String value(Object value) {
    if (value instanceof String text) {
      return quoted(text);
    }
    if (value instanceof Instant time) {
      return "time " + quoted(time.toString());
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
