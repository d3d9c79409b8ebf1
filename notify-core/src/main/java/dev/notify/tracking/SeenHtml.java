package dev.notify.tracking;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reader sees of HTML: no tags, comments, styles and scripts, and nothing of what is hidden
 * by its own {@code style} or {@code hidden} attribute. Rules of style sheets are not followed.
 * Nothing is refused; an element whose end is missing ends with the one around it.
 */
final class SeenHtml {

  /** What they hold is not shown as text, and is not markup up to their end. */
  private static final Set<String> RAW = Set.of("style", "script", "title", "textarea");

  private static final Set<String> EMPTY =
      Set.of(
          "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
          "source", "track", "wbr");

  /** The next one of the same name ends them. */
  private static final Set<String> ENDED_BY_NEXT =
      Set.of("p", "li", "dt", "dd", "tr", "td", "th", "option");

  private static final Pattern NAME = Pattern.compile("[A-Za-z][^\\s/>]*");

  private static final Pattern ATTRIBUTE =
      Pattern.compile("([^\\s=/\"'>]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s>\"']+)))?");

  private static final Pattern HIDING =
      Pattern.compile(
          "(?:^|[;\\s])(?:display\\s*:\\s*none|visibility\\s*:\\s*(?:hidden|collapse)"
              + "|(?:opacity|font-size)\\s*:\\s*(?:0+(?:\\.0*)?|\\.0+)(?:[a-z]*|%)"
              + "(?=\\s|;|!|$))");

  private static final Pattern STYLE_COMMENT = Pattern.compile("/\\*.*?(?:\\*/|$)", Pattern.DOTALL);

  private final String html;
  private final StringBuilder seen;
  private final Deque<Element> open = new ArrayDeque<>();
  private int at;

  private record Element(String name, boolean isHidden) {}

  private SeenHtml(String html) {
    this.html = html;
    seen = new StringBuilder(html.length());
  }

  /** The text; in the place of each tag is a space. */
  static String text(String html) {
    return new SeenHtml(html).read();
  }

  private String read() {
    while (at < html.length()) {
      int tag = html.indexOf('<', at);
      int end = tag < 0 ? html.length() : tag;
      show(html.substring(at, end));
      at = end;
      if (tag >= 0) {
        tag();
      }
    }
    return seen.toString();
  }

  private void show(String text) {
    if (open.isEmpty() || !open.peek().isHidden()) {
      seen.append(text);
    }
  }

  private void tag() {
    if (html.startsWith("<!--", at)) {
      at = after("-->", at + 4);
    } else if (html.startsWith("<!", at) || html.startsWith("<?", at)) {
      at = after(">", at);
    } else {
      boolean isEnd = html.startsWith("</", at);
      Matcher name = NAME.matcher(html).region(at + (isEnd ? 2 : 1), html.length());
      if (name.lookingAt()) {
        String called = name.group().toLowerCase(Locale.ROOT);
        String attributes = rest(name.end());
        if (isEnd) {
          close(called);
        } else {
          open(called, attributes);
        }
      } else {
        // No tag: "1 < 2".
        show("<");
        at++;
        return;
      }
    }
    seen.append(' ');
  }

  /** Up to the end of the tag, which does not stand between quotes. */
  private String rest(int from) {
    char quote = 0;
    int end = from;
    for (; end < html.length(); end++) {
      char c = html.charAt(end);
      if (quote == 0 && c == '>') {
        break;
      }
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      }
    }
    at = Math.min(html.length(), end + 1);
    return html.substring(from, end);
  }

  private void open(String name, String attributes) {
    if (RAW.contains(name)) {
      at = endOfRaw(name);
    } else if (!EMPTY.contains(name)) {
      if (ENDED_BY_NEXT.contains(name) && !open.isEmpty() && open.peek().name().equals(name)) {
        open.pop();
      }
      boolean isWithinHidden = !open.isEmpty() && open.peek().isHidden();
      boolean isHidden = isWithinHidden || name.equals("template") || hides(attributes);
      open.push(new Element(name, isHidden));
    }
  }

  private void close(String name) {
    if (open.stream().anyMatch(element -> element.name().equals(name))) {
      while (!open.pop().name().equals(name)) {
        // What was left open within it ends too.
      }
    }
  }

  private static boolean hides(String attributes) {
    Matcher each = ATTRIBUTE.matcher(attributes);
    while (each.find()) {
      String name = each.group(1).toLowerCase(Locale.ROOT);
      if (name.equals("hidden")) {
        return true;
      }
      if (name.equals("style") && isHiding(value(each))) {
        return true;
      }
    }
    return false;
  }

  private static String value(Matcher attribute) {
    for (int group = 2; group <= 4; group++) {
      String value = attribute.group(group);
      if (value != null) {
        return value;
      }
    }
    return "";
  }

  private static boolean isHiding(String style) {
    String plain = STYLE_COMMENT.matcher(style.toLowerCase(Locale.ROOT)).replaceAll("");
    return HIDING.matcher(plain).find();
  }

  private int endOfRaw(String name) {
    for (int end = html.indexOf("</", at); end >= 0; end = html.indexOf("</", end + 2)) {
      Matcher called = NAME.matcher(html).region(end + 2, html.length());
      if (called.lookingAt() && called.group().equalsIgnoreCase(name)) {
        return after(">", end);
      }
    }
    return html.length();
  }

  private int after(String mark, int from) {
    int found = html.indexOf(mark, from);
    return found < 0 ? html.length() : found + mark.length();
  }
}
