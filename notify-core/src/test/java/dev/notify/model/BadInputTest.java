package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.notify.Chance;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can never be delivered is refused where it is said, by an error that names the field. */
class BadInputTest {

  private static final String HIGH_HALF = "\uD83D";
  private static final String LOW_HALF = "\uDE00";

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wrong")
  void everyErrorNamesTheFieldAtFault(String field, String how, ThrowingCallable makesIt) {
    InvalidNotificationException refusal =
        catchThrowableOfType(InvalidNotificationException.class, makesIt);

    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.field()).isEqualTo(field);
    assertThat(refusal).hasMessageStartingWith(field + ": ");
  }

  static Stream<Arguments> wrong() {
    List<Arguments> all = new ArrayList<>();
    Wrong wrong = (field, how, makesIt) -> all.add(Arguments.of(field, how, makesIt));

    line(wrong, "recipient", 255, Notification::to);
    line(wrong, "recipient", 255, id -> Recipient.builder(id).build());
    line(wrong, "category", 64, text -> message().category(text));
    line(wrong, "category", 64, Category::marketing);
    line(wrong, "idempotencyKey", 512, text -> message().idempotencyKey(text));
    line(wrong, "actor", 255, text -> message().actor(text));
    line(wrong, "metadata", 64, text -> message().metadata(text, "x"));
    line(wrong, "subject.type", 64, text -> message().about(text, "x"));
    line(wrong, "subject.id", 191, text -> message().about("x", text));
    line(wrong, "template", 128, text -> message().template(text));
    line(wrong, "address", 4096, Address::email);
    line(wrong, "address", 4096, Address::sms);
    line(wrong, "address", 4096, Address::fcm);
    line(wrong, "address", 4096, Address::inApp);
    line(wrong, "address.type", 32, text -> Address.sms("+4930").ofType(text));
    line(wrong, "attachment.fileName", 255, text -> Attachment.of(text, "a/b", new byte[0]));
    line(wrong, "attachment.contentType", 127, text -> Attachment.of("a", text, new byte[0]));
    line(wrong, "choice.source", 255, text -> new Preferences.Choice(true, Instant.EPOCH, text));
    line(wrong, "reason", 64, Reason::of);
    line(wrong, "data", 128, text -> Content.builder().data(text, "x").build());

    unbroken(wrong, "title", 998, text -> message().title(text).build());
    unbroken(wrong, "image", 2048, text -> Content.builder().body("x").image(text).build());
    unbroken(wrong, "link", 2048, text -> Content.builder().body("x").link(text).build());
    unbroken(wrong, "metadata.note", 1024, text -> message().metadata("note", text));
    unbroken(wrong, "address.displayName", 256, text -> Address.email("a@b.example").named(text));

    text(wrong, "body", text -> message().body(text).build());
    text(wrong, "html", text -> Content.builder().html(text).build());
    text(wrong, "data.k", text -> Content.builder().data("k", text).build());

    wrong.add("recipient", "null", () -> Notification.to((Recipient) null));
    wrong.add("address", "null", () -> Notification.to((Address) null));
    wrong.add("address.channel", "null", () -> Address.of(null, "x"));
    wrong.add("address.registeredAt", "null", () -> Address.sms("+49").registeredAt(null));
    wrong.add("recipient.addresses", "null", () -> Recipient.builder("u").address(null));
    wrong.add("recipient.locale", "null", () -> Recipient.builder("u").locale(null));
    wrong.add("recipient.zone", "null", () -> Recipient.builder("u").zone(null));
    wrong.add("recipient.attributes", "null", () -> Recipient.builder("u").attribute(null, 1));
    wrong.add("priority", "null", () -> message().priority(null));
    wrong.add("content", "null", () -> message().content(null));
    wrong.add("variables", "null", () -> message().template("t", null));
    wrong.add("schedule", "null", () -> message().at(null));
    wrong.add("schedule", "null", () -> message().atLocalTime(null));
    wrong.add("expiresIn", "null", () -> message().expiresIn(null));
    wrong.add("routing", "null", () -> message().routing(null));
    wrong.add("channels", "null", () -> message().channels(Channel.SMS, null));
    wrong.add("attachments", "null", () -> Content.builder().attach(null));
    wrong.add("attachment.bytes", "null", () -> Attachment.of("a", "a/b", null));
    wrong.add("channel", "null", () -> Channel.of(null));
    wrong.add("quietHours", "null", () -> QuietHours.between("22:00", null));
    wrong.add("choice.at", "null", () -> new Preferences.Choice(true, null, "form"));

    wrong.add("expiresIn", "zero", () -> message().expiresIn(Duration.ZERO));
    wrong.add("expiresIn", "negative", () -> message().expiresIn(Duration.ofNanos(-1)));
    wrong.add("expiresIn", "huge", () -> message().expiresIn(Duration.ofDays(3_661)));
    wrong.add("expiresIn", "most", () -> message().expiresIn(Duration.ofSeconds(Long.MAX_VALUE)));
    wrong.add("channels", "none", () -> Notification.to("u").body("x").build());
    wrong.add("channels", "none", () -> message().channels());
    wrong.add("channels", "none", () -> message().routing(Routing.first()));
    wrong.add("channels", "none", () -> new Routing.Escalate(List.of()));
    wrong.add("channels", "twice", () -> message().channels(Channel.SMS, Channel.SMS));
    wrong.add(
        "channels",
        "twice",
        () -> Routing.escalate(Channel.SMS).then(Channel.SMS, Duration.ofHours(1)));
    wrong.add(
        "routing",
        "no wait",
        () -> Routing.escalate(Channel.PUSH).then(Channel.SMS, Duration.ZERO));
    wrong.add(
        "routing",
        "forever",
        () -> Routing.escalate(Channel.PUSH).then(Channel.SMS, Duration.ofDays(401)));
    wrong.add(
        "routing",
        "back in time",
        () -> new Routing.Escalate(List.of(new Routing.Step(Channel.PUSH, Duration.ofHours(-1)))));
    wrong.add("template", "neither", () -> Notification.to("u").channels(Channel.SMS).build());
    wrong.add("template", "both", () -> message().template("t").body("x").build());
    wrong.add("content", "twice", () -> message().content(Content.ofBody("x")).body("y").build());
    wrong.add("body", "nothing to read", () -> Content.builder().title(" ").body("\n").build());
    wrong.add("about", "no subject", () -> message().body("x").replacePending().build());
    wrong.add("quietHours", "all day", () -> QuietHours.between("07:00", "07:00"));
    wrong.add("quietHours", "no day", () -> QuietHours.between("22:00", "07:00").on());
    wrong.add(
        "quietHours",
        "overlapping",
        () ->
            QuietWeek.of(
                QuietHours.between("22:00", "07:00"),
                QuietHours.between("06:59", "08:00").on(DayOfWeek.MONDAY)));
    wrong.add(
        "quietHours",
        "over the end of the week",
        () ->
            QuietWeek.of(
                QuietHours.between("23:00", "02:00").on(DayOfWeek.SUNDAY),
                QuietHours.between("01:00", "03:00").on(DayOfWeek.MONDAY)));
    wrong.add(
        "quietHours",
        "always",
        () ->
            QuietWeek.of(
                QuietHours.between("00:00", "12:00"), QuietHours.between("12:00", "00:00")));
    wrong.add(
        "channelOrder",
        "twice",
        () -> Preferences.builder().channelOrder(Channel.SMS, Channel.SMS).build());
    wrong.add("quietHours", "no time", () -> QuietHours.between("24:00", "07:00"));
    wrong.add("deliveryId", "no UUID", () -> DeliveryId.parse("42"));
    wrong.add("notificationId", "no UUID", () -> NotificationId.parse(""));
    wrong.add(
        "idempotencyKey",
        "too long with the person's id",
        () ->
            message()
                .body("x")
                .idempotencyKey("k".repeat(500))
                .build()
                .forRecipient("u".repeat(200)));
    for (String name : List.of("", "SMS", "1st", "a b", "a\n", "a".repeat(32), "ü")) {
      wrong.add("channel", name, () -> Channel.of(name));
    }
    for (String name :
        List.of("../secret", "a/../b", "a//b", "/a", "a/", ".", "a\\b", "a b", "a/.b", "a..b")) {
      wrong.add("template", name, () -> message().template(name));
    }

    variable(wrong, "variables.v", HIGH_HALF);
    variable(wrong, "variables.v", LOW_HALF + HIGH_HALF);
    variable(wrong, "variables.v", "a\0b");
    variable(wrong, "variables.v", new Object());
    variable(wrong, "variables.v", new int[1]);
    variable(wrong, "variables.v", (Runnable) () -> {});
    variable(wrong, "variables.v", (java.util.function.Function<Object, Object>) x -> x);
    variable(wrong, "variables.v", Thread.class);
    variable(wrong, "variables.v[1]", List.of("fine", new Object()));
    variable(wrong, "variables.v.w", Map.of("w", HIGH_HALF));
    variable(wrong, "variables.v", Map.of(1, "x"));
    variable(wrong, "variables.v", Map.of(" ", "x"));
    variable(wrong, "variables.v", new NoNumber());
    return all.stream();
  }

  @Test
  void aVariableThatHoldsItselfIsRefusedAndDoesNotRunForever() {
    Map<String, Object> round = new HashMap<>();
    round.put("self", round);

    assertThatThrownBy(() -> message().template("t", round))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  void whatIsJustWithinTheBoundsIsTaken() {
    Notification longest =
        Notification.to("u".repeat(255))
            .channels(Channel.EMAIL)
            .title("t".repeat(998))
            .body("line\r\n\tline \uD83D\uDE00")
            .category("c".repeat(64))
            .idempotencyKey("k".repeat(512))
            .expiresIn(Duration.ofDays(3_660))
            .metadata("note", "")
            .build();

    assertThat(longest.content().orElseThrow().title().orElseThrow()).hasSize(998);
    assertThat(longest.metadata()).containsEntry("note", "");
  }

  @Test
  void aMomentThatHasPassedMeansAtOnceAndOneToComeIsKept() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    var berlin = java.time.ZoneId.of("Europe/Berlin");

    assertThat(new Schedule.At(now.minusSeconds(1)).due(now, berlin)).isEqualTo(now);
    assertThat(new Schedule.At(Instant.MIN).due(now, berlin)).isEqualTo(now);
    assertThat(new Schedule.At(now.plusSeconds(1)).due(now, berlin)).isEqualTo(now.plusSeconds(1));
    assertThat(new Schedule.AtLocal(LocalDateTime.MIN).due(now, berlin)).isEqualTo(now);
    assertThat(Schedule.NOW.due(now, berlin)).isEqualTo(now);
  }

  @Test
  void aLocalTimeIsTheRecipientsOwnAndObeysClockChanges() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Schedule nineInTheMorning = new Schedule.AtLocal(LocalDateTime.parse("2026-07-01T09:00:00"));
    Schedule skipped = new Schedule.AtLocal(LocalDateTime.parse("2026-03-29T02:30:00"));
    Schedule twice = new Schedule.AtLocal(LocalDateTime.parse("2026-10-25T02:30:00"));

    assertThat(nineInTheMorning.due(now, java.time.ZoneId.of("Asia/Tokyo")))
        .isEqualTo("2026-07-01T00:00:00Z");
    assertThat(nineInTheMorning.due(now, java.time.ZoneId.of("America/New_York")))
        .isEqualTo("2026-07-01T13:00:00Z");
    assertThat(skipped.due(now, java.time.ZoneId.of("Europe/Berlin")))
        .isEqualTo("2026-03-29T01:30:00Z");
    assertThat(twice.due(now, java.time.ZoneId.of("Europe/Berlin")))
        .isEqualTo("2026-10-25T00:30:00Z");
  }

  @Test
  void variablesAreASnapshotOfTheMomentTheyWereGiven() {
    AtomicInteger counter = new AtomicInteger(7);
    List<Object> items = new ArrayList<>(List.of("a"));
    Map<String, Object> given = new HashMap<>(Map.of("counter", counter, "items", items));

    TemplateRef ref = new TemplateRef("t", given);
    counter.set(8);
    items.add("b");
    given.put("late", 1);

    assertThat(ref.variables())
        .isEqualTo(Map.of("counter", new BigDecimal(7), "items", List.of("a")));
    assertThatThrownBy(() -> ref.variables().put("x", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\t", "\0", "\u001b", "\u007f", "\u0085", "\u009b", "\u2028"})
  void nothingThatCouldBreakOutOfAHeaderGetsIntoASubject(String breakOut) {
    Content.Builder content = Content.builder().title("Hi" + breakOut + "Bcc: all").body("x");

    assertThatThrownBy(content::build)
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageStartingWith("title: ")
        .hasMessageNotContaining(breakOut);
  }

  @Test
  void aTextIsEitherRefusedOrSurvivesUtf8() {
    Chance.forMany(5_000, random -> checkText(anyText(random)));
  }

  private static String anyText(RandomGenerator random) {
    int[] kinds = {0x20, 0x80, 0x2100, 0x10000, 0x110000};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.appendCodePoint(random.nextInt(kinds[random.nextInt(kinds.length)]));
    }
    if (random.nextInt(4) == 0) {
      text.append((char) random.nextInt(0xD800, 0xE000)); // half of a pair
    }
    return text.toString();
  }

  private static void checkText(String text) {
    Content content;
    try {
      content = Content.builder().title(text).body(text + ".").data("k", text).build();
    } catch (InvalidNotificationException refused) {
      assertThat(refused.field()).isIn("title", "body", "data.k");
      return;
    }
    byte[] bytes = content.body().orElseThrow().getBytes(StandardCharsets.UTF_8);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text + ".");
    assertThat(content.title().orElseThrow()).doesNotContain("\r", "\n", "\0");
  }

  @FunctionalInterface
  private interface Wrong {
    void add(String field, String how, ThrowingCallable makesIt);
  }

  private static final class NoNumber extends Number {
    @Override
    public int intValue() {
      return 0;
    }

    @Override
    public long longValue() {
      return 0;
    }

    @Override
    public float floatValue() {
      return 0;
    }

    @Override
    public double doubleValue() {
      return 0;
    }

    @Override
    public String toString() {
      return "{{secret}}";
    }
  }

  private static Notification.Builder message() {
    return Notification.to("user-42").channels(Channel.SMS);
  }

  private static void variable(Wrong wrong, String field, Object value) {
    wrong.add(
        field, value.getClass().getSimpleName(), () -> message().template("t", Map.of("v", value)));
  }

  /** An identifier: one line, and not blank. */
  private static void line(Wrong wrong, String field, int max, Consumer<String> setter) {
    wrong.add(field, "empty", () -> setter.accept(""));
    wrong.add(field, "blank", () -> setter.accept(" \t"));
    unbroken(wrong, field, max, setter);
  }

  private static void unbroken(Wrong wrong, String field, int max, Consumer<String> setter) {
    wrong.add(field, "null", () -> setter.accept(null));
    wrong.add(field, "CR LF", () -> setter.accept("a\r\nBcc: b@c.example"));
    wrong.add(field, "LF", () -> setter.accept("a\nb"));
    wrong.add(field, "CR", () -> setter.accept("a\r"));
    wrong.add(field, "NUL", () -> setter.accept("a\0b"));
    wrong.add(field, "C1 control", () -> setter.accept("a\u0090b"));
    wrong.add(field, "line separator", () -> setter.accept("a\u2028b"));
    wrong.add(field, "high half", () -> setter.accept("a" + HIGH_HALF));
    wrong.add(field, "low half", () -> setter.accept(LOW_HALF + "a"));
    wrong.add(field, "too long", () -> setter.accept("a".repeat(max + 1)));
  }

  private static void text(Wrong wrong, String field, Consumer<String> setter) {
    wrong.add(field, "null", () -> setter.accept(null));
    wrong.add(field, "NUL", () -> setter.accept("a\0b"));
    wrong.add(field, "high half", () -> setter.accept(HIGH_HALF + "a"));
    wrong.add(field, "halves the wrong way round", () -> setter.accept(LOW_HALF + HIGH_HALF));
    wrong.add(field, "too long", () -> setter.accept("a".repeat((16 << 20) + 1)));
  }
}
