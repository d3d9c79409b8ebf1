package dev.notify.console;

/**
 * Writes HTML of which only the names of elements and attributes are markup: all text and all
 * values are escaped, so that there is no way to write what came from outside as anything else.
 */
final class Markup {

  private final StringBuilder out = new StringBuilder(8_192);

  /**
   * Begins an element.
   *
   * @param attributes names and values by turns
   */
  Markup open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
    out.append('>');
    return this;
  }

  Markup close(String... tags) {
    for (String tag : tags) {
      out.append("</").append(tag).append('>');
    }
    return this;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** An element with nothing but text in it. */
  Markup leaf(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** What another one wrote. */
  Markup add(Markup other) {
    out.append(other.out);
    return this;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
