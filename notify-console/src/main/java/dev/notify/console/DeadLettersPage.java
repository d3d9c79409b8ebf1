package dev.notify.console;

import dev.notify.SendReceipt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.RefusedException;
import java.util.List;
import java.util.Optional;

/** What was given up, and may be sent again. */
final class DeadLettersPage {

  private static final int SHOWN = 200;
  private static final List<String> HEADS = List.of("What", "To", "Given up because", "When", "");

  private final Site site;

  DeadLettersPage(Site site) {
    this.site = site;
  }

  Markup page(Optional<String> fault) {
    Markup html = new Markup();
    fault.ifPresent(text -> Pieces.fault(html, text));
    try {
      List<Delivery> dead = site.dispatcher().deadLetters(SHOWN);
      if (dead.isEmpty()) {
        Pieces.empty(
            html,
            "There are none.",
            "A delivery comes here when all attempts failed or its provider refused it for good. To"
                + " see one, set a channel of the sandbox to reject.");
      } else {
        table(html, dead);
      }
    } catch (RefusedException e) {
      Pieces.fault(html, "They cannot be listed now: " + e.getMessage());
    }
    return html;
  }

  private void table(Markup html, List<Delivery> dead) {
    html.leaf(
        "p",
        dead.size() == SHOWN ? "The newest " + SHOWN : dead.size() + " in all",
        "class",
        "muted");
    html.open("table", "class", "stack list").open("thead").open("tr");
    for (String head : HEADS) {
      if (head.isEmpty()) {
        html.open("td").close("td");
      } else {
        html.leaf("th", head, "scope", "col");
      }
    }
    html.close("tr", "thead").open("tbody");
    dead.forEach(each -> row(html, each));
    html.close("tbody", "table");
  }

  private void row(Markup html, Delivery delivery) {
    String title =
        site.dispatcher()
            .status(delivery.notificationId())
            .map(NotificationRecord::notification)
            .map(NotificationRows::title)
            .orElse("(not kept any more)");
    html.open("tr").open("td", "data-label", HEADS.get(0));
    html.leaf("a", title, "href", site.url("/notifications/" + delivery.notificationId()));
    html.close("td").open("td", "data-label", HEADS.get(1)).text(delivery.recipientId() + " ");
    html.leaf("span", delivery.channel() + " " + delivery.address().masked(), "class", "muted");
    html.close("td");
    html.leaf(
        "td",
        delivery.reason().map(Object::toString).orElse("no reason was kept"),
        "data-label",
        HEADS.get(2));
    html.open("td", "data-label", HEADS.get(3));
    Pieces.moment(html, delivery.updatedAt());
    html.close("td").open("td", "class", "actions");
    site.form(html, "/dead-letters/" + delivery.id() + "/replay", "inline");
    html.leaf("button", "Replay", "aria-label", "Replay " + title).close("form", "td", "tr");
  }

  /** Sends one again; whoever asked is led to its story. */
  SendReceipt replay(String id) {
    return site.dispatcher().replay(DeliveryId.parse(id));
  }
}
