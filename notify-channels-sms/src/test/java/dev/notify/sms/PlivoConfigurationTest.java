package dev.notify.sms;

import static dev.notify.sms.PlivoFixture.ACCOUNT;
import static dev.notify.sms.PlivoFixture.POWERPACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.BatchProvider;
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

class PlivoConfigurationTest {

  @Test
  void accountTokenAndSenderAreEnough() {
    try (PlivoProvider provider = complete().build()) {
      assertThat(provider).hasToString("PlivoProvider[plivo]");
      assertThat(provider.isIdempotent()).isFalse();
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    refused(
        () -> PlivoProvider.builder().authToken("t").from("Shop").build(), "authId: must be set");
    refused(
        () -> PlivoProvider.builder().authId(ACCOUNT).from("Shop").build(),
        "authToken: must be set");
  }

  @Test
  void exactlyOneOfSenderAndPowerpackIsNeeded() {
    String message = "from, powerpackUuid: exactly one of them must be set";

    refused(() -> complete().powerpackUuid(POWERPACK).build(), message);
    refused(() -> PlivoProvider.builder().authId(ACCOUNT).authToken("t").build(), message);
    refused(
        () -> new PlivoProviderFactory().create(options(Map.of("powerpack-uuid", POWERPACK))),
        "notify.sms.plivo.from, notify.sms.plivo.powerpack-uuid: exactly one of them must be set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/relative", "mailto:a@example.com", "ftp://example.com"})
  void reportsGoToWebAddresses(String url) {
    refused(
        () -> complete().reportUrl(URI.create(url)),
        "reportUrl: must be an absolute http or https address");
  }

  @Test
  void aCallCarriesFiftyUnlessToldOtherwiseAndAThousandAtMost() {
    for (int size : new int[] {-1, 0, 1_001}) {
      refused(() -> complete().batchSize(size), "batchSize: must be from 1 to 1000");
    }
    try (PlivoProvider usual = complete().build();
        PlivoProvider most = complete().batchSize(1_000).build();
        ChannelProvider least =
            new PlivoProviderFactory().create(options(Map.of("batch-size", "1")))) {
      assertThat(usual.batchLimit()).isEqualTo(50);
      assertThat(most.batchLimit()).isEqualTo(1_000);
      assertThat(((BatchProvider) least).batchLimit()).isEqualTo(1);
    }
  }

  @Test
  void aBodyIsShorterIfItIsNotOfTheGsmAlphabet() {
    try (PlivoProvider provider = complete().build()) {
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1600)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1601))))
          .contains("body has 1601 characters, Plivo takes at most 1600");
      assertThat(provider.problemWith(Content.ofBody("\u4f60".repeat(737)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("\u4f60".repeat(738))))
          .contains("body has 738 characters, Plivo takes at most 737");
      assertThat(provider.problemWith(Content.builder().title("Shipped").build()))
          .contains("a text message needs a body");
    }
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(PlivoProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        factory.create(options(Map.of("report-url", "https://example.com/p")))) {
      assertThat(factory.channel()).isEqualTo(Channel.SMS);
      assertThat(factory.provider()).isEqualTo("plivo");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .containsExactly(
              "auth-id",
              "auth-token",
              "from",
              "powerpack-uuid",
              "report-url",
              "batch-size",
              "base-url",
              "connect-timeout",
              "read-timeout");
      assertThat(provider.channel()).isEqualTo(Channel.SMS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "auth-id, hush-hush",
    "auth-id, MAZTQ1ZJIYOTAXYZ012/",
    "auth-token, ''",
    "from, hush hush hush",
    "powerpack-uuid, hush-hush",
    "report-url, hush",
    "batch-size, hush",
    "batch-size, 0",
    "batch-size, 1001",
    "base-url, hush",
    "connect-timeout, hush",
    "read-timeout, P2D"
  })
  void aWrongOptionIsNamedByItsKeyAndNotShown(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new PlivoProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.sms.plivo." + option + ": ")
        .withMessageNotContaining("hush");
  }

  private static PlivoProvider.Builder complete() {
    return PlivoProvider.builder().authId(ACCOUNT).authToken("hush-hush").from("+15550100");
  }

  private static ProviderOptions options(Map<String, String> changes) {
    Map<String, String> values =
        new HashMap<>(
            Map.of("auth-id", ACCOUNT, "auth-token", "hush-hush-token", "from", "+15550100"));
    values.putAll(changes);
    return new ProviderOptions("notify.sms.plivo", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
