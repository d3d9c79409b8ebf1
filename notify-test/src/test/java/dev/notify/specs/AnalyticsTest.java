package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Analytics;
import dev.notify.DailyReport;
import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Conversion;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Device;
import dev.notify.model.Digest;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.FunnelQuery.Interval;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Recipient;
import dev.notify.model.Segment;
import dev.notify.routing.Audiences;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How far notifications come, and the mail that says so every day. */
class AnalyticsTest {

  private static final Instant START = Instant.parse(Stage.START);
  private static final FunnelQuery TODAY =
      FunnelQuery.between(START, START.plus(Duration.ofDays(1)));

  private final Stage stage = new Stage();

  private static long count(Funnel.Row row, dev.notify.model.Stage to) {
    return row.count(to);
  }

  private void told(NotificationDispatcher dispatcher, Delivery delivery, Type type) {
    told(dispatcher, delivery, type, false);
  }

  private void told(
      NotificationDispatcher dispatcher, Delivery delivery, Type type, boolean byMachine) {
    ProviderEvent event =
        new ProviderEvent(
            stage.email.name(),
            delivery.providerMessageId().orElseThrow(),
            type,
            stage.clock.instant(),
            "");
    dispatcher.track(byMachine ? event.byMachine() : event);
  }

  @Test
  void aDeliveryCountsOnceForEachStageInTheHourItWasAccepted() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());
      Delivery delivery = only(dispatcher, receipt);
      dispatcher.send(hello().channels(EMAIL, SMS).build());
      stage.pass(Duration.ofHours(30));
      told(dispatcher, delivery, Type.DELIVERED);
      told(dispatcher, delivery, Type.OPENED);
      stage.pass(Duration.ofHours(1));
      told(dispatcher, delivery, Type.OPENED);
      told(dispatcher, delivery, Type.READ);
      dispatcher.converted(receipt.id(), Conversion.of("bought"));
      dispatcher.converted(receipt.id(), Conversion.of("came-back"));

      Funnel funnel = dispatcher.analytics().funnel(TODAY.by(Dimension.CHANNEL));

      Funnel.Row mail = funnel.rows().get(0);
      assertThat(mail.value(Dimension.CHANNEL)).isEqualTo("email");
      assertThat(count(mail, dev.notify.model.Stage.ACCEPTED)).isEqualTo(2);
      assertThat(count(mail, dev.notify.model.Stage.SENT)).isEqualTo(2);
      assertThat(count(mail, dev.notify.model.Stage.DELIVERED)).isEqualTo(1);
      assertThat(count(mail, dev.notify.model.Stage.OPENED)).isEqualTo(1);
      assertThat(count(mail, dev.notify.model.Stage.CONVERTED)).isEqualTo(1);
      assertThat(mail.rate(dev.notify.model.Stage.OPENED)).isEqualTo(0.5);
      assertThat(mail.toDelivered().p50()).isBetween(Duration.ofHours(24), Duration.ofHours(36));
      assertThat(funnel.rows().get(1).value(Dimension.CHANNEL)).isEqualTo("sms");
      assertThat(funnel.total().count(dev.notify.model.Stage.SENT)).isEqualTo(3);
    }
  }

  @Test
  void programsOpenNothing() {
    try (var dispatcher = stage.builder().build()) {
      Delivery delivery = only(dispatcher, dispatcher.send(hello().build()));
      told(dispatcher, delivery, Type.OPENED, true);

      assertThat(total(dispatcher).count(dev.notify.model.Stage.OPENED)).isZero();
      stage.pass(Duration.ofSeconds(1));
      told(dispatcher, delivery, Type.OPENED);
      assertThat(total(dispatcher).count(dev.notify.model.Stage.OPENED)).isEqualTo(1);
    }
  }

  private static Funnel.Row total(NotificationDispatcher dispatcher) {
    return dispatcher.analytics().funnel(TODAY).total();
  }

  @Test
  void whatWasNotSentSaysWhyAndWhatIsOpenIsAccepted() {
    stage.email.next(Outcome.rejected("spam"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      dispatcher.schedule(hello().build(), START.plus(Duration.ofHours(5)));
      var off = dispatcher.schedule(hello().build(), START.plus(Duration.ofHours(5)));
      dispatcher.cancel(off.id());

      Funnel.Row before = total(dispatcher);
      assertThat(before.count(dev.notify.model.Stage.ACCEPTED)).isEqualTo(3);
      assertThat(before.count(dev.notify.model.Stage.OPEN)).isEqualTo(1);
      assertThat(before.count(dev.notify.model.Stage.CANCELLED)).isEqualTo(1);
      assertThat(before.count(dev.notify.model.Stage.DEAD)).isEqualTo(1);
      stage.pass(Duration.ofHours(6));

      Funnel.Row after = total(dispatcher);
      assertThat(after.count(dev.notify.model.Stage.ACCEPTED)).isEqualTo(3);
      assertThat(after.count(dev.notify.model.Stage.SENT)).isEqualTo(1);
      assertThat(after.rate(dev.notify.model.Stage.OPEN)).isZero();
    }
  }

  @Test
  void categoriesTemplatesAndProvidersAreToldApart() {
    try (var dispatcher =
        stage
            .builder()
            .categories(Category.transactional("orders"))
            .templates(path -> java.util.Optional.of("Hello"))
            .build()) {
      dispatcher.send(hello().category("orders").build());
      dispatcher.send(
          dev.notify.model.Notification.to("jane")
              .template("welcome", Map.of())
              .channels(SMS)
              .build());
      stage.pass(Duration.ofHours(1));
      dispatcher.send(hello().category("orders").build());

      Funnel funnel =
          dispatcher
              .analytics()
              .funnel(
                  TODAY
                      .by(Dimension.CATEGORY, Dimension.TEMPLATE, Dimension.PROVIDER)
                      .every(Interval.HOUR));

      assertThat(funnel.rows())
          .extracting(
              row -> row.time().orElseThrow(),
              row -> row.value(Dimension.CATEGORY),
              row -> row.value(Dimension.TEMPLATE),
              row -> row.value(Dimension.PROVIDER))
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(START, "general", "welcome", stage.sms.name()),
              org.assertj.core.groups.Tuple.tuple(START, "orders", "", stage.email.name()),
              org.assertj.core.groups.Tuple.tuple(
                  START.plus(Duration.ofHours(1)), "orders", "", stage.email.name()));
      assertThat(
              dispatcher
                  .analytics()
                  .funnel(TODAY.only(Dimension.CATEGORY, "orders"))
                  .total()
                  .count(dev.notify.model.Stage.SENT))
          .isEqualTo(2);
    }
  }

  private static Recipient person(String id, Map<String, Object> attributes) {
    Recipient.Builder person = Recipient.builder(id).email(id + "@example.com");
    attributes.forEach(person::attribute);
    return person.build();
  }

  private static DispatcherBuilder bySegments(DispatcherBuilder builder) {
    Map<String, Recipient> people =
        Map.of(
            "ann", person("ann", Map.of("plan", "pro", "visits", 9)),
            "bob", person("bob", Map.of("plan", "free", "visits", 9)),
            "cid", person("cid", Map.of()));
    return builder
        .recipients(id -> Optional.ofNullable(people.get(id)))
        .reportBy("pro", Segment.parse("plan = 'pro'"))
        .reportBy("regulars", Segment.parse("visits >= 3"));
  }

  private static Map<String, Long> sentBySegment(NotificationDispatcher dispatcher) {
    Map<String, Long> sent = new TreeMap<>();
    for (Funnel.Row row : dispatcher.analytics().funnel(TODAY.by(Dimension.SEGMENT)).rows()) {
      sent.put(row.value(Dimension.SEGMENT), count(row, dev.notify.model.Stage.SENT));
    }
    return sent;
  }

  private static Notification to(String id) {
    return Notification.to(id).body("Hello").channels(EMAIL).build();
  }

  @Test
  void aDeliveryCountsForTheFirstSegmentThatItsPersonIsIn() {
    try (var dispatcher = bySegments(stage.builder()).build()) {
      dispatcher.send(to("ann"));
      dispatcher.sendAll(Stream.of(to("bob"), to("bob"), to("cid")));
      dispatcher.send(
          Notification.to(person("dora", Map.of("visits", 3)))
              .body("Hello")
              .channels(EMAIL)
              .build());

      assertThat(sentBySegment(dispatcher)).isEqualTo(Map.of("pro", 1L, "regulars", 3L, "", 1L));
      Funnel pro = dispatcher.analytics().funnel(TODAY.only(Dimension.SEGMENT, "pro"));
      assertThat(pro.total().count(dev.notify.model.Stage.SENT)).isEqualTo(1);
      assertThat(total(dispatcher).count(dev.notify.model.Stage.SENT)).isEqualTo(5);
      Funnel channels =
          dispatcher.analytics().funnel(TODAY.by(Dimension.CHANNEL, Dimension.SEGMENT));
      assertThat(Analytics.csv(channels).lines().limit(3))
          .satisfiesExactly(
              first -> assertThat(first).startsWith("channel,segment,accepted,"),
              second -> assertThat(second).startsWith("email,,1,"),
              third -> assertThat(third).startsWith("email,pro,1,"));
      Analytics.Report report =
          dispatcher.analytics().report(LocalDate.of(2026, 3, 2), ZoneOffset.UTC);
      assertThat(report.csv()).contains(stage.email.name() + ",regulars,3,");
      assertThat(report.html()).contains("regulars").doesNotContain("bob");
    }
  }

  @Test
  void aReportWithoutSegmentsDoesNotSpeakOfThem() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      assertThat(dispatcher.analytics().report(LocalDate.of(2026, 3, 2), ZoneOffset.UTC).html())
          .doesNotContainIgnoringCase("segment");
    }
  }

  @Test
  void whoeverIsInABroadcastOrGetsADigestIsInASegmentToo() {
    Category digested =
        Category.optional("news").digested(Digest.fixed(Duration.ofHours(1), "news-digest"));
    try (var dispatcher =
        bySegments(stage.builder())
            .categories(Category.GENERAL, digested)
            .templates(path -> Optional.of("Hello"))
            .build()) {
      dispatcher.broadcast(Audiences.of("all", List.of("ann", "bob", "cid")), to("whoever"));
      stage.pass(Duration.ofMinutes(1));
      assertThat(sentBySegment(dispatcher)).isEqualTo(Map.of("pro", 1L, "regulars", 1L, "", 1L));

      dispatcher.send(
          Notification.to("bob").category("news").body("Hello").channels(EMAIL).build());
      stage.pass(Duration.ofHours(2));

      assertThat(sentBySegment(dispatcher)).isEqualTo(Map.of("pro", 1L, "regulars", 2L, "", 1L));
    }
  }

  @Test
  void whatIsKnownWhenItIsAcceptedCountsWhateverBecomesOfThePerson() {
    Map<String, Recipient> people = new HashMap<>(Map.of("ann", person("ann", Map.of("n", 1))));
    try (var dispatcher =
        stage
            .builder()
            .recipients(id -> Optional.ofNullable(people.get(id)))
            .reportBy("ones", Segment.parse("n = 1"))
            .reportBy("everyone", Segment.everyone())
            .build()) {
      dispatcher.schedule(to("ann"), START.plus(Duration.ofHours(5)));
      people.put("ann", person("ann", Map.of("n", 2)));
      dispatcher.send(to("ann"));
      stage.pass(Duration.ofHours(6));

      assertThat(sentBySegment(dispatcher)).isEqualTo(Map.of("ones", 1L, "everyone", 1L));
    }
  }

  @Test
  void languageZoneChannelsAndDevicesOfStoredPeopleCanBeReportedBy() {
    try (var dispatcher =
        stage
            .clock
            .drive(NotificationDispatcher.builder())
            .provider(stage.email)
            .reportBy(
                "with a phone",
                Segment.reachableBy(Channel.PUSH).and(Segment.attribute("language").is("de")))
            .reportBy("abroad", Segment.attribute("zone").startsWith("Europe/").not())
            .build()) {
      dispatcher
          .recipients()
          .save(Recipient.builder("eve").email("eve@example.com").locale(Locale.GERMANY).build());
      dispatcher.recipients().register("eve", Device.of(Address.fcm("eves-phone"), START));
      dispatcher
          .recipients()
          .save(Recipient.builder("fay").email("fay@example.com").locale(Locale.GERMANY).build());
      dispatcher.send(to("eve"));
      dispatcher.send(to("fay"));

      assertThat(sentBySegment(dispatcher)).isEqualTo(Map.of("with a phone", 1L, "abroad", 1L));
    }
  }

  @Test
  void segmentsThatCannotBeReportedByAreRefusedByName() {
    Segment all = Segment.everyone();
    DispatcherBuilder builder = stage.builder().reportBy("pro", all);
    refused(() -> builder.reportBy("pro", all), "'pro' is given twice");
    for (String blank : List.of("", " ", "\t")) {
      refused(() -> builder.reportBy(blank, all), "blank");
    }
    refused(() -> builder.reportBy("p".repeat(65), all), "65 characters");
    refused(() -> builder.reportBy("a\nb", all), "control character");
    refused(() -> builder.reportBy("pro ", all), "space");
    refused(() -> builder.reportBy("\ud800", all), "control character");
    refused(
        () -> builder.reportBy("fans", all.and(Segment.follows("jazz").or(all).not())),
        "'fans' asks for topic:jazz");
    for (int i = 1; i < 20; i++) {
      builder.reportBy("s" + i, all);
    }
    refused(() -> builder.reportBy("one more", all), "more than 20");
    builder.build().close();
  }

  private static void refused(ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("reportBy")
        .hasMessageContaining(why);
  }

  @Test
  void countsOutliveForgettingAPerson() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      dispatcher.forget("jane");

      assertThat(total(dispatcher).count(dev.notify.model.Stage.SENT)).isEqualTo(1);
    }
  }

  @Test
  void theReportOfTheDayBeforeIsSentOnceADayThroughTheLibraryItself() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    DailyReport report =
        DailyReport.to("ops@example.com", "boss@example.com").at(LocalTime.of(7, 0)).zone(berlin);
    try (var dispatcher = stage.builder().dailyReport(report).build()) {
      dispatcher.send(hello().build());
      assertThat(stage.email.calls()).isEqualTo(1);

      stage.pass(Duration.ofHours(20).plusMinutes(59));
      assertThat(stage.email.calls()).as("06:59 in Berlin").isEqualTo(1);
      stage.pass(Duration.ofMinutes(1));

      assertThat(stage.email.calls()).isEqualTo(3);
      assertThat(stage.email.messages().subList(1, 3))
          .extracting(message -> message.address().value())
          .containsExactlyInAnyOrder("ops@example.com", "boss@example.com");
      Content content = stage.email.messages().get(1).content();
      assertThat(content.title()).contains("Notifications of 2026-03-02");
      assertThat(content.html().orElseThrow())
          .contains("<svg", "accepted", "100.0&nbsp;%", "Europe/Berlin")
          .doesNotContain("<script", "http://example", "jane");
      var file = content.attachments().get(0);
      assertThat(file.fileName()).isEqualTo("notifications-2026-03-02.csv");
      List<String> lines = new String(file.bytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(lines).hasSize(2);
      assertThat(lines.get(1)).startsWith("email,general,,,,," + stage.email.name() + ",,1,1,0,");

      stage.pass(Duration.ofHours(23));
      assertThat(stage.email.calls()).isEqualTo(3);
      stage.pass(Duration.ofHours(1));
      assertThat(stage.email.calls()).isEqualTo(5);
    }
  }

  @Test
  void aReportNeedsAReader() {
    assertThatThrownBy(DailyReport::to)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("dailyReport");
    assertThatThrownBy(() -> DailyReport.to(" "))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("dailyReport");
  }
}
