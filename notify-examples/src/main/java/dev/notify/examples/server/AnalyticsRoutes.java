package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Funnel;
import dev.notify.model.Funnel.Row;
import dev.notify.model.Funnel.Times;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.FunnelQuery.Interval;
import dev.notify.model.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How far notifications come, and what people do with them. */
final class AnalyticsRoutes {

  private static final String ROOT = "/api/v1/analytics";
  private static final Duration USUAL = Duration.ofDays(7);
  private static final Duration LONGEST = Duration.ofDays(775);

  private static final List<Stage> DELIVERY =
      List.of(
          Stage.ACCEPTED,
          Stage.OPEN,
          Stage.SENT,
          Stage.DELIVERED,
          Stage.BOUNCED,
          Stage.UNDELIVERED,
          Stage.DEAD,
          Stage.SUPPRESSED,
          Stage.CANCELLED,
          Stage.EXPIRED);

  private static final List<Stage> ENGAGEMENT =
      List.of(
          Stage.SENT,
          Stage.DELIVERED,
          Stage.OPENED,
          Stage.CLICKED,
          Stage.CONVERTED,
          Stage.UNSUBSCRIBED,
          Stage.COMPLAINED);

  private final NotificationDispatcher dispatcher;
  private final InstantSource clock;

  AnalyticsRoutes(NotificationDispatcher dispatcher, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT + "/delivery", Route.SEEING, call -> answer(call, DELIVERY, true)),
        Route.of(
            "GET", ROOT + "/engagement", Route.SEEING, call -> answer(call, ENGAGEMENT, false)));
  }

  private void answer(Call call, List<Stage> stages, boolean timed) {
    Funnel funnel = dispatcher.analytics().funnel(query(call));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", funnel.query().from().toString());
    fields.put("until", funnel.query().until().toString());
    fields.put("total", shown(funnel.total(), stages, timed));
    fields.put("rows", funnel.rows().stream().map(row -> shown(row, stages, timed)).toList());
    call.answer(fields);
  }

  private FunnelQuery query(Call call) {
    List<String> known = new ArrayList<>(List.of("from", "until", "by", "interval"));
    for (Dimension dimension : Dimension.values()) {
      known.add(name(dimension));
    }
    call.expectQuery(known.toArray(String[]::new));
    String moment = "a moment such as 2026-12-24T18:00:00Z";
    Instant until = call.query("until", Call::moment, moment).orElseGet(clock::instant);
    Instant from = call.query("from", Call::moment, moment).orElseGet(() -> until.minus(USUAL));
    if (Duration.between(from, until).compareTo(LONGEST) > 0) {
      throw Problem.field("from", "lies more than " + LONGEST.toDays() + " days before until");
    }
    FunnelQuery query = FunnelQuery.between(from, until);
    String by = call.query("by").orElse("");
    for (String one : by.isEmpty() ? new String[0] : by.split(",")) {
      query = query.by(Json.constant("by", one.strip(), Dimension.class));
    }
    String interval = call.query("interval").orElse("");
    if (!interval.isEmpty()) {
      query = query.every(Json.constant("interval", interval, Interval.class));
    }
    for (Dimension dimension : Dimension.values()) {
      String value = call.query(name(dimension)).orElse("");
      query = value.isEmpty() ? query : query.only(dimension, value);
    }
    return query;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> shown(Row row, List<Stage> stages, boolean timed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    row.time().ifPresent(time -> fields.put("time", time.toString()));
    Map<String, Object> values = new LinkedHashMap<>();
    Arrays.stream(Dimension.values())
        .filter(row.values()::containsKey)
        .forEach(dimension -> values.put(name(dimension), row.value(dimension)));
    fields.put("values", values);
    Map<String, Object> counts = new LinkedHashMap<>();
    Map<String, Object> rates = new LinkedHashMap<>();
    for (Stage stage : stages) {
      counts.put(name(stage), row.count(stage));
      rates.put(name(stage), row.rate(stage));
    }
    fields.put("counts", counts);
    fields.put("rates", rates);
    if (timed) {
      fields.put("millisecondsToSent", shown(row.toSent()));
      fields.put("millisecondsToDelivered", shown(row.toDelivered()));
    }
    return fields;
  }

  private static Map<String, Object> shown(Times times) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", times.count());
    fields.put("p50", times.p50().toMillis());
    fields.put("p90", times.p90().toMillis());
    fields.put("p99", times.p99().toMillis());
    return fields;
  }
}
