package dev.notify.email;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * The text form of an HTML mail, for readers that show no HTML: paragraphs, lists, line breaks, and
 * links with their addresses behind them. Lines are as long as they come; the reader wraps them. It
 * takes time in proportion to the HTML and is at most {@link #LONGER} bytes longer than it, in
 * UTF-8: of broken HTML, that repeats a link in every paragraph, the rest is cut.
 */
final class HtmlText implements NodeVisitor {

  /** By how many bytes the text may be longer than the HTML: short lists with many indents are. */
  static final int LONGER = 1_000;

  private static final String CUT = "\n[...]";

  /** Deeper lists begin where those of this depth do. */
  private static final int DEEPEST_INDENT = 8;

  private static final int LONGEST_STYLE = 1_000;

  private static final Set<String> UNSEEN =
      Set.of(
          "head",
          "script",
          "style",
          "template",
          "noscript",
          "title",
          "object",
          "iframe",
          "select",
          "textarea");
  private static final Set<String> PARAGRAPHS =
      Set.of(
          "p",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "ul",
          "ol",
          "dl",
          "table",
          "blockquote",
          "pre",
          "hr",
          "section");
  private static final Set<String> LINES =
      Set.of(
          "div", "li", "tr", "dt", "dd", "header", "footer", "article", "main", "address", "center",
          "form");

  private final StringBuilder text = new StringBuilder();
  private final Deque<Integer> lists = new ArrayDeque<>();

  /** Where the words of the open links begin, as far as they have any. */
  private final Deque<Integer> links = new ArrayDeque<>();

  private int wordlessLinks;
  private int room;
  private int unseen;
  private int preformatted;
  private int wantedNewlines;
  private boolean wantedSpace;
  private String wantedBullet = "";

  private HtmlText(int room) {
    this.room = room;
  }

  /** Reads HTML, however broken. */
  static String of(String html) {
    HtmlText reader = new HtmlText(bytes(html) + LONGER - CUT.length());
    NodeTraversor.traverse(reader, Jsoup.parse(html));
    return reader.text.toString().strip();
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode words && unseen == 0) {
      append(words.getWholeText());
    } else if (node instanceof Element element) {
      open(element);
    }
  }

  private void open(Element element) {
    String tag = element.normalName();
    if (isUnseen(element)) {
      unseen++;
    }
    if (unseen > 0) {
      return;
    }
    breakFor(tag);
    switch (tag) {
      case "br" -> wantedNewlines = Math.min(wantedNewlines + 1, 2);
      case "hr" -> {
        write("---");
        breakFor(tag);
      }
      case "ul" -> lists.push(-1);
      case "ol" -> lists.push(0);
      case "li" -> wantedBullet = indent() + bullet();
      case "a" -> wordlessLinks++;
      case "pre" -> preformatted++;
      case "img" -> append(element.attr("alt"));
      default -> {}
    }
  }

  private String indent() {
    return "  ".repeat(Math.min(Math.max(lists.size() - 1, 0), DEEPEST_INDENT));
  }

  private String bullet() {
    if (lists.isEmpty() || lists.peek() < 0) {
      return "- ";
    }
    int number = lists.pop() + 1;
    lists.push(number);
    return number + ". ";
  }

  @Override
  public void tail(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return;
    }
    String tag = element.normalName();
    if (unseen == 0) {
      close(element, tag);
      breakFor(tag);
    }
    if (isUnseen(element)) {
      unseen--;
    }
  }

  private void close(Element element, String tag) {
    switch (tag) {
      case "a" -> closeLink(element);
      case "ul", "ol" -> lists.poll();
      case "li" -> wantedBullet = "";
      case "pre" -> preformatted--;
      case "td", "th" -> wantedSpace = true;
      default -> {}
    }
  }

  private void closeLink(Element link) {
    boolean isWordless = wordlessLinks > 0;
    int start = isWordless ? text.length() : links.pop();
    wordlessLinks -= isWordless ? 1 : 0;
    String target = link.attr("href").strip();
    boolean isMail = startsWith(target, "mailto:");
    boolean useful = isMail || startsWith(target, "http://") || startsWith(target, "https://");
    String address = isMail ? target.substring("mailto:".length()) : target;
    if (useful && !isShown(address, start)) {
      append(isWordless ? address : " (" + address + ")");
    }
  }

  private static boolean startsWith(String target, String scheme) {
    return target.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  /** Whether the text from there on is this address. */
  private boolean isShown(String address, int start) {
    int length = text.length() - start;
    return length >= address.length()
        && length <= address.length() + 2
        && text.substring(start).strip().equals(address);
  }

  private static boolean isUnseen(Element element) {
    return UNSEEN.contains(element.normalName()) || isHidden(element.attr("style"));
  }

  /** Looks at the beginning only: broken HTML repeats a tag with a long style a thousand times. */
  private static boolean isHidden(String style) {
    return style
        .substring(0, Math.min(style.length(), LONGEST_STYLE))
        .replace(" ", "")
        .toLowerCase(Locale.ROOT)
        .contains("display:none");
  }

  private void breakFor(String tag) {
    // A list within a list begins on the next line, not after a blank one.
    boolean nested = lists.size() > 0 && (tag.equals("ul") || tag.equals("ol"));
    if (PARAGRAPHS.contains(tag) && !nested) {
      wantedNewlines = 2;
    } else if (nested || LINES.contains(tag)) {
      wantedNewlines = Math.max(wantedNewlines, 1);
    }
  }

  private void append(String words) {
    if (room < 0) {
      return;
    }
    if (preformatted > 0) {
      write(words);
      return;
    }
    String squeezed = words.replaceAll("[\\s\\u00a0]+", " ");
    if (squeezed.startsWith(" ")) {
      wantedSpace = true;
    }
    if (!squeezed.isBlank()) {
      write(squeezed.strip());
      wantedSpace = squeezed.endsWith(" ");
    }
  }

  private void write(String words) {
    if (room < 0) {
      return;
    }
    String before = before() + wantedBullet;
    int bytes = before.length() + bytes(words);
    if (bytes > room) {
      text.append(CUT);
      room = -1;
      return;
    }
    room -= bytes;
    text.append(before);
    wantedNewlines = 0;
    wantedSpace = false;
    wantedBullet = "";
    for (; wordlessLinks > 0; wordlessLinks--) {
      links.push(text.length());
    }
    text.append(words);
  }

  private String before() {
    if (text.length() > 0 && wantedNewlines > 0) {
      return "\n".repeat(wantedNewlines);
    }
    boolean isApart = text.length() == 0 || Character.isWhitespace(text.charAt(text.length() - 1));
    return wantedSpace && !isApart ? " " : "";
  }

  private static int bytes(String words) {
    return words.getBytes(StandardCharsets.UTF_8).length;
  }
}
