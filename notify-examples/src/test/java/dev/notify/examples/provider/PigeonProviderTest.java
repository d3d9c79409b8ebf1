package dev.notify.examples.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.ProviderOptions;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What Pigeon Post is sent, and what each of its answers means. */
class PigeonProviderTest {

  private static final Path SOURCE =
      Path.of("src/main/java/dev/notify/examples/provider/PigeonProvider.java");

  private final HttpStandIn vendor = HttpStandIn.answering(PigeonContractTest.TAKEN);
  private final PigeonProvider provider =
      new PigeonProvider("pigeon-post", vendor.url(), "the-key", Duration.ofSeconds(20));

  @AfterEach
  void close() {
    vendor.close();
  }

  @Test
  void aWholeProviderHasFewerThanEightyLines() throws IOException {
    assertThat(Files.readAllLines(SOURCE)).hasSizeLessThan(80);
  }

  @Test
  void itNeedsCoreAndTheJdkOnly() throws IOException {
    assertThat(Files.readAllLines(SOURCE).stream().filter(line -> line.startsWith("import ")))
        .isNotEmpty()
        .allMatch(line -> line.matches("import (java|dev\\.notify\\.(model|spi))\\..*"));
  }

  @Test
  void aNoteIsPostedAsJsonWithKeyAndReference() throws Exception {
    String text = "\"Oak\" \\ midnight\n\tgrüße 🕊 \u0001 $1";
    OutboundMessage message = message(text);

    Outcome outcome = provider.deliver(message);

    Request request = vendor.takeRequest();
    assertThat(outcome).isEqualTo(Outcome.accepted("flight-4711"));
    assertThat(request.method() + " " + request.target()).isEqualTo("POST /notes");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer the-key")
        .containsEntry("idempotency-key", message.reference())
        .containsEntry("content-type", "application/json");
    JsonNode json = new ObjectMapper().readTree(request.body());
    assertThat(json.path("ring").textValue()).isEqualTo("ring-0042");
    assertThat(json.path("note").textValue()).isEqualTo(text);
  }

  @TestFactory
  Stream<DynamicTest> everyAnswerIsTheOutcomeItMeans() {
    return Stream.of(
        answer(201, "Note-Id", "flight-1", Outcome.Accepted.class),
        answer(201, "X-Other", "flight-1", Outcome.Unknown.class),
        answer(400, Outcome.Rejected.class),
        answer(401, Outcome.Misconfigured.class),
        answer(403, Outcome.Misconfigured.class),
        answer(404, Outcome.Rejected.class),
        answer(410, Outcome.InvalidAddress.class),
        answer(413, Outcome.Rejected.class),
        answer(422, Outcome.Rejected.class),
        answer(429, Outcome.Throttled.class),
        answer(200, Outcome.Unknown.class),
        answer(302, "Location", "/elsewhere", Outcome.Unknown.class),
        answer(408, Outcome.Unknown.class),
        answer(500, Outcome.Unknown.class),
        answer(503, Outcome.Unknown.class));
  }

  private DynamicTest answer(int status, Class<? extends Outcome> expected) {
    return answer(status, "X-Other", "-", expected);
  }

  private DynamicTest answer(
      int status, String header, String value, Class<? extends Outcome> expected) {
    return DynamicTest.dynamicTest(
        status + " with " + header + " is " + expected.getSimpleName(),
        () -> {
          vendor.answer(new Response(status, Map.of(header, value), ""));

          assertThat(provider.deliver(message("Hello"))).isInstanceOf(expected);
        });
  }

  @Test
  void aVendorSaysInSecondsWhenToComeBack() {
    vendor.answer(new Response(429, Map.of("Retry-After", "90"), ""));

    assertThat(provider.deliver(message("Hello")))
        .isEqualTo(new Outcome.Throttled("too many notes", Optional.of(Duration.ofSeconds(90))));
  }

  @Test
  void whatIsNoNumberOfSecondsIsNoWord() {
    vendor.answer(new Response(429, Map.of("Retry-After", "soon"), ""));

    assertThat(provider.deliver(message("Hello")))
        .isEqualTo(new Outcome.Throttled("too many notes", Optional.empty()));
  }

  @Test
  void theFactoryBuildsItFromProperties() {
    ProviderOptions options =
        new ProviderOptions(
            "notify.pigeon.pigeon-post", Map.of("url", vendor.url().toString(), "key", "the-key"));

    assertThat(new PigeonProviderFactory().create(options).deliver(message("Hello")))
        .isEqualTo(Outcome.accepted("flight-4711"));
  }

  @Test
  void aKeyThatNoHeaderCanCarryIsNamedAndNotShown() {
    ProviderOptions options =
        new ProviderOptions(
            "notify.pigeon.pigeon-post", Map.of("url", "https://pigeon.example", "key", "a\nb"));

    assertThatThrownBy(() -> new PigeonProviderFactory().create(options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("notify.pigeon.pigeon-post.key: must be printable ASCII");
  }

  private static OutboundMessage message(String text) {
    return SampleMessages.to(
        Address.of(PigeonContractTest.PIGEON, "ring-0042"), Content.ofBody(text));
  }
}
