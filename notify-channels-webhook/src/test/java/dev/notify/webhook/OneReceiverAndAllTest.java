package dev.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.VirtualClock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every receiver is a server of its own: the trouble of one is not the trouble of the others. */
class OneReceiverAndAllTest {

  private final HttpStandIn bad = HttpStandIn.answering(Response.json(503, "{}"));
  private final HttpStandIn good = HttpStandIn.answering(Response.json(200, "{}"));

  @AfterEach
  void close() {
    bad.close();
    good.close();
  }

  private static Notification to(HttpStandIn receiver) {
    return Notification.to(Address.of(WebhookProvider.CHANNEL, receiver.url() + "/hook"))
        .body("Hello")
        .build();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void aReceiverThatIsDownKeepsNothingFromTheOthers(int status) {
    bad.answer(new Response(status, Map.of(), ""));
    VirtualClock clock = VirtualClock.at("2026-03-02T12:00:00Z");
    try (NotificationDispatcher dispatcher =
        clock
            .drive(NotificationDispatcher.builder())
            .provider(
                WebhookProvider.builder()
                    .signingSecret(WebhookContractTest.SECRET)
                    .trustedHosts("127.0.0.1")
                    .build())
            .build()) {
      for (int i = 0; i < 10; i++) {
        dispatcher.send(to(bad));
      }

      var receipt = dispatcher.send(to(good));

      assertThat(dispatcher.status(receipt.id()).orElseThrow().deliveries().get(0).status())
          .isEqualTo(DeliveryStatus.SENT);
    }
  }
}
