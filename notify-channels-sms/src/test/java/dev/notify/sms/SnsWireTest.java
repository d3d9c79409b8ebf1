package dev.notify.sms;

import static dev.notify.sms.SnsFixture.NOW;
import static dev.notify.sms.SnsFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnsWireTest {

  private static final String START =
      "Action=Publish&Version=2010-03-31&PhoneNumber=%2B14155550142&Message=";
  private static final String TRANSACTIONAL =
      "&MessageAttributes.entry.1.Name=AWS.SNS.SMS.SMSType"
          + "&MessageAttributes.entry.1.Value.DataType=String"
          + "&MessageAttributes.entry.1.Value.StringValue=Transactional";

  private final SnsFixture fixture = new SnsFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPublishedAsASignedForm() throws Exception {
    Outcome outcome = fixture.deliver(message("Hi & bye + 1 \u20ac", NOW.plusSeconds(600)));

    Request request = fixture.sns.takeRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/");
    assertThat(request.headers())
        .containsEntry("content-type", "application/x-www-form-urlencoded")
        .containsEntry("host", fixture.sns.url().getAuthority())
        .containsEntry("x-amz-date", "20260102T030405Z")
        .doesNotContainKey("x-amz-security-token");
    assertThat(request.headers().get("authorization"))
        .matches(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEEXAMPLE12/20260102/eu-central-1/sns/aws4_request, "
                + "SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}");
    assertThat(request.body()).isEqualTo(START + "Hi+%26+bye+%2B+1+%E2%82%AC" + TRANSACTIONAL);
    assertThat(outcome).isEqualTo(Outcome.accepted("567910cd-659e-55d4-8ccb-5aaf14679dc0"));
  }

  @ParameterizedTest
  @CsvSource({
    "My-Shop, AWS.SNS.SMS.SenderID, My-Shop",
    "+15550100, AWS.MM.SMS.OriginationNumber, %2B15550100",
    "12345, AWS.MM.SMS.OriginationNumber, 12345",
  })
  void aSenderIsANameOrANumberOfTheAccount(String from, String attribute, String sent)
      throws Exception {
    try (SnsProvider provider =
        SnsFixture.builder(fixture.sns).from(from).sessionToken("hush-session").build()) {
      provider.deliver(message("Hi", NOW.plusSeconds(60)));
    }

    Request request = fixture.sns.takeRequest();
    assertThat(request.headers()).containsEntry("x-amz-security-token", "hush-session");
    assertThat(request.body())
        .isEqualTo(
            START
                + "Hi"
                + TRANSACTIONAL
                + "&MessageAttributes.entry.2.Name="
                + attribute
                + "&MessageAttributes.entry.2.Value.DataType=String"
                + "&MessageAttributes.entry.2.Value.StringValue="
                + sent);
  }

  @ParameterizedTest
  @CsvSource({
    "400, AccessDeniedException, Misconfigured",
    "403, AuthorizationError, Misconfigured",
    "403, ExpiredToken, Misconfigured",
    "400, IncompleteSignature, Misconfigured",
    "403, InvalidClientTokenId, Misconfigured",
    "403, InvalidSecurity, Misconfigured",
    "403, MissingAuthenticationToken, Misconfigured",
    "400, NotAuthorized, Misconfigured",
    "403, OptInRequired, Misconfigured",
    "400, RequestExpired, Misconfigured",
    "403, SignatureDoesNotMatch, Misconfigured",
    "400, UnrecognizedClientException, Misconfigured",
    "400, Throttling, Throttled",
    "400, ThrottlingException, Throttled",
    "429, Throttled, Throttled",
    "400, RequestThrottled, Throttled",
    "400, KMSThrottling, Throttled",
    "400, OptedOut, InvalidAddress",
    "400, InvalidParameter, Rejected",
    "400, InvalidParameterValue, Rejected",
    "400, ParameterValueInvalid, Rejected",
    "400, ValidationException, Rejected",
    "400, ValidationError, Rejected",
    "400, NewerCode, Rejected",
    "503, ServiceUnavailable, Retryable",
    "500, InternalError, Unknown",
    "500, InternalFailure, Unknown",
  })
  void anErrorCodeDecides(int http, String code, String expected) {
    Outcome outcome = fixture.deliverAnswered(error(http, code));

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause())
        .contains("error " + code.replace("Exception", ""))
        .doesNotContain("4155550142");
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "401, Misconfigured",
    "403, Misconfigured",
    "404, Misconfigured",
    "408, Unknown",
    "413, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Unknown",
    "504, Unknown"
  })
  void withoutACodeTheHttpStatusDecides(int http, String expected) {
    for (String body : new String[] {"", "<html>Oops</html>", "{}", "<Code></Code>", "<Code>"}) {
      Outcome outcome = fixture.deliverAnswered(new Response(http, Map.of(), body));

      assertThat(outcome.getClass().getSimpleName()).as(body).isEqualTo(expected);
    }
  }

  @Test
  void theTimeThatAmazonAsksForIsKept() {
    Outcome throttled = fixture.deliverAnswered(error(400, "Throttling").with("Retry-After", "3"));

    assertThat(((Throttled) throttled).retryAfter()).contains(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<MessageId></MessageId>", "<MessageId>", "<html>", "{}"})
  void successWithoutAnIdIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(new Response(200, Map.of(), body)))
        .isInstanceOf(Unknown.class);
  }

  private static Response error(int http, String code) {
    return new Response(
        http,
        Map.of("Content-Type", "text/xml"),
        """
        <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
        <Code>%s</Code><Message>+14155550142 is at fault</Message></Error>
        <RequestId>9dd01905</RequestId></ErrorResponse>"""
            .formatted(code));
  }
}
