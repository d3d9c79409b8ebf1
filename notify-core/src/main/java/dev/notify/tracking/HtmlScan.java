package dev.notify.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where the links of an HTML text stand, by the rules by which a client finds them: those of the <a
 * href="https://html.spec.whatwg.org/multipage/parsing.html#tokenization">HTML standard's
 * tokenizer</a>. One pass, however broken the text is.
 */
final class HtmlScan {

  /**
   * What an attribute is set to.
   *
   * @param start where it begins, after its quote if it has one
   * @param end where it has ended
   */
  record Value(int start, int end) {}

  /** What stands in these is text, whatever it looks like. In a mail, {@code noscript} is shown. */
  private static final Set<String> RAW =
      Set.of("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes");

  private final String html;
  private final List<Value> links = new ArrayList<>();
  private int endOfBody = -1;
  private int at;

  private HtmlScan(String html) {
    this.html = html;
  }

  static HtmlScan of(String html) {
    HtmlScan scan = new HtmlScan(html);
    scan.run();
    return scan;
  }

  /** The targets of all links, in their order. */
  List<Value> links() {
    return List.copyOf(links);
  }

  /** Where the last tag stands that ends the body, or the end of the text. */
  int endOfBody() {
    return endOfBody < 0 ? html.length() : endOfBody;
  }

  private void run() {
    while (!isOver()) {
      int open = html.indexOf('<', at);
      at = open < 0 ? html.length() : open + 1;
      if (is('!')) {
        skipDeclaration();
      } else if (is('?')) {
        skipPast('>');
      } else if (is('/')) {
        at++;
        endTag(open);
      } else if (isLetter()) {
        startTag();
      }
    }
  }

  private boolean isOver() {
    return at >= html.length();
  }

  private boolean is(char c) {
    return !isOver() && html.charAt(at) == c;
  }

  private boolean isLetter() {
    if (isOver()) {
      return false;
    }
    char c = html.charAt(at);
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private boolean isSpace() {
    return !isOver() && " \t\n\f\r".indexOf(html.charAt(at)) >= 0;
  }

  private void skipSpaces() {
    while (isSpace()) {
      at++;
    }
  }

  private void skipPast(char c) {
    int found = html.indexOf(c, at);
    at = found < 0 ? html.length() : found + 1;
  }

  /** A comment; or a DOCTYPE, a CDATA section or an Outlook condition, which end at the next >. */
  private void skipDeclaration() {
    at++;
    if (html.startsWith("--", at)) {
      skipComment(at + 2);
    } else {
      skipPast('>');
    }
  }

  private void skipComment(int begin) {
    // The hyphens that begin one may be those that end it.
    int dashes = html.indexOf("--", begin - 2);
    while (dashes >= 0) {
      at = dashes + 2;
      if (is('>') || dashes >= begin && html.startsWith("!>", at)) {
        skipPast('>');
        return;
      }
      dashes = html.indexOf("--", dashes + 1);
    }
    at = html.length();
  }

  private void startTag() {
    String name = name();
    boolean isLink = name.equals("a") || name.equals("area");
    Attributes attributes = new Attributes();
    if (!attributes.readToEnd()) {
      return;
    }
    if (isLink) {
      attributes.href.ifPresent(links::add);
    } else if (RAW.contains(name)) {
      skipRaw(name);
    } else if (name.equals("plaintext")) {
      at = html.length();
    }
  }

  private void endTag(int open) {
    if (!isLetter()) {
      skipPast('>');
      return;
    }
    String name = name();
    if (new Attributes().readToEnd() && name.equals("body")) {
      endOfBody = open;
    }
  }

  private String name() {
    int start = at;
    while (!isOver() && !isSpace() && !is('/') && !is('>')) {
      at++;
    }
    return lower(start, at);
  }

  private String lower(int start, int end) {
    return html.substring(start, end).toLowerCase(Locale.ROOT);
  }

  /** To the end tag of this name, which is read as any other. */
  private void skipRaw(String name) {
    int open = html.indexOf("</", at);
    while (open >= 0) {
      int end = open + 2 + name.length();
      at = end;
      if (end < html.length()
          && (isSpace() || is('/') || is('>'))
          && lower(open + 2, end).equals(name)) {
        at = open;
        return;
      }
      open = html.indexOf("</", open + 2);
    }
    at = html.length();
  }

  /** The attributes of one tag. */
  private final class Attributes {

    private Optional<Value> href = Optional.empty();
    private boolean hasHref;

    /** Whether the tag has an end; it is none otherwise. */
    boolean readToEnd() {
      while (true) {
        while (isSpace() || is('/')) {
          at++;
        }
        if (isOver()) {
          return false;
        }
        if (is('>')) {
          at++;
          return true;
        }
        readOne();
      }
    }

    private void readOne() {
      int start = at;
      at++;
      while (!isOver() && !isSpace() && !is('/') && !is('>') && !is('=')) {
        at++;
      }
      // The first one of a name counts.
      boolean isHref = !hasHref && at - start == 4 && lower(start, at).equals("href");
      hasHref |= isHref;
      skipSpaces();
      if (is('=')) {
        at++;
        skipSpaces();
        Value value = value();
        if (isHref) {
          href = Optional.of(value);
        }
      }
    }

    private Value value() {
      if (is('"') || is('\'')) {
        char quote = html.charAt(at);
        int start = at + 1;
        at++;
        skipPast(quote);
        return new Value(start, at - 1);
      }
      int start = at;
      while (!isOver() && !isSpace() && !is('>')) {
        at++;
      }
      return new Value(start, at);
    }
  }
}
