package dev.notify.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

class MessageBirdConfigurationTest {

  @Test
  void keyAndSenderAreEnough() {
    try (MessageBirdProvider provider = complete().build()) {
      assertThat(provider).hasToString("MessageBirdProvider[messagebird]");
      assertThat(provider.isIdempotent()).isFalse();
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    refused(() -> MessageBirdProvider.builder().from("Shop").build(), "accessKey: must be set");
    refused(() -> MessageBirdProvider.builder().accessKey("k").build(), "from: must be set");
  }

  @Test
  void aKeyWithASpaceIsRefusedWithoutShowingIt() {
    refused(
        () -> complete().accessKey("hush hush"),
        "accessKey: must be the access key, without spaces");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/relative", "mailto:a@example.com", "ftp://example.com"})
  void reportsGoToWebAddresses(String url) {
    refused(
        () -> complete().reportUrl(URI.create(url)),
        "reportUrl: must be an absolute http or https address");
  }

  @Test
  void aBodyHasNineSegmentsAtMost() {
    try (MessageBirdProvider provider = complete().build()) {
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1377)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("x".repeat(1378))))
          .contains("body has 10 segments, MessageBird takes at most 9");
      assertThat(provider.problemWith(Content.ofBody("\u4f60".repeat(603)))).isEmpty();
      assertThat(provider.problemWith(Content.ofBody("\u4f60".repeat(604))))
          .contains("body has 10 segments, MessageBird takes at most 9");
      assertThat(provider.problemWith(Content.builder().title("Shipped").build()))
          .contains("a text message needs a body");
    }
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(MessageBirdProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        factory.create(options(Map.of("report-url", "https://example.com/p")))) {
      assertThat(factory.channel()).isEqualTo(Channel.SMS);
      assertThat(factory.provider()).isEqualTo("messagebird");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .containsExactly(
              "access-key", "from", "report-url", "base-url", "connect-timeout", "read-timeout");
      assertThat(provider.channel()).isEqualTo(Channel.SMS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "access-key, ''",
    "from, hush hush hush",
    "report-url, hush",
    "base-url, hush",
    "connect-timeout, hush",
    "read-timeout, P2D"
  })
  void aWrongOptionIsNamedByItsKeyAndNotShown(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new MessageBirdProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.sms.messagebird." + option + ": ")
        .withMessageNotContaining("hush");
  }

  private static MessageBirdProvider.Builder complete() {
    return MessageBirdProvider.builder().accessKey("hush-hush").from("+15550100");
  }

  private static ProviderOptions options(Map<String, String> changes) {
    Map<String, String> values =
        new HashMap<>(Map.of("access-key", "hush-hush", "from", "+15550100"));
    values.putAll(changes);
    return new ProviderOptions("notify.sms.messagebird", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
