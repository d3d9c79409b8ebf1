package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Postmark tells by its webhooks, and what only pretends to come from it. */
class PostmarkWebhookTest {

  private static final Instant AT = Instant.parse("2016-04-27T20:28:50.396393300Z");
  private static final String COMMON = "'MessageID':'m-1','Metadata':{'notify_reference':'r-1'}";

  private final PostmarkWebhook webhook =
      PostmarkWebhook.builder().user("postmark").password("p:ässword").build();

  private static String basic(String userAndPassword) {
    return "Basic " + Base64.getEncoder().encodeToString(Reports.bytes(userAndPassword));
  }

  private static WebhookRequest request(byte[] body) {
    return Reports.request(body, Map.of("Authorization", basic("postmark:p:ässword")));
  }

  private static WebhookRequest request(String fields) {
    return request(Reports.bytes(Reports.json("{" + COMMON + "," + fields + "}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'RecordType':'Delivery','Recipient':'j@x.org','DeliveredAt'; DELIVERED; Delivery",
        "'RecordType':'Open','Recipient':'j@x.org','ReceivedAt'; OPENED; Open",
        "'RecordType':'Click','Recipient':'j@x.org','ReceivedAt'; CLICKED; Click",
        "'RecordType':'SpamComplaint','Type':'SpamComplaint','Email':'j@x.org','BouncedAt';"
            + " COMPLAINED; SpamComplaint SpamComplaint",
        "'RecordType':'SubscriptionChange','SuppressSending':true,"
            + "'SuppressionReason':'ManualSuppression','Recipient':'j@x.org','ChangedAt';"
            + " UNSUBSCRIBED; SubscriptionChange",
      })
  void whatHappenedBecomesAnEvent(String fields, Type type, String cause) {
    // Seven digits of a second, and an offset, as Postmark writes times.
    WebhookReport report = webhook.read(request(fields + ":'2016-04-27T16:28:50.3963933-04:00'"));

    assertThat(report.events())
        .containsExactly(
            new ProviderEvent("postmark", "m-1", type, AT, cause)
                .withReference(Optional.of("r-1"))
                .about(Optional.of("j@x.org")));
  }

  @ParameterizedTest
  @CsvSource({
    "HardBounce, BOUNCED",
    "BadEmailAddress, BOUNCED",
    "ManuallyDeactivated, BOUNCED",
    "Unsubscribe, UNSUBSCRIBED",
    "SpamComplaint, COMPLAINED",
    "SpamNotification, UNDELIVERED",
    "SoftBounce, UNDELIVERED",
    "VirusNotification, UNDELIVERED",
    "Unknown, UNDELIVERED",
    "Unconfirmed, UNDELIVERED",
    "Blocked, UNDELIVERED",
    "SMTPApiError, UNDELIVERED",
    "DMARCPolicy, UNDELIVERED",
    "TemplateRenderingFailed, UNDELIVERED",
    "NewerWord, UNDELIVERED",
  })
  void aBounceIsToldByItsType(String type, Type expected) {
    assertThat(webhook.read(bounce(type)).events())
        .extracting(ProviderEvent::type, ProviderEvent::cause)
        .containsExactly(tuple(expected, "Bounce " + type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transient",
        "DnsError",
        "OpenRelayTest",
        "Subscribe",
        "AutoResponder",
        "AddressChange",
        "ChallengeVerification",
        "InboundError",
      })
  void aBounceThatSettlesNothingIsLeftOut(String type) {
    assertThat(webhook.read(bounce(type))).isEqualTo(WebhookReport.EMPTY);
  }

  private static WebhookRequest bounce(String type) {
    return request(
        "'RecordType':'Bounce','Email':'j@x.org','BouncedAt':'2016-04-27T20:28:50Z','Type':'"
            + type
            + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'RecordType':'Inbound'",
        "'RecordType':'SubscriptionChange','SuppressSending':false",
        "'RecordType':'SubscriptionChange','SuppressSending':false,'Recipient':'<>'",
        "'RecordType':'SubscriptionChange','Recipient':'j@x.org'",
        "'RecordType':'SubscriptionChange','SuppressSending':true,'SuppressionReason':'HardBounce'",
        "'RecordType':12",
        "'Type':'HardBounce'",
      })
  void whatSaysNothingNewIsLeftOut(String fields) {
    assertThat(webhook.read(request(fields))).isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void whoIsReactivatedTakesTheOptOutBack() {
    WebhookReport report =
        webhook.read(
            request(
                "'RecordType':'SubscriptionChange','SuppressSending':false,'Recipient':'j@x.org',"
                    + "'SuppressionReason':null,'ChangedAt':'2016-04-27T16:28:50.3963933-04:00'"));

    assertThat(report)
        .isEqualTo(
            WebhookReport.of(
                new AddressEvent(
                    "postmark",
                    Address.email("j@x.org"),
                    AddressEvent.Type.RESUMED,
                    AT,
                    "reactivated")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"postmark:wrong", "postmark:", "other:p:ässword", "postmark:p", ":", ""})
  void withAnotherUserOrPasswordItIsForged(String userAndPassword) {
    byte[] body = Reports.bytes("{}");

    Reports.refused(
        webhook,
        Why.FORGED,
        Reports.request(body, Map.of("Authorization", basic(userAndPassword))));
  }

  @Test
  void withoutThemItIsForgedBeforeItIsRead() {
    byte[] body = Reports.bytes("{");

    Reports.refused(webhook, Why.FORGED, Reports.request(body, Map.of()));
    Reports.refused(webhook, Why.FORGED, Reports.request(body, Map.of("Authorization", "")));
    Reports.refused(
        webhook, Why.FORGED, Reports.request(body, Map.of("Authorization", "Bearer p:ässword")));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (byte[] body : Reports.SENSELESS) {
      Reports.refused(webhook, Why.MALFORMED, request(body));
    }
    Reports.refused(webhook, Why.MALFORMED, request("'RecordType':'Open'"));
    Reports.refused(
        webhook, Why.MALFORMED, request("'RecordType':'Open','ReceivedAt':'yesterday'"));
  }

  @Test
  void itNeedsAUserAndAPasswordAndDoesNotShowThem() {
    assertThatThrownBy(() -> PostmarkWebhook.builder().password("p").build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("user");
    assertThatThrownBy(() -> PostmarkWebhook.builder().user("u").build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("password");
    // RFC 7617: what stands before the first colon is the user.
    assertThatThrownBy(() -> PostmarkWebhook.builder().user("a:b"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("user");
    assertThatThrownBy(() -> PostmarkWebhook.builder().password(" "))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("password");
    assertThat(webhook).hasToString("PostmarkWebhook[postmark]");
  }
}
