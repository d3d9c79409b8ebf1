package dev.notify;

import dev.notify.model.Content;
import dev.notify.model.Digest;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Subject;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.NotificationStore.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The notification that says what a window has collected. */
final class DigestText {

  /** What all listed items may hold together; what is over it is counted and not listed. */
  private static final long MOST_CHARACTERS = 200_000;

  private static final int MOST_VALUES = 20_000;

  private long characters;
  private long values;

  private DigestText() {}

  /** For whom, where, and how urgent: as the last of its items, but as urgent as any of them. */
  static Notification notification(Digest digest, Window window, List<Held> items, Instant now) {
    Notification last = items.get(items.size() - 1).notification();
    Notification.Builder builder =
        last.recipient().map(Notification::to).orElseGet(() -> Notification.to(last.recipientId()));
    builder
        .category(window.category())
        .priority(
            items.stream()
                .map(held -> held.notification().priority())
                .min(Priority::compareTo)
                .orElseThrow())
        .routing(digest.routing().orElse(last.routing()))
        .template(digest.template(), variables(digest, items))
        .expiresIn(life(items, now))
        .metadata("digest", window.id().toString());
    last.digestKey().ifPresent(builder::digestKey);
    subject(items).ifPresent(about -> builder.about(about.type(), about.id()));
    return builder.build();
  }

  /** It is of use as long as any of them. */
  private static Duration life(List<Held> items, Instant now) {
    Instant end =
        items.stream()
            .map(held -> held.delivery().expiresAt())
            .max(Instant::compareTo)
            .orElseThrow();
    return Duration.between(now, end);
  }

  /** What all of them are about, if that is one thing: then it can be called off by it. */
  private static Optional<Subject> subject(List<Held> items) {
    Optional<Subject> first = items.get(0).notification().about();
    return first.filter(
        about ->
            items.stream()
                .allMatch(held -> held.notification().about().filter(about::equals).isPresent()));
  }

  private static Map<String, Object> variables(Digest digest, List<Held> items) {
    DigestText text = new DigestText();
    Deque<Map<String, Object>> listed = new ArrayDeque<>();
    for (int i = items.size() - 1; i >= 0 && listed.size() < digest.listed(); i--) {
      Map<String, Object> item = item(items.get(i));
      if (!text.hasRoomFor(item)) {
        break;
      }
      listed.addFirst(item);
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("items", List.copyOf(listed));
    variables.put("count", items.size());
    if (items.size() > listed.size()) {
      // Left out otherwise, for a section about it has to be left out too.
      variables.put("more", items.size() - listed.size());
    }
    if (!listed.isEmpty()) {
      variables.put("first", listed.getFirst());
      variables.put("last", listed.getLast());
    }
    items.get(items.size() - 1).notification().digestKey().ifPresent(k -> variables.put("key", k));
    return variables;
  }

  /** The variables of its template, or the words of its content; and when it was accepted. */
  private static Map<String, Object> item(Held held) {
    Map<String, Object> item = new LinkedHashMap<>();
    held.notification().template().ifPresent(ref -> item.putAll(ref.variables()));
    held.notification().content().ifPresent(content -> put(item, content));
    item.put("at", held.delivery().createdAt());
    return item;
  }

  private static void put(Map<String, Object> item, Content content) {
    content.title().ifPresent(title -> item.put("title", title));
    content.body().ifPresent(body -> item.put("body", body));
    content.link().ifPresent(link -> item.put("link", link.toString()));
  }

  private boolean hasRoomFor(@Nullable Object value) {
    values++;
    if (value instanceof CharSequence text) {
      characters += text.length();
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, one) -> {
            characters += String.valueOf(key).length();
            var ignored = hasRoomFor(one);
          });
    } else if (value instanceof Collection<?> several) {
      several.forEach(this::hasRoomFor);
    }
    return characters <= MOST_CHARACTERS && values <= MOST_VALUES;
  }
}
