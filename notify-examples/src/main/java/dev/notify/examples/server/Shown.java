package dev.notify.examples.server;

import dev.notify.SendReceipt;
import dev.notify.model.Attempt;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Notifications as answers show them. */
final class Shown {

  /** The first of these that any delivery has is where the notification stands. */
  private static final List<DeliveryStatus> BEST =
      List.of(
          DeliveryStatus.DELIVERED,
          DeliveryStatus.SENT,
          DeliveryStatus.SENDING,
          DeliveryStatus.PENDING,
          DeliveryStatus.SCHEDULED,
          DeliveryStatus.UNCONFIRMED,
          DeliveryStatus.DIGESTED,
          DeliveryStatus.BOUNCED,
          DeliveryStatus.UNDELIVERED,
          DeliveryStatus.DEAD,
          DeliveryStatus.EXPIRED,
          DeliveryStatus.CANCELLED);

  private Shown() {}

  /**
   * What {@code send} answered.
   *
   * @param due when it was asked for
   */
  static Map<String, Object> receipt(SendReceipt receipt, Instant due, Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("notificationId", receipt.id().toString());
    List<Decision> decisions = receipt.decisions().stream().map(ChannelDecision::decision).toList();
    Optional<Instant> estimated =
        decisions.stream()
            .flatMap(decision -> from(decision, due).stream())
            .min(Comparator.naturalOrder());
    boolean isNow = estimated.isPresent() && !estimated.get().isAfter(now);
    fields.put("status", isNow ? "PENDING" : estimated.isPresent() ? "SCHEDULED" : "SUPPRESSED");
    estimated.ifPresent(when -> fields.put("estimatedDelivery", when.toString()));
    fields.put("decisions", receipt.decisions().stream().map(Shown::decision).toList());
    return fields;
  }

  private static Optional<Instant> from(Decision decision, Instant due) {
    if (decision instanceof Decision.Defer defer) {
      return Optional.of(defer.until());
    }
    return decision instanceof Decision.Allow ? Optional.of(due) : Optional.empty();
  }

