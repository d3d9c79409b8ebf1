package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ChannelProviderFactory.Option;
import dev.notify.spi.ProviderOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The vendors that take mail over HTTP, built from properties. */
class VendorConfigurationTest {

  private static final Map<String, Map<String, String>> COMPLETE =
      Map.of(
          "ses",
          Map.of(
              "region", "eu-central-1",
              "access-key-id", "AKIDEXAMPLEAKIDEXAMPLE",
              "secret-access-key", "hush-hush"),
          "sendgrid",
          Map.of("api-key", "hush-hush"),
          "postmark",
          Map.of("server-token", "hush-hush"),
          "resend",
          Map.of("api-key", "hush-hush"),
          "mailgun",
          Map.of("domain", "mg.example.com", "api-key", "hush-hush"));

  static Stream<String> vendors() {
    return COMPLETE.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void aProviderIsFoundAndBuilt(String vendor) {
    try (ChannelProvider provider = factory(vendor).create(options(vendor, Map.of()))) {
      assertThat(factory(vendor).channel()).isEqualTo(Channel.EMAIL);
      assertThat(provider.channel()).isEqualTo(Channel.EMAIL);
      assertThat(provider.name()).isEqualTo(vendor);
      assertThat(provider.toString()).endsWith("Provider[" + vendor + "]");
      assertThat(provider.isIdempotent()).isEqualTo(vendor.equals("resend"));
      assertThat(provider.canLookUp()).isFalse();
      assertThat(provider.problemWith(Content.ofBody("b"))).isPresent();
    }
  }

  @ParameterizedTest
  @MethodSource("vendors")
  void everyRequiredOptionIsNamedWhenItIsMissing(String vendor) {
    for (Option option : factory(vendor).options()) {
      if (option.required()) {
        assertThatExceptionOfType(ConfigurationException.class)
            .isThrownBy(() -> factory(vendor).create(options(vendor, Map.of(option.name(), ""))))
            .withMessage("notify.email." + vendor + "." + option.name() + ": must be set");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ses, region, hush hush",
    "ses, access-key-id, hush hush",
    "ses, secret-access-key, hush hush",
    "ses, session-token, hush hush",
    "ses, configuration-set, hush hush",
    "sendgrid, api-key, hush hush",
    "postmark, server-token, hush hush",
    "postmark, message-stream, hush hush",
    "resend, api-key, hush hush",
    "mailgun, api-key, hush hush",
    "mailgun, domain, hush/hush",
    "sendgrid, from, hush hush",
    "sendgrid, reply-to, hush",
    "sendgrid, base-url, hush",
    "sendgrid, connect-timeout, hush",
    "sendgrid, read-timeout, P2D",
    "postmark, batch-size, hush",
    "postmark, batch-size, 0",
    "postmark, batch-size, 501",
    "resend, batch-size, 101",
    "sendgrid, batch-size, 1001"
  })
  void aWrongOptionIsNamedByItsKeyAndNotShown(String vendor, String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> factory(vendor).create(options(vendor, Map.of(option, value))))
        .withMessageStartingWith("notify.email." + vendor + "." + option + ": ")
        .withMessageNotContaining("hush");
  }

  @ParameterizedTest
  @CsvSource({"postmark, 500", "resend, 100", "sendgrid, 1000"})
  void aRequestCarriesAsManyMailsAsTheVendorTakes(String vendor, int most) {
    try (ChannelProvider provider =
        factory(vendor).create(options(vendor, Map.of("batch-size", "" + most)))) {
      assertThat(((BatchProvider) provider).batchLimit()).isEqualTo(most);
    }
  }

  @Test
  void aRequestCarriesOneMailAtLeast() {
    for (int size : new int[] {-1, 0, 501}) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> PostmarkProvider.builder().batchSize(size))
          .withMessage("batchSize: must be from 1 to 500");
    }
  }

  @Test
  void aSubjectForAllIsOneShortLine() {
    for (String subject : new String[] {"", " ", "a\nb", "x".repeat(201)}) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> SendGridProvider.builder().defaultSubject(subject))
          .withMessage("defaultSubject: must be one line of at most 200 characters");
    }
    try (ChannelProvider provider =
        factory("sendgrid").create(options("sendgrid", Map.of("default-subject", "News")))) {
      assertThat(provider.problemWith(Content.ofBody("b"))).isEmpty();
    }
  }

  @Test
  void buildersWantWhatTheyNeed() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> SendGridProvider.builder().apiKey("k").build())
        .withMessage("from: must be set");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> PostmarkProvider.builder().from("a@example.com").build())
        .withMessage("serverToken: must be set");
  }

  @Test
  void twoAccountsHaveTwoNames() {
    try (ChannelProvider provider =
        ResendProvider.builder()
            .apiKey("k")
            .from("a@example.com")
            .replyTo("b@example.com")
            .name("resend-eu")
            .build()) {
      assertThat(provider).hasToString("ResendProvider[resend-eu]");
    }
  }

  private static ChannelProviderFactory factory(String vendor) {
    return ServiceLoader.load(ChannelProviderFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.provider().equals(vendor))
        .findFirst()
        .orElseThrow();
  }

  private static ProviderOptions options(String vendor, Map<String, String> changes) {
    Map<String, String> values = new HashMap<>(COMPLETE.getOrDefault(vendor, Map.of()));
    values.put("from", "Shop <shop@example.com>");
    values.putAll(changes);
    return new ProviderOptions("notify.email." + vendor, values);
  }
}
