package dev.notify.console;

import java.util.List;

/** What stands around every page. */
final class Layout {

  private record Entry(String key, String path, String label, String shortcut) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("overview", "/", "Overview", "o"),
          new Entry("sandbox", "/sandbox", "Sandbox", "s"),
          new Entry("search", "/search", "Search", "f"),
          new Entry("dead-letters", "/dead-letters", "Dead letters", "d"),
          new Entry("templates", "/templates", "Templates", "t"),
          new Entry("experiments", "/experiments", "Experiments", "e"),
          new Entry("preferences", "/preferences", "Preferences", "p"));

  private final Site site;

  Layout(Site site) {
    this.site = site;
  }

  /**
   * A whole page.
   *
   * @param active which entry of the navigation it belongs to
   * @param title its heading
   * @param main what stands below the heading
   * @param scripts modules of its own, and the charts where they are named
   */
  String page(String active, String title, Markup main, String... scripts) {
    Markup html = new Markup();
    head(html, title, scripts);
    html.open("body", "data-base", site.base(), "data-token", site.token());
    html.leaf("a", "Skip to content", "class", "skip", "href", "#main");
    html.open("div", "class", "frame");
    header(html, active);
    html.open("main", "id", "main", "tabindex", "-1").leaf("h1", title).add(main).close("main");
    html.close("div");
    shortcuts(html);
    return "<!doctype html>" + html.close("body", "html");
  }

  /** A page without anything around it: for a frame, and for refusals. */
  String bare(String title, Markup main) {
    Markup html = new Markup();
    head(html, title);
    html.open("body", "class", "bare").open("main").add(main).close("main");
    return "<!doctype html>" + html.close("body", "html");
  }

  private void head(Markup html, String title, String... scripts) {
    html.open("html", "lang", "en").open("head").open("meta", "charset", "utf-8");
    html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.open("meta", "name", "color-scheme", "content", "light dark");
    html.leaf("title", title + " · Notify console");
    html.open("link", "rel", "icon", "href", asset("icon.svg"), "type", "image/svg+xml");
    html.open("link", "rel", "stylesheet", "href", asset("console.css"));
    html.leaf("script", "", "src", asset("theme.js"));
    for (String script : scripts) {
      if (script.equals(Assets.CHARTS)) {
        html.leaf("script", "", "src", asset(script), "defer", "");
      } else {
        html.leaf("script", "", "src", asset(script), "type", "module");
      }
    }
    html.leaf("script", "", "src", asset("app.js"), "type", "module").close("head");
  }

  private String asset(String name) {
    return site.url("/assets/" + name);
  }

  private void header(Markup html, String active) {
    html.open("header", "class", "side").open("div", "class", "brand");
    html.open("a", "href", site.url("/"), "class", "name");
    html.open("img", "src", asset("icon.svg"), "alt", "", "width", "24", "height", "24");
    html.text("Notify").close("a");
    html.leaf(
        "button",
        "Menu",
        "type",
        "button",
        "id",
        "menu",
        "class",
        "quiet",
        "aria-expanded",
        "false",
        "aria-controls",
        "nav");
    html.close("div");
    html.open("nav", "id", "nav", "aria-label", "Pages").open("ul");
    for (Entry entry : ENTRIES) {
      html.open("li");
      String href = site.url(entry.path);
      if (entry.key.equals(active)) {
        html.open("a", "href", href, "aria-current", "page", "data-key", entry.shortcut);
      } else {
        html.open("a", "href", href, "data-key", entry.shortcut);
      }
      html.leaf("span", entry.label);
      html.leaf("kbd", "g " + entry.shortcut, "aria-hidden", "true").close("a", "li");
    }
    html.close("ul", "nav").open("div", "class", "tools");
    html.leaf("button", "Theme: system", "type", "button", "id", "theme", "class", "quiet");
    html.leaf("button", "Keyboard", "type", "button", "id", "keys", "class", "quiet");
    if (site.logout().isPresent()) {
      html.open("form", "method", "post", "action", site.logout().get());
      html.leaf("button", "Log out", "class", "quiet").close("form");
    }
    html.close("div", "header");
  }

  private static void shortcuts(Markup html) {
    html.open("dialog", "id", "shortcuts", "aria-labelledby", "shortcuts-title");
    html.leaf("h2", "Keyboard", "id", "shortcuts-title").open("dl", "class", "facts");
    html.leaf("dt", "g, then a letter").leaf("dd", "go to the page with that letter");
    html.leaf("dt", "/").leaf("dd", "search");
    html.leaf("dt", "j and k").leaf("dd", "next and previous in a list");
    html.leaf("dt", "?").leaf("dd", "this help").close("dl");
    html.open("p").open("label", "class", "check");
    html.open("input", "type", "checkbox", "id", "shortcuts-on", "checked", "");
    html.text("Single letters do something").close("label", "p");
    html.open("form", "method", "dialog").leaf("button", "Close").close("form", "dialog");
  }
}
