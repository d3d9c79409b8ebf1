package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Attempt;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Device;
import dev.notify.model.InboxItem;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.model.Reason;
import dev.notify.model.RecipientEntry;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.model.Suppression;
import dev.notify.spi.ExperimentStore.Participation;
import dev.notify.spi.ExperimentStore.Reached;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is kept of a person, as objects of JSON; the page on compliance describes them. */
final class PersonJson {

  private PersonJson() {}

  /** An object whose absent fields are left out. */
  private static final class Fields {
    private final Map<String, @Nullable Object> all = new LinkedHashMap<>();

    Fields put(String name, Object value) {
      all.put(name, value instanceof Number || value instanceof Boolean ? value : plain(value));
      return this;
    }

    Fields put(String name, Optional<?> value) {
      value.ifPresent(present -> put(name, present));
      return this;
    }

    private static Object plain(Object value) {
      return value instanceof Map || value instanceof List ? value : value.toString();
    }
  }

  static Map<String, @Nullable Object> of(RecipientEntry entry) {
    Fields fields = new Fields().put("id", entry.id());
    fields.put("locale", entry.recipient().locale().map(locale -> locale.toLanguageTag()));
    fields.put("zone", entry.recipient().zone().map(zone -> zone.getId()));
    fields.put("addresses", entry.recipient().addresses().stream().map(PersonJson::of).toList());
    fields.put("attributes", entry.recipient().attributes());
    fields.put("devices", entry.devices().stream().map(PersonJson::of).toList());
    return fields.put("topics", texts(entry.topics())).all;
  }

  private static Map<String, @Nullable Object> of(Address address) {
    return new Fields()
        .put("channel", address.channel().name())
        .put("value", address.value())
        .put("type", address.type())
        .put("displayName", address.displayName())
        .put("registeredAt", address.registeredAt())
        .all;
  }

  private static Map<String, @Nullable Object> of(Device device) {
    return new Fields()
        .put("address", of(device.address()))
        .put("app", device.app())
        .put("since", device.since())
        .put("seenAt", device.seenAt())
        .all;
  }

  private static Map<String, Object> texts(Map<?, ?> values) {
    Map<String, Object> texts = new TreeMap<>();
    values.forEach((name, value) -> texts.put(name.toString(), value.toString()));
    return texts;
  }

  static Map<String, @Nullable Object> of(Preferences chosen) {
    List<Object> choices = new ArrayList<>();
    chosen
        .choices()
        .forEach(
            (scope, choice) ->
                choices.add(
                    new Fields()
                        .put("category", scope.category())
                        .put("channel", scope.channel().map(channel -> channel.name()))
                        .put("wanted", choice.wanted())
                        .put("at", choice.at())
                        .put("source", choice.source())
                        .all));
    Map<String, Object> quietOn = new TreeMap<>();
    chosen
        .quietHoursOn()
        .forEach((channel, on) -> quietOn.put(channel.name(), CentreJson.week(on)));
    return new Fields()
        .put("choices", choices)
        .put("quietHours", chosen.quietHours().map(CentreJson::week))
        .put("quietHoursOn", quietOn)
        .put("pausedUntil", chosen.pausedUntil())
        .put("channelOrder", chosen.channelOrder().stream().map(each -> each.name()).toList())
        .all;
  }

  static Map<String, @Nullable Object> of(PreferenceChange change) {
    return new Fields()
        .put("at", change.origin().at())
        .put("actor", change.origin().actor())
        .put("source", change.origin().source())
        .put("before", of(change.before()))
        .put("after", of(change.after()))
        .all;
  }

  static Map<String, @Nullable Object> of(Suppression entry) {
    return new Fields()
        .put("address", of(entry.address()))
        .put("kind", entry.kind())
        .put("cause", entry.cause())
        .put("at", entry.at())
        .put("until", entry.until())
        .all;
  }

  static Map<String, @Nullable Object> of(StoredSchedule stored) {
    RecurringSchedule schedule = stored.schedule();
    return new Fields()
        .put("id", schedule.id())
        .put("cron", schedule.cron())
        .put("zone", schedule.zone())
        .put("state", stored.state())
        .put("next", stored.next())
        .put("lastRun", stored.lastRun())
        .put("notification", of(schedule.notification()))
        .all;
  }

