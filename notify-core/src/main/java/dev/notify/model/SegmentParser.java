package dev.notify.model;

import dev.notify.model.Segment.All;
import dev.notify.model.Segment.Any;
import dev.notify.model.Segment.Known;
import dev.notify.model.Segment.Not;
import dev.notify.model.Segment.Operator;
import dev.notify.model.Segment.Test;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the text form of a segment, by recursive descent. The grammar:
 *
 * <pre>
 * segment    = all { "or" all }
 * all        = factor { "and" factor }
 * factor     = "not" factor | "(" segment ")" | "everyone" | "nobody"
 *            | "has" name | "follows" text | "reachable" "by" text | comparison
 * comparison = name ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" ) value
 *            | name [ "not" ] "in" "(" value { "," value } ")"
 *            | name "starts" "with" text
 * value      = text | number | "true" | "false" | "time" text
 * name       = a letter or "_", then letters, digits, "_", "." and "-"; in double quotes, if it is
 *              a word of this grammar
 * text       = in single quotes, which are doubled within
 * </pre>
 */
final class SegmentParser {

  private static final int LONGEST = 10_000;
  private static final int LONGEST_NUMBER = 40;

  private static final Map<String, Operator> SIGNS =
      Map.of(
          "=", Operator.EQUAL,
          "<", Operator.LESS,
          "<=", Operator.AT_MOST,
          ">", Operator.MORE,
          ">=", Operator.AT_LEAST);

  private enum Kind {
    WORD,
    QUOTED_NAME,
    TEXT,
    NUMBER,
    SIGN,
    END
  }

  /** A token, and where it begins; the first character has position 1. */
  private record Token(Kind kind, String text, int position) {
    boolean is(String word) {
      return (kind == Kind.WORD || kind == Kind.SIGN) && text.equals(word);
    }

    String shown() {
      return kind == Kind.END ? "the end" : "'" + Text.shown(text) + "'";
    }
  }

  private final String text;
  private int at;
  private Token next;
  private int depth;
  private int tests;

  SegmentParser(String text) {
    if (Text.present("segment", text).length() > LONGEST) {
      throw new InvalidNotificationException(
          "segment", "has " + text.length() + " characters, at most " + LONGEST + " are allowed");
    }
    this.text = text;
    next = read();
  }

  Segment parse() {
    Segment whole = segment();
    if (next.kind() != Kind.END) {
      throw expected("'and', 'or' or the end");
    }
    return whole;
  }

  private Segment segment() {
    int began = next.position();
    if (++depth > Segment.DEEPEST) {
      throw wrong(began, "is nested deeper than " + Segment.DEEPEST);
    }
    List<Segment> parts = new ArrayList<>(List.of(all()));
    while (accept("or")) {
      parts.add(all());
    }
    depth--;
    return parts.size() == 1 ? parts.get(0) : checked(began, () -> new Any(parts));
  }

  private Segment all() {
    int began = next.position();
    List<Segment> parts = new ArrayList<>(List.of(factor()));
    while (accept("and")) {
      parts.add(factor());
    }
    return parts.size() == 1 ? parts.get(0) : checked(began, () -> new All(parts));
  }

  private Segment factor() {
    int began = next.position();
    if (accept("not")) {
      if (++depth > Segment.DEEPEST) {
        throw wrong(began, "is nested deeper than " + Segment.DEEPEST);
      }
      Segment part = factor();
      depth--;
      return checked(began, () -> new Not(part));
    }
    if (accept("(")) {
      Segment inner = segment();
      expect(")");
      return inner;
    }
    if (accept("everyone")) {
      return new All(List.of());
    }
    if (accept("nobody")) {
      return new Any(List.of());
    }
    if (++tests > Segment.MOST_TESTS) {
      throw wrong(began, "has more than " + Segment.MOST_TESTS + " comparisons");
    }
    if (accept("has")) {
      Token name = name();
      return checked(name.position(), () -> new Known(name.text()));
    }
    if (accept("follows")) {
      Token topic = take(Kind.TEXT, "a topic in single quotes");
      return checked(topic.position(), () -> Segment.follows(topic.text()));
    }
    if (accept("reachable")) {
      expect("by");
      Token channel = take(Kind.TEXT, "a channel in single quotes");
      return checked(channel.position(), () -> Segment.reachableBy(Channel.of(channel.text())));
    }
    return comparison(name());
  }

  private Segment comparison(Token name) {
    Token sign = next;
    if (accept("not")) {
      expect("in");
      return new Not(in(name));
    }
    if (accept("in")) {
      return in(name);
    }
    if (accept("starts")) {
      expect("with");
      Token beginning = take(Kind.TEXT, "a text in single quotes");
      return test(name, Operator.STARTS_WITH, beginning.text());
    }
    if (accept("!=")) {
      return new Not(test(name, Operator.EQUAL, value()));
    }
    Operator operator = sign.kind() == Kind.SIGN ? SIGNS.get(sign.text()) : null;
    if (operator == null) {
      throw expected("=, !=, <, <=, >, >=, 'in' or 'starts with'");
    }
    next = read();
    return test(name, operator, value());
  }

