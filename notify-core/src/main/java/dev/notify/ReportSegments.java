package dev.notify;

import dev.notify.model.ConfigurationException;
import dev.notify.model.Recipient;
import dev.notify.model.Segment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The segments by which people are told apart in analytics. Somebody is in the first that they
 * meet, so that no delivery counts twice. Immutable.
 */
final class ReportSegments {

  static final ReportSegments NONE = new ReportSegments(new LinkedHashMap<>());

  /** Each of them multiplies counters, and is asked for at each sending. */
  private static final int MOST = 20;

  private static final int LONGEST_NAME = 64;
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]*");

  private final LinkedHashMap<String, Segment> byName;

  private ReportSegments(LinkedHashMap<String, Segment> byName) {
    this.byName = byName;
  }

  /** These, and after them another one. */
  ReportSegments with(String name, Segment who) {
    requireName(name);
    if (byName.containsKey(name)) {
      throw new ConfigurationException("reportBy: '" + name + "' is given twice");
    }
    if (byName.size() == MOST) {
      throw new ConfigurationException("reportBy: more than " + MOST + " segments");
    }
    facts(who)
        .filter(fact -> fact.startsWith(Segment.TOPIC))
        .findFirst()
        .ifPresent(
            fact -> {
              throw new ConfigurationException(
                  "reportBy: '"
                      + name
                      + "' asks for "
                      + fact
                      + ", and what people follow is not looked up when something is sent; ask for"
                      + " attributes, locale, language, zone or channels");
            });
    LinkedHashMap<String, Segment> more = new LinkedHashMap<>(byName);
    more.put(name, who);
    return new ReportSegments(more);
  }

  private static void requireName(String name) {
    if (name.isBlank()) {
      throw new ConfigurationException("reportBy: the name of a segment must not be blank");
    }
    if (name.length() > LONGEST_NAME) {
      throw new ConfigurationException(
          "reportBy: a name has "
              + name.length()
              + " characters, at most "
              + LONGEST_NAME
              + " are allowed");
    }
    if (!NAME.matcher(name).matches() || !name.equals(name.strip())) {
      throw new ConfigurationException(
          "reportBy: a name has a control character, or a space at its begin or end");
    }
  }

  /** What a segment asks for. */
  private static Stream<String> facts(Segment segment) {
    if (segment instanceof Segment.Test test) {
      return Stream.of(test.fact());
    }
    if (segment instanceof Segment.Known known) {
      return Stream.of(known.fact());
    }
    List<Segment> parts = List.of();
    if (segment instanceof Segment.All all) {
      parts = all.parts();
    } else if (segment instanceof Segment.Any any) {
      parts = any.parts();
    } else if (segment instanceof Segment.Not not) {
      parts = List.of(not.part());
    }
    return parts.stream().flatMap(ReportSegments::facts);
  }

  /** The name of the first that a person is in; empty if they are in none. */
  Optional<String> of(Recipient person) {
    if (byName.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> facts = person.facts();
    return byName.entrySet().stream()
        .filter(one -> one.getValue().matches(facts))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
