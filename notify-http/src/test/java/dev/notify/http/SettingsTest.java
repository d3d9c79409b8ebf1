package dev.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.ProviderOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.com",
        "example.com",
        "https://user:pw@example.com",
        "https://example.com/?a=b",
        "https://example.com/#x"
      })
  void aBaseUrlIsAnAbsoluteAddressWithoutExtras(String url) {
    Assertions.assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> BaseUrl.of(URI.create(url)))
        .withMessageStartingWith("baseUrl: ");
  }

  @Test
  void aBaseUrlMayHaveAPathOfItsOwn() {
    assertThat(
            BaseUrl.of(URI.create("http://localhost:8080/twilio/"))
                .newBuilder()
                .addPathSegments("a/b")
                .build())
        .hasToString("http://localhost:8080/twilio/a/b");
  }

  @Test
  void aTimeoutNamesItsOption() {
    Assertions.assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> HttpTimeouts.DEFAULT.withRead(Duration.ZERO))
        .withMessageStartingWith("readTimeout: ");
    Assertions.assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> HttpTimeouts.DEFAULT.withConnect(Duration.ofDays(1)))
        .withMessageStartingWith("connectTimeout: ");
  }

  @Test
  void whatASetterRefusesIsReportedUnderTheKey() {
    KeyedOptions options =
        new KeyedOptions(new ProviderOptions("notify.sms.x", Map.of("name", "Not A Name")));

    Assertions.assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> options.text("name", Setting::name))
        .withMessageStartingWith("notify.sms.x.name: ")
        .withMessageNotContaining("Not A Name");
  }

  @Test
  void optionsThatAreThereReachTheirSetters() {
    AtomicReference<String> text = new AtomicReference<>("untouched");
    AtomicReference<Duration> duration = new AtomicReference<>();

    new KeyedOptions(new ProviderOptions("notify.sms.x", Map.of("read-timeout", "PT3S")))
        .text("name", text::set)
        .duration("read-timeout", duration::set);

    assertThat(text).hasValue("untouched");
    assertThat(duration).hasValue(Duration.ofSeconds(3));
  }
}
