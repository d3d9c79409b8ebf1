package dev.notify.sms;

import static dev.notify.sms.TwilioFixture.ACCOUNT;
import static dev.notify.sms.TwilioFixture.NOW;
import static dev.notify.sms.TwilioFixture.SERVICE;
import static dev.notify.sms.TwilioFixture.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TwilioWireTest {

  private final TwilioFixture fixture = new TwilioFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedAsAFormToTheAccountsMessages() throws Exception {
    Outcome outcome = fixture.deliver(message("Hi & bye + 1 \u20ac", NOW.plusSeconds(600)));

    Request request = fixture.twilio.takeRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json");
    assertThat(request.headers())
        .containsEntry("content-type", "application/x-www-form-urlencoded")
        .containsEntry(
            "authorization",
            "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpodXNoLWh1c2gtdG9rZW4=");
    assertThat(request.body())
        .isEqualTo(
            "To=%2B14155550142&From=%2B15550100&Body=Hi+%26+bye+%2B+1+%E2%82%AC&ValidityPeriod=600");
    assertThat(outcome).isEqualTo(Outcome.accepted("SM4242"));
  }

  @Test
  void aMessagingServiceTakesThePlaceOfTheSender() throws Exception {
    fixture.use(
        TwilioProvider.builder()
            .accountSid(ACCOUNT)
            .authToken(TwilioFixture.TOKEN)
            .messagingServiceSid(SERVICE)
            .statusCallback(URI.create("https://shop.example.com/twilio?x=1"))
            .baseUrl(URI.create(fixture.twilio.url() + "/sandbox/"))
            .build());

    OutboundMessage message = message("Hi", Instant.now().plus(Duration.ofDays(1)));
    fixture.deliver(message);

    Request request = fixture.twilio.takeRequest();
    assertThat(request.target())
        .isEqualTo("/sandbox/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json");
    assertThat(request.body())
        .isEqualTo(
            "To=%2B14155550142&MessagingServiceSid="
                + SERVICE
                + "&Body=Hi&ValidityPeriod=36000&StatusCallback=https%3A%2F%2Fshop.example.com%2Ftwilio%3Fx%3D1%26notify-reference%3D"
                + message.reference());
  }

  @Test
  void onlyTheBodyIsSent() throws Exception {
    Content content =
        Content.builder()
            .title("Title")
            .body("Body")
            .html("<p>Html</p>")
            .link("https://example.com")
            .data("k", "v")
            .build();
    OutboundMessage sample = message("Hi", NOW.plusSeconds(60));

    fixture.deliver(SampleMessages.to(sample.address(), content));

    assertThat(fixture.twilio.takeRequest().body())
        .isEqualTo("To=%2B14155550142&From=%2B15550100&Body=Body&ValidityPeriod=3600");
  }

  @ParameterizedTest
  @CsvSource({
    "PT1S, 1",
    "PT1.9S, 1",
    "PT0.5S, 1",
    "PT-1M, 1",
    "PT10H, 36000",
    "PT10H1S, 36000",
    "P30D, 36000"
  })
  void theValidityEndsWithTheMessageAndAfterTenHoursAtMost(Duration left, long seconds)
      throws Exception {
    fixture.deliver(message("Hi", NOW.plus(left)));

    assertThat(fixture.twilio.takeRequest().body()).endsWith("&ValidityPeriod=" + seconds);
  }

  static Stream<Arguments> errorCodes() {
    return Stream.of(
            codes(
                400,
                InvalidAddress.class,
                21211,
                21214,
                21217,
                21265,
                21610,
                21614,
                21635,
                30005,
                30006),
            codes(
                400,
                Misconfigured.class,
                21212,
                21601,
                21603,
                21606,
                21607,
                21609,
                21659,
                21660,
                21661,
                21701,
                21703,
                21705,
                30034),
            codes(401, Misconfigured.class, 20003, 20005),
            codes(403, Misconfigured.class, 10001, 20003, 20005, 20006, 20403, 30002),
            codes(404, Misconfigured.class, 20404),
            codes(429, Misconfigured.class, 63038),
            codes(429, Throttled.class, 20429, 21611, 63017, 63018, 30001, 30022),
            codes(400, Throttled.class, 21611),
            codes(
                400,
                Rejected.class,
                21266,
                21408,
                21602,
                21605,
                21608,
                21612,
                21617,
                21619,
                30004,
                30007,
                29999),
            codes(403, Rejected.class, 21408),
            codes(503, Retryable.class, 20503),
            codes(500, Unknown.class, 20500, 30000))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> codes(int http, Class<? extends Outcome> outcome, int... codes) {
    return IntStream.of(codes).mapToObj(code -> arguments(http, code, outcome));
  }

  @ParameterizedTest
  @MethodSource("errorCodes")
  void anErrorCodeDecides(int http, int code, Class<? extends Outcome> expected) {
    Outcome outcome = fixture.deliverAnswered(error(http, code));

    assertThat(outcome).isInstanceOf(expected);
    assertThat(outcome.cause()).contains("error " + code).doesNotContain("+14155550142");
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "401, Misconfigured",
    "403, Misconfigured",
    "404, Misconfigured",
    "405, Rejected",
    "408, Unknown",
    "422, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Retryable",
    "504, Unknown",
    "520, Unknown"
  })
  void withoutACodeTheHttpStatusDecides(int http, String expected) {
    for (String body :
        new String[] {"", "<html>Oops</html>", "[]", "{\"code\":\"none\"}", "{\"code\":"}) {
      Outcome outcome = fixture.deliverAnswered(new Response(http, Map.of(), body));

      assertThat(outcome.getClass().getSimpleName()).as(body).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"3 | PT3S", "Fri, 02 Jan 2026 03:05:05 GMT | PT1M"})
  void theTimeThatTwilioAsksForIsKept(String header, Duration expected) {
    Outcome throttled = fixture.deliverAnswered(error(429, 20429).with("Retry-After", header));
    Outcome unavailable = fixture.deliverAnswered(error(503, 20503).with("Retry-After", header));

    assertThat(((Throttled) throttled).retryAfter()).contains(expected);
    assertThat(((Retryable) unavailable).retryAfter()).contains(expected);
  }

  @Test
  void withoutATimeTheEngineChoosesOne() {
    assertThat(((Throttled) fixture.deliverAnswered(error(429, 20429))).retryAfter()).isEmpty();
    assertThat(((Retryable) fixture.deliverAnswered(error(503, 20503))).retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "{}", "{\"sid\":\"\"}", "{\"sid\":null}", "{\"sid\":{}}", "<html>", "null"})
  void successWithoutASidIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(new Response(201, Map.of(), body)))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void anAnswerThatBreaksOffIsUnknown() {
    assertThat(fixture.deliverAnswered(TwilioFixture.TAKEN.with("Content-Length", "5000")))
        .isInstanceOf(Unknown.class);
  }

  private static Response error(int http, int code) {
    return Response.json(
        http,
        """
        {"code": %d, "message": "The 'To' number +14155550142 is at fault", "status": %d,
         "more_info": "https://www.twilio.com/docs/errors/%d"}"""
            .formatted(code, http, code));
  }
}
