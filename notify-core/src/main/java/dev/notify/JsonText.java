package dev.notify;

import dev.notify.model.InvalidNotificationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) into maps, lists, texts, booleans and null; numbers, of which a person's
 * page has none, are refused. No object may name a field twice.
 */
final class JsonText {

  private static final int DEEPEST = 16;

  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  static @Nullable Object read(String text) {
    JsonText json = new JsonText(text);
    Object value = json.value(0);
    if (json.peek() != 0) {
      throw json.fault();
    }
    return value;
  }

  private @Nullable Object value(int depth) {
    if (depth > DEEPEST) {
      throw fault();
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> throw fault();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    at++;
    for (boolean first = true; !took('}'); first = false) {
      require(first || took(','));
      require(peek() == '"');
      String name = string();
      require(took(':'));
      if (fields.containsKey(name)) {
        throw new InvalidNotificationException("json", "a field is named twice");
      }
      fields.put(name, value(depth + 1));
    }
    return fields;
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> items = new ArrayList<>();
    at++;
    for (boolean first = true; !took(']'); first = false) {
      require(first || took(','));
      items.add(value(depth + 1));
    }
    return items;
  }

  private String string() {
    StringBuilder read = new StringBuilder();
    for (at++; next() != '"'; at++) {
      char c = next();
      require(c >= ' ');
      if (c == '\\') {
        at++;
        c = next();
        int plain = "bfnrt".indexOf(c);
        if (c == 'u') {
          require(at + 4 < text.length() && text.substring(at + 1, at + 5).matches("[0-9a-fA-F]+"));
          c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
          at += 4;
        } else {
          require(plain >= 0 || "\"\\/".indexOf(c) >= 0);
          c = plain >= 0 ? "\b\f\n\r\t".charAt(plain) : c;
        }
      }
      read.append(c);
    }
    at++;
    return read.toString();
  }

  private @Nullable Object word(String word, @Nullable Object meaning) {
    require(text.startsWith(word, at));
    at += word.length();
    return meaning;
  }

  /** The next character that is no blank; 0 at the end. */
  private char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char next() {
    require(at < text.length());
    return text.charAt(at);
  }

  private boolean took(char c) {
    boolean isThere = peek() == c;
    at += isThere ? 1 : 0;
    return isThere;
  }

  private void require(boolean isSo) {
    if (!isSo) {
      throw fault();
    }
  }

  private InvalidNotificationException fault() {
    return new InvalidNotificationException("json", "cannot be read at character " + at);
  }
}
