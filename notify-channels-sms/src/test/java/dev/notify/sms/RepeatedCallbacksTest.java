package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.WebhookHandler;
import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Notification;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Twilio and Plivo sign no time and repeat a callback whose answer they lost, and whoever saw one
 * can repeat it for ever: the message's id is all that tells a repetition from news.
 */
class RepeatedCallbacksTest {

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final String URL = "https://shop.example.com/hooks/twilio";
  private static final Address JANE = Address.sms("+14155550142");

  private final VirtualClock clock = VirtualClock.at("2026-03-02T12:00:00Z");
  private final RecordingProvider twilio = RecordingProvider.of(Channel.SMS, "twilio");

  private NotificationDispatcher dispatcher() {
    return clock.drive(NotificationDispatcher.builder()).provider(twilio).build();
  }

  private WebhookHandler hook(NotificationDispatcher dispatcher) {
    return dispatcher.webhook(TwilioWebhook.builder().authToken(TOKEN).clock(clock).build());
  }

  private void tell(WebhookHandler hook, Map<String, String> form) {
    StringBuilder text = new StringBuilder(URL);
    new TreeMap<>(form).forEach((name, value) -> text.append(name).append(value));
    String signature =
        Base64.getEncoder()
            .encodeToString(
                WebhookProof.hmac(
                    "HmacSHA1", TOKEN.getBytes(UTF_8), text.toString().getBytes(UTF_8)));
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    var answer =
        hook.handle(
            URL,
            Map.of(
                "X-Twilio-Signature",
                List.of(signature),
                "Content-Type",
                List.of("application/x-www-form-urlencoded")),
            body.getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(1));
  }

  private static Map<String, String> said(String sid, String word) {
    return Map.of("MessageSid", sid, "From", JANE.value(), "Body", word);
  }

  @Test
  void aStartThatIsRepeatedDoesNotUndoALaterStop() {
    try (var dispatcher = dispatcher()) {
      WebhookHandler hook = hook(dispatcher);
      tell(hook, said("SM1", "START"));
      tell(hook, said("SM2", "STOP"));

      tell(hook, said("SM1", "START"));

      assertThat(dispatcher.suppressions().find(JANE)).isPresent();
    }
  }

  @Test
  void aStopThatIsRepeatedDoesNotUndoALaterStart() {
    try (var dispatcher = dispatcher()) {
      WebhookHandler hook = hook(dispatcher);
      tell(hook, said("SM1", "STOP"));
      tell(hook, said("SM2", "START"));

      tell(hook, said("SM1", "STOP"));

      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }

  @Test
  void aStatusThatIsRepeatedIsNoSecondEvent() {
    try (var dispatcher = dispatcher()) {
      var receipt = dispatcher.send(Notification.to(JANE).body("Hello").build());
      String sid =
          dispatcher
              .status(receipt.id())
              .orElseThrow()
              .deliveries()
              .get(0)
              .providerMessageId()
              .orElseThrow();
      WebhookHandler hook = hook(dispatcher);

      tell(hook, Map.of("MessageSid", sid, "MessageStatus", "read"));
      tell(hook, Map.of("MessageSid", sid, "MessageStatus", "read"));

      assertThat(dispatcher.status(receipt.id()).orElseThrow().events())
          .filteredOn(event -> event.type() == DeliveryEvent.Type.READ)
          .hasSize(1);
    }
  }

  @Test
  void anOptOutThatIsReportedTwiceDoesNotUndoTheStartInBetween() {
    try (var dispatcher = dispatcher()) {
      var receipt = dispatcher.send(Notification.to(JANE).body("Hello").build());
      String sid =
          dispatcher
              .status(receipt.id())
              .orElseThrow()
              .deliveries()
              .get(0)
              .providerMessageId()
              .orElseThrow();
      WebhookHandler hook = hook(dispatcher);
      Map<String, String> refused =
          Map.of("MessageSid", sid, "MessageStatus", "undelivered", "ErrorCode", "21610");
      tell(hook, refused);
      tell(hook, said("SM2", "START"));
      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();

      tell(hook, refused);

      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }

  private void plivo(WebhookHandler hook, String uuid, String word) {
    String query = "From=14155550142&MessageUUID=" + uuid + "&Text=" + word;
    String url = "https://shop.example.com/hooks/plivo?" + query;
    String signature =
        Base64.getEncoder()
            .encodeToString(
                WebhookProof.hmac(
                    "HmacSHA256", TOKEN.getBytes(UTF_8), (url + ".1").getBytes(UTF_8)));
    var answer =
        hook.handle(
            url,
            Map.of(
                "X-Plivo-Signature-V3",
                List.of(signature),
                "X-Plivo-Signature-V3-Nonce",
                List.of("1")),
            new byte[0]);
    assertThat(answer.status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(1));
  }

  @Test
  void aWordThatPlivoRepeatsUndoesNoLaterOne() {
    try (var dispatcher = dispatcher()) {
      WebhookHandler hook =
          dispatcher.webhook(PlivoWebhook.builder().authToken(TOKEN).clock(clock).build());
      plivo(hook, "u-1", "START");
      plivo(hook, "u-2", "STOP");
      plivo(hook, "u-1", "START");
      assertThat(dispatcher.suppressions().find(JANE)).isPresent();

      plivo(hook, "u-3", "START");
      plivo(hook, "u-2", "STOP");
      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }
}
