package dev.notify;

import dev.notify.PreferenceCentre.Offer;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Preferences;
import dev.notify.model.QuietHours;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A person's own page in HTML: one form, no script, one style. */
final class CentrePage {

  static final String STYLE =
      "body{font:1.1em/1.5 sans-serif;margin:2em auto;max-width:46em;padding:0 1em}"
          + "fieldset{margin:1.5em 0;border:1px solid #767676}"
          + "table{border-collapse:collapse;width:100%}"
          + "th,td{text-align:left;padding:.4em;border-bottom:1px solid #ccc;vertical-align:top}"
          + "small{display:block;color:#444;font-weight:normal}"
          + "button{font:inherit;padding:.5em 1.5em}"
          + ".said{border:2px solid #1b5e20;padding:.5em 1em}";

  private final StringBuilder html = new StringBuilder(8_000);

  private final PageTexts texts;

  private CentrePage(PageTexts texts) {
    this.texts = texts;
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  static String problem(String text, PageTexts texts) {
    CentrePage page = new CentrePage(texts);
    page.begin();
    page.html
        .append("<p role=\"alert\">")
        .append(escaped(text))
        .append("</p><p>")
        .append(page.text("unchanged"))
        .append("</p>");
    return page.end();
  }

  static String of(Preferences chosen, Offer offer, Instant now, String said, PageTexts texts) {
    CentrePage page = new CentrePage(texts);
    page.begin();
    if (!said.isEmpty()) {
      page.html.append("<p class=\"said\" role=\"status\">").append(escaped(said)).append("</p>");
    }
    page.html.append("<form method=\"post\">");
    page.hidden(CentreForm.COMPLETE);
    page.categories(chosen, offer);
    page.quietHours(chosen);
    page.pause(chosen, now);
    page.order(chosen, offer);
    page.html.append("<button>").append(page.text("save")).append("</button></form>");
    return page.end();
  }

  private String text(String key) {
    return escaped(texts.get(key));
  }

  private void begin() {
    String title = text("title");
    html.append("<!doctype html><html lang=\"")
        .append(texts.locale().toLanguageTag())
        .append("\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(title)
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><main><h1>")
        .append(title)
        .append("</h1>");
  }

  private String end() {
    return html.append("</main></body></html>").toString();
  }

  private void hidden(String name) {
    html.append("<input type=\"hidden\" name=\"").append(name).append("\" value=\"1\">");
  }

  private void categories(Preferences chosen, Offer offer) {
    fieldset("choices");
    html.append("<table><thead><tr><th scope=\"col\">").append(text("about")).append("</th>");
    for (Channel channel : offer.channels()) {
      html.append("<th scope=\"col\">").append(escaped(texts.label(channel))).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (Category category : offer.categories()) {
      html.append("<tr><th scope=\"row\">").append(escaped(category.label()));
      small(category.description());
      if (category.kind() == Category.Kind.TRANSACTIONAL) {
        small(texts.get("needed"));
      }
      html.append("</th>");
      for (Channel channel : offer.channels()) {
        html.append("<td>");
        checkbox(
            CentreForm.cell(category, channel),
            category.label() + ": " + texts.label(channel),
            "",
            PreferenceCentre.isOn(chosen, category, channel));
        html.append("</td>");
      }
      html.append("</tr>");
    }
    html.append("</tbody></table></fieldset>");
  }

  private void small(String text) {
    if (!text.isEmpty()) {
      html.append("<small>").append(escaped(text)).append("</small>");
    }
  }

  /** With words beside it, or, where it stands in a table, for those who hear the page. */
  private void checkbox(String name, String spoken, String beside, boolean isOn) {
    html.append("<label><input type=\"checkbox\" name=\"")
        .append(escaped(name))
        .append("\" value=\"1\"")
        .append(beside.isEmpty() ? " aria-label=\"" + escaped(spoken) + "\"" : "")
        .append(isOn ? " checked>" : ">")
        .append(escaped(beside))
        .append("</label> ");
  }

  private void quietHours(Preferences chosen) {
    boolean own = chosen.quietHours().isPresent();
    fieldset("quiet");
    html.append("<p>").append(text("quiet.why")).append("</p><p>");
    radio(CentreForm.QUIET, "usual", texts.get("quiet.usual"), !own);
    radio(CentreForm.QUIET, CentreForm.OWN, texts.get("quiet.own"), own);
    html.append("</p>");
    List<QuietHours> hours = own ? chosen.quietHours().orElseThrow().hours() : List.of();
    for (int row = 0; row <= hours.size() && row < CentreForm.MOST_ROWS; row++) {
      boolean isFree = row == hours.size();
      Set<DayOfWeek> days = isFree ? EnumSet.allOf(DayOfWeek.class) : hours.get(row).days();
      html.append("<p role=\"group\" aria-label=\"")
          .append(text("quiet"))
          .append(' ')
          .append(row + 1)
          .append("\">");
      time(row, "start", "from", isFree ? "" : hours.get(row).start().toString());
      time(row, "end", "to", isFree ? "" : hours.get(row).end().toString());
      for (DayOfWeek day : DayOfWeek.values()) {
        String name = CentreForm.row(row, day.name());
        checkbox(name, "", shortName(day), days.contains(day));
      }
      html.append("</p>");
    }
    html.append("</fieldset>");
  }

  private String shortName(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT_STANDALONE, texts.locale());
  }

  private void time(int row, String part, String beside, String value) {
    html.append("<label>")
        .append(text(beside))
        .append(" <input type=\"time\" name=\"")
        .append(CentreForm.row(row, part))
        .append("\" value=\"")
        .append(value)
        .append("\"></label> ");
  }

  private void radio(String name, String value, String beside, boolean isOn) {
    html.append("<label><input type=\"radio\" name=\"")
        .append(name)
        .append("\" value=\"")
        .append(value)
        .append(isOn ? "\" checked>" : "\">")
        .append(escaped(beside))
        .append("</label> ");
  }

  private void pause(Preferences chosen, Instant now) {
    boolean isPaused = chosen.pausedUntil().filter(now::isBefore).isPresent();
    fieldset("pause");
    if (isPaused) {
      String until = moment(chosen.pausedUntil().orElseThrow());
      html.append("<p>").append(escaped(texts.get("paused", until))).append("</p>");
    }
    html.append("<label>")
        .append(text("pause.hold"))
        .append(" <select name=\"")
        .append(CentreForm.PAUSE)
        .append("\">");
    option(CentreForm.KEEP, texts.get(isPaused ? "pause.on" : "pause.off"), true);
    if (isPaused) {
      option(CentreForm.NONE, texts.get("pause.end"), false);
    }
    for (String days : List.of("1", "7", "30")) {
      option(days, texts.get("pause." + days), false);
    }
    html.append("</select></label></fieldset>");
  }

  private void option(String value, String text, boolean isChosen) {
    html.append("<option value=\"")
        .append(escaped(value))
        .append(isChosen ? "\" selected>" : "\">")
        .append(escaped(text))
        .append("</option>");
  }

  private void order(Preferences chosen, Offer offer) {
    fieldset("order");
    List<Channel> order = chosen.channelOrder();
    for (int place = 0; place < offer.channels().size(); place++) {
      html.append("<label>")
          .append(place + 1)
          .append(". <select name=\"")
          .append(CentreForm.place(place))
          .append("\">");
      option("", texts.get("order.any"), place >= order.size());
      for (Channel channel : offer.channels()) {
        option(
            channel.name(),
            texts.label(channel),
            place < order.size() && order.get(place).equals(channel));
      }
      html.append("</select></label> ");
    }
    html.append("</fieldset>");
  }

  private void fieldset(String legend) {
    html.append("<fieldset><legend>").append(text(legend)).append("</legend>");
  }

  private String moment(Instant at) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG)
        .withLocale(texts.locale())
        .format(at.atZone(ZoneOffset.UTC));
  }
}
