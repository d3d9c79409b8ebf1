package dev.notify.email;

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
 * links with their addresses behind them. Lines are as long as they come; the reader wraps them.
 */
final class HtmlText implements NodeVisitor {

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
  private int unseen;
  private int preformatted;
  private int wantedNewlines;
  private boolean wantedSpace;

  private HtmlText() {}

  /** Reads HTML, however broken. */
  static String of(String html) {
    HtmlText reader = new HtmlText();
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
      case "li" -> write("  ".repeat(Math.max(lists.size() - 1, 0)) + bullet());
      case "pre" -> preformatted++;
      case "img" -> append(element.attr("alt"));
      default -> {}
    }
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
      case "pre" -> preformatted--;
      case "td", "th" -> wantedSpace = true;
      default -> {}
    }
  }

  private void closeLink(Element link) {
    String target = link.attr("href").strip();
    String shown = link.text().strip();
    String scheme = target.toLowerCase(Locale.ROOT);
    boolean useful =
        scheme.startsWith("http://")
            || scheme.startsWith("https://")
            || scheme.startsWith("mailto:");
    String address = scheme.startsWith("mailto:") ? target.substring("mailto:".length()) : target;
    if (useful && !address.equals(shown)) {
      append(shown.isEmpty() && link.select("img[alt]").isEmpty() ? address : " (" + address + ")");
    }
  }

  private static boolean isUnseen(Element element) {
    return UNSEEN.contains(element.normalName())
        || element.attr("style").replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
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
    if (text.length() > 0 && wantedNewlines > 0) {
      text.append("\n".repeat(wantedNewlines));
    } else if (wantedSpace
        && text.length() > 0
        && !Character.isWhitespace(text.charAt(text.length() - 1))) {
      text.append(' ');
    }
    wantedNewlines = 0;
    wantedSpace = false;
    text.append(words);
  }
}
