package dev.notify.sms;

import static dev.notify.sms.PlivoFixture.ACCOUNT;
import static dev.notify.sms.PlivoFixture.NOW;
import static dev.notify.sms.PlivoFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Rejected;
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

class PlivoWireTest {

  private final PlivoFixture fixture = new PlivoFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedAsJsonToTheAccountsMessages() throws Exception {
    Outcome outcome = fixture.deliver(message("Hi \"you\" \u20ac\n", NOW.plusSeconds(600)));

    Request request = fixture.plivo.takeRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/Account/" + ACCOUNT + "/Message/");
    assertThat(request.headers())
        .containsEntry("content-type", "application/json; charset=utf-8")
        .containsEntry("accept", "application/json")
        .containsEntry("authorization", "Basic TUFaVFExWkpJWU9UQVhZWjAxMjM6aHVzaC1odXNoLXRva2Vu");
    assertThat(request.body())
        .isEqualTo(
            "{\"src\":\"15550100\",\"dst\":\"14155550142\",\"text\":\"Hi \\\"you\\\" \u20ac\\n\","
                + "\"type\":\"sms\",\"message_expiry\":600}");
    assertThat(outcome).isEqualTo(Outcome.accepted("db3ce55a-7f1d"));
  }

  @Test
  void aPowerpackTakesThePlaceOfTheSenderAndReportsBringOurReferenceBack() throws Exception {
    OutboundMessage message = message("Hi", NOW.plus(Duration.ofDays(1)));
    try (PlivoProvider provider =
        PlivoFixture.builder(fixture.plivo)
            .powerpackUuid(PlivoFixture.POWERPACK)
            .reportUrl(URI.create("https://shop.example.com/plivo?x=1"))
            .baseUrl(URI.create(fixture.plivo.url() + "/sandbox/"))
            .build()) {
      provider.deliver(message);
    }

    Request request = fixture.plivo.takeRequest();
    assertThat(request.target()).isEqualTo("/sandbox/v1/Account/" + ACCOUNT + "/Message/");
    assertThat(request.body())
        .isEqualTo(
            "{\"powerpack_uuid\":\""
                + PlivoFixture.POWERPACK
                + "\",\"dst\":\"14155550142\",\"text\":\"Hi\",\"type\":\"sms\",\"message_expiry\":10799,"
                + "\"url\":\"https://shop.example.com/plivo?x=1&notify-reference="
                + message.reference()
                + "\",\"method\":\"POST\"}");
  }

  @ParameterizedTest
  @CsvSource({"PT-1M, 5", "PT4S, 5", "PT6S, 6", "PT3H, 10799", "P30D, 10799"})
  void theValidityEndsWithTheMessageAndAfterThreeHoursAtMost(Duration left, long seconds)
      throws Exception {
    fixture.deliver(message("Hi", NOW.plus(left)));

    assertThat(fixture.plivo.takeRequest().body()).endsWith("\"message_expiry\":" + seconds + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "401, Misconfigured",
    "402, Misconfigured",
    "403, Rejected",
    "404, Misconfigured",
    "405, Rejected",
    "408, Unknown",
    "422, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Unknown",
    "504, Unknown"
  })
  void theHttpStatusDecides(int http, String expected) {
    for (String body :
        new String[] {
          "",
          "<html>Oops</html>",
          "[]",
          "{\"error\":7}",
          "{\"error\":",
          "{\"api_id\":\"x\",\"error\":\"14155550142 is at fault\"}"
        }) {
      Outcome outcome = fixture.deliverAnswered(new Response(http, Map.of(), body));

      assertThat(outcome.getClass().getSimpleName()).as(body).isEqualTo(expected);
      assertThat(outcome.cause()).contains("HTTP " + http).doesNotContain("4155550142");
    }
  }

  @Test
  void anAccountWithoutCreditIsMisconfigured() {
    assertThat(
            fixture.deliverAnswered(
                Response.json(400, "{\"api_id\":\"x\",\"error\":\"Insufficient Credit\"}")))
        .isInstanceOf(Misconfigured.class);
    assertThat(fixture.deliverAnswered(Response.json(500, "{\"error\":\"Insufficient Credit\"}")))
        .isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"3 | PT3S", "Fri, 02 Jan 2026 03:05:05 GMT | PT1M"})
  void theTimeThatPlivoAsksForIsKept(String header, Duration expected) {
    Outcome throttled =
        fixture.deliverAnswered(Response.json(429, "{}").with("Retry-After", header));

    assertThat(((Throttled) throttled).retryAfter()).contains(expected);
  }

  @Test
  void aNumberThatPlivoDoesNotTakeIsRefused() {
    assertThat(
            fixture.deliverAnswered(
                Response.json(202, "{\"message_uuid\":[],\"invalid_number\":[\"14155550142\"]}")))
        .isInstanceOf(Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"message_uuid\":[]}",
        "{\"message_uuid\":[\" \"]}",
        "{\"message_uuid\":[{}]}",
        "{\"message_uuid\":\"x\"}",
        "<html>",
        "null"
      })
  void successWithoutAnIdIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(new Response(202, Map.of(), body)))
        .isInstanceOf(Unknown.class);
  }
}
