package dev.notify.sms;

import static dev.notify.sms.TwilioFixture.ACCOUNT;
import static dev.notify.sms.TwilioFixture.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioConfigurationTest {

  private static final Map<String, String> COMPLETE =
      Map.of("account-sid", ACCOUNT, "auth-token", "hush-hush-token", "from", "+15550100");

  @Test
  void accountTokenAndSenderAreEnough() {
    try (TwilioProvider provider = complete().build()) {
      assertThat(provider).hasToString("TwilioProvider[twilio]");
      assertThat(provider.isIdempotent()).isFalse();
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    refused(
        () -> TwilioProvider.builder().authToken("t").from("+15550100").build(),
        "accountSid: must be set");
    refused(
        () -> TwilioProvider.builder().accountSid(ACCOUNT).from("+15550100").build(),
        "authToken: must be set");
  }

  @Test
  void exactlyOneOfSenderAndServiceIsNeeded() {
    String message = "from, messagingServiceSid: exactly one of them must be set";

    refused(() -> complete().messagingServiceSid(SERVICE).build(), message);
    refused(() -> TwilioProvider.builder().accountSid(ACCOUNT).authToken("t").build(), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+15550100", "+4915112345678", "12345", "Shop", "My Shop 24", "4Shop", "A"})
  void sendersAreNumbersShortCodesAndNames(String from) {
    try (TwilioProvider provider = complete().from(from).build()) {
      assertThat(provider.name()).isEqualTo("twilio");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "5550100555010",
        "+0123456",
        "Twelve chars",
        "Shop!",
        "+1 555 0100",
        "12"
      })
  void otherSendersAreRefused(String from) {
    refused(
        () -> complete().from(from),
        "from: must be a number in E.164 form, a short code or a sender name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AC",
        "AC0123456789abcdef0123456789abcdeg",
        "SK0123456789abcdef0123456789abcdef",
        "AC0123456789abcdef0123456789abcdef/"
      })
  void accountsThatAreNoneAreRefused(String account) {
    refused(
        () -> complete().accountSid(account), "accountSid: must be AC and 32 hexadecimal digits");
  }

  @Test
  void aTokenWithASpaceIsRefusedWithoutShowingIt() {
    refused(
        () -> complete().authToken("hush hush"),
        "authToken: must be the account's token, without spaces");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/relative", "mailto:a@example.com", "ftp://example.com"})
  void statusCallbacksAreWebAddresses(String url) {
    refused(
        () -> complete().statusCallback(URI.create(url)),
        "statusCallback: must be an absolute http or https address");
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(TwilioProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        factory.create(options(Map.of("status-callback", "https://example.com/t")))) {
      assertThat(factory.channel()).isEqualTo(Channel.SMS);
      assertThat(factory.provider()).isEqualTo("twilio");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .containsExactly(
              "account-sid",
              "auth-token",
              "from",
              "messaging-service-sid",
              "status-callback",
              "base-url",
              "connect-timeout",
              "read-timeout");
      assertThat(provider.channel()).isEqualTo(Channel.SMS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "account-sid, hush-hush",
    "account-sid, ''",
    "auth-token, ''",
    "from, hush hush hush",
    "messaging-service-sid, hush-hush",
    "status-callback, hush",
    "base-url, hush",
    "connect-timeout, hush",
    "read-timeout, P2D"
  })
  void aWrongOptionIsNamedByItsKeyAndNotShown(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new TwilioProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.sms.twilio." + option + ": ")
        .withMessageNotContaining("hush");
  }

  @Test
  void twoSendersAreNamedByTheirKeys() {
    refused(
        () -> new TwilioProviderFactory().create(options(Map.of("messaging-service-sid", SERVICE))),
        "notify.sms.twilio.from, notify.sms.twilio.messaging-service-sid: exactly one of them must be set");
  }

  @Test
  void aBodyOfSixteenHundredCharactersIsTheLimit() {
    try (TwilioProvider provider = complete().build()) {
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1600)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1601))))
          .contains("body has 1601 characters, Twilio takes at most 1600");
    }
  }

  @Test
  void aTitleIsNoBody() {
    try (TwilioProvider provider = complete().build()) {
      assertThat(provider.problemWith(Content.builder().title("Shipped").build()))
          .contains("a text message needs a body");
      assertThat(provider.problemWith(Content.builder().title("Shipped").body(" ").build()))
          .isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+6834002", "+491234567890123", "+4915112345678"})
  void numbersHaveSevenToFifteenDigits(String number) {
    try (TwilioProvider provider = complete().build()) {
      assertThat(provider.problemWith(Address.sms(number))).isEmpty();
    }
  }

  private static TwilioProvider.Builder complete() {
    return TwilioProvider.builder()
        .accountSid(ACCOUNT)
        .authToken("hush-hush-token")
        .from("+15550100");
  }

  private static ProviderOptions options(Map<String, String> changes) {
    Map<String, String> values = new HashMap<>(COMPLETE);
    values.putAll(changes);
    return new ProviderOptions("notify.sms.twilio", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
