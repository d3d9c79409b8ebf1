package dev.notify.console;

import dev.notify.model.Delivery;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import java.util.List;

/** Notifications as lines of a table. */
final class NotificationRows {

  private static final List<String> HEADS =
      List.of("What", "To", "Category", "Deliveries", "Accepted");

  private final Site site;

  NotificationRows(Site site) {
    this.site = site;
  }

  void table(Markup html, List<NotificationRecord> records) {
    html.open("table", "class", "stack list").open("thead").open("tr");
    HEADS.forEach(head -> html.leaf("th", head, "scope", "col"));
    html.close("tr", "thead").open("tbody");
    records.forEach(each -> row(html, each));
    html.close("tbody", "table");
  }

  private void row(Markup html, NotificationRecord one) {
    Notification notification = one.notification();
    html.open("tr").open("td", "data-label", HEADS.get(0));
    html.leaf("a", title(notification), "href", site.url("/notifications/" + one.id()));
    html.close("td").leaf("td", notification.recipientId(), "data-label", HEADS.get(1));
    html.leaf("td", notification.category(), "data-label", HEADS.get(2));
    html.open("td", "data-label", HEADS.get(3)).open("span", "class", "chips");
    for (Delivery delivery : one.deliveries()) {
      Pieces.chip(
          html,
          delivery.channel() + " " + Pieces.words(delivery.status().name()),
          Pieces.tone(delivery.status()));
    }
    if (one.deliveries().isEmpty()) {
      Pieces.chip(html, "not sent", "warn");
    }
    html.close("span", "td").open("td", "data-label", HEADS.get(4));
    Pieces.moment(html, acceptedAt(one));
    html.close("td", "tr");
  }

  /** What it says, or the template that says it. */
  static String title(Notification notification) {
    String said =
        notification
            .content()
            .flatMap(content -> content.title().filter(text -> !text.isBlank()).or(content::body))
            .or(() -> notification.template().map(template -> "template " + template.name()))
            .orElse("(data only)");
    return said.isBlank() ? "(no title)" : said.length() > 90 ? said.substring(0, 89) + "…" : said;
  }

  /** Its id begins with the moment (RFC 9562, UUID version 7). */
  static java.time.Instant acceptedAt(NotificationRecord one) {
    return one.deliveries().isEmpty()
        ? java.time.Instant.ofEpochMilli(one.id().value().getMostSignificantBits() >>> 16)
        : one.deliveries().get(0).createdAt();
  }
}
