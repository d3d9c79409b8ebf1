package dev.notify.policy;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Preferences;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** A question to a policy, with everything ordinary unless said otherwise. */
final class Ask {

  static final Instant NOON = Instant.parse("2026-05-05T12:00:00Z");

  private String recipientId = "user-42";
  private Category category = Category.optional("news");
  private Priority priority = Priority.NORMAL;
  private Preferences preferences = Preferences.NONE;
  private ZoneId zone = ZoneId.of("UTC");
  private Address address = Address.email("jane@example.com");
  private List<Channel> reachable = List.of(Channel.EMAIL);
  private Stage stage = Stage.ACCEPTANCE;
  private Instant at = NOON;
  private Instant expiresAt = NOON.plusSeconds(3 * 86_400);
  private boolean toBeCounted = true;

  private Ask() {}

  static Ask whether() {
    return new Ask();
  }

  Ask to(String id) {
    recipientId = id;
    return this;
  }

  Ask about(Category value) {
    category = value;
    return this;
  }

  Ask urgently() {
    priority = Priority.CRITICAL;
    return this;
  }

  Ask with(Preferences value) {
    preferences = value;
    return this;
  }

  Ask in(String zoneId) {
    zone = ZoneId.of(zoneId);
    return this;
  }

  Ask on(Address value) {
    address = value;
    reachable = List.of(value.channel());
    return this;
  }

  Ask on(Channel channel) {
    return on(Address.of(channel, "somewhere-else"));
  }

  Ask reachableBy(List<Channel> channels) {
    reachable = channels;
    return this;
  }

  Ask when(Stage value) {
    stage = value;
    return this;
  }

  Ask at(Instant value) {
    at = value;
    return this;
  }

  Ask expiring(Instant value) {
    expiresAt = value;
    return this;
  }

  Ask alreadyCounted() {
    toBeCounted = false;
    return this;
  }

  PolicyRequest mayGo() {
    return new PolicyRequest(
        Notification.to(recipientId)
            .channels(address.channel())
            .category(category.name())
            .priority(priority)
            .about("order", "1017")
            .body("Hello")
            .build(),
        category,
        Recipient.builder(recipientId).address(address).build(),
        preferences,
        zone,
        address,
        reachable,
        stage,
        at,
        expiresAt,
        toBeCounted,
        Optional.empty());
  }
}
