package dev.notify.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsSendersTest {

  private static final SmsSenders SENDERS =
      SmsSenders.of("+12125550100")
          .forPrefix("+44", "Shop")
          .forPrefix("+49", "+4915155501234")
          .forPrefix("+1204", "12345");

  private static final Address BRITISH = Address.sms("+442079460018");
  private static final Address GERMAN = Address.sms("+4915155501299");

  private static final Address AMERICAN = Address.sms("+14155550142");

  @ParameterizedTest
  @CsvSource({
    "+442079460018, Shop",
    "+4915155501299, +4915155501234",
    "+12045550100, 12345",
    "+14155550142, +12125550100",
    "+33123456789, +12125550100"
  })
  void theLongestPrefixChoosesAndTheDefaultTakesTheRest(String number, String sender) {
    assertThat(SENDERS.senderFor(Address.sms(number))).isEqualTo(sender);
  }

  @Test
  void anotherSenderLeavesThoseBeforeAsTheyWere() {
    SmsSenders changed = SENDERS.forPrefix("+44", "Store");

    assertThat(changed.senderFor(BRITISH)).isEqualTo("Store");
    assertThat(SENDERS.senderFor(BRITISH)).isEqualTo("Shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Twelve chars", "Shop\r\nX", "12"})
  void sendersThatAreNoneAreRefused(String sender) {
    String message = "from: must be a number in E.164 form, a short code or a sender name";

    refused(() -> SmsSenders.of(sender), message);
    refused(() -> SENDERS.forPrefix("+33", sender), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "44", "+0", "UK", "+44 20"})
  void prefixesThatAreNoneAreRefused(String prefix) {
    refused(
        () -> SENDERS.forPrefix(prefix, "Shop"),
        "prefix: must be + and the first digits of a number in E.164 form");
  }

  @Test
  void theyDoNotShowTheirNumbers() {
    assertThat(SENDERS).hasToString("SmsSenders[3 prefixes]");
  }

  @Test
  void twilioAsksForEachMessage() throws Exception {
    try (HttpStandIn twilio = HttpStandIn.answering(TwilioFixture.TAKEN);
        TwilioProvider provider = TwilioFixture.builder(twilio).from(SENDERS).build()) {
      assertThat(sentBy(provider, twilio, BRITISH)).contains("&From=Shop&");
      assertThat(sentBy(provider, twilio, GERMAN)).contains("&From=%2B4915155501234&");
    }
  }

  @Test
  void vonageAsksForEachMessage() throws Exception {
    try (HttpStandIn vonage = HttpStandIn.answering(VonageFixture.TAKEN);
        VonageProvider provider = VonageFixture.builder(vonage).from(SENDERS).build()) {
      assertThat(json(sentBy(provider, vonage, BRITISH)).path("from").asText()).isEqualTo("Shop");
      assertThat(json(sentBy(provider, vonage, GERMAN)).path("from").asText())
          .isEqualTo("4915155501234");
    }
  }

  @Test
  void plivoAsksForEachMessage() throws Exception {
    try (HttpStandIn plivo = HttpStandIn.answering(PlivoFixture.TAKEN);
        PlivoProvider provider = PlivoFixture.builder(plivo).from(SENDERS).build()) {
      assertThat(json(sentBy(provider, plivo, BRITISH)).path("src").asText()).isEqualTo("Shop");
      assertThat(json(sentBy(provider, plivo, GERMAN)).path("src").asText())
          .isEqualTo("4915155501234");
    }
  }

  @Test
  void messageBirdAsksForEachMessage() throws Exception {
    try (HttpStandIn bird = HttpStandIn.answering(MessageBirdFixture.TAKEN);
        MessageBirdProvider provider = MessageBirdFixture.builder(bird).from(SENDERS).build()) {
      assertThat(json(sentBy(provider, bird, BRITISH)).path("originator").asText())
          .isEqualTo("Shop");
      assertThat(json(sentBy(provider, bird, GERMAN)).path("originator").asText())
          .isEqualTo("4915155501234");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {21212, 21601, 21603, 21606, 21607, 21659, 21660, 21661, 30034})
  void aSenderThatTwilioRefusesForOnePrefixStopsNobodyElse(int code) {
    String body = "{\"code\":" + code + ",\"status\":400}";
    try (HttpStandIn twilio = HttpStandIn.answering(Response.json(400, body));
        TwilioProvider provider = TwilioFixture.builder(twilio).from(SENDERS).build()) {
      assertOnlyThePrefixIsAtFault(provider, "error " + code);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10})
  void aSenderThatMessageBirdRefusesForOnePrefixStopsNobodyElse(int code) {
    String body = "{\"errors\":[{\"code\":" + code + ",\"parameter\":\"originator\"}]}";
    try (HttpStandIn bird = HttpStandIn.answering(Response.json(422, body));
        MessageBirdProvider provider = MessageBirdFixture.builder(bird).from(SENDERS).build()) {
      assertOnlyThePrefixIsAtFault(provider, "error " + code);
    }
  }

  @Test
  void aSenderThatVonageRefusesStopsNobodyElse() {
    String body = "{\"type\":\"https://developer.vonage.com/api-errors/messages#1120\"}";
    try (HttpStandIn vonage = HttpStandIn.answering(Response.json(422, body));
        VonageProvider provider = VonageFixture.builder(vonage).from(SENDERS).build()) {
      assertThat(sent(provider, BRITISH))
          .isEqualTo(
              Outcome.rejected("the sender for the number's prefix cannot be used (error 1120)"));
      assertThat(sent(provider, AMERICAN))
          .isEqualTo(Outcome.rejected("this account cannot reach the number (error 1120)"));
    }
  }

  private static void assertOnlyThePrefixIsAtFault(ChannelProvider provider, String code) {
    assertThat(sent(provider, BRITISH))
        .isEqualTo(
            Outcome.rejected("the sender for the number's prefix cannot be used (" + code + ")"));
    assertThat(sent(provider, AMERICAN))
        .as("by the sender that is for all others")
        .isEqualTo(Outcome.misconfigured("the sender cannot be used (" + code + ")"));
  }

  private static Outcome sent(ChannelProvider provider, Address address) {
    return provider.deliver(SampleMessages.to(address, Content.ofBody("Hi")));
  }

  @Test
  void theLastSenderThatIsSetCounts() throws Exception {
    try (HttpStandIn twilio = HttpStandIn.answering(TwilioFixture.TAKEN);
        TwilioProvider provider =
            TwilioFixture.builder(twilio).from(SENDERS).from("+12125550199").build()) {
      assertThat(sentBy(provider, twilio, BRITISH)).contains("&From=%2B12125550199&");
    }
  }

  private static String sentBy(ChannelProvider provider, HttpStandIn vendor, Address address)
      throws Exception {
    sent(provider, address);
    return vendor.takeRequest().body();
  }

  private static JsonNode json(String text) throws Exception {
    return JsonMapper.builder().build().readTree(text);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
