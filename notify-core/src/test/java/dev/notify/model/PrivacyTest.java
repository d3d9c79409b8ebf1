package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.notify.Chance;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses, names, texts and variables never show in toString nor in an error. */
class PrivacyTest {

  private static final String SECRET = "Hemlock";
  private static final Address ADDRESS =
      Address.email("jane." + SECRET + "@example.com").named(SECRET);
  private static final Recipient PERSON =
      Recipient.builder("user-42")
          .address(ADDRESS)
          .sms("+1415555" + SECRET)
          .fcm(SECRET + "-token-of-a-device")
          .locale(Locale.GERMANY)
          .attribute("name", SECRET)
          .build();

  static Stream<Object> valuesThatHoldTheSecret() {
    Content content =
        Content.builder()
            .title(SECRET)
            .body(SECRET)
            .html(SECRET)
            .link(SECRET)
            .image(SECRET)
            .data("code", SECRET)
            .attach(Attachment.of(SECRET + ".pdf", "application/pdf", SECRET.getBytes()))
            .build();
    Notification inline =
        Notification.to(PERSON)
            .channels(Channel.EMAIL)
            .content(content)
            .metadata("m", SECRET)
            .build();
    Notification templated =
        Notification.to(ADDRESS).template("welcome", Map.of("name", SECRET)).build();
    Suppression suppression =
        Suppression.of(ADDRESS, Suppression.Kind.COMPLAINT, "reported", Instant.EPOCH);
    ChannelDecision decision =
        new ChannelDecision(Channel.EMAIL, Optional.of(ADDRESS), Decision.ALLOW);
    Delivery delivery = Deliveries.pending(ADDRESS);
    return Stream.of(
        ADDRESS,
        PERSON,
        content,
        content.attachments().get(0),
        Content.builder().title(SECRET),
        inline,
        inline.toBuilder(),
        templated,
        templated.template().orElseThrow(),
        suppression,
        decision,
        delivery,
        DeliveryEvent.of(delivery),
        new NotificationRecord(
            new NotificationId(new UUID(1, 1)),
            inline,
            List.of(decision),
            List.of(delivery),
            Map.of(),
            List.of()));
  }

  @ParameterizedTest
  @MethodSource("valuesThatHoldTheSecret")
  void noValueShowsWhatIsPersonal(Object value) {
    assertThat(value.toString()).doesNotContain(SECRET);
  }

  @Test
  void theIdMadeForABareAddressDoesNotHoldIt() {
    Notification notification = Notification.to(ADDRESS).body("x").build();

    assertThat(notification.recipientId()).startsWith("address-").doesNotContain(SECRET, "jane");
    assertThat(notification.recipientId())
        .isEqualTo(Notification.to(ADDRESS).body("other").build().recipientId())
        .isNotEqualTo(
            Notification.to(Address.email("joe@example.com")).body("x").build().recipientId());
  }

  @Test
  void errorsDoNotRepeatWhatTheyRefuse() {
    Stream.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> Address.email(SECRET + "\r\n"),
            () -> ADDRESS.named(SECRET + "\n"),
            () -> Content.builder().title(SECRET + "\n").build(),
            () -> Content.builder().body(SECRET + "\0").build(),
            () -> Content.builder().data("code", SECRET + "\0").build(),
            () -> new TemplateRef("t", Map.of("name", SECRET + "\uD83D")),
            () -> new TemplateRef("t", Map.of("list", List.of(SECRET, new Object()))),
            () -> Notification.to("u").metadata("m", SECRET + "\n"))
        .forEach(
            wrong ->
                assertThat(catchThrowable(wrong))
                    .isInstanceOf(InvalidNotificationException.class)
                    .hasMessageNotContaining(SECRET));
  }

  @Test
  void aMaskedAddressCanBeRecognisedByWhoKnowsIt() {
    assertThat(Address.email("jane@example.com").masked()).isEqualTo("j***@example.com");
    assertThat(Address.sms("+14155550123").masked()).isEqualTo("***23");
    assertThat(Address.sms("1234").masked()).isEqualTo("***");
    assertThat(Address.webPush("{\"endpoint\":\"https://a.example/u@v\",\"keys\":{}}").masked())
        .isEqualTo("***}}");
    assertThat(Address.sms("+14155550123")).hasToString("sms:***23");
  }

  @Test
  void aMaskHidesAllButTheFirstLetterOrTheLastTwo() {
    Chance.forMany(
        1_000,
        random -> {
          String value =
              random
                  .ints(random.nextInt(5, 60), 'a', 'z' + 1)
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                  .toString();

          assertThat(Address.email(value + "@example.com").toString())
              .doesNotContain(value.substring(1));
          assertThat(Address.fcm(value).masked()).hasSize(5).doesNotContain(value.substring(0, 3));
        });
  }
}
