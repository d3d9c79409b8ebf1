package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.http.WebhookProof;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Mailgun tells by its webhooks, and what only pretends to come from it. */
class MailgunWebhookTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final String KEY = "example-webhook-signing-key";
  private static final String TOKEN = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0";
  private static final String COMMON =
      "'recipient':'jane@example.org','timestamp':1772452800.25,"
          + "'message':{'headers':{'message-id':'m-1@example.org'}},"
          + "'user-variables':{'notify_reference':'r-1'}";

  private final MailgunWebhook webhook = at(NOW);

  private static MailgunWebhook at(Instant now) {
    return MailgunWebhook.builder().signingKey(KEY).clock(InstantSource.fixed(now)).build();
  }

  private static WebhookRequest request(String json) {
    return WebhookRequest.of(Map.of(), Reports.bytes(Reports.json(json)));
  }

  private static String signature(String time, String token, String hex) {
    return "'signature':{'timestamp':'"
        + time
        + "','token':'"
        + token
        + "','signature':'"
        + hex
        + "'}";
  }

  private static WebhookRequest signed(Instant at, String event) {
    String time = "" + at.getEpochSecond();
    byte[] hash = WebhookProof.hmac("HmacSHA256", Reports.bytes(KEY), Reports.bytes(time + TOKEN));
    return request(
        "{"
            + signature(time, TOKEN, HexFormat.of().formatHex(hash))
            + ",'event-data':"
            + event
            + "}");
  }

  @Test
  void aSignatureThatAnotherProgramComputedIsBelieved() {
    WebhookRequest request =
        request(
            "{"
                + signature(
                    "1529006854",
                    TOKEN,
                    "53476059d7f95d198e7c1dee4be73ba7c3c57df9d3f095720ed7154d6ade5af3")
                + ",'event-data':{"
                + COMMON
                + ",'event':'opened'}}");

    assertThat(at(Instant.ofEpochSecond(1_529_006_860)).read(request).events())
        .extracting(ProviderEvent::type)
        .containsExactly(Type.OPENED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'event':'delivered','delivery-status':{'code':250}; DELIVERED; delivered 250",
        "'event':'opened'; OPENED; opened",
        "'event':'clicked'; CLICKED; clicked",
        "'event':'complained'; COMPLAINED; complained",
        "'event':'unsubscribed'; UNSUBSCRIBED; unsubscribed",
        "'event':'rejected','reject':{'reason':'Sandbox'}; UNDELIVERED; rejected",
      })
  void whatHappenedBecomesAnEvent(String fields, Type type, String cause) {
    WebhookReport report = webhook.read(signed(NOW, "{" + COMMON + "," + fields + "}"));

    assertThat(report.events())
        .containsExactly(
            new ProviderEvent("mailgun", "m-1@example.org", type, NOW.plusMillis(250), cause)
                .withReference(Optional.of("r-1"))
                .about(Optional.of("jane@example.org")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "bounce; 'code':550,'enhanced-code':'5.1.1'; BOUNCED; failed bounce 550",
        "bounce; 'code':550,'message':'5.1.1 The account does not exist'; BOUNCED; failed bounce 550",
        "bounce; 'code':550,'enhanced-code':'5.1.10'; BOUNCED; failed bounce 550",
        "bounce; 'code':550,'enhanced-code':'5.2.1'; BOUNCED; failed bounce 550",
        "bounce; 'code':553,'enhanced-code':'5.1.8'; UNDELIVERED; failed bounce 553",
        "bounce; 'code':550,'enhanced-code':'5.2.10'; UNDELIVERED; failed bounce 550",
        "bounce; 'code':552,'enhanced-code':'5.2.2'; UNDELIVERED; failed bounce 552",
        "bounce; 'code':550,'enhanced-code':'5.7.1'; UNDELIVERED; failed bounce 550",
        "generic; 'code':498,'message':'No MX for example.org'; UNDELIVERED; failed generic 498",
        "old; 'code':602; UNDELIVERED; failed old 602",
        "suppress-bounce; 'code':605; BOUNCED; failed suppress-bounce 605",
        "suppress-unsubscribe; 'code':606; UNSUBSCRIBED; failed suppress-unsubscribe 606",
        "suppress-complaint; 'code':607; COMPLAINED; failed suppress-complaint 607",
        "'<x@y>'; 'code':550; UNDELIVERED; failed xy 550",
      })
  void aFailureForGoodIsToldByItsReason(String reason, String status, Type type, String cause) {
    String event =
        "{"
            + COMMON
            + ",'event':'failed','severity':'permanent','reason':'"
            + reason.replace("'", "")
            + "','delivery-status':{"
            + status
            + "}}";

    assertThat(webhook.read(signed(NOW, event)).events())
        .extracting(ProviderEvent::type, ProviderEvent::cause)
        .containsExactly(tuple(type, cause));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'event':'accepted'",
        "'event':'stored'",
        "'event':'failed','severity':'temporary','reason':'generic'",
        "'event':'newer-word'",
        "'event':12",
        "'id':'no event at all'",
      })
  void whatSaysNothingNewIsLeftOut(String fields) {
    assertThat(webhook.read(signed(NOW, "{" + COMMON + "," + fields + "}")))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void whatIsForgedIsRefused() {
    String real = signed(NOW, "{" + COMMON + ",'event':'opened'}").text().replace('"', '\'');

    Reports.refused(webhook, Why.FORGED, request(real.replace(TOKEN, TOKEN + "0")));
    Reports.refused(
        webhook,
        Why.FORGED,
        request(real.replace("'timestamp':'1772452800", "'timestamp':'1772452801")));
    Reports.refused(webhook, Why.FORGED, request("{" + signature("1772452800", TOKEN, "") + "}"));
    Reports.refused(
        webhook, Why.FORGED, request("{" + signature("1772452800", TOKEN, "no hex") + "}"));
    Reports.refused(webhook, Why.FORGED, request("{'event-data':{'event':'opened'}}"));
    Reports.refused(webhook, Why.FORGED, request("{'signature':'text'}"));
    Reports.refused(webhook, Why.FORGED, request("[]"));
  }

  @Test
  void aReportIsBelievedAsLongAsMailgunRepeatsIt() {
    String event = "{" + COMMON + ",'event':'opened'}";

    assertThat(webhook.read(signed(NOW.minus(Duration.ofHours(8)), event)).events()).hasSize(1);
    Reports.refused(webhook, Why.STALE, signed(NOW.minus(Duration.ofHours(10)), event));
    Reports.refused(webhook, Why.STALE, signed(NOW.plus(Duration.ofMinutes(6)), event));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (byte[] body : Reports.SENSELESS) {
      Reports.refused(webhook, Why.MALFORMED, WebhookRequest.of(Map.of(), body));
    }
    Reports.refused(webhook, Why.MALFORMED, signed(NOW, "{'event':'opened','timestamp':'soon'}"));
    Reports.refused(at(NOW), Why.MALFORMED, signed(NOW, "{'event':'opened'}"));
  }

  @Test
  void itNeedsTheSigningKeyAndDoesNotShowIt() {
    assertThatThrownBy(() -> MailgunWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("signingKey");
    assertThatThrownBy(() -> MailgunWebhook.builder().signingKey(" "))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("signingKey");
    assertThat(webhook).hasToString("MailgunWebhook[mailgun]");
  }
}
