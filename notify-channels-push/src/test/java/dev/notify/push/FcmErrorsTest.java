package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.test.HttpStandIn.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of FCM's error tables, over the wire. */
class FcmErrorsTest {

  private static final String HTML = "<html><body>Not here</body></html>";

  private final FcmFixture fixture = new FcmFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  static Stream<Arguments> errorsThatFcmNames() {
    return Stream.of(
        arguments("UNREGISTERED", 404, "NOT_FOUND", InvalidAddress.class),
        arguments("SENDER_ID_MISMATCH", 403, "PERMISSION_DENIED", Rejected.class),
        arguments("INVALID_ARGUMENT", 400, "INVALID_ARGUMENT", Rejected.class),
        arguments("QUOTA_EXCEEDED", 429, "RESOURCE_EXHAUSTED", Throttled.class),
        arguments("UNAVAILABLE", 503, "UNAVAILABLE", Retryable.class),
        arguments("INTERNAL", 500, "INTERNAL", Retryable.class),
        arguments("THIRD_PARTY_AUTH_ERROR", 401, "UNAUTHENTICATED", Misconfigured.class),
        arguments("APNS_AUTH_ERROR", 401, "UNAUTHENTICATED", Misconfigured.class),
        arguments("UNSPECIFIED_ERROR", 404, "NOT_FOUND", Rejected.class),
        arguments("UNSPECIFIED_ERROR", 503, "UNAVAILABLE", Retryable.class),
        arguments("A_CODE_OF_NEXT_YEAR", 400, "INVALID_ARGUMENT", Rejected.class),
        arguments("A_CODE_OF_NEXT_YEAR", 403, "PERMISSION_DENIED", Misconfigured.class));
  }

  @ParameterizedTest
  @MethodSource("errorsThatFcmNames")
  void anErrorCodeDecides(String code, int http, String status, Class<? extends Outcome> expected) {
    assertThat(fixture.deliverAnswered(error(http, status, fcmDetail(code))))
        .isInstanceOf(expected);
  }

  static Stream<Arguments> errorsWithoutACode() {
    return Stream.of(
        arguments(400, "INVALID_ARGUMENT", Rejected.class),
        arguments(400, "FAILED_PRECONDITION", Rejected.class),
        arguments(403, "PERMISSION_DENIED", Misconfigured.class),
        arguments(404, "NOT_FOUND", Rejected.class),
        arguments(404, "SOMETHING_ELSE", Misconfigured.class),
        arguments(409, "ABORTED", Rejected.class),
        arguments(412, "FAILED_PRECONDITION", Rejected.class),
        arguments(413, "", Rejected.class),
        arguments(429, "RESOURCE_EXHAUSTED", Throttled.class),
        arguments(500, "INTERNAL", Retryable.class),
        arguments(503, "UNAVAILABLE", Retryable.class));
  }

  @ParameterizedTest
  @MethodSource("errorsWithoutACode")
  void withoutACodeTheStatusDecides(int http, String status, Class<? extends Outcome> expected) {
    assertThat(
            fixture.deliverAnswered(
                error(http, status, "{\"@type\":\"type.googleapis.com/google.rpc.Help\"}")))
        .isInstanceOf(expected);
  }

  static Stream<Arguments> answersThatAreNotFcms() {
    return Stream.of(
        arguments(302, Misconfigured.class),
        arguments(400, Rejected.class),
        arguments(403, Misconfigured.class),
        arguments(404, Misconfigured.class),
        arguments(405, Rejected.class),
        arguments(408, Unknown.class),
        arguments(429, Throttled.class),
        arguments(500, Unknown.class),
        arguments(502, Unknown.class),
        arguments(503, Retryable.class),
        arguments(504, Unknown.class),
        arguments(520, Unknown.class));
  }

  @ParameterizedTest
  @MethodSource("answersThatAreNotFcms")
  void withoutJsonTheHttpStatusDecides(int http, Class<? extends Outcome> expected) {
    assertThat(
            fixture.deliverAnswered(new Response(http, Map.of("Content-Type", "text/html"), HTML)))
        .isInstanceOf(expected);
    assertThat(fixture.deliverAnswered(new Response(http, Map.of(), ""))).isInstanceOf(expected);
    assertThat(fixture.deliverAnswered(new Response(http, Map.of(), "[\"error\"]")))
        .isInstanceOf(expected);
    assertThat(fixture.deliverAnswered(new Response(http, Map.of(), "{\"error\":{\"details\":7}}")))
        .isInstanceOf(expected);
    assertThat(
            fixture.deliverAnswered(new Response(http, Map.of(), "{\"error\":" + "[".repeat(5000))))
        .isInstanceOf(expected);
  }