  static Map<String, @Nullable Object> of(Participation one) {
    return new Fields()
        .put("experiment", one.experiment())
        .put("variant", one.variant())
        .put("at", one.at())
        .put("reached", one.reached().stream().map(PersonJson::of).toList())
        .all;
  }

  private static Map<String, @Nullable Object> of(Reached goal) {
    return new Fields()
        .put("goal", goal.goal())
        .put("amount", goal.amount())
        .put("at", goal.at())
        .all;
  }

  static Map<String, @Nullable Object> of(InboxItem item) {
    return new Fields()
        .put("id", item.id())
        .put("inbox", item.userId())
        .put("notification", item.notificationId())
        .put("category", item.category())
        .put("priority", item.priority())
        .put("content", of(item.content()))
        .put("metadata", texts(item.metadata()))
        .put("receivedAt", item.receivedAt())
        .put("expiresAt", item.expiresAt())
        .put("seen", item.isSeen())
        .put("read", item.isRead())
        .put("archived", item.isArchived())
        .all;
  }

  static Map<String, @Nullable Object> of(NotificationRecord known) {
    return new Fields()
        .put("id", known.id())
        .put("notification", of(known.notification()))
        .put("decisions", known.decisions().stream().map(PersonJson::of).toList())
        .put("deliveries", known.deliveries().stream().map(each -> of(known, each)).toList())
        .all;
  }

  /** Without who caused it, who may be somebody else. */
  private static Map<String, @Nullable Object> of(Notification notification) {
    Fields fields =
        new Fields()
            .put("category", notification.category())
            .put("priority", notification.priority())
            .put("template", notification.template().map(template -> template.name()))
            .put("variables", notification.template().map(template -> template.variables()))
            .put("content", notification.content().map(PersonJson::of))
            .put("about", notification.about().map(each -> each.type() + "/" + each.id()));
    return fields.put("metadata", texts(notification.metadata())).all;
  }

  private static Map<String, @Nullable Object> of(Content content) {
    return new Fields()
        .put("title", content.title())
        .put("body", content.body())
        .put("html", content.html())
        .put("image", content.image())
        .put("link", content.link())
        .put("data", texts(content.data()))
        .put(
            "attachments",
            content.attachments().stream()
                .map(
                    file ->
                        new Fields()
                            .put("name", file.fileName())
                            .put("contentType", file.contentType())
                            .put("base64", Base64.getEncoder().encodeToString(file.bytes()))
                            .all)
                .toList())
        .all;
  }

  private static Map<String, @Nullable Object> of(ChannelDecision made) {
    return new Fields()
        .put("channel", made.channel().name())
        .put("address", made.address().map(address -> of(address)))
        .put("decision", made.decision())
        .all;
  }

  private static Map<String, @Nullable Object> of(NotificationRecord known, Delivery delivery) {
    return new Fields()
        .put("id", delivery.id())
        .put("address", of(delivery.address()))
        .put("status", delivery.status())
        .put("reason", delivery.reason().map(PersonJson::of))
        .put("createdAt", delivery.createdAt())
        .put("updatedAt", delivery.updatedAt())
        .put("due", delivery.due())
        .put("expiresAt", delivery.expiresAt())
        .put("experiment", delivery.assignment().map(given -> given.experiment()))
        .put("variant", delivery.assignment().map(given -> given.variant()))
        .put("provider", delivery.provider())
        .put("providerMessageId", delivery.providerMessageId())
        .put("attempts", known.attempts(delivery.id()).stream().map(PersonJson::of).toList())
        .put(
            "events",
            known.events().stream()
                .filter(event -> event.deliveryId().equals(delivery.id()))
                .map(PersonJson::of)
                .toList())
        .all;
  }

  private static Map<String, @Nullable Object> of(Reason reason) {
    return new Fields().put("code", reason.code()).put("detail", reason.detail()).all;
  }

  private static Map<String, @Nullable Object> of(Attempt attempt) {
    return new Fields()
        .put("provider", attempt.provider())
        .put("startedAt", attempt.startedAt())
        .put("milliseconds", attempt.duration().toMillis())
        .put("outcome", attempt.outcome())
        .all;
  }

  private static Map<String, @Nullable Object> of(DeliveryEvent event) {
    return new Fields()
        .put("type", event.type())
        .put("at", event.at())
        .put("provider", event.provider())
        .put("reason", event.reason().map(PersonJson::of))
        .all;
  }
}
