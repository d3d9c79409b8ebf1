package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.model.Suppression;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.VirtualClock;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A person who said STOP is one who opted out, however we learn of it. */
class StopAndStartTest {

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final String URL = "https://shop.example.com/hooks/twilio";
  private static final Address JANE = Address.sms("+14155550142");

  private final VirtualClock clock = VirtualClock.at("2026-03-02T12:00:00Z");
  private final HttpStandIn twilio =
      HttpStandIn.answering(Response.json(400, "{\"code\":21610,\"status\":400}"));

  @AfterEach
  void close() {
    twilio.close();
  }

  private NotificationDispatcher refused() {
    NotificationDispatcher dispatcher =
        clock
            .drive(NotificationDispatcher.builder())
            .provider(
                TwilioProvider.builder()
                    .accountSid("AC0123456789abcdef0123456789abcdef")
                    .authToken(TOKEN)
                    .from("+12125550100")
                    .baseUrl(twilio.url())
                    .clock(clock)
                    .build())
            .build();
    dispatcher.send(Notification.to(JANE).body("Hello").build());
    clock.advance(Duration.ofMinutes(1));
    return dispatcher;
  }

  @Test
  void aRefusalForStopIsAnOptOutAndNoDeadAddress() {
    try (NotificationDispatcher dispatcher = refused()) {
      assertThat(dispatcher.suppressions().find(JANE).map(Suppression::kind))
          .contains(Suppression.Kind.OPT_OUT);
    }
  }

  @Test
  void aStartEndsAnOptOutThatWasLearnedFromARefusal() {
    try (NotificationDispatcher dispatcher = refused()) {
      String signed = URL + "BodySTARTFrom" + JANE.value() + "MessageSidSM1";
      String signature =
          Base64.getEncoder()
              .encodeToString(
                  WebhookProof.hmac("HmacSHA1", TOKEN.getBytes(UTF_8), signed.getBytes(UTF_8)));
      dispatcher
          .webhook(TwilioWebhook.builder().authToken(TOKEN).clock(clock).build())
          .handle(
              URL,
              Map.of(
                  "X-Twilio-Signature",
                  List.of(signature),
                  "Content-Type",
                  List.of("application/x-www-form-urlencoded")),
              ("Body=START&MessageSid=SM1&From=" + URLEncoder.encode(JANE.value(), UTF_8))
                  .getBytes(UTF_8));

      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }
}
