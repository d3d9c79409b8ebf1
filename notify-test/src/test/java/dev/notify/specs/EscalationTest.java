package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.SignedLinks;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Push first; text message if nobody has seen it within half an hour. And what providers report.
 */
class EscalationTest {

  private final Stage stage = new Stage();
  private final Notification alarm =
      hello()
          .routing(
              Routing.escalate(PUSH)
                  .then(SMS, Duration.ofMinutes(30))
                  .then(EMAIL, Duration.ofHours(2)))
          .build();

  private Optional<Delivery> report(
      NotificationDispatcher dispatcher, SendReceipt receipt, DeliveryEvent.Type type) {
    Delivery push =
        Stage.record(dispatcher, receipt).deliveries().stream()
            .filter(delivery -> delivery.channel().equals(PUSH))
            .findFirst()
            .orElseThrow();
    return dispatcher.track(
        new ProviderEvent(
            "push", push.providerMessageId().orElseThrow(), type, stage.clock.instant(), ""));
  }

  @Test
  void whatNobodySawGoesOnToTheNextChannel() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);
      assertThat(dispatcher, receipt).on(PUSH).is(SENT).on(SMS).is(SCHEDULED);

      stage.pass(Duration.ofMinutes(30));
      assertThat(dispatcher, receipt).on(SMS).is(SENT).on(EMAIL).is(SCHEDULED);

      stage.pass(Duration.ofMinutes(90));
      assertThat(dispatcher, receipt).on(EMAIL).is(SENT);
    }
  }

  @Test
  void whatSomebodySawGoesNoFurther() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);

      report(dispatcher, receipt, DeliveryEvent.Type.OPENED);

      assertThat(dispatcher, receipt).on(SMS).is(SUPPRESSED).because(Reason.NOT_NEEDED);
      stage.pass(Duration.ofDays(1));
      assertThat(stage.sms.calls()).isZero();
      assertThat(stage.email.calls()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DELIVERED", "OPENED", "CLICKED", "READ"})
  void everySignThatSomebodySawItStopsItAtOnceAlsoByWebhook(DeliveryEvent.Type sign) {
    try (var dispatcher = stage.builder().build()) {
      for (Notification each : List.of(alarm, alarm)) {
        var receipt = dispatcher.send(each);
        boolean byWebhook = stage.push.calls() > 1;
        if (byWebhook) {
          dispatcher.webhook(vendor(push(dispatcher, receipt), sign)).handle(Map.of(), new byte[0]);
        } else {
          report(dispatcher, receipt, sign);
        }

        assertThat(dispatcher, receipt)
            .on(SMS)
            .is(SUPPRESSED)
            .because(Reason.NOT_NEEDED)
            .on(EMAIL)
            .is(SUPPRESSED)
            .because(Reason.NOT_NEEDED);
      }
      stage.pass(Duration.ofDays(1));
      assertThat(stage.sms.calls() + stage.email.calls()).isZero();
    }
  }

  private static Delivery push(NotificationDispatcher dispatcher, SendReceipt receipt) {
    return Stage.record(dispatcher, receipt).deliveries().stream()
        .filter(delivery -> delivery.channel().equals(PUSH))
        .findFirst()
        .orElseThrow();
  }

  /** A vendor who tells of this delivery whatever it is asked. */
  private ProviderWebhook vendor(Delivery delivery, DeliveryEvent.Type sign) {
    ProviderEvent event =
        new ProviderEvent(
            "push", delivery.providerMessageId().orElseThrow(), sign, stage.clock.instant(), "");
    return new ProviderWebhook() {
      @Override
      public String provider() {
        return "push";
      }

      @Override
      public WebhookReport read(WebhookRequest request) {
        return new WebhookReport(List.of(event), List.of());
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"href", "src"})
  void aLinkOrPictureOfAMailThatAPersonFollowsStopsItAndAProgramDoesNot(String attribute) {
    Map<String, List<String>> person =
        Map.of("User-Agent", List.of("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"));
    try (var dispatcher =
        stage
            .builder()
            .categories(Category.optional("news").tracked())
            .links(SignedLinks.below(URI.create("https://example.com/n"), new byte[32]))
            .build()) {
      var receipt =
          dispatcher.send(
              Notification.to("jane")
                  .category("news")
                  .content(
                      Content.builder()
                          .title("News")
                          .html("<body><a href=\"https://example.com/a\">more</a></body>")
                          .build())
                  .routing(Routing.escalate(EMAIL).then(SMS, Duration.ofMinutes(30)))
                  .build());
      String html = stage.email.messages().get(0).content().html().orElseThrow();
      String link = html.replaceFirst("(?s).*" + attribute + "=\"([^\"]*)\".*", "$1");
      stage.pass(Duration.ofMinutes(10));

      dispatcher.links().handle("HEAD", link, person);
      dispatcher.links().handle("GET", link, Map.of("User-Agent", List.of("curl/8.5.0")));
      assertThat(dispatcher, receipt).on(SMS).is(SCHEDULED);

      stage.pass(Duration.ofMinutes(1));
      dispatcher.links().handle("GET", link, person);
      assertThat(dispatcher, receipt).on(SMS).is(SUPPRESSED).because(Reason.NOT_NEEDED);
      stage.pass(Duration.ofDays(1));
      assertThat(stage.sms.calls()).isZero();
    }
  }

  @Test
  void whatComesAtTheVeryMomentOfAStepIsAskedBeforeIt() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);
      Delivery push = push(dispatcher, receipt);
      stage.clock.wakeUp(
          Duration.ofMinutes(30).minusNanos(1),
          () ->
              dispatcher.track(
                  new ProviderEvent(
                      "push",
                      push.providerMessageId().orElseThrow(),
                      DeliveryEvent.Type.OPENED,
                      stage.clock.instant(),
                      "")));

      stage.pass(Duration.ofDays(1));

      assertThat(dispatcher, receipt).on(SMS).is(SUPPRESSED).because(Reason.NOT_NEEDED);
      assertThat(stage.sms.calls()).isZero();
    }
  }

  @Test
  void aStepThatIsBeingTriedAgainStopsToo() {
    try (var dispatcher = stage.builder().build()) {
      stage.sms.always(Outcome.retryable("busy"));
      var receipt = dispatcher.send(alarm);
      stage.pass(Duration.ofMinutes(30));
      int calls = stage.sms.calls();
      assertThat(calls).isPositive();

      report(dispatcher, receipt, DeliveryEvent.Type.READ);
      stage.pass(Duration.ofDays(1));

      assertThat(dispatcher, receipt).on(SMS).is(SUPPRESSED).because(Reason.NOT_NEEDED);
      assertThat(stage.sms.calls()).isEqualTo(calls);
    }
  }

  @Test
  void lateRepeatedAndDisorderedReportsDoNoHarm() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);

      report(dispatcher, receipt, DeliveryEvent.Type.OPENED);
      assertThat(report(dispatcher, receipt, DeliveryEvent.Type.DELIVERED))
          .get()
          .extracting(Delivery::status)
          .isEqualTo(DeliveryStatus.DELIVERED);
      assertThat(report(dispatcher, receipt, DeliveryEvent.Type.DELIVERED)).as("again").isEmpty();
      report(dispatcher, receipt, DeliveryEvent.Type.SENT);

      assertThat(dispatcher, receipt).on(PUSH).is(DeliveryStatus.DELIVERED);
      assertThat(Stage.record(dispatcher, receipt).events())
          .extracting(DeliveryEvent::type)
          .contains(DeliveryEvent.Type.OPENED, DeliveryEvent.Type.DELIVERED);
    }
  }

  @Test
  void aReportOnAnUnknownMessageIsIgnored() {
    try (var dispatcher = stage.builder().build()) {
      assertThat(
              dispatcher.track(
                  new ProviderEvent(
                      "push",
                      "never-heard-of",
                      DeliveryEvent.Type.OPENED,
                      stage.clock.instant(),
                      "")))
          .isEmpty();
    }
  }

  @Test
  void aBounceRetiresTheAddress() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);

      report(dispatcher, receipt, DeliveryEvent.Type.BOUNCED);

      assertThat(dispatcher, receipt).on(PUSH).is(DeliveryStatus.BOUNCED);
      assertThat(dispatcher.suppressions().find(Stage.JANE.addresses(PUSH).get(0))).isPresent();
    }
  }
}