  private Segment in(Token name) {
    expect("(");
    List<Segment> parts = new ArrayList<>();
    do {
      if (!parts.isEmpty() && ++tests > Segment.MOST_TESTS) {
        throw wrong(next.position(), "has more than " + Segment.MOST_TESTS + " comparisons");
      }
      parts.add(test(name, Operator.EQUAL, value()));
    } while (accept(","));
    expect(")");
    return parts.size() == 1 ? parts.get(0) : checked(name.position(), () -> new Any(parts));
  }

  private Segment test(Token name, Operator operator, Object value) {
    return checked(name.position(), () -> new Test(name.text(), operator, value));
  }

  private Token name() {
    Token name = next;
    boolean isName =
        name.kind() == Kind.QUOTED_NAME
            || name.kind() == Kind.WORD && !SegmentText.WORDS.contains(name.text());
    if (!isName) {
      throw expected("a condition");
    }
    next = read();
    return name;
  }

  private Object value() {
    Token value = next;
    if (accept("true")) {
      return true;
    }
    if (accept("false")) {
      return false;
    }
    if (accept("time")) {
      Token time = take(Kind.TEXT, "a time in single quotes");
      try {
        return Instant.parse(time.text());
      } catch (DateTimeException e) {
        throw wrong(
            time.position(), time.shown() + " is no time; write it as '2026-01-31T09:30:00Z'");
      }
    }
    if (value.kind() == Kind.NUMBER) {
      next = read();
      return new BigDecimal(value.text());
    }
    return take(Kind.TEXT, "a text in single quotes, a number, true, false or a time").text();
  }

  private boolean accept(String word) {
    if (!next.is(word)) {
      return false;
    }
    next = read();
    return true;
  }

  private void expect(String word) {
    if (!accept(word)) {
      throw expected("'" + word + "'");
    }
  }

  private Token take(Kind kind, String what) {
    Token taken = next;
    if (taken.kind() != kind) {
      throw expected(what);
    }
    next = read();
    return taken;
  }

  private interface Making {
    Segment make();
  }

  /** What values and names refuse is told with its place. */
  private static Segment checked(int position, Making making) {
    try {
      return making.make();
    } catch (InvalidNotificationException e) {
      throw wrong(position, e.getMessage());
    }
  }

  private InvalidNotificationException expected(String what) {
    return wrong(next.position(), what + " is expected here, not " + next.shown());
  }

  private static InvalidNotificationException wrong(int position, String problem) {
    return new InvalidNotificationException("segment", "at position " + position + ": " + problem);
  }

  private Token read() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int began = at;
    if (at == text.length()) {
      return new Token(Kind.END, "", began + 1);
    }
    char first = text.charAt(at);
    if (first == '\'') {
      return quoted('\'', Kind.TEXT);
    }
    if (first == '"') {
      return quoted('"', Kind.QUOTED_NAME);
    }
    if (isDigit(first) || first == '-') {
      return number();
    }
    if (isLetter(first)) {
      while (at < text.length() && isOfName(text.charAt(at))) {
        at++;
      }
      return new Token(Kind.WORD, text.substring(began, at), began + 1);
    }
    return sign()
        .orElseThrow(
            () ->
                wrong(
                    began + 1, "'" + Text.shown(String.valueOf(first)) + "' has no meaning here"));
  }

  private Optional<Token> sign() {
    for (int length = Math.min(2, text.length() - at); length > 0; length--) {
      String sign = text.substring(at, at + length);
      if (SIGNS.containsKey(sign) || sign.equals("!=") || "(),".contains(sign) && length == 1) {
        Token token = new Token(Kind.SIGN, sign, at + 1);
        at += length;
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }

  private Token quoted(char quote, Kind kind) {
    int began = at++;
    StringBuilder inside = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != quote) {
        inside.append(c);
      } else if (at < text.length() && text.charAt(at) == quote) {
        inside.append(quote);
        at++;
      } else {
        return new Token(kind, inside.toString(), began + 1);
      }
    }
    throw wrong(began + 1, "this quote is not closed");
  }

  private Token number() {
    int began = at++;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String number = text.substring(began, at);
    boolean runsOn = at < text.length() && isOfName(text.charAt(at));
    if (runsOn || number.length() > LONGEST_NUMBER || !number.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw wrong(began + 1, "'" + Text.shown(number) + "' is no number; write it as -12.5");
    }
    return new Token(Kind.NUMBER, number, began + 1);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isOfName(char c) {
    return isLetter(c) || isDigit(c) || c == '.' || c == '-';
  }
}
