package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.http.WebhookProof;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import dev.notify.test.VirtualClock;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports of which one part is right. */
class ReportsThatAreHalfTrueTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final String KEY = "example-webhook-signing-key";
  private static final String TOKEN = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0";

  private static String hash(String key) {
    return HexFormat.of()
        .formatHex(
            WebhookProof.hmac(
                "HmacSHA256", Reports.bytes(key), Reports.bytes(NOW.getEpochSecond() + TOKEN)));
  }

  private static WebhookRequest mailgun(String signatures, String event) {
    return WebhookRequest.of(
        Map.of(),
        Reports.bytes(
            Reports.json(
                "{'signature':{'timestamp':'"
                    + NOW.getEpochSecond()
                    + "','token':'"
                    + TOKEN
                    + "',"
                    + signatures
                    + "},'event-data':{'recipient':'jane@example.org','timestamp':1772452800.25,"
                    + "'message':{'headers':{'message-id':'m-1@example.org'}},'event':'"
                    + event
                    + "'}}")));
  }

  private static MailgunWebhook mailgun() {
    return MailgunWebhook.builder().signingKey(KEY).clock(InstantSource.fixed(NOW)).build();
  }

  @Test
  void mailgunsTokenCarriesNoSecondStory() {
    MailgunWebhook webhook = mailgun();
    String signature = "'signature':'" + hash(KEY) + "'";
    webhook.read(mailgun(signature, "opened"));

    // Repeated by Mailgun itself: the same again, which changes nothing.
    webhook.read(mailgun(signature, "opened"));
    // By somebody who saw one and wants an address suppressed.
    assertThatThrownBy(() -> webhook.read(mailgun(signature, "complained")))
        .isInstanceOf(WebhookRefusedException.class);
  }

  @Test
  void anEventOfASubaccountIsProvedByTheAccountsKey() {
    String signatures =
        "'signature':'"
            + hash("key of the subaccount")
            + "','parent-signature':'"
            + hash(KEY)
            + "'";

    assertThat(mailgun().read(mailgun(signatures, "opened")).events()).hasSize(1);
  }

  @Test
  void mailgunsTokenIsRememberedAsLongAsItIsBelieved() {
    var clock = VirtualClock.at(NOW.toString());
    MailgunWebhook webhook = MailgunWebhook.builder().signingKey(KEY).clock(clock).build();
    String signature = "'signature':'" + hash(KEY) + "'";
    webhook.read(mailgun(signature, "opened"));

    clock.advance(Duration.ofHours(9));
    assertThatThrownBy(() -> webhook.read(mailgun(signature, "complained")))
        .hasMessageContaining("another event");
    clock.advance(Duration.ofMinutes(6));
    assertThatThrownBy(() -> webhook.read(mailgun(signature, "complained")))
        .hasMessageContaining("minutes from now");
  }

  @Test
  void aSignatureByNeitherKeyIsForged() {
    for (String signatures :
        List.of(
            "'parent-signature':'" + hash("another") + "'",
            "'signature':'" + hash("another") + "','parent-signature':'" + hash("a third") + "'",
            "'signature':'','parent-signature':''")) {
      assertThatThrownBy(() -> mailgun().read(mailgun(signatures, "opened")))
          .isInstanceOf(WebhookRefusedException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"apple, true", "gmail, true", "generic, true", "'', false"})
  void anOpenThatMailgunTakesForABotsIsNoPersons(String bot, boolean isByMachine) {
    String event = "opened','client-info':{'client-type':'browser','bot':'" + bot + "'},'x':'";

    assertThat(mailgun().read(mailgun("'signature':'" + hash(KEY) + "'", event)).events())
        .extracting(ProviderEvent::isByMachine)
        .containsExactly(isByMachine);
  }

  private static WebhookReport sendGrid(String json) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    byte[] body = Reports.bytes(Reports.json(json));
    String time = "" + NOW.getEpochSecond();
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(keys.getPrivate());
    signer.update(Reports.bytes(time));
    signer.update(body);
    return SendGridWebhook.builder()
        .verificationKey(Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()))
        .clock(InstantSource.fixed(NOW))
        .build()
        .read(
            Reports.request(
                body,
                Map.of(
                    "X-Twilio-Email-Event-Webhook-Signature",
                    Base64.getEncoder().encodeToString(signer.sign()),
                    "X-Twilio-Email-Event-Webhook-Timestamp",
                    time)));
  }

  @Test
  void oneEventThatCannotBeReadLosesNoOther() throws Exception {
    WebhookReport report =
        sendGrid(
            "[{'event':'open','email':'a@example.org','sg_message_id':'M1'},"
                + "{'event':'spamreport','email':'b@example.org','sg_message_id':'M2',"
                + "'timestamp':1772452800}]");

    assertThat(report.events()).extracting(ProviderEvent::type).contains(Type.COMPLAINED);
  }

  @Test
  void anOpenThatSendGridMarksAsAMachinesIsNoPersons() throws Exception {
    // An OPENED without a mark ends an escalation.
    WebhookReport report =
        sendGrid(
            "[{'event':'open','email':'a@example.org','sg_message_id':'M1','timestamp':1772452800,"
                + "'sg_machine_open':true}]");

    assertThat(report.events())
        .filteredOn(event -> event.type() == Type.OPENED && !event.cause().contains("machine"))
        .isEmpty();
  }
}
