package dev.notify.examples.server;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A notification as requests say it. */
final class NotificationForm {

  private static final int MOST_CHANNELS = 10;
  private static final List<String> TEXTS = List.of("title", "body", "html", "link");

  private NotificationForm() {}

  /** A notification for one person. */
  static Notification.Builder read(Json json) {
    return read(json, json.requiredText("userId"));
  }

  /** What is said to somebody. */
  static Notification.Builder read(Json json, String userId) {
    Notification.Builder made = Notification.to(userId);
    channels(json).ifPresent(made::channels);
    content(json, made);
    json.oneOf("priority", Priority.class).ifPresent(made::priority);
    json.text("category").ifPresent(made::category);
    json.text("experiment").ifPresent(made::experiment);
    json.duration("expiresIn").ifPresent(made::expiresIn);
    json.text("scheduledAt").ifPresent(text -> due(text, made));
    json.text("idempotencyKey").ifPresent(made::idempotencyKey);
    json.textMap("metadata").forEach(made::metadata);
    return made;
  }

  private static Optional<Channel[]> channels(Json json) {
    Optional<String> one = json.text("channel");
    if (one.isPresent() && json.has("channels")) {
      throw Problem.field("channels", "give channel or channels, not both");
    }
    List<Channel> found =
        new ArrayList<>(one.map(name -> List.of(channel("channel", name))).orElse(List.of()));
    found.addAll(channels(json, "channels"));
    return found.isEmpty() ? Optional.empty() : Optional.of(found.toArray(Channel[]::new));
  }

  /** The channels that a list names. */
  static List<Channel> channels(Json json, String field) {
    List<Channel> found = new ArrayList<>();
    for (String name : json.texts(field, MOST_CHANNELS)) {
      found.add(channel(field + "[" + found.size() + "]", name));
    }
    return found;
  }

  /** A channel by its name; programs write the name of the in-app channel in several ways. */
  static Channel channel(String field, String name) {
    try {
      return Channel.of(name.equals("in-app") || name.equals("in_app") ? "inapp" : name);
    } catch (InvalidNotificationException e) {
      throw Problem.field(field, "must be push, email, sms or inapp");
    }
  }

  private static void content(Json json, Notification.Builder made) {
    Optional<String> template = json.text("templateName");
    Map<String, Object> variables = json.map("variables");
    if (template.isPresent()) {
      if (TEXTS.stream().anyMatch(json::has)) {
        throw Problem.field("templateName", "give a template, or title and body, not both");
      }
      made.template(template.get(), variables);
      return;
    }
    if (!variables.isEmpty()) {
      throw Problem.field("variables", "are for a template: give templateName");
    }
    if (TEXTS.stream().noneMatch(json::has)) {
      throw Problem.field("body", "give templateName, or title and body");
    }
    Content.Builder content = Content.builder();
    json.text("title").ifPresent(content::title);
    json.text("body").ifPresent(content::body);
    json.text("html").ifPresent(content::html);
    json.text("link").ifPresent(content::link);
    made.content(content.build());
  }

  /** A moment, or a time without zone, which is then the person's own. */
  private static void due(String text, Notification.Builder made) {
    try {
      if (text.endsWith("Z") || text.matches(".*[+-][0-9]{2}:[0-9]{2}")) {
        made.at(OffsetDateTime.parse(text).toInstant());
      } else {
        made.atLocalTime(LocalDateTime.parse(text));
      }
    } catch (DateTimeException e) {
      throw Problem.field(
          "scheduledAt", "must be a moment such as " + Instant.EPOCH + " or 2026-12-24T09:00");
    }
  }
}
