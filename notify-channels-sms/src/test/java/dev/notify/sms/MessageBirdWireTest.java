package dev.notify.sms;

import static dev.notify.sms.MessageBirdFixture.NOW;
import static dev.notify.sms.MessageBirdFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBirdWireTest {

  private final MessageBirdFixture fixture = new MessageBirdFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedAsJsonWithOurReference() throws Exception {
    OutboundMessage message = message("Hi \"you\" \u20ac\n", NOW.plusSeconds(600));

    Outcome outcome = fixture.deliver(message);

    Request request = fixture.bird.takeRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/messages");
    assertThat(request.headers())
        .containsEntry("content-type", "application/json; charset=utf-8")
        .containsEntry("accept", "application/json")
        .containsEntry("authorization", "AccessKey hush-hush-access-key");
    assertThat(request.body())
        .isEqualTo(
            "{\"originator\":\"15550100\",\"body\":\"Hi \\\"you\\\" \u20ac\\n\",\"reference\":\""
                + message.reference()
                + "\",\"datacoding\":\"auto\",\"validity\":600,\"recipients\":[\"14155550142\"]}");
    assertThat(outcome).isEqualTo(Outcome.accepted("e8077d803532c0b5937c639b60216938"));
  }

  @Test
  void reportsGoWhereTheyAreWanted() throws Exception {
    try (MessageBirdProvider provider =
        MessageBirdFixture.builder(fixture.bird)
            .from("My Shop")
            .reportUrl(URI.create("https://shop.example.com/bird?x=1"))
            .baseUrl(URI.create(fixture.bird.url() + "/sandbox"))
            .build()) {
      provider.deliver(message("Hi", NOW.plusSeconds(60)));
    }

    Request request = fixture.bird.takeRequest();
    assertThat(request.target()).isEqualTo("/sandbox/messages");
    assertThat(request.body())
        .contains("\"originator\":\"My Shop\"")
        .endsWith("\"reportUrl\":\"https://shop.example.com/bird?x=1\"}");
  }

  @ParameterizedTest
  @CsvSource({"PT-1M, 1", "PT1.9S, 1", "PT48H, 172800", "P30D, 172800"})
  void theValidityEndsWithTheMessageAndAfterTwoDaysAtMost(Duration left, long seconds)
      throws Exception {
    fixture.deliver(message("Hi", NOW.plus(left)));

    assertThat(fixture.bird.takeRequest().body()).contains("\"validity\":" + seconds + ",");
  }

  @ParameterizedTest
  @CsvSource({
    "401, 2, access_key, Misconfigured",
    "422, 2, access_key, Misconfigured",
    "422, 9, recipients, InvalidAddress",
    "422, 10, recipient, InvalidAddress",
    "422, 9, originator, Misconfigured",
    "422, 10, originator, Misconfigured",
    "422, 9, body, Rejected",
    "422, 10, validity, Rejected",
    "422, 10, '', Rejected",
    "404, 20, '', Misconfigured",
    "400, 21, '', Rejected",
    "402, 25, '', Misconfigured",
    "422, 25, '', Misconfigured",
    "404, 98, '', Misconfigured",
    "500, 99, '', Unknown",
    "422, 77, '', Rejected",
    "500, 77, '', Unknown",
  })
  void anErrorCodeDecides(int http, int code, String parameter, String expected) {
    Outcome outcome = fixture.deliverAnswered(error(http, code, parameter));

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).contains("error " + code).doesNotContain("4155550142");
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "401, Misconfigured",
    "402, Misconfigured",
    "403, Misconfigured",
    "404, Misconfigured",
    "405, Rejected",
    "408, Unknown",
    "422, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Retryable",
    "504, Unknown"
  })
  void withoutACodeTheHttpStatusDecides(int http, String expected) {
    for (String body :
        new String[] {
          "",
          "<html>Oops</html>",
          "[]",
          "{\"errors\":[]}",
          "{\"errors\":[{\"code\":\"x\"}]}",
          "{\"errors\":"
        }) {
      Outcome outcome = fixture.deliverAnswered(new Response(http, Map.of(), body));

      assertThat(outcome.getClass().getSimpleName()).as(body).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"3 | PT3S", "Fri, 02 Jan 2026 03:05:05 GMT | PT1M"})
  void theTimeThatMessageBirdAsksForIsKept(String header, Duration expected) {
    Outcome throttled =
        fixture.deliverAnswered(Response.json(429, "{}").with("Retry-After", header));
    Outcome unavailable =
        fixture.deliverAnswered(Response.json(503, "{}").with("Retry-After", header));

    assertThat(((Throttled) throttled).retryAfter()).contains(expected);
    assertThat(((Retryable) unavailable).retryAfter()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"id\":\"\"}", "{\"id\":7}", "<html>", "null"})
  void successWithoutAnIdIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(new Response(201, Map.of(), body)))
        .isInstanceOf(Unknown.class);
  }

  private static Response error(int http, int code, String parameter) {
    return Response.json(
        http,
        """
        {"errors": [{"code": %d, "description": "14155550142 is at fault", "parameter": "%s"}]}"""
            .formatted(code, parameter));
  }
}
