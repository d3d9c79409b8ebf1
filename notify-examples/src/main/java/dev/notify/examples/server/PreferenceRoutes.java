package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Preferences.Scope;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What people have chosen: what they want, on which channels, and when not. */
final class PreferenceRoutes {

  private static final String SOURCE = "rest api";
  private static final int MOST = 1_000;
  private static final Set<Role> OWNERS = EnumSet.of(Role.SEND, Role.READ, Role.USER);

  private final NotificationDispatcher dispatcher;
  private final InstantSource clock;

  PreferenceRoutes(NotificationDispatcher dispatcher, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", UserRoutes.ROOT + "/preferences", OWNERS, this::get),
        Route.of("PUT", UserRoutes.ROOT + "/preferences", Route.SENDING, this::put),
        Route.of(
            "POST", UserRoutes.ROOT + "/subscribe", Route.SENDING, call -> subscribe(call, true)),
        Route.of(
            "POST",
            UserRoutes.ROOT + "/unsubscribe",
            Route.SENDING,
            call -> subscribe(call, false)));
  }

  private void get(Call call) {
    call.answer(shown(dispatcher.preferences().find(call.id())));
  }

  private record Wish(
      Map<Scope, Boolean> choices,
      Optional<QuietWeek> quietHours,
      Map<Channel, QuietWeek> quietHoursOn,
      Optional<Instant> pausedUntil,
      List<Channel> channelOrder) {}

  private void put(Call call) {
    Wish wish = call.body(PreferenceRoutes::read);
    call.answer(shown(update(call, before -> wished(wish, before, clock.instant()))));
  }

  private Preferences update(Call call, UnaryOperator<Preferences> change) {
    return dispatcher.preferences().update(call.id(), call.caller().name(), SOURCE, change);
  }

  /** A choice that stays keeps when and how it was made. */
  private static Preferences wished(Wish wish, Preferences before, Instant now) {
    Map<Scope, Choice> choices = new LinkedHashMap<>();
    wish.choices()
        .forEach(
            (scope, wanted) -> {
              Choice had = before.choices().get(scope);
              choices.put(
                  scope,
                  had != null && had.wanted() == wanted ? had : new Choice(wanted, now, SOURCE));
            });
    return new Preferences(
        choices, wish.quietHours(), wish.quietHoursOn(), wish.pausedUntil(), wish.channelOrder());
  }

  private static Wish read(Json json) {
    Map<Scope, Boolean> choices = new LinkedHashMap<>();
    for (Map.Entry<Scope, Boolean> one :
        json.objects("choices", MOST, PreferenceRoutes::readChoice)) {
      if (choices.putIfAbsent(one.getKey(), one.getValue()) != null) {
        throw Problem.field("choices", "one is there twice");
      }
    }
    Map<Channel, QuietWeek> on = new LinkedHashMap<>();
    json.inside(
        "quietHoursOn",
        inner -> {
          json.names("quietHoursOn")
              .forEach(name -> on.put(NotificationForm.channel(name, name), readWeek(inner, name)));
          return on;
        });
    return new Wish(
        choices,
        json.has("quietHours") ? Optional.of(readWeek(json, "quietHours")) : Optional.empty(),
        on,
        json.moment("pausedUntil"),
        NotificationForm.channels(json, "channelOrder"));
  }

  private static Map.Entry<Scope, Boolean> readChoice(Json json) {
    boolean wanted = json.flag("wanted").orElseThrow(() -> json.missing("wanted"));
    // What an answer has, so that it can be sent back as it is.
    Optional<Instant> unused = json.moment("at");
    Optional<String> alsoUnused = json.text("source");
    return Map.entry(new Scope(channel(json), json.text("category")), wanted);
  }

  private static Optional<Channel> channel(Json json) {
    return json.text("channel").map(name -> NotificationForm.channel("channel", name));
  }

  private static QuietWeek readWeek(Json json, String field) {
    List<QuietHours> all = json.objects(field, 100, PreferenceRoutes::readHours);
    try {
      return new QuietWeek(all);
    } catch (InvalidNotificationException e) {
      throw Faults.invalid(field, e);
    }
  }

  private static QuietHours readHours(Json json) {
    QuietHours hours = hours(time(json, "start"), time(json, "end"));
    List<String> days = json.texts("days", 7);
    return days.isEmpty()
        ? hours
        : hours.on(
            days.stream()
                .map(day -> Json.constant("days", day, DayOfWeek.class))
                .toArray(DayOfWeek[]::new));
  }

  private static LocalTime time(Json json, String field) {
    return json.parsed(field, LocalTime::parse, "a time of day such as 22:00")
        .orElseThrow(() -> json.missing(field));
  }

  private static QuietHours hours(LocalTime start, LocalTime end) {
    try {
      return QuietHours.between(start.toString(), end.toString());
    } catch (InvalidNotificationException e) {
      throw Faults.invalid("end", e);
    }
  }

  private static Map<String, Object> shown(Preferences chosen) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(
        "choices",
        chosen.choices().entrySet().stream()
            .sorted(Comparator.comparing(one -> one.getKey().toString()))
            .map(one -> shown(one.getKey(), one.getValue()))
            .toList());
    chosen.quietHours().ifPresent(week -> fields.put("quietHours", shown(week)));
    Map<String, Object> on = new LinkedHashMap<>();
    chosen.quietHoursOn().forEach((channel, week) -> on.put(channel.name(), shown(week)));
    fields.put("quietHoursOn", on);
    chosen.pausedUntil().ifPresent(until -> fields.put("pausedUntil", until.toString()));
    fields.put("channelOrder", chosen.channelOrder().stream().map(Channel::name).toList());
    return fields;
  }

  private static Map<String, Object> shown(Scope scope, Choice choice) {
    Map<String, Object> fields = new LinkedHashMap<>();
    scope.channel().ifPresent(channel -> fields.put("channel", channel.name()));
    scope.category().ifPresent(category -> fields.put("category", category));
    fields.put("wanted", choice.wanted());
    fields.put("at", choice.at().toString());
    fields.put("source", choice.source());
    return fields;
  }

  private static List<Map<String, Object>> shown(QuietWeek week) {
    return week.hours().stream()
        .map(
            hours ->
                Map.<String, Object>of(
                    "start",
                    hours.start().toString(),
                    "end",
                    hours.end().toString(),
                    "days",
                    hours.days().stream().sorted().map(DayOfWeek::name).toList()))
        .toList();
  }

  private record Subscription(
      Optional<String> topic, Optional<Channel> channel, Optional<String> category) {}

  private void subscribe(Call call, boolean wanted) {
    Subscription what = call.body(PreferenceRoutes::readSubscription);
    if (what.topic().isPresent()) {
      follow(call, what.topic().get(), wanted);
    }
    Preferences now =
        what.topic().isPresent()
            ? dispatcher.preferences().find(call.id())
            : update(call, before -> chosen(what, before, wanted));
    Map<String, Object> fields = new LinkedHashMap<>(shown(now));
    fields.put(
        "topics",
        dispatcher
            .recipients()
            .entry(call.id())
            .map(entry -> List.copyOf(entry.topics().keySet()))
            .orElse(List.of()));
    call.answer(fields);
  }

  private static Subscription readSubscription(Json json) {
    Subscription what = new Subscription(json.text("topic"), channel(json), json.text("category"));
    if (what.topic().isPresent() == (what.channel().isPresent() || what.category().isPresent())) {
      throw Problem.field("topic", "give a topic, or a category, a channel or both of these");
    }
    return what;
  }

  private void follow(Call call, String topic, boolean wanted) {
    if (dispatcher.recipients().entry(call.id()).isEmpty()) {
      throw Problem.notFound("there is no user of this id");
    }
    if (wanted) {
      dispatcher.recipients().follow(call.id(), topic, clock.instant());
    } else {
      dispatcher.recipients().unfollow(call.id(), topic);
    }
  }

  private Preferences chosen(Subscription what, Preferences before, boolean wanted) {
    Choice choice = new Choice(wanted, clock.instant(), SOURCE);
    Map<Scope, Choice> choices = new LinkedHashMap<>(before.choices());
    choices.put(new Scope(what.channel(), what.category()), choice);
    return new Preferences(
        choices,
        before.quietHours(),
        before.quietHoursOn(),
        before.pausedUntil(),
        before.channelOrder());
  }
}
