package dev.notify.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.Health;
import dev.notify.model.Lane;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Priority;
import dev.notify.model.RefusedException;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** How things stand now, and what moves. */
final class OverviewPage {

  private static final Duration DAY = Duration.ofHours(24);
  private static final int NEWEST = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Site site;
  private final LiveFigures live;
  private final NotificationRows rows;

  OverviewPage(Site site, LiveFigures live) {
    this.site = site;
    this.live = live;
    rows = new NotificationRows(site);
  }

  Markup page() {
    Markup html = new Markup();
    html.open("p", "class", "state").leaf("span", "…", "id", "state", "class", "chip plain");
    html.leaf("span", "", "id", "reasons").close("p");
    tiles(html);
    html.open("div", "class", "charts");
    chart(html, "throughput", "Throughput", "per second");
    chart(html, "rate", "Delivery rate", "share of what ended in each minute");
    chart(html, "latency", "Provider latency", "milliseconds a call takes");
    chart(html, "queue", "Queue by lane", "waiting in this process");
    html.close("div");
    html.leaf("h2", "Providers").open("div", "id", "providers").close("div");
    funnel(html);
    html.leaf("h2", "Newest notifications");
    newest(html);
    html.leaf("p", "", "id", "live-note", "class", "muted", "role", "status");
    return html;
  }

  private static void chart(Markup html, String id, String title, String unit) {
    html.open("section", "class", "card", "aria-labelledby", id + "-title");
    html.open("div", "class", "card-head").leaf("h2", title, "id", id + "-title");
    html.leaf("span", unit, "class", "muted").close("div");
    html.open("div", "class", "canvas");
    html.leaf("canvas", "", "id", id, "role", "img", "aria-label", title).close("div");
    html.leaf("p", "", "id", id + "-now", "class", "muted now").close("section");
  }

  private void tiles(Markup html) {
    html.open("dl", "class", "tiles", "aria-label", "The last 24 hours");
    for (String tile : List.of("sent", "delivered", "dead", "suppressed", "queued")) {
      html.open("div", "class", "tile").leaf("dt", label(tile));
      html.leaf("dd", "–", "id", "tile-" + tile).close("div");
    }
    html.close("dl");
  }

  private static String label(String tile) {
    return switch (tile) {
      case "sent" -> "Sent, 24 h";
      case "delivered" -> "Delivered of sent";
      case "dead" -> "Dead letters, 24 h";
      case "suppressed" -> "Held back, 24 h";
      default -> "Waiting now";
    };
  }

  /** How far the last day's deliveries came, by channel. */
  private void funnel(Markup html) {
    Instant now = site.clock().instant();
    Optional<Funnel> funnel = Optional.empty();
    try {
      FunnelQuery query =
          FunnelQuery.between(now.minus(DAY), now).by(FunnelQuery.Dimension.CHANNEL);
      funnel = Optional.of(site.dispatcher().analytics().funnel(query));
    } catch (ConfigurationException | RefusedException e) {
      // A store may not count, or be away just now: the page is worth looking at without it.
    }
    if (funnel.filter(found -> !found.rows().isEmpty()).isEmpty()) {
      return;
    }
    html.leaf("h2", "How far they come, 24 h").open("table", "class", "stack").open("thead");
    html.open("tr");
    List.of("Channel", "Accepted", "Sent", "Delivered", "Opened", "Clicked", "Half within")
        .forEach(head -> html.leaf("th", head, "scope", "col"));
    html.close("tr", "thead").open("tbody");
    for (Funnel.Row row : funnel.get().rows()) {
      html.open("tr");
      cell(html, "Channel", row.value(FunnelQuery.Dimension.CHANNEL));
      cell(html, "Accepted", String.valueOf(row.count(Stage.ACCEPTED)));
      for (Stage stage : List.of(Stage.SENT, Stage.DELIVERED, Stage.OPENED, Stage.CLICKED)) {
        String share =
            row.count(stage) == 0
                ? "0"
                : row.count(stage) + " · " + Pieces.percent(row.rate(stage));
        cell(html, Pieces.sentence(stage.name()), share);
      }
      cell(
          html, "Half within", row.toSent().count() == 0 ? "–" : Pieces.length(row.toSent().p50()));
      html.close("tr");
    }
    html.close("tbody", "table");
  }

  private static void cell(Markup html, String label, String text) {
    html.leaf("td", text, "data-label", label);
  }

