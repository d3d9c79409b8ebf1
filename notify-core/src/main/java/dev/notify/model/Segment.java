package dev.notify.model;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * People by a rule over what is known of them: their attributes, language, zone, channels, topics.
 * Built here or read from text, the two are the same:
 *
 * <pre>{@code
 * Segment.attribute("plan").is("pro").and(Segment.attribute("visits").atLeast(3))
 * Segment.parse("plan = 'pro' and visits >= 3")
 * }</pre>
 *
 * <p>Every rule is true of a person or it is not, whatever is unknown: a comparison with an
 * attribute that a person does not have, or has as something else, is not true of them, and its
 * {@code not} is. Texts compare exactly, with case. Numbers count to nine decimal places and below
 * 10<sup>18</sup>, times to the microsecond, texts up to {@value #LONGEST_TEXT} characters; other
 * values cannot be asked for. Immutable; {@code toString} gives the text form.
 *
 * @since 0.1
 */
public sealed interface Segment {

  /** Texts that are longer cannot be asked for. */
  int LONGEST_TEXT = 255;

  /** Rules within rules, at most so deep. */
  int DEEPEST = 32;

  /** Comparisons in one segment, at most so many. */
  int MOST_TESTS = 200;

  /** Begins the name of the fact that somebody has an address on a channel. */
  String CHANNEL = "channel:";

  /** Begins the name of the fact that somebody follows a topic. */
  String TOPIC = "topic:";

  /** Names that stand for what a {@link Recipient} has itself, and for no attribute. */
  Set<String> OF_PERSON = Set.of("locale", "language", "zone");

  /** People for whom all parts hold; with no parts, everyone. */
  record All(List<Segment> parts) implements Segment {

    /** Takes a copy, and checks the size. */
    public All {
      parts = List.copyOf(parts);
      SegmentRules.check(parts);
    }

    @Override
    public String toString() {
      return SegmentText.of(this);
    }
  }

  /** People for whom any part holds; with no parts, nobody. */
  record Any(List<Segment> parts) implements Segment {

    /** Takes a copy, and checks the size. */
    public Any {
      parts = List.copyOf(parts);
      SegmentRules.check(parts);
    }

    @Override
    public String toString() {
      return SegmentText.of(this);
    }
  }

  /** People for whom the part does not hold. */
  record Not(Segment part) implements Segment {

    /** Checks the size. */
    public Not {
      SegmentRules.check(List.of(part));
    }

    @Override
    public String toString() {
      return SegmentText.of(this);
    }
  }

  /** People of whom this is known, whatever it is. */
  record Known(String fact) implements Segment {

    /** Checks the name. */
    public Known {
      SegmentRules.requireFact(fact);
    }

    @Override
    public String toString() {
      return SegmentText.of(this);
    }
  }

  /**
   * People of whom something is known that compares so.
   *
   * @param fact what
   * @param operator how
   * @param value with what: a text, a number, a boolean or a time, as {@link Segment#value} has it
   */
  record Test(String fact, Operator operator, Object value) implements Segment {

    /** Checks that the values can be compared so. */
    public Test {
      value = SegmentRules.checked(fact, operator, value);
    }

    @Override
    public String toString() {
      return SegmentText.of(this);
    }
  }

  /** How two values compare. */
  enum Operator {
    /** Any two of one kind. */
    EQUAL,
    /** Texts. */
    STARTS_WITH,
    /** Numbers or times; the others likewise. */
    LESS,
    /** Less or equal. */
    AT_MOST,
    /** More. */
    MORE,
    /** More or equal. */
    AT_LEAST
  }

  /**
   * Reads the text form: comparisons such as {@code visits >= 3}, with {@code and}, {@code or},
   * {@code not} and parentheses.
   *
   * @throws InvalidNotificationException saying what is wrong, and where
   */
  static Segment parse(String text) {
    return new SegmentParser(text).parse();
  }

  /** All people. */
  static Segment everyone() {
    return new All(List.of());
  }

  /**
   * Something known of people: an attribute by its name, which has letters, digits, {@code _},
   * {@code .} and {@code -}; or {@code locale}, {@code language} or {@code zone}.
   */
  static Attribute attribute(String name) {
    return new Attribute(name);
  }

  /** People who follow any of these topics; each of them once. */
  static Segment follows(String... topics) {
    return any(
        Stream.of(topics).map(RecipientEntry::requireTopic).map(topic -> is(TOPIC + topic, true)));
  }

  /** People who have an address on this channel. */
  static Segment reachableBy(Channel channel) {
    return is(CHANNEL + channel, true);
  }

  /** Those for whom the other holds too. */
  default Segment and(Segment other) {
    List<Segment> parts = new ArrayList<>(this instanceof All all ? all.parts() : List.of(this));
    parts.add(other);
    return new All(parts);
  }

  /** These and those of the other. */
  default Segment or(Segment other) {
    List<Segment> parts = new ArrayList<>(this instanceof Any any ? any.parts() : List.of(this));
    parts.add(other);
    return new Any(parts);
  }

  /** All others. */
  default Segment not() {
    return new Not(this);
  }

  private static Segment is(String fact, Object value) {
    return new Test(fact, Operator.EQUAL, value);
  }

  private static Segment any(Stream<Segment> parts) {
    List<Segment> all = parts.toList();
    return all.size() == 1 ? all.get(0) : new Any(all);
  }

  /** Whether it holds for somebody of whom this is known; see {@link RecipientEntry#facts}. */
  default boolean matches(Map<String, Object> facts) {
    if (this instanceof All all) {
      return all.parts().stream().allMatch(part -> part.matches(facts));
    }
    if (this instanceof Any any) {
      return any.parts().stream().anyMatch(part -> part.matches(facts));
    }
    if (this instanceof Not not) {
      return !not.part().matches(facts);
    }
    if (this instanceof Known known) {
      return facts.containsKey(known.fact());
    }
    Test test = (Test) this;
    Object known = facts.get(test.fact());
    return known != null && SegmentRules.holds(known, test.operator(), test.value());
  }

  /** Whether an attribute of this name can be asked for. */
  static boolean isName(String name) {
    return SegmentRules.NAME.matcher(name).matches();
  }

  /**
   * A value as it compares: a text, a {@link BigDecimal}, a boolean or an {@link Instant}; empty if
   * it cannot be asked for.
   */
  static Optional<Object> value(Object value) {
    if (value instanceof String text) {
      boolean fits = text.length() <= LONGEST_TEXT && Text.indexOfUnfit(text) < 0;
      return fits ? Optional.of(text) : Optional.empty();
    }
    if (value instanceof Boolean) {
      return Optional.of(value);
    }
    if (value instanceof Number number) {
      return SegmentRules.number(number);
    }
    if (value instanceof Instant instant) {
      return SegmentRules.time(instant);
    }
    if (value instanceof ZonedDateTime time) {
      return SegmentRules.time(time.toInstant());
    }
    if (value instanceof OffsetDateTime time) {
      return SegmentRules.time(time.toInstant());
    }
    return Optional.empty();
  }

  /** Something known of people, about to be compared. Immutable. */
  final class Attribute {
    private final String name;

    private Attribute(String name) {
      this.name = SegmentRules.requireName(name);
    }

    /** Is this text. */
    public Segment is(String value) {
      return Segment.is(name, value);
    }

    /** Is this number, whatever its type. */
    public Segment is(Number value) {
      return Segment.is(name, value);
    }

    /** Is so, or is not so. */
    public Segment is(boolean value) {
      return Segment.is(name, value);
    }

    /** Is one of these texts. */
    public Segment in(String... values) {
      return any(Stream.of(values).map(value -> Segment.is(name, value)));
    }

    /** Is a text that begins so. */
    public Segment startsWith(String beginning) {
      return new Test(name, Operator.STARTS_WITH, beginning);
    }

    /** Is this number or a greater one. */
    public Segment atLeast(Number value) {
      return new Test(name, Operator.AT_LEAST, value);
    }

    /** Is this number or a smaller one. */
    public Segment atMost(Number value) {
      return new Test(name, Operator.AT_MOST, value);
    }

    /** Is a greater number. */
    public Segment moreThan(Number value) {
      return new Test(name, Operator.MORE, value);
    }

    /** Is a smaller number. */
    public Segment lessThan(Number value) {
      return new Test(name, Operator.LESS, value);
    }

    /** Is an earlier time. */
    public Segment before(Instant value) {
      return new Test(name, Operator.LESS, value);
    }

    /** Is this time or a later one. */
    public Segment since(Instant value) {
      return new Test(name, Operator.AT_LEAST, value);
    }

    /** Is known, whatever it is. */
    public Segment isKnown() {
      return new Known(name);
    }
  }
}
