package dev.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VendorSettingsTest {

  private final VendorSettings<String> settings = new VendorSettings<>("vendor", "the builder");

  @Test
  void theVendorsOwnAddressIsCalledUnlessAnotherIsSet() {
    assertThat(settings.endpoint("https://api.example.com", "v1/messages"))
        .hasToString("https://api.example.com/v1/messages");

    settings.baseUrl(URI.create("http://localhost:8080/sandbox"));

    assertThat(settings.endpoint("https://api.example.com", "v1/messages"))
        .hasToString("http://localhost:8080/sandbox/v1/messages");
    assertThat(settings.endpoint("https://api.example.com", ""))
        .hasToString("http://localhost:8080/sandbox");
  }

  @Test
  void everySetterGivesTheBuilderBack() {
    assertThat(settings.baseUrl(URI.create("http://localhost"))).isEqualTo("the builder");
    assertThat(settings.connectTimeout(Duration.ofSeconds(1))).isEqualTo("the builder");
    assertThat(settings.readTimeout(Duration.ofSeconds(1))).isEqualTo("the builder");
    assertThat(settings.name("other")).isEqualTo("the builder");
    assertThat(settings.clock(InstantSource.system())).isEqualTo("the builder");
  }

  @Test
  void aVendorIsAskedAboutAnswersAndNotAboutSilence() {
    Reply answer = new Reply.Answer(200, Optional.empty(), "");
    Reply silence = new Reply.Silence(Outcome.unknown("sent, but no answer in time"));

    assertThat(answer.outcome(said -> Outcome.accepted("id-" + said.status())))
        .isEqualTo(Outcome.accepted("id-200"));
    assertThat(silence.outcome(said -> Outcome.accepted("never")))
        .isEqualTo(Outcome.unknown("sent, but no answer in time"));
  }
}
