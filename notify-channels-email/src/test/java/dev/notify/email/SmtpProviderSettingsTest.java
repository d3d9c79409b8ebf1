package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings by builder and by property. */
class SmtpProviderSettingsTest {

  private final SmtpProviderFactory factory = new SmtpProviderFactory();

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("host", builder -> builder.host("")),
        mistake("host", builder -> builder.host("smtp.example.com:25")),
        mistake("host", builder -> builder.host("https://smtp.example.com")),
        mistake("port", builder -> builder.port(0)),
        mistake("port", builder -> builder.port(65_536)),
        mistake("username", builder -> builder.username(" ")),
        mistake("password", builder -> builder.password("")),
        mistake("password", builder -> builder.username("u").build()),
        mistake("username", builder -> builder.password("p").build()),
        mistake("replyTo", builder -> builder.replyTo("nobody")),
        mistake("defaultSubject", builder -> builder.defaultSubject("a\r\nBcc: b@example.com")),
        mistake("ehloName", builder -> builder.ehloName("a\r\nMAIL")),
        mistake("name", builder -> builder.name("my smtp")),
        mistake("connectTimeout", builder -> builder.connectTimeout(Duration.ZERO)),
        mistake("readTimeout", builder -> builder.readTimeout(Duration.ofSeconds(-1))),
        mistake("writeTimeout", builder -> builder.writeTimeout(Duration.ofDays(2))),
        mistake("borrowTimeout", builder -> builder.borrowTimeout(Duration.ZERO)),
        mistake("maxConnections", builder -> builder.maxConnections(0)),
        mistake("maxMessagesPerConnection", builder -> builder.maxMessagesPerConnection(0)),
        mistake("maxIdle", builder -> builder.maxIdle(Duration.ZERO)),
        mistake("maxConnectionAge", builder -> builder.maxConnectionAge(Duration.ZERO)),
        mistake("maxMessageBytes", builder -> builder.maxMessageBytes(10)));
  }

  private static Arguments mistake(String option, Consumer<SmtpProviderBuilder> change) {
    return Arguments.of(option, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeNamesItsOption(String option, Consumer<SmtpProviderBuilder> change) {
    SmtpProviderBuilder builder =
        SmtpProvider.builder().host("smtp.example.com").from("shop@example.com");

    assertThatThrownBy(() -> change.accept(builder))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(option + ": ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop",
        "Shop",
        "<shop>",
        "Shop <shop>",
        "shop@example",
        "a@example.com, b@example.com",
        "Shop <shop@example.com> x@example.com",
        "friends: a@example.com;",
        "Shop <shop@example.com>\r\nBcc: b@example.com",
        "Shop <@relay.example.com:shop@example.com>",
        ""
      })
  void aSenderMustBeOneAddress(String from) {
    assertThatThrownBy(() -> SmtpProvider.builder().from(from))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("from: ");
  }

  @Test
  void hostAndSenderAreRequired() {
    assertThatThrownBy(() -> SmtpProvider.builder().from("shop@example.com").build())
        .hasMessage("host: must be set");
    assertThatThrownBy(() -> SmtpProvider.builder().host("smtp.example.com").build())
        .hasMessage("from: must be set");
  }

  @ParameterizedTest
  @CsvSource({"NONE, 25", "STARTTLS, 587", "IMPLICIT, 465"})
  void thePortFollowsTheProtection(TlsMode mode, int port) {
    try (SmtpProvider provider =
        SmtpProvider.builder().host("h.example").from("a@example.com").tls(mode).build()) {
      assertThat(provider).hasToString("SmtpProvider[smtp, h.example:" + port + ", " + mode + "]");
    }
  }

  @Test
  void startTlsIsTheDefault() {
    try (SmtpProvider provider =
        SmtpProvider.builder().host("h.example").from("a@example.com").build()) {
      assertThat(provider.toString()).contains("587, STARTTLS");
      assertThat(provider.isIdempotent()).isFalse();
      assertThat(provider.lookUp(Mails.message())).isEmpty();
    }
  }

  @Test
  void whatCannotBeSentIsRejectedWithoutCallingAnybody() {
    try (SmtpProvider provider =
        SmtpProvider.builder().host("h.example").from("a@example.com").build()) {
      Address address = Address.email("jane@example.org,joe@example.org");

      assertThat(provider.deliver(dev.notify.test.SampleMessages.to(address, Mails.content())))
          .isInstanceOf(Outcome.Rejected.class);
    }
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory found =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.provider().equals("smtp"))
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        found.create(options(Map.of("tls", "implicit", "username", "u", "password", "p")))) {
      assertThat(provider.channel()).isEqualTo(Channel.EMAIL).isEqualTo(found.channel());
      assertThat(provider).hasToString("SmtpProvider[smtp, smtp.example.com:465, IMPLICIT]");
    }
  }

  @Test
  void everyOptionCanBeSet() {
    Map<String, String> all = new HashMap<>();
    all.putAll(
        Map.of(
            "port",
            "2525",
            "username",
            "u",
            "password",
            "p",
            "tls",
            "none",
            "reply-to",
            "b@example.com"));
    all.putAll(
        Map.of("default-subject", "S", "ehlo-name", "app.example.com", "connect-timeout", "PT1S"));
    all.putAll(
        Map.of(
            "read-timeout",
            "PT1S",
            "write-timeout",
            "PT1S",
            "borrow-timeout",
            "PT1S",
            "max-connections",
            "2"));
    all.putAll(
        Map.of(
            "max-messages-per-connection", "5", "max-idle", "PT1S", "max-connection-age", "PT9S"));
    all.put("max-message-bytes", "2000000");
    ProviderOptions options = options(all);

    assertThat(factory.options().stream().map(ChannelProviderFactory.Option::name))
        .containsAll(all.keySet())
        .hasSize(all.size() + 2);
    try (ChannelProvider provider = factory.create(options)) {
      assertThat(provider).hasToString("SmtpProvider[smtp, smtp.example.com:2525, NONE]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "host, ''",
    "host, a b",
    "from, ''",
    "from, nobody",
    "port, 99999",
    "tls, ssl",
    "reply-to, nobody",
    "username, u",
    "password, p",
    "read-timeout, 10s",
    "read-timeout, PT0S",
    "max-connections, 0",
    "ehlo-name, a b",
    "max-message-bytes, 1"
  })
  void aMistakeNamesItsKey(String option, String value) {
    String blamed =
        Map.of("username", "password", "password", "username").getOrDefault(option, option);

    assertThatThrownBy(() -> factory.create(options(Map.of(option, value))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("notify.email.smtp." + blamed + ": ");
  }

  private static ProviderOptions options(Map<String, String> more) {
    Map<String, String> values =
        new HashMap<>(Map.of("host", "smtp.example.com", "from", "Shop <shop@example.com>"));
    values.putAll(more);
    return new ProviderOptions("notify.email.smtp", values);
  }
}
