package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Reply.Silence;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import okhttp3.HttpUrl;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Amazon SES tells through SNS, and what only pretends to come from it. */
class SesWebhookTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:SES_Events";
  private static final String HOST = "https://sns.us-east-1.amazonaws.com";
  private static final String CERTIFICATE = HOST + "/SimpleNotificationService-12345abcde.pem";
  private static final String CONFIRM =
      HOST + "/?Action=ConfirmSubscription&TopicArn=" + TOPIC + "&Token=2336412f37";
  private static final String DELIVERY =
      event(
          "Delivery",
          "'delivery':{'timestamp':'2026-03-02T11:59:58.133Z','recipients':['j@x.org']}");
  private static final Reply SILENCE = new Silence(Outcome.unknown("no answer"));

  private final List<String> visited = new ArrayList<>();
  private Reply certificate = SnsSigner.AMAZON.pem();
  private Reply confirmation = new Answer(200, Optional.empty(), "<ConfirmSubscriptionResponse/>");
  private HeldCertificate trusted = SnsSigner.ROOT;
  private final SesWebhook webhook = at(NOW);

  private SesWebhook at(Instant now) {
    return SesWebhook.builder()
        .topicArn("arn:aws:sns:eu-west-1:123456789012:other")
        .topicArn(TOPIC)
        .clock(InstantSource.fixed(now))
        .anchors(() -> Set.of(new TrustAnchor(trusted.certificate(), null)))
        .web(
            url -> {
              visited.add(url.toString());
              return url.encodedPath().endsWith(".pem") ? certificate : confirmation;
            })
        .build();
  }

  private static String event(String type, String part) {
    return Reports.json(
        "{'eventType':'"
            + type
            + "','mail':{'timestamp':'2026-03-02T11:59:50Z','messageId':'m-1',"
            + "'destination':['j@x.org'],'tags':{'notify_reference':['r-1']}},"
            + part
            + "}");
  }

  private static Map<String, String> notification(String message) {
    return new TreeMap<>(
        Map.of(
            "Type", "Notification",
            "MessageId", "19ba9823-d7f2-53c1-860e-cb10e0d13dfc",
            "TopicArn", TOPIC,
            "Subject", "Amazon SES Email Event Notification",
            "Message", message,
            "Timestamp", "2026-03-02T11:59:59.675Z",
            "SignatureVersion", "2",
            "SigningCertURL", CERTIFICATE,
            "UnsubscribeURL", HOST + "/?Action=Unsubscribe"));
  }

  private static Map<String, String> confirmation(String type) {
    return new TreeMap<>(
        Map.of(
            "Type", type,
            "MessageId", "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
            "Token", "2336412f37",
            "TopicArn", TOPIC,
            "Message", "You have chosen to subscribe to the topic.\nTo confirm, visit the URL.",
            "SubscribeURL", CONFIRM,
            "Timestamp", "2026-03-02T11:59:59.751Z",
            "SignatureVersion", "2",
            "SigningCertURL", CERTIFICATE));
  }

  private static Map<String, String> with(Map<String, String> fields, String name, String value) {
    Map<String, String> changed = new TreeMap<>(fields);
    changed.put(name, value);
    return changed;
  }

  private static WebhookRequest request(Map<String, String> fields) {
    try {
      return Reports.request(
          new ObjectMapper().writeValueAsBytes(fields),
          Map.of("x-amz-sns-topic-arn", TOPIC, "Content-Type", "text/plain; charset=UTF-8"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static WebhookRequest signed(Map<String, String> fields) {
    return request(SnsSigner.AMAZON.sign(fields));
  }

  private List<ProviderEvent> events(String message) {
    return webhook.read(signed(notification(message))).events();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void whatSnsSignedIsBelieved(String version) {
    Map<String, String> fields = with(notification(DELIVERY), "SignatureVersion", version);

    assertThat(webhook.read(signed(fields)).events())
        .containsExactly(
            new ProviderEvent(
                    "ses",
                    "m-1",
                    Type.DELIVERED,
                    Instant.parse("2026-03-02T11:59:58.133Z"),
                    "Delivery")
                .withReference(Optional.of("r-1"))
                .about(Optional.of("j@x.org")));
    assertThat(visited).containsExactly(CERTIFICATE);
  }

  @Test
  void recipientsThatAreNoListAreNobody() {
    String open = event("Open", "'open':{'timestamp':'2026-03-02T11:59:58Z'}");

    assertThat(events(open.replace("[\"j@x.org\"]", "{\"0\":\"j@x.org\"}")))
        .extracting(ProviderEvent::recipient)
        .containsExactly(Optional.empty());
  }

  @Test
  void theSubjectIsSignedOnlyIfThereIsOne() {
    Map<String, String> fields = notification(DELIVERY);
    fields.remove("Subject");

    assertThat(webhook.read(signed(fields)).events()).hasSize(1);
    Reports.refused(
        webhook, Why.FORGED, request(with(SnsSigner.AMAZON.sign(fields), "Subject", "new")));
  }

  @Test
  void aCertificateIsReadOnce() {
    webhook.read(signed(notification(DELIVERY)));
    webhook.read(signed(notification(DELIVERY)));

    assertThat(visited).containsExactly(CERTIFICATE);
  }

  @Test
  void onlyAFewCertificatesAreKept() {
    for (int i = 0; i < 20; i++) {
      String address = HOST + "/" + i + ".pem";
      webhook.read(signed(with(notification(DELIVERY), "SigningCertURL", address)));
    }
    webhook.read(signed(with(notification(DELIVERY), "SigningCertURL", HOST + "/19.pem")));
    assertThat(visited).hasSize(20);

    webhook.read(signed(with(notification(DELIVERY), "SigningCertURL", HOST + "/0.pem")));
    assertThat(visited).hasSize(21);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Message",
        "MessageId",
        "Subject",
        "Timestamp",
        "TopicArn",
        "Type",
        "Signature",
        "SignatureVersion",
        "SigningCertURL",
      })
  void whatWasChangedOrTakenAwayIsForged(String field) {
    Map<String, String> real = SnsSigner.AMAZON.sign(notification(DELIVERY));
    Map<String, String> without = new TreeMap<>(real);
    without.remove(field);

    Reports.refused(webhook, Why.FORGED, request(with(real, field, "3" + real.get(field))));
    Reports.refused(webhook, Why.FORGED, request(without));
  }

  @Test
  void whatSomebodyElseSignedIsForged() {
    Map<String, String> fields = SnsSigner.SOMEBODY.sign(notification(DELIVERY));

    Reports.refused(webhook, Why.FORGED, request(fields));
    Reports.refused(webhook, Why.FORGED, request(with(fields, "Signature", "AAAA")));
    Reports.refused(webhook, Why.FORGED, request(with(fields, "Signature", "no base64!")));
    Reports.refused(webhook, Why.FORGED, request(with(fields, "Signature", "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.us-east-1.amazonaws.com/x.pem",
        "https://sns.us-east-1.amazonaws.com:8443/x.pem",
        "https://sns.us-east-1.amazonaws.com/x.pem.txt",
        "https://sns.us-east-1.amazonaws.com/x?y=.pem",
        "https://sns.us-east-1.amazonaws.com/x.pem?again=1",
        "https://user@sns.us-east-1.amazonaws.com/x.pem",
        "https://user:word@sns.us-east-1.amazonaws.com/x.pem",
        "https://sns.us-east-1.amazonaws.com@example.com/x.pem",
        "https://sns.us-east-1.amazonaws.com.example.com/x.pem",
        "https://example.com/sns.us-east-1.amazonaws.com/x.pem",
        "https://bucket.s3.amazonaws.com/x.pem",
        "https://sns.s3.us-east-1.amazonaws.com/x.pem",
        "https://sns.s3-us-west-2.amazonaws.com/x.pem",
        "https://sns.s3-website-us-west-2.amazonaws.com/x.pem",
        "https://sns.execute-api.us-west-2.amazonaws.com/x.pem",
        "https://xsns.us-east-1.amazonaws.com/x.pem",
        "https://sns.a.amazonaws.com/x.pem",
        "https://sns.amazonaws.com/x.pem",
        "https://169.254.169.254/x.pem",
        "file:///etc/x.pem",
        "x.pem",
      })
  void aCertificateOfAnotherPlaceIsNotEvenRead(String address) {
    Reports.refused(
        webhook, Why.FORGED, signed(with(notification(DELIVERY), "SigningCertURL", address)));
    assertThat(visited).isEmpty();
  }

  @Test
  void chinaHasADomainOfItsOwn() {
    String address = "https://sns.cn-north-1.amazonaws.com.cn/x.pem";

    assertThat(
            webhook.read(signed(with(notification(DELIVERY), "SigningCertURL", address))).events())
        .hasSize(1);
  }

  @Test
  void aTopicThatIsNotOursIsForgedThoughSnsSignedIt() {
    String other = "arn:aws:sns:us-east-1:999999999999:SES_Events";
    WebhookRequest real = signed(notification(DELIVERY));

    Reports.refused(webhook, Why.FORGED, signed(with(notification(DELIVERY), "TopicArn", other)));
    Reports.refused(
        webhook, Why.FORGED, Reports.request(real.body(), Map.of("x-amz-sns-topic-arn", other)));
    assertThat(visited).isEmpty();
    assertThat(webhook.read(Reports.request(real.body(), Map.of())).events()).hasSize(1);
  }

  @Test
  void aMessageIsBelievedForADay() {
    WebhookRequest yesterday =
        signed(with(notification(DELIVERY), "Timestamp", "2026-03-01T12:00:01Z"));
    WebhookRequest before =
        signed(with(notification(DELIVERY), "Timestamp", "2026-03-01T11:59:59Z"));
    WebhookRequest ahead =
        signed(with(notification(DELIVERY), "Timestamp", "2026-03-02T12:06:00Z"));

    assertThat(webhook.read(yesterday).events()).hasSize(1);
    Reports.refused(webhook, Why.STALE, before);
    Reports.refused(webhook, Why.STALE, ahead);
  }

  @Test
  void aCertificateThatIsNotValidNowProvesNothing() {
    Reports.refused(at(NOW.plus(Duration.ofDays(3))), Why.FORGED, signed(notification(DELIVERY)));
    Reports.refused(at(NOW.minus(Duration.ofDays(3))), Why.FORGED, signed(notification(DELIVERY)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sns.amazonaws.com",
        "sns.eu-west-1.amazonaws.com",
        "sns-us-gov-west-1.amazonaws.com",
        "sns-cn-north-1.amazonaws.com.cn",
        "sns-signing.ap-southeast-3.amazonaws.com",
      })
  void snsSignsByDifferentNamesInDifferentRegions(String name) {
    assertThat(SnsTrust.isOfSns(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "s3.amazonaws.com",
        "*.amazonaws.com",
        "sns.s3.amazonaws.com",
        "sns.s3-us-west-2.amazonaws.com",
        "xsns.amazonaws.com",
        "x.sns.amazonaws.com",
        "sns.amazonaws.com.example.com",
        "sns.amazonaws.community",
      })
  void noOtherNameIsOfSns(String name) {
    assertThat(SnsTrust.isOfSns(name)).isFalse();
  }

  @Test
  void aCertificateInSnssNameIsBelievedWhereverTheNameStands() {
    for (SnsSigner signer :
        List.of(
            SnsSigner.named("sns.amazonaws.com"),
            SnsSigner.named("sns.amazonaws.com", "sns.amazonaws.com"),
            SnsSigner.named("Simple Notification Service", "x.org", "sns.amazonaws.com"))) {
      certificate = signer.pem();

      assertThat(at(NOW).read(request(signer.sign(notification(DELIVERY)))).events()).hasSize(1);
    }
  }

  @Test
  void aCertificateInAnotherNameProvesNothing() {
    for (SnsSigner signer :
        List.of(
            SnsSigner.named("example.com"),
            SnsSigner.named("O=x,CN=sns.amazonaws.com"),
            SnsSigner.named("sns.amazonaws.com", "example.com"))) {
      certificate = signer.pem();

      Reports.refused(at(NOW), Why.FORGED, request(signer.sign(notification(DELIVERY))));
    }
  }

  @Test
  void certificatesThatComeWithItHaveToLeadToSomebodyTrusted() {
    certificate = SnsSigner.AMAZON.pem(SnsSigner.BETWEEN);
    assertThat(at(NOW).read(signed(notification(DELIVERY))).events()).hasSize(1);
    certificate = SnsSigner.AMAZON.pem(SnsSigner.ROOT, SnsSigner.BETWEEN);
    assertThat(at(NOW).read(signed(notification(DELIVERY))).events()).as("any order").hasSize(1);

    certificate = SnsSigner.AMAZON.pem(SnsSigner.ROOT);
    Reports.refused(at(NOW), Why.FORGED, signed(notification(DELIVERY)));
    certificate = SnsSigner.AMAZON.pem(SnsSigner.BETWEEN, SnsSigner.ROOT);
    trusted = new HeldCertificate.Builder().commonName("Somebody").certificateAuthority(1).build();
    Reports.refused(at(NOW), Why.FORGED, signed(notification(DELIVERY)));
  }

  @Test
  void unlessToldOtherwiseThoseAreTrustedWhomThePlatformTrusts() {
    assertThat(SnsTrust.ofPlatform()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"404, FORGED", "302, FORGED", "200, FORGED", "503, UNDECIDED", "429, UNDECIDED"})
  void withoutTheCertificateNothingIsBelieved(int status, Why why) {
    certificate = new Answer(status, Optional.empty(), "-----BEGIN CERTIFICATE-----\nAAAA");

    Reports.refused(webhook, why, signed(notification(DELIVERY)));
    assertThat(visited).containsExactly(CERTIFICATE);
  }

  @Test
  void aCertificateThatCouldNotBeReadIsReadNextTime() {
    certificate = SILENCE;
    Reports.refused(webhook, Why.UNDECIDED, signed(notification(DELIVERY)));
    certificate = SnsSigner.AMAZON.pem();

    assertThat(events(DELIVERY)).hasSize(1);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    byte[] real = signed(notification(DELIVERY)).body();

    for (byte[] body : Reports.SENSELESS) {
      Reports.refused(webhook, Why.MALFORMED, Reports.request(body, Map.of()));
    }
    Reports.refused(
        webhook, Why.MALFORMED, Reports.request(Arrays.copyOf(real, real.length / 2), Map.of()));
    Reports.refused(
        webhook, Why.MALFORMED, signed(with(notification(DELIVERY), "Timestamp", "yesterday")));
    Reports.refused(
        webhook, Why.MALFORMED, signed(notification(event("Open", "'open':{'timestamp':'soon'}"))));
    Reports.refused(webhook, Why.FORGED, Reports.request(Reports.bytes(DELIVERY), Map.of()));
    Reports.refused(webhook, Why.FORGED, Reports.request(Reports.bytes("[]"), Map.of()));
  }

  @Test
  void aSubscriptionIsConfirmedByOneCall() {
    assertThat(webhook.read(signed(confirmation("SubscriptionConfirmation"))))
        .isEqualTo(WebhookReport.EMPTY);

    assertThat(visited).containsExactly(CERTIFICATE, CONFIRM);
  }

  @Test
  void aConfirmationThatFailsIsToBeAskedForAgain() {
    for (Reply fault : List.of(SILENCE, status(302), status(400), status(429), status(503))) {
      confirmation = fault;
      visited.clear();

      Reports.refused(webhook, Why.UNDECIDED, signed(confirmation("SubscriptionConfirmation")));
      assertThat(visited).containsOnlyOnce(CONFIRM);
    }
    confirmation = status(200);

    assertThat(webhook.read(signed(confirmation("SubscriptionConfirmation"))))
        .isEqualTo(WebhookReport.EMPTY);
  }

  private static Answer status(int status) {
    return new Answer(status, Optional.empty(), "no such token 2336412f37");
  }

  @Test
  void theTokenIsNotShown() {
    List<String> lines = new CopyOnWriteArrayList<>();
    Logger root = Logger.getLogger("");
    Handler recorder =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().format(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    root.addHandler(recorder);
    try {
      for (Reply reply : List.of(SILENCE, status(400), status(200))) {
        confirmation = reply;
        try {
          webhook.read(signed(confirmation("SubscriptionConfirmation")));
        } catch (WebhookRefusedException e) {
          lines.add(e.toString());
        }
      }
    } finally {
      root.removeHandler(recorder);
    }

    assertThat(lines).hasSizeGreaterThanOrEqualTo(2).noneMatch(line -> line.contains("2336412f37"));
  }

  @Test
  void whereAnAddressLeadsOnIsNotFollowed() {
    Response elsewhere = Response.json(302, "").with("Location", "/elsewhere");
    try (HttpStandIn sns = HttpStandIn.answering(elsewhere)) {
      HttpUrl url = HttpUrl.get(sns.url()).newBuilder().addPathSegment("x.pem").build();

      assertThat(SesWebhook.web(SesWebhook.open("ses", InstantSource.fixed(NOW))).apply(url))
          .isInstanceOfSatisfying(
              Answer.class, answer -> assertThat(answer.status()).isEqualTo(302));
      assertThat(sns.requests())
          .extracting(HttpStandIn.Request::method, HttpStandIn.Request::target)
          .containsExactly(tuple("GET", "/x.pem"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/?Action=ConfirmSubscription",
        "http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.us-east-1.amazonaws.com@example.com/",
        "https://169.254.169.254/latest/meta-data",
      })
  void nothingElseIsCalledToConfirm(String address) {
    Reports.refused(
        webhook,
        Why.FORGED,
        signed(with(confirmation("SubscriptionConfirmation"), "SubscribeURL", address)));
    assertThat(visited).containsExactly(CERTIFICATE);
  }

  @Test
  void aForgedOrStaleConfirmationIsNotCalled() {
    Map<String, String> fields = confirmation("SubscriptionConfirmation");

    Reports.refused(webhook, Why.FORGED, request(SnsSigner.SOMEBODY.sign(fields)));
    Reports.refused(
        webhook, Why.FORGED, request(with(SnsSigner.AMAZON.sign(fields), "Token", "another")));
    Reports.refused(webhook, Why.STALE, signed(with(fields, "Timestamp", "2026-02-27T12:00:00Z")));
    assertThat(visited).doesNotContain(CONFIRM);
  }

  @Test
  void anEndedSubscriptionIsNotRenewed() {
    assertThat(webhook.read(signed(confirmation("UnsubscribeConfirmation"))))
        .isEqualTo(WebhookReport.EMPTY);
    assertThat(visited).containsExactly(CERTIFICATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "{",
        "12",
        "[]",
        "{}",
      })
  void aMessageThatIsNoEventIsNoNews(String message) {
    assertThat(webhook.read(signed(notification(message)))).isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "Permanent, General, BOUNCED",
    "Permanent, NoEmail, BOUNCED",
    "Permanent, Suppressed, BOUNCED",
    "Permanent, OnAccountSuppressionList, BOUNCED",
    "Permanent, OnTenantSuppressionList, BOUNCED",
    "Permanent, UnsubscribedRecipient, UNSUBSCRIBED",
    "Transient, MailboxFull, UNDELIVERED",
    "Transient, MessageTooLarge, UNDELIVERED",
    "Transient, ContentRejected, UNDELIVERED",
    "Transient, AttachmentRejected, UNDELIVERED",
    "Transient, CustomTimeoutExceeded, UNDELIVERED",
    "Undetermined, Undetermined, UNDELIVERED",
  })
  void aBounceIsToldByItsTypes(String type, String subType, Type expected) {
    assertThat(events(bounce(type, subType)))
        .extracting(ProviderEvent::type, ProviderEvent::recipient, ProviderEvent::cause)
        .containsExactly(
            tuple(expected, Optional.of("j@x.org"), "Bounce " + type + " " + subType),
            tuple(expected, Optional.of("k@x.org"), "Bounce " + type + " " + subType));
  }

  @Test
  void anOutOfOfficeAnswerIsNoBounce() {
    assertThat(events(bounce("Transient", "General"))).isEmpty();
  }

  private static String bounce(String type, String subType) {
    return event(
        "Bounce",
        "'bounce':{'bounceType':'"
            + type
            + "','bounceSubType':'"
            + subType
            + "','timestamp':'2026-03-02T11:59:58Z','bouncedRecipients':["
            + "{'emailAddress':'j@x.org','diagnosticCode':'smtp; 550 5.1.1 user unknown'},"
            + "{'emailAddress':'Kim <k@x.org>'}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'complaintFeedbackType':'abuse'; Complaint abuse",
        "'complaintFeedbackType':'fraud'; Complaint fraud",
        "'complaintFeedbackType':null; Complaint",
        "'complaintSubType':'OnAccountSuppressionList'; Complaint",
      })
  void aComplaintIsOne(String fields, String cause) {
    assertThat(events(complaint(fields)))
        .extracting(ProviderEvent::type, ProviderEvent::recipient, ProviderEvent::cause)
        .containsExactly(tuple(Type.COMPLAINED, Optional.of("j@x.org"), cause));
  }

  @Test
  void whoSaysThatItWasNoSpamDoesNotComplain() {
    assertThat(events(complaint("'complaintFeedbackType':'not-spam'"))).isEmpty();
  }

  private static String complaint(String fields) {
    return event(
        "Complaint",
        "'complaint':{'timestamp':'2026-03-02T11:59:58Z',"
            + "'complainedRecipients':[{'emailAddress':'j@x.org'}],"
            + fields
            + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "Open; 'open':{'timestamp':'2026-03-02T11:59:50Z'}; OPENED",
        "Click; 'click':{'timestamp':'2026-03-02T11:59:50Z','link':'https://x.org'}; CLICKED",
        "Reject; 'reject':{'reason':'Bad content'}; UNDELIVERED",
        "Rendering Failure; 'failure':{'errorMessage':'no name'}; UNDELIVERED",
        "Subscription; 'subscription':{'timestamp':'2026-03-02T11:59:50Z',"
            + "'newTopicPreferences':{'unsubscribeAll':true}}; UNSUBSCRIBED",
      })
  void whatIsAboutTheWholeMailIsAboutItsOnlyRecipient(String name, String part, Type type) {
    ProviderEvent expected =
        new ProviderEvent("ses", "m-1", type, Instant.parse("2026-03-02T11:59:50Z"), name)
            .withReference(Optional.of("r-1"));

    assertThat(events(event(name, part))).containsExactly(expected.about(Optional.of("j@x.org")));
    assertThat(events(event(name, part).replace("[\"j@x.org\"]", "[\"j@x.org\",\"k@x.org\"]")))
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "Send; 'send':{}",
        "DeliveryDelay; 'deliveryDelay':{'delayedRecipients':[{'emailAddress':'j@x.org'}]}",
        "Subscription; 'subscription':{'newTopicPreferences':{'unsubscribeAll':false}}",
        "NewerWord; 'newer':{}",
      })
  void whatSaysNothingNewIsLeftOut(String name, String part) {
    assertThat(webhook.read(signed(notification(event(name, part)))))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void anIdentitysNotificationHasAnotherNameForTheTypeAndNoTags() {
    String message = DELIVERY.replace("eventType", "notificationType").replace("notify_", "other_");

    assertThat(events(message))
        .extracting(ProviderEvent::type, ProviderEvent::providerMessageId, ProviderEvent::reference)
        .containsExactly(tuple(Type.DELIVERED, "m-1", Optional.empty()));
  }

  @Test
  void itNeedsATopic() {
    assertThatThrownBy(() -> SesWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("topicArn");
    assertThatThrownBy(() -> SesWebhook.builder().topicArn("SES_Events"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("topicArn");
    assertThat(webhook).hasToString("SesWebhook[ses]");
  }
}
