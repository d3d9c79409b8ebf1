package dev.notify.sms;

import static dev.notify.sms.SnsFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnsConfigurationTest {

  @Test
  void regionAndKeyAreEnough() {
    try (SnsProvider provider = complete().build()) {
      assertThat(provider).hasToString("SnsProvider[sns]");
      assertThat(provider.isIdempotent()).isFalse();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1600)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1601))))
          .contains("body has 1601 characters, SNS takes at most 1600");
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    refused(() -> SnsProvider.builder().build(), "region: must be set");
    refused(() -> SnsProvider.builder().region("eu-central-1").build(), "accessKeyId: must be set");
    refused(
        () -> SnsProvider.builder().region("eu-central-1").accessKeyId(KEY).build(),
        "secretAccessKey: must be set");
  }

  @Test
  void anAmazonSenderHasNoSpaces() {
    refused(() -> complete().from("My Shop"), "from: must be without spaces and signs at Amazon");
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(SnsProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider = factory.create(options(Map.of("session-token", "hush")))) {
      assertThat(factory.channel()).isEqualTo(Channel.SMS);
      assertThat(factory.provider()).isEqualTo("sns");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .containsExactly(
              "region",
              "access-key-id",
              "secret-access-key",
              "session-token",
              "from",
              "base-url",
              "connect-timeout",
              "read-timeout");
      assertThat(provider.channel()).isEqualTo(Channel.SMS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "region, hush",
    "region, eu-central-1.hush/",
    "access-key-id, hush-hush",
    "secret-access-key, ''",
    "session-token, hush hush",
    "from, hush hush hush",
    "base-url, hush",
    "connect-timeout, hush",
    "read-timeout, P2D"
  })
  void aWrongOptionIsNamedByItsKeyAndNotShown(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new SnsProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.sms.sns." + option + ": ")
        .withMessageNotContaining("hush");
  }

  private static SnsProvider.Builder complete() {
    return SnsProvider.builder()
        .region("eu-central-1")
        .accessKeyId(KEY)
        .secretAccessKey("hush-hush");
  }

  private static ProviderOptions options(Map<String, String> changes) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "region", "eu-central-1", "access-key-id", KEY, "secret-access-key", "hush-hush"));
    values.putAll(changes);
    return new ProviderOptions("notify.sms.sns", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
