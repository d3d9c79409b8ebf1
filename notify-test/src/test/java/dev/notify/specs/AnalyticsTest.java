package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.DailyReport;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Conversion;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.FunnelQuery.Interval;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
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
      assertThat(lines.get(1)).startsWith("email,general,,,,," + stage.email.name() + ",1,1,0,");

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