  static Map<String, Object> decision(ChannelDecision decided) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("channel", decided.channel().name());
    Decision decision = decided.decision();
    if (decision instanceof Decision.Defer defer) {
      fields.put("decision", "DEFER");
      fields.put("until", defer.until().toString());
      fields.put("reason", reason(defer.reason()));
    } else if (decision instanceof Decision.Suppress suppress) {
      fields.put("decision", "SUPPRESS");
      fields.put("reason", reason(suppress.reason()));
    } else {
      fields.put("decision", "ALLOW");
    }
    return fields;
  }

  private static Map<String, Object> reason(Reason reason) {
    return Map.of("code", reason.code(), "detail", reason.detail());
  }

  /** Where a notification stands, and how it came there. */
  static Map<String, Object> status(NotificationRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("notificationId", record.id().toString());
    fields.put("status", standing(record));
    estimated(record).ifPresent(due -> fields.put("estimatedDelivery", due.toString()));
    fields.put("deliveries", record.deliveries().stream().map(Shown::delivery).toList());
    fields.put("events", events(record));
    return fields;
  }

  private static String standing(NotificationRecord record) {
    Set<DeliveryStatus> found = new HashSet<>();
    record.deliveries().forEach(delivery -> found.add(delivery.status()));
    return BEST.stream()
        .filter(found::contains)
        .findFirst()
        .orElse(DeliveryStatus.SUPPRESSED)
        .name();
  }

  private static Optional<Instant> estimated(NotificationRecord record) {
    return record.deliveries().stream()
        .filter(delivery -> delivery.status().isOpen())
        .map(Delivery::due)
        .min(Comparator.naturalOrder());
  }

  static Map<String, Object> delivery(Delivery delivery) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("deliveryId", delivery.id().toString());
    fields.put("channel", delivery.channel().name());
    fields.put("status", delivery.status().name());
    delivery.reason().ifPresent(reason -> fields.put("reason", reason(reason)));
    delivery.provider().ifPresent(provider -> fields.put("provider", provider));
    fields.put("attempts", delivery.attempts());
    fields.put("due", delivery.due().toString());
    fields.put("createdAt", delivery.createdAt().toString());
    fields.put("updatedAt", delivery.updatedAt().toString());
    return fields;
  }

  /** From acceptance to the last word, in the order of time. */
  private static List<Map<String, Object>> events(NotificationRecord record) {
    List<Map<String, Object>> events = new ArrayList<>();
    for (Delivery delivery : record.deliveries()) {
      events.add(event("ACCEPTED", delivery.createdAt(), delivery));
      for (Attempt attempt : record.attempts(delivery.id())) {
        Map<String, Object> event = event("ATTEMPTED", attempt.startedAt(), delivery);
        event.put("provider", attempt.provider());
        event.put("outcome", attempt.outcome().getClass().getSimpleName());
        event.put("milliseconds", attempt.duration().toMillis());
        events.add(event);
        if (attempt.outcome() instanceof Outcome.Accepted
            && delivery.status() != DeliveryStatus.SENT) {
          // What it has come to since hides that it was sent.
          events.add(event("SENT", attempt.startedAt().plus(attempt.duration()), delivery));
        }
      }
      if (!delivery.status().isOpen() && !isTold(record, delivery)) {
        Map<String, Object> event = event(delivery.status().name(), delivery.updatedAt(), delivery);
        delivery.reason().ifPresent(reason -> event.put("reason", reason(reason)));
        events.add(event);
      }
    }
    record.events().forEach(told -> events.add(event(told)));
    // Texts of moments have fractions of different lengths, and so no order.
    events.sort(Comparator.comparing(event -> Instant.parse(String.valueOf(event.get("at")))));
    return events;
  }

  private static boolean isTold(NotificationRecord record, Delivery delivery) {
    return record.events().stream()
        .anyMatch(
            event ->
                event.deliveryId().equals(delivery.id())
                    && event.type().name().equals(delivery.status().name()));
  }

  private static Map<String, Object> event(String type, Instant at, Delivery delivery) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("at", at.toString());
    fields.put("channel", delivery.channel().name());
    fields.put("deliveryId", delivery.id().toString());
    return fields;
  }

  private static Map<String, Object> event(DeliveryEvent told) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", told.type().name());
    fields.put("at", told.at().toString());
    fields.put("channel", told.lane().channel().name());
    fields.put("deliveryId", told.deliveryId().toString());
    told.provider().ifPresent(provider -> fields.put("provider", provider));
    told.reason().ifPresent(reason -> fields.put("reason", reason(reason)));
    return fields;
  }

  /** All that is known of a notification, with what it says. */
  static Map<String, Object> whole(NotificationRecord record) {
    Map<String, Object> fields = status(record);
    if (record.isErased()) {
      fields.put("erased", true);
      return fields;
    }
    Notification asked = record.notification();
    fields.put("userId", asked.recipientId());
    fields.put("category", asked.category());
    fields.put("priority", asked.priority().name());
    fields.put("channels", asked.routing().channels().stream().map(Object::toString).toList());
    asked
        .template()
        .ifPresent(
            template -> {
              fields.put("templateName", template.name());
              fields.put("variables", Plain.of(template.variables()));
            });
    asked.content().ifPresent(content -> fields.putAll(content(content)));
    fields.put("metadata", asked.metadata());
    fields.put("decisions", record.decisions().stream().map(Shown::decision).toList());
    return fields;
  }

  static Map<String, Object> content(Content content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    content.title().ifPresent(text -> fields.put("title", text));
    content.body().ifPresent(text -> fields.put("body", text));
    content.html().ifPresent(text -> fields.put("html", text));
    content.link().ifPresent(text -> fields.put("link", text));
    return fields;
  }
}