  private void newest(Markup html) {
    try {
      List<NotificationRecord> newest = site.dispatcher().recent(Optional.empty(), NEWEST);
      if (newest.isEmpty()) {
        Pieces.empty(
            html,
            "Nothing was sent yet.",
            "Send something: dispatcher.send(Notification.to(\"ana\").title(\"Hello\")"
                + ".body(\"It works.\").build())");
      } else {
        rows.table(html, newest);
      }
    } catch (ConfigurationException | RefusedException e) {
      Pieces.fault(html, "The newest notifications cannot be listed: " + e.getMessage());
    }
  }

  /** What the page asks for again and again. */
  ObjectNode data() {
    ObjectNode data = JSON.createObjectNode();
    Health health = site.dispatcher().health();
    List<LiveFigures.Point> points = live.points();
    data.put("step", LiveFigures.STEP.toSeconds());
    data.put("state", health.state().name());
    health.reasons().forEach(data.putArray("reasons")::add);
    ArrayNode seconds = data.putArray("seconds");
    points.forEach(point -> seconds.add(point.second()));
    series(data, "sent", points, LiveFigures.Point::sent);
    series(data, "delivered", points, LiveFigures.Point::delivered);
    series(data, "failed", points, LiveFigures.Point::failed);
    series(data, "held", points, LiveFigures.Point::held);
    series(data, "p50", points, LiveFigures.Point::p50);
    series(data, "p95", points, LiveFigures.Point::p95);
    series(data, "p99", points, LiveFigures.Point::p99);
    rate(data.putArray("rate"), points);
    queue(data.putArray("queue"), health);
    providers(data.putArray("providers"), health);
    totals(data.putObject("totals"));
    return data;
  }

  private static void series(
      ObjectNode data,
      String name,
      List<LiveFigures.Point> points,
      ToDoubleFunction<LiveFigures.Point> of) {
    ArrayNode array = data.putArray(name);
    points.forEach(point -> number(array, of.applyAsDouble(point)));
  }

  private static void number(ArrayNode array, double value) {
    if (Double.isNaN(value)) {
      array.addNull();
    } else {
      array.add(value);
    }
  }

  /** The share that was sent of what was sent or given up, over the minute that ends there. */
  private static void rate(ArrayNode array, List<LiveFigures.Point> points) {
    int steps = (int) (60 / LiveFigures.STEP.toSeconds());
    for (int i = 0; i < points.size(); i++) {
      List<LiveFigures.Point> minute = points.subList(Math.max(0, i - steps + 1), i + 1);
      double sent = minute.stream().mapToInt(LiveFigures.Point::sent).sum();
      double failed = minute.stream().mapToInt(LiveFigures.Point::failed).sum();
      number(array, sent + failed == 0 ? Double.NaN : Math.max(0, 100 * sent / (sent + failed)));
    }
  }

  private static void queue(ArrayNode array, Health health) {
    for (Health.ChannelHealth channel : health.channels()) {
      ObjectNode lane = array.addObject();
      lane.put("channel", channel.channel().name());
      lane.put("inFlight", channel.inFlight());
      ObjectNode waiting = lane.putObject("waiting");
      ObjectNode late = lane.putObject("lateSeconds");
      for (Priority priority : Priority.values()) {
        waiting.put(priority.name(), channel.queuedBy().getOrDefault(priority, 0));
        Duration lateness = health.store().lateness().get(new Lane(channel.channel(), priority));
        late.put(priority.name(), lateness == null ? 0 : lateness.toSeconds());
      }
    }
  }

  private void providers(ArrayNode array, Health health) {
    for (Health.ProviderHealth provider : health.providers()) {
      LiveFigures.Calls calls = live.calls(provider.name());
      ObjectNode one = array.addObject();
      one.put("name", provider.name());
      one.put("channel", provider.channel().name());
      one.put("breaker", provider.breaker().name());
      one.put("usable", provider.isUsable());
      one.put("inFlight", provider.inFlight());
      one.put("calls", calls.all());
      one.put("accepted", calls.accepted());
      one.put("lastFault", calls.lastFault());
    }
  }

  private void totals(ObjectNode totals) {
    Instant now = site.clock().instant();
    try {
      Statistics day = site.dispatcher().statistics(now.minus(DAY), now);
      totals.put("sent", day.count(Type.SENT));
      totals.put("delivered", day.count(Type.DELIVERED));
      totals.put("dead", day.count(Type.DEAD));
      totals.put("suppressed", day.count(Type.SUPPRESSED));
    } catch (ConfigurationException | RefusedException e) {
      totals.put("fault", "The store cannot be asked now.");
    }
  }
}
