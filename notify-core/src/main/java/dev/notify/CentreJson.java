package dev.notify;

import dev.notify.PreferenceCentre.Offer;
import dev.notify.PreferenceCentre.Wish;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Preferences;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A person's own page as JSON; what is sent back may leave out what is to stay. */
final class CentreJson {

  private CentreJson() {}

  static String error(String text) {
    return written(Map.of("error", text));
  }

  static String of(Preferences chosen, Offer offer) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    List<Object> categories = new ArrayList<>();
    for (Category category : offer.categories()) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("name", category.name());
      one.put("label", category.label());
      one.put("description", category.description());
      one.put("kind", category.kind().name().toLowerCase(Locale.ROOT));
      Map<String, Object> channels = new LinkedHashMap<>();
      for (Channel channel : offer.channels()) {
        channels.put(channel.name(), PreferenceCentre.isOn(chosen, category, channel));
      }
      one.put("channels", channels);
      categories.add(one);
    }
    root.put("categories", categories);
    root.put("quietHours", chosen.quietHours().map(CentreJson::week).orElse(null));
    Map<String, Object> on = new LinkedHashMap<>();
    chosen.quietHoursOn().forEach((channel, week) -> on.put(channel.name(), week(week)));
    root.put("quietHoursOn", on);
    root.put("pausedUntil", chosen.pausedUntil().map(Instant::toString).orElse(null));
    root.put("channelOrder", chosen.channelOrder().stream().map(Channel::name).toList());
    return written(root);
  }

  static List<Object> week(QuietWeek week) {
    List<Object> hours = new ArrayList<>();
    for (QuietHours one : week.hours()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("start", one.start().toString());
      map.put("end", one.end().toString());
      map.put("days", one.days().stream().sorted().map(DayOfWeek::name).toList());
      hours.add(map);
    }
    return hours;
  }

  /** Maps, collections, texts, numbers, truth and null as JSON; all else as its text. */
  static String written(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value);
    return out.toString();
  }

  private static void write(StringBuilder out, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      String before = "{";
      for (Map.Entry<?, ?> field : map.entrySet()) {
        out.append(before);
        write(out, field.getKey());
        out.append(':');
        write(out, field.getValue());
        before = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Collection<?> items) {
      String before = "[";
      for (Object item : items) {
        out.append(before);
        write(out, item);
        before = ",";
      }
      out.append(items.isEmpty() ? "[]" : "]");
    } else if (value == null || value instanceof Boolean || isNumber(value)) {
      out.append(value);
    } else {
      quote(out, value.toString());
    }
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /** What is wanted, as far as it can be understood without knowing what is chosen. */
  static Wish wish(String json, Offer offer) {
    Map<String, @Nullable Object> root = map("json", JsonText.read(json));
    requireKnown(root, "categories", "quietHours", "quietHoursOn", "pausedUntil", "channelOrder");
    List<Cell> cells = cells(root, offer);
    Optional<QuietWeek> quiet =
        Optional.ofNullable(root.get("quietHours")).map(CentreJson::readWeek);
    Map<Channel, QuietWeek> quietOn = new LinkedHashMap<>();
    map("quietHoursOn", root.getOrDefault("quietHoursOn", Map.of()))
        .forEach((name, hours) -> quietOn.put(channel(name, offer), readWeek(hours)));
    Optional<Instant> paused = Optional.ofNullable(root.get("pausedUntil")).map(CentreJson::time);
    List<Channel> order = new ArrayList<>();
    for (Object name : list("channelOrder", root.getOrDefault("channelOrder", List.of()))) {
      order.add(channel(text("channelOrder", name), offer));
    }
    return (before, origin) -> {
      Preferences.Builder next = before.toBuilder();
      cells.forEach(
          cell ->
              PreferenceCentre.choose(
                  next, before, cell.category(), cell.channel(), cell.wanted(), origin));
      Preferences some = next.build();
      return new Preferences(
          some.choices(),
          root.containsKey("quietHours") ? quiet : some.quietHours(),
          root.containsKey("quietHoursOn") ? quietOn : some.quietHoursOn(),
          root.containsKey("pausedUntil") ? paused : some.pausedUntil(),
          root.containsKey("channelOrder") ? order : some.channelOrder());
    };
  }

  private record Cell(Category category, Channel channel, boolean wanted) {}

  private static List<Cell> cells(Map<String, @Nullable Object> root, Offer offer) {
    List<Cell> cells = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Object item : list("categories", root.getOrDefault("categories", List.of()))) {
      Map<String, @Nullable Object> one = map("categories", item);
      requireKnown(one, "name", "label", "description", "kind", "channels");
      String name = text("categories.name", one.get("name"));
      if (!seen.add(name)) {
        throw new InvalidNotificationException("categories", "one is named twice");
      }
      Category category =
          offer.categories().stream()
              .filter(known -> known.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new InvalidNotificationException("categories", "one is unknown"));
      map("channels", one.get("channels"))
          .forEach(
              (channel, wanted) -> {
                if (!(wanted instanceof Boolean yes)) {
                  throw new InvalidNotificationException("channels", "must be true or false");
                }
                cells.add(new Cell(category, channel(channel, offer), yes));
              });
    }
    return cells;
  }

  private static Channel channel(String name, Offer offer) {
    return offer.channels().stream()
        .filter(channel -> channel.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidNotificationException("channel", "one is unknown"));
  }

  private static QuietWeek readWeek(@Nullable Object value) {
    List<QuietHours> week = new ArrayList<>();
    for (Object item : list("quietHours", value)) {
      Map<String, @Nullable Object> one = map("quietHours", item);
      requireKnown(one, "start", "end", "days");
      QuietHours hours =
          QuietHours.between(
              text("quietHours.start", one.get("start")), text("quietHours.end", one.get("end")));
      week.add(one.containsKey("days") ? hours.on(days(one.get("days"))) : hours);
    }
    return new QuietWeek(week);
  }

  private static DayOfWeek[] days(@Nullable Object value) {
    List<DayOfWeek> days = new ArrayList<>();
    for (Object name : list("quietHours.days", value)) {
      try {
        days.add(DayOfWeek.valueOf(text("quietHours.days", name)));
      } catch (IllegalArgumentException e) {
        throw new InvalidNotificationException("quietHours.days", "one is no day such as MONDAY");
      }
    }
    return days.toArray(DayOfWeek[]::new);
  }

  private static Instant time(Object value) {
    try {
      return Instant.parse(text("pausedUntil", value));
    } catch (DateTimeParseException e) {
      throw new InvalidNotificationException(
          "pausedUntil", "is no moment such as 2026-05-05T12:00:00Z");
    }
  }

  private static void requireKnown(Map<String, @Nullable Object> map, String... known) {
    if (!List.of(known).containsAll(map.keySet())) {
      throw new InvalidNotificationException("json", "has a field beside " + List.of(known));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> map(String field, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new InvalidNotificationException(field, "must be an object");
  }

  private static List<?> list(String field, @Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new InvalidNotificationException(field, "must be a list");
  }

  private static String text(String field, @Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new InvalidNotificationException(field, "must be a text");
  }
}