  @Test
  void aMalformedTokenIsToldFromAMalformedMessage() {
    String badField =
        """
        {"@type":"type.googleapis.com/google.rpc.BadRequest",
         "fieldViolations":[{"field":"%s","description":"Invalid value"}]}""";

    assertThat(
            fixture.deliverAnswered(
                error(400, "INVALID_ARGUMENT", badField.formatted("message.token"))))
        .isInstanceOf(InvalidAddress.class);
    assertThat(
            fixture.deliverAnswered(
                error(400, "INVALID_ARGUMENT", badField.formatted("message.data[0].value"))))
        .isInstanceOf(Rejected.class);
    assertThat(
            fixture.deliverAnswered(
                error(400, "INVALID_ARGUMENT", badField.formatted("message.token.x"))))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void aTokenThatIsNoneIsKnownByFcmsWords() {
    String body =
        """
        {"error": {"code": 400, "status": "INVALID_ARGUMENT",
          "message": "The registration token is not a valid FCM registration token",
          "details": [%s]}}""";

    assertThat(
            fixture.deliverAnswered(
                Response.json(400, body.formatted(fcmDetail("INVALID_ARGUMENT")))))
        .isInstanceOf(InvalidAddress.class);
  }

  @Test
  void aDetailOfAnotherKindIsNoErrorCode() {
    String detail =
        "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"errorCode\":\"UNREGISTERED\"}";

    assertThat(fixture.deliverAnswered(error(400, "INVALID_ARGUMENT", detail)))
        .isInstanceOf(Rejected.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"30 | PT30S", "Fri, 02 Jan 2026 03:05:05 GMT | PT1M", "nonsense | PT1M"})
  void throttlingKeepsTheTimeThatFcmAsksFor(String header, Duration expected) {
    Outcome outcome =
        fixture.deliverAnswered(
            error(429, "RESOURCE_EXHAUSTED", fcmDetail("QUOTA_EXCEEDED"))
                .with("Retry-After", header));

    assertThat(((Throttled) outcome).retryAfter()).contains(expected);
  }

  @Test
  void throttlingWithoutATimeIsForAMinute() {
    Outcome outcome = fixture.deliverAnswered(new Response(429, Map.of(), ""));

    assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofMinutes(1));
  }

  @Test
  void aPassingFaultKeepsTheTimeThatFcmAsksFor() {
    Response busy = error(503, "UNAVAILABLE", fcmDetail("UNAVAILABLE"));

    assertThat(((Retryable) fixture.deliverAnswered(busy.with("Retry-After", "7"))).retryAfter())
        .contains(Duration.ofSeconds(7));
    assertThat(((Retryable) fixture.deliverAnswered(busy)).retryAfter())
        .isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "{}",
        "{\"name\":\"\"}",
        "{\"name\":\" \"}",
        "{\"name\":null}",
        "{\"name\":7}",
        "{\"name\":{}}",
        "<html>",
        "null"
      })
  void successWithoutAMessageNameIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(new Response(200, Map.of(), body)))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void anAnswerThatBreaksOffIsUnknown() {
    assertThat(fixture.deliverAnswered(FcmFixture.TAKEN.with("Content-Length", "4000")))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void causesDoNotRepeatWhatFcmSays() {
    String body = "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"message\":\"token-1 is bad\"}}";

    assertThat(fixture.deliverAnswered(Response.json(400, body)).cause()).doesNotContain("token-1");
  }

  private static Response error(int http, String status, String detail) {
    return Response.json(
        http,
        """
        {"error": {"code": %d, "message": "Said by FCM.", "status": "%s", "details": [{}, %s]}}"""
            .formatted(http, status, detail));
  }

  private static String fcmDetail(String code) {
    return "{\"@type\":\"type.googleapis.com/google.firebase.fcm.v1.FcmError\",\"errorCode\":\""
        + code
        + "\"}";
  }
}
