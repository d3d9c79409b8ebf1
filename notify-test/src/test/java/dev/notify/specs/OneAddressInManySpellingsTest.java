package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The same mailbox, as the application has it and as vendors report it. */
class OneAddressInManySpellingsTest {

  private final Stage stage = new Stage();

  private static Notification to(String address) {
    return Notification.to(Address.email(address)).title("t").body("b").channels(EMAIL).build();
  }

  @Test
  void aBounceThatNamesTheDomainInAsciiIsAboutTheAddressThatHasItInLetters() {
    try (NotificationDispatcher dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(to("bob@bücher.example"));
      String id = Stage.only(dispatcher, receipt).providerMessageId().orElseThrow();

      dispatcher
          .webhook(
              new ProviderWebhook() {
                @Override
                public String provider() {
                  return "email";
                }

                @Override
                public WebhookReport read(WebhookRequest request) {
                  return WebhookReport.of(
                      List.of(
                          new ProviderEvent("email", id, Type.BOUNCED, stage.clock.instant(), "")
                              // What went over the wire, and what every vendor reports (RFC 5891).
                              .about(Optional.of("bob@xn--bcher-kva.example"))));
                }
              })
          .handle(Map.of(), new byte[0]);

      assertThat(Stage.only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.BOUNCED);
      assertThat(dispatcher.suppressions().find(Address.email("bob@bücher.example"))).isPresent();
    }
  }
}
