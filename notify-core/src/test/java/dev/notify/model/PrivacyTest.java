package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.notify.Chance;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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
    NotificationRecord record =
        new NotificationRecord(
            new NotificationId(new UUID(1, 1)),
            inline,
            List.of(decision),
            List.of(delivery),
            Map.of(),
            List.of());
    Device device = Device.of(Address.fcm(SECRET + "-token-of-a-device"), Instant.EPOCH);
    Recipient withoutDevices = Recipient.builder("user-42").address(ADDRESS).build();
    RecurringSchedule schedule = RecurringSchedule.of("daily", "@daily", inline).build();
    StoredTemplate.Draft draft =
        StoredTemplate.Draft.of("t", "sms.text", SECRET)
            .required("name", StoredTemplate.Type.TEXT, SECRET);
    EmailOptions options = EmailOptions.builder().replyTo(ADDRESS).cc(ADDRESS).build();
    Broadcast broadcast =
        new Broadcast(
            new BroadcastId(new UUID(1, 1)),
            "all",
            inline,
            BroadcastOptions.DEFAULT,
            Instant.EPOCH,
            Broadcast.State.RUNNING,
            Optional.empty(),
            Broadcast.Expansion.NONE,
            new Broadcast.Canary(true, Optional.empty()),
            new Broadcast.Baseline(Instant.EPOCH, 0, 0, 0, 0, 0),
            Instant.EPOCH,
            0);
    return Stream.of(
        record,
        device,
        new RecipientEntry(withoutDevices, List.of(device), Map.of()),
        schedule,
        StoredSchedule.begin(schedule, Instant.EPOCH),
        draft,
        new StoredTemplate(draft, 1, StoredTemplate.Status.DRAFT, "ann", Instant.EPOCH),
        broadcast,
        options,
        new Extras(content.data(), content.attachments(), content.push(), options),
        new AddressEvent("vendor", ADDRESS, AddressEvent.Type.STOPPED, Instant.EPOCH, "said so"),
        new InboxItem(
            "019cadc6-9a80-7000-8000-000000000001",
            "user-42",
            Optional.empty(),
            content,
            "news",
            Priority.NORMAL,
            Map.of("m", SECRET),
            Instant.EPOCH,
            Instant.MAX,
            false,
            false,
            false,
            1),
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
        DeliveryEvent.of(delivery));
  }

  /** A new value with something personal in it has to show here that it does not show it. */
  @Test
  void everyValueWithSomethingPersonalInItIsAmongThem() {
    Set<Class<?>> personal =
        Set.of(
            Address.class,
            Attachment.class,
            Content.class,
            Delivery.class,
            Device.class,
            EmailOptions.class,
            Extras.class,
            Notification.class,
            Recipient.class,
            RecurringSchedule.class,
            StoredTemplate.Draft.class,
            TemplateRef.class);
    Set<String> looked =
        valuesThatHoldTheSecret()
            .map(value -> value.getClass().getName())
            .collect(Collectors.toSet());

    List<String> values =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.notify.model")
                .stream()
                .map(JavaClass::reflect)
                .filter(type -> personal.contains(type) || holdsAny(type, personal))
                .map(Class::getName)
                .toList();

    assertThat(values).hasSizeGreaterThan(15);
    assertThat(looked).containsAll(values);
  }

  private static boolean holdsAny(Class<?> type, Set<Class<?>> personal) {
    return type.isRecord()
        && Modifier.isPublic(type.getModifiers())
        && Arrays.stream(type.getRecordComponents())
            .map(part -> part.getGenericType().getTypeName())
            .anyMatch(
                part ->
                    personal.stream().map(Class::getName).anyMatch(part::endsWith)
                        || personal.stream().anyMatch(one -> part.contains(one.getName() + ">")));
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
    assertThat(
            Address.webPush("{\"endpoint\":\"https://a.example/u@v\",\"keys\":{\"auth\":\"s3Kq\"}}")
                .masked())
        .isEqualTo("***Kq");
    assertThat(Address.webPush("{{{{{{}}}}}}").masked()).isEqualTo("***");
    assertThat(Address.sms("+14155550123")).hasToString("sms:***23");
  }

  @Test
  void aMaskShowsHostsAloneAndNothingThatTurnsOrBreaksALine() {
    assertThat(Address.email("a@example.com\" Jane Doe, her card").masked()).isEqualTo("***rd");
    assertThat(Address.email("jane@" + "x".repeat(254)).masked()).isEqualTo("***xx");
    assertThat(Address.email("\u202ejane@example.com").masked()).isEqualTo("?***@example.com");
    assertThat(Address.email("\ud83d\ude00ane@example.com").masked()).isEqualTo("?***@example.com");
    assertThat(Address.email("jane@[192.0.2.1]").masked()).isEqualTo("j***@[192.0.2.1]");
    assertThat(Address.email("jane@b\u00fccher.example").masked())
        .isEqualTo("j***@b\u00fccher.example");
    assertThat(Address.inApp("jane\u202e7").masked()).isEqualTo("***?7");
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
