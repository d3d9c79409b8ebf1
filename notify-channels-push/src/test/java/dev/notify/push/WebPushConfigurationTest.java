package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
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
import org.junit.jupiter.params.provider.ValueSource;

class WebPushConfigurationTest {

  private static final VapidKeys KEYS = VapidKeys.generate();

  @Test
  void whatIsMissingIsNamed() {
    WebPushProvider.Builder builder = WebPushProvider.builder();
    refused(builder::build, "vapidKeys: must be set");
    builder.vapidKeys(KEYS);
    refused(builder::build, "subject: must be set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mailto:a@example.com", "https://example.com/contact"})
  void aSubjectSaysWhomToTurnTo(String subject) {
    try (WebPushProvider provider =
        WebPushProvider.builder().vapidKeys(KEYS).subject(subject).build()) {
      assertThat(provider).hasToString("WebPushProvider[webpush]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a@example.com", "mailto: <a@example.com>", "http://example.com", "mailto:a", ""})
  void aSubjectThatServicesRefuseIsRefused(String subject) {
    refused(
        () -> WebPushProvider.builder().subject(subject),
        "subject: must be mailto:name@host or an https address");
  }

  @Test
  void ofPushServicesOnlyThoseNamedAreCalled() {
    try (WebPushProvider provider =
        WebPushProvider.builder()
            .vapidKeys(KEYS)
            .subject("mailto:a@example.com")
            .pushServices(WebPushProvider.KNOWN_PUSH_SERVICES)
            .build()) {
      assertThat(provider.problemWith(to("https://web.push.apple.com/a"))).isEmpty();
      assertThat(provider.problemWith(to("https://fcm.googleapis.com/wp/a"))).isEmpty();
      assertThat(provider.problemWith(to("https://push.apple.com.evil.example/a"))).isPresent();
      assertThat(provider.problemWith(to("https://evilpush.apple.com.example/a"))).isPresent();
      assertThat(provider.problemWith(to("https://notpush.apple.com/a"))).isPresent();
      assertThat(provider.problemWith(to("https://push.example.net/a"))).isPresent();
    }
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(WebPushProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        factory.create(
            options(
                Map.of(
                    "push-services", "push.example.net, push.example.org",
                    "trusted-hosts", "localhost,127.0.0.1",
                    "connect-timeout", "PT1S",
                    "read-timeout", "PT2S")))) {
      assertThat(factory.channel()).isEqualTo(Channel.PUSH);
      assertThat(factory.provider()).isEqualTo("webpush");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .doesNotContain("base-url");
      assertThat(provider.problemWith(to("https://push.example.org/a"))).isEmpty();
      assertThat(provider.problemWith(to("http://127.0.0.1:8080/a"))).isEmpty();
      assertThat(provider.problemWith(to("https://web.push.apple.com/a"))).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "public-key, x",
    "private-key, x",
    "subject, nobody",
    "push-services, https://push.example.net",
    "trusted-hosts, a b",
    "connect-timeout, soon",
    "read-timeout, PT0S"
  })
  void aWrongOptionIsNamedByItsKey(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new WebPushProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.push.webpush." + option + ": ");
  }

  @Test
  void keysOfTwoPairsAreRefused() {
    Map<String, String> mixed = Map.of("public-key", VapidKeys.generate().publicKey());

    refused(
        () -> new WebPushProviderFactory().create(options(mixed)),
        "notify.push.webpush.public-key: publicKey: does not belong to the private key");
  }

  private static Address to(String endpoint) {
    return Address.webPush(Browser.subscription(endpoint));
  }

  private static ProviderOptions options(Map<String, String> more) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "public-key", KEYS.publicKey(),
                "private-key", KEYS.privateKey(),
                "subject", "mailto:push@example.com"));
    values.putAll(more);
    return new ProviderOptions("notify.push.webpush", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
