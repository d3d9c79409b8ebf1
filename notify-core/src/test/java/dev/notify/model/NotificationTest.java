package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application asks for, as a value. */
class NotificationTest {

  private static final Notification ORDER_SHIPPED =
      Notification.to("user-42")
          .category("order_updates")
          .template("order-shipped", Map.of("orderId", 1017))
          .channels(Channel.EMAIL, Channel.SMS)
          .idempotencyKey("order-1017-shipped")
          .about("order", "1017")
          .expiresIn(Duration.ofHours(6))
          .metadata("source", "warehouse")
          .build();

  record OrderShipped(long orderId, String trackingUrl) {}

  @Test
  void aChangedCopyLeavesTheOriginalAlone() {
    Notification urgent = ORDER_SHIPPED.toBuilder().priority(Priority.CRITICAL).build();

    assertThat(urgent.priority()).isEqualTo(Priority.CRITICAL);
    assertThat(ORDER_SHIPPED.priority()).isEqualTo(Priority.NORMAL);
    assertThat(urgent.template()).isEqualTo(ORDER_SHIPPED.template());
    assertThat(urgent.about()).contains(new Subject("order", "1017"));
    assertThat(urgent.metadata()).isEqualTo(Map.of("source", "warehouse"));
  }

  @Test
  void theSameForSomeoneElseHasAKeyOfItsOwn() {
    Notification other = ORDER_SHIPPED.forRecipient("user-43");

    assertThat(other.recipientId()).isEqualTo("user-43");
    assertThat(other.idempotencyKey()).contains("order-1017-shipped/user-43");
    assertThat(other.template()).isEqualTo(ORDER_SHIPPED.template());
  }

  @Test
  void equalNotificationsHaveEqualFingerprintsWhateverTheOrderOfTheirVariables() {
    Map<String, Object> forth = new LinkedHashMap<>();
    forth.put("a", 1);
    forth.put("b", List.of("x", "y"));
    Map<String, Object> back = new LinkedHashMap<>();
    back.put("b", List.of("x", "y"));
    back.put("a", 1);

    assertThat(templated(forth).fingerprint()).isEqualTo(templated(back).fingerprint());
  }

  @Test
  void whateverMakesADifferenceToTheReaderMakesADifferentFingerprint() {
    Notification plain = inline(Content.ofBody("Hello"));

    assertThat(
            List.of(
                plain,
                inline(Content.ofBody("hello")),
                inline(Content.builder().title("Hello").body("").build()),
                inline(Content.builder().body("Hello").data("a", "bc").build()),
                inline(Content.builder().body("Hello").data("ab", "c").build()),
                inline(Content.builder().body("Hello").html("Hello").build()),
                inline(file("a.txt", "text/plain", 1, 0)),
                // Two files that a 32-bit hash takes for one.
                inline(file("a.txt", "text/plain", 0, 31)),
                inline(file("a.txt", "text/html", 1, 0)),
                inline(file("b.txt", "text/plain", 1, 0)),
                plain.toBuilder().channels(Channel.EMAIL, Channel.SMS).build(),
                plain.toBuilder().routing(Routing.first(Channel.EMAIL)).build(),
                plain.toBuilder().category("other").build(),
                plain.toBuilder().priority(Priority.LOW).build(),
                plain.toBuilder().expiresIn(Duration.ofHours(1)).build(),
                plain.toBuilder().actor("user-1").build(),
                plain.toBuilder().metadata("k", "v").build(),
                plain.toBuilder().about("order", "1").build(),
                plain.forRecipient("user-43"),
                templated(Map.of("a", 1)),
                templated(Map.of("a", "1")),
                templated(Map.of("a", List.of("b", "c"))),
                templated(Map.of("a", List.of("bc")))))
        .extracting(Notification::fingerprint)
        .doesNotHaveDuplicates()
        .allMatch(print -> print.matches("[0-9a-f]{64}"));
  }

  @Test
  void theKeyIsNoPartOfTheFingerprint() {
    Notification otherKey = ORDER_SHIPPED.toBuilder().idempotencyKey("another").build();

    assertThat(otherKey.fingerprint()).isEqualTo(ORDER_SHIPPED.fingerprint());
  }

  @Test
  void aTypeMakesOneLineCallsOutOfARecordAndAPolicy() {
    NotificationType<OrderShipped> type =
        NotificationType.of("order-shipped", OrderShipped.class)
            .category("order_updates")
            .priority(Priority.HIGH)
            .routing(Routing.escalate(Channel.PUSH).then(Channel.SMS, Duration.ofMinutes(30)))
            .expiresIn(Duration.ofDays(1))
            .key(order -> "shipped-" + order.orderId())
            .build();

    Notification notification =
        type.notification("user-42", new OrderShipped(1017, "https://t.example/1017"));

    assertThat(notification.template())
        .contains(
            new TemplateRef(
                "order-shipped",
                Map.of("orderId", 1017L, "trackingUrl", "https://t.example/1017")));
    assertThat(notification.category()).isEqualTo("order_updates");
    assertThat(notification.priority()).isEqualTo(Priority.HIGH);
    assertThat(notification.timeToLive()).contains(Duration.ofDays(1));
    assertThat(notification.routing().channels()).containsExactly(Channel.PUSH, Channel.SMS);
    assertThat(notification.idempotencyKey()).contains("order-shipped/shipped-1017/user-42");
    assertThat(type.variables()).containsExactlyInAnyOrder("orderId", "trackingUrl");
  }

  @Test
  void anAddressNamedTwiceCountsOnce() {
    Recipient person =
        Recipient.builder("user-42")
            .email("Jane@example.com")
            .email("jane@Example.com")
            .sms("+4930123")
            .sms("+4930123")
            .fcm("Token")
            .fcm("token")
            .build();

    assertThat(person.addresses(Channel.EMAIL))
        .extracting(Address::value)
        .containsExactly("Jane@example.com");
    assertThat(person.addresses(Channel.SMS)).hasSize(1);
    assertThat(person.addresses(Channel.PUSH)).hasSize(2);
  }

  @Test
  void anEscalationGoesOnLaterWithEveryStep() {
    Routing.Escalate steps =
        Routing.escalate(Channel.PUSH)
            .then(Channel.EMAIL, Duration.ofMinutes(5))
            .then(Channel.SMS, Duration.ofMinutes(30));

    assertThat(steps.channels()).containsExactly(Channel.PUSH, Channel.EMAIL, Channel.SMS);
  }

  private static Notification templated(Map<String, Object> variables) {
    return Notification.to("user-42").channels(Channel.EMAIL).template("t", variables).build();
  }

  private static Notification inline(Content content) {
    return Notification.to("user-42").channels(Channel.EMAIL).content(content).build();
  }

  private static Content file(String name, String type, int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return Content.builder().body("Hello").attach(Attachment.of(name, type, content)).build();
  }
}
