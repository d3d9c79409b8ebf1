package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Channel;
import dev.notify.model.Origin;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Preferences.Scope;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import dev.notify.model.Suppression;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What people chose, and addresses that must not be used, as JSON. */
final class PeopleCodec {

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PeopleCodec() {}

  private interface Reader<T> {
    T read(JsonNode root);
  }

  private static byte[] object(JsonBytes.Fields fields) {
    return JsonBytes.object(VERSION, fields);
  }

  private static <T> T read(byte[] bytes, Reader<T> reader) throws UnreadableBody {
    try {
      JsonNode root = MAPPER.readTree(bytes);
      int version = root.path("form").asInt();
      if (version != VERSION) {
        throw new IllegalArgumentException("form " + version);
      }
      return reader.read(root);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  /** A change, without what was chosen before: the change before it says so. */
  record Change(Origin origin, Preferences after) {}

  static byte[] change(Change change) {
    return object(
        out -> {
          out.writeStringField("actor", change.origin().actor());
          out.writeStringField("source", change.origin().source());
          out.writeStringField("at", change.origin().at().toString());
          write(out, change.after());
        });
  }

  static Change change(byte[] bytes) throws UnreadableBody {
    return read(
        bytes,
        root ->
            new Change(
                new Origin(text(root, "actor"), text(root, "source"), time(root, "at")),
                preferences(root)));
  }

  static byte[] preferences(Preferences preferences) {
    return object(out -> write(out, preferences));
  }

  static Preferences preferences(byte[] bytes) throws UnreadableBody {
    return read(bytes, PeopleCodec::preferences);
  }

  private static void write(JsonGenerator out, Preferences preferences) throws IOException {
    out.writeArrayFieldStart("choices");
    for (Map.Entry<Scope, Choice> entry : preferences.choices().entrySet()) {
      out.writeStartObject();
      optional(out, "channel", entry.getKey().channel().map(Channel::name));
      optional(out, "category", entry.getKey().category());
      out.writeBooleanField("wanted", entry.getValue().wanted());
      out.writeStringField("made", entry.getValue().at().toString());
      out.writeStringField("where", entry.getValue().source());
      out.writeEndObject();
    }
    out.writeEndArray();
    if (preferences.quietHours().isPresent()) {
      out.writeFieldName("quietHours");
      write(out, preferences.quietHours().get());
    }
    out.writeObjectFieldStart("quietHoursOn");
    for (Map.Entry<Channel, QuietWeek> entry : preferences.quietHoursOn().entrySet()) {
      out.writeFieldName(entry.getKey().name());
      write(out, entry.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("channelOrder");
    for (Channel channel : preferences.channelOrder()) {
      out.writeString(channel.name());
    }
    out.writeEndArray();
    optional(out, "pausedUntil", preferences.pausedUntil().map(Instant::toString));
  }

  private static void write(JsonGenerator out, QuietWeek week) throws IOException {
    out.writeStartArray();
    for (QuietHours hours : week.hours()) {
      out.writeStartObject();
      out.writeStringField("start", hours.start().toString());
      out.writeStringField("end", hours.end().toString());
      out.writeArrayFieldStart("days");
      for (DayOfWeek day : hours.days()) {
        out.writeString(day.name());
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static QuietWeek week(JsonNode node) {
    List<QuietHours> week = new ArrayList<>();
    for (JsonNode hours : node) {
      Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
      hours.path("days").forEach(day -> days.add(DayOfWeek.valueOf(day.textValue())));
      week.add(
          new QuietHours(
              LocalTime.parse(text(hours, "start")), LocalTime.parse(text(hours, "end")), days));
    }
    return new QuietWeek(week);
  }

  private static Preferences preferences(JsonNode root) {
    Map<Scope, Choice> choices = new HashMap<>();
    for (JsonNode one : root.path("choices")) {
      choices.put(
          new Scope(optional(one, "channel").map(Channel::of), optional(one, "category")),
          new Choice(one.path("wanted").booleanValue(), time(one, "made"), text(one, "where")));
    }
    Map<Channel, QuietWeek> quietHoursOn = new HashMap<>();
    root.path("quietHoursOn")
        .properties()
        .forEach(field -> quietHoursOn.put(Channel.of(field.getKey()), week(field.getValue())));
    List<Channel> channelOrder = new ArrayList<>();
    root.path("channelOrder").forEach(name -> channelOrder.add(Channel.of(name.textValue())));
    return new Preferences(
        choices,
        root.has("quietHours") ? Optional.of(week(root.get("quietHours"))) : Optional.empty(),
        quietHoursOn,
        optional(root, "pausedUntil").map(Instant::parse),
        channelOrder);
  }

  static byte[] suppression(Suppression entry) {
    return object(
        out -> {
          out.writeFieldName("address");
          MessageCodec.write(out, entry.address());
          out.writeStringField("kind", entry.kind().name());
          out.writeStringField("cause", entry.cause());
          out.writeStringField("at", entry.at().toString());
          optional(out, "until", entry.until().map(Instant::toString));
          out.writeArrayFieldStart("heard");
          for (String id : entry.heard()) {
            out.writeString(id);
          }
          out.writeEndArray();
        });
  }

  static Suppression suppression(byte[] bytes) throws UnreadableBody {
    return read(
        bytes,
        root -> {
          List<String> heard = new ArrayList<>();
          root.path("heard").forEach(id -> heard.add(id.textValue()));
          return new Suppression(
              MessageCodec.address(root.path("address")),
              Suppression.Kind.valueOf(text(root, "kind")),
              text(root, "cause"),
              time(root, "at"),
              optional(root, "until").map(Instant::parse),
              heard);
        });
  }

  private static void optional(JsonGenerator out, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      out.writeStringField(name, value.get());
    }
  }

  private static Optional<String> optional(JsonNode node, String name) {
    return Optional.ofNullable(node.path(name).textValue());
  }

  private static String text(JsonNode node, String name) {
    return optional(node, name)
        .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
  }

  private static Instant time(JsonNode node, String name) {
    return Instant.parse(text(node, name));
  }
}
