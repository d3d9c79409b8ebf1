package dev.notify.sms;

import static dev.notify.sms.VonageFixture.APPLICATION;
import static dev.notify.sms.VonageFixture.PEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VonageConfigurationTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeKey() throws Exception {
    file = Files.writeString(directory.resolve("private.key"), PEM);
  }

  @Test
  void applicationKeyAndSenderAreEnough() {
    try (VonageProvider provider = complete().build()) {
      assertThat(provider).hasToString("VonageProvider[vonage]");
      assertThat(provider.isIdempotent()).isFalse();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1000)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1001))))
          .contains("body has 1001 characters, Vonage takes at most 1000");
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    refused(
        () -> VonageProvider.builder().privateKey(PEM).from("Shop").build(),
        "applicationId: must be set");
    refused(
        () -> VonageProvider.builder().applicationId(APPLICATION).from("Shop").build(),
        "privateKey: must be set");
    refused(
        () -> VonageProvider.builder().applicationId(APPLICATION).privateKey(PEM).build(),
        "from: must be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hush-hush",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      })
  void whatIsNoKeyIsRefusedWithoutShowingIt(String pem) {
    refused(
        () -> complete().privateKey(pem),
        "privateKey: must be an RSA key in PEM form, beginning with BEGIN PRIVATE KEY");
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(VonageProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider = factory.create(options(Map.of()))) {
      assertThat(factory.channel()).isEqualTo(Channel.SMS);
      assertThat(factory.provider()).isEqualTo("vonage");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .containsExactly(
              "application-id",
              "private-key",
              "from",
              "base-url",
              "connect-timeout",
              "read-timeout");
      assertThat(provider.channel()).isEqualTo(Channel.SMS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application-id, hush-hush",
    "application-id, ''",
    "private-key, /no/such/hush",
    "from, hush hush hush",
    "base-url, hush",
    "connect-timeout, hush",
    "read-timeout, P2D"
  })
  void aWrongOptionIsNamedByItsKeyAndNotShown(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new VonageProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.sms.vonage." + option + ": ")
        .withMessageNotContaining("hush");
  }

  private static VonageProvider.Builder complete() {
    return VonageProvider.builder().applicationId(APPLICATION).privateKey(PEM).from("+15550100");
  }

  private ProviderOptions options(Map<String, String> changes) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "application-id", APPLICATION, "private-key", file.toString(), "from", "My Shop"));
    values.putAll(changes);
    return new ProviderOptions("notify.sms.vonage", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
