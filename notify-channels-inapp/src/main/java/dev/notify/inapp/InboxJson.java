package dev.notify.inapp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.notify.model.InboxItem;
import dev.notify.model.PushOptions;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Items as clients get them. The application's own notes, {@link InboxItem#metadata}, stay on the
 * server.
 *
 * @since 0.1
 */
public final class InboxJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private InboxJson() {}

  /** An item as one object of JSON, on one line. */
  public static String of(InboxItem item) {
    return written(json -> write(json, item));
  }

  static String event(List<InboxItem> items, int unread, int unseen) {
    return written(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("items");
          for (InboxItem item : items) {
            write(json, item);
          }
          json.writeEndArray();
          json.writeNumberField("unread", unread);
          json.writeNumberField("unseen", unseen);
          json.writeEndObject();
        });
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static String written(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, InboxItem item) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", item.id());
    text(json, "notificationId", item.notificationId());
    text(json, "title", item.content().title());
    text(json, "body", item.content().body());
    text(json, "image", item.content().image());
    text(json, "link", item.content().link());
    if (!item.content().data().isEmpty()) {
      json.writeObjectFieldStart("data");
      for (Map.Entry<String, String> one : item.content().data().entrySet()) {
        json.writeStringField(one.getKey(), one.getValue());
      }
      json.writeEndObject();
    }
    List<PushOptions.Action> actions = item.content().push().actions();
    if (!actions.isEmpty()) {
      json.writeArrayFieldStart("actions");
      for (PushOptions.Action action : actions) {
        json.writeStartObject();
        json.writeStringField("id", action.id());
        json.writeStringField("title", action.title());
        text(json, "link", action.link());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeStringField("category", item.category());
    json.writeStringField("priority", item.priority().name().toLowerCase(Locale.ROOT));
    json.writeStringField("receivedAt", item.receivedAt().toString());
    json.writeStringField("expiresAt", item.expiresAt().toString());
    json.writeBooleanField("seen", item.isSeen());
    json.writeBooleanField("read", item.isRead());
    json.writeBooleanField("archived", item.isArchived());
    json.writeNumberField("revision", item.revision());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, Optional<?> value) throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get().toString());
    }
  }
}
