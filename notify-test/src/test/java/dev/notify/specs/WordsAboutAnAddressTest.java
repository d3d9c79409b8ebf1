package dev.notify.specs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.WebhookHandler;
import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.Suppression;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose word about an address counts when several have been said. */
class WordsAboutAnAddressTest {

  private static final Address JANE = Address.sms("+14155550142");

  private final Stage stage = new Stage();

  private WebhookHandler persons(NotificationDispatcher dispatcher) {
    return dispatcher.webhook(
        new ProviderWebhook() {
          @Override
          public String provider() {
            return "sms";
          }

          @Override
          public WebhookReport read(WebhookRequest request) {
            return WebhookReport.of(
                new AddressEvent(
                    "sms",
                    JANE,
                    AddressEvent.Type.valueOf(request.text()),
                    stage.clock.instant(),
                    "answered by SMS"));
          }
        });
  }

  private void says(WebhookHandler persons, String word) {
    persons.handle(Map.of(), word.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    stage.pass(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @EnumSource(
      value = Suppression.Kind.class,
      names = {"MANUAL", "COMPLAINT"})
  void stopAndStartTakeNothingBackThatThePersonDidNotSay(Suppression.Kind kind) {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.suppressions().add(Suppression.of(JANE, kind, "fraud", stage.clock.instant()));
      WebhookHandler persons = persons(dispatcher);

      says(persons, "STOPPED");
      says(persons, "RESUMED");

      assertThat(dispatcher.suppressions().find(JANE).map(Suppression::kind)).contains(kind);
    }
  }

  @Test
  void aStopThatComesLateDoesNotUndoTheLaterStart() {
    try (var dispatcher = stage.builder().build()) {
      var earlier = stage.clock.instant();
      WebhookHandler persons = persons(dispatcher);
      stage.pass(Duration.ofMinutes(1));
      says(persons, "RESUMED");

      dispatcher
          .webhook(
              new ProviderWebhook() {
                @Override
                public String provider() {
                  return "sms";
                }

                @Override
                public WebhookReport read(WebhookRequest request) {
                  return WebhookReport.of(
                      new AddressEvent(
                          "sms", JANE, AddressEvent.Type.STOPPED, earlier, "answered by SMS"));
                }
              })
          .handle(Map.of(), new byte[0]);

      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }
}
