package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResendProviderTest {

  static final Response TAKEN = Response.json(200, "{\"id\":\"49a3999c-0ce1\"}");

  private final HttpMailFixture fixture =
      HttpMailFixture.of(TAKEN, vendor -> builder(vendor).build());

  private static ResendProvider.Builder builder(HttpStandIn vendor) {
    return HttpMailFixture.settings(
        ResendProvider.builder().apiKey(HttpMailFixture.SECRET), vendor);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedUnderItsReference() {
    OutboundMessage message = Mails.message();

    Outcome outcome = fixture.deliver(message);

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/emails");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + HttpMailFixture.SECRET)
        .containsEntry("idempotency-key", message.reference())
        .containsEntry("content-type", "application/json")
        .containsKey("user-agent");
    assertThat(request.body())
        .isEqualTo(
            """
            {"from":"Shop <shop@example.com>","to":["Jane Doe <jane.doe@example.org>"],\
            "subject":"Your parcel","text":"It is on its way.",\
            "headers":{"X-Notify-Delivery":"%1$s"},\
            "tags":[{"name":"notify_reference","value":"%1$s"}]}"""
                .formatted(message.reference()));
    assertThat(outcome).isEqualTo(Outcome.accepted("49a3999c-0ce1"));
  }

  @Test
  void everythingThatAMailCanHave() {
    OutboundMessage message = Mails.rich();

    fixture.deliver(message);

    assertThat(fixture.sent(1).body())
        .isEqualTo(
            """
            {"from":"Shop <shop@example.com>","to":["Jane Doe <jane.doe@example.org>"],\
            "cc":["\\"Carol, Ö\\" <carol@example.org>"],"bcc":["bob@xn--bcher-kva.example"],\
            "reply_to":["Case 7 <case-7@example.com>"],"subject":"Your parcel €",\
            "html":"<img src='cid:logo'>","text":"It is \\"on\\" its way.",\
            "headers":{"List-Unsubscribe":"<https://shop.example.com/u/1>",\
            "List-Unsubscribe-Post":"List-Unsubscribe=One-Click","X-Notify-Delivery":"%1$s",\
            "X-Order":"=?UTF-8?B?TsK6IDc=?="},\
            "attachments":[{"filename":"logo.png","content":"AQID","content_type":"image/png",\
            "content_id":"logo"},\
            {"filename":"a_b.pdf","content":"BAU=","content_type":"application/pdf"}],\
            "tags":[{"name":"notify_reference","value":"%1$s"},\
            {"name":"orders","value":"true"},{"name":"shipped","value":"true"}]}"""
                .formatted(message.reference()));
  }

  @Test
  void aRepeatedAttemptIsTheSameToTheByte() {
    OutboundMessage message = Mails.rich();

    fixture.deliver(message);
    fixture.deliver(message);

    assertThat(fixture.sent(2).body()).isEqualTo(fixture.sent(1).body());
    assertThat(fixture.sent(2).headers().get("idempotency-key"))
        .isEqualTo(fixture.sent(1).headers().get("idempotency-key"));
    try (ResendProvider provider = builder(fixture.vendor).build()) {
      assertThat(provider.isIdempotent()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | invalid_idempotency_key | no | Rejected",
        "422 | validation_error | Invalid `to` field. jane.doe@example.org | InvalidAddress",
        "400 | validation_error | Invalid `from` field. | Misconfigured",
        "422 | validation_error | Invalid `cc` field. | Rejected",
        "422 | validation_error | Invalid `subject` field. | Rejected",
        "403 | validation_error | The example.com domain is not verified. | Misconfigured",
        "403 | validation_error | You can only send testing emails to your own email address (shop@example.com). | Rejected",
        "401 | missing_api_key | no | Misconfigured",
        "401 | restricted_api_key | no | Misconfigured",
        "403 | invalid_api_key | no | Misconfigured",
        "422 | invalid_from_address | no | Misconfigured",
        "404 | not_found | no | Misconfigured",
        "405 | method_not_allowed | no | Misconfigured",
        "409 | invalid_idempotent_request | no | Unknown",
        "409 | concurrent_idempotent_requests | no | Unknown",
        "422 | invalid_attachment | no | Rejected",
        "422 | invalid_access | no | Rejected",
        "422 | invalid_parameter | no | Rejected",
        "422 | missing_required_field | no | Rejected",
        "422 | invalid_region | no | Misconfigured",
        "429 | rate_limit_exceeded | no | Throttled",
        "429 | daily_quota_exceeded | no | Throttled",
        "429 | monthly_quota_exceeded | no | Misconfigured",
        "451 | security_error | no | Rejected",
        "500 | application_error | no | Unknown",
        "500 | internal_server_error | no | Unknown",
        "418 | of_next_year | no | Rejected",
        "500 | of_next_year | no | Unknown"
      })
  void anErrorsNameDecides(int status, String name, String text, String expected) {
    Outcome outcome =
        fixture.deliverAnswered(
            status,
            """
            {"statusCode":%d,"name":"%s","message":"%s"}"""
                .formatted(status, name, text));

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).doesNotContain("jane").contains(name);
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "401, Misconfigured",
    "403, Misconfigured",
    "404, Misconfigured",
    "408, Unknown",
    "409, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Retryable",
    "504, Unknown"
  })
  void withoutANameTheStatusDecides(int status, String expected) {
    assertThat(fixture.deliverAnswered(status, "error code: 1010").getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @Test
  void successWithoutAnIdIsUnknown() {
    assertThat(fixture.deliverAnswered(200, "{}")).isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after, rate_limit_exceeded, PT7S",
    "ratelimit-reset, rate_limit_exceeded, PT7S",
    "retry-after, daily_quota_exceeded, PT7S",
    "other, daily_quota_exceeded, PT1H"
  })
  void theTimeThatResendAsksForIsKept(String header, String name, Duration expected) {
    Response answer = Response.json(429, "{\"name\":\"" + name + "\"}").with(header, "7");

    assertThat(((Throttled) fixture.deliverAnswered(answer)).retryAfter()).contains(expected);
  }

  @Test
  void aRefusedCopyDoesNotLoseTheMailNorTheKey() {
    Response refused =
        Response.json(422, "{\"name\":\"validation_error\",\"message\":\"Invalid `cc` field.\"}");

    assertThat(fixture.deliverCopiesAnswered(refused, TAKEN)).isInstanceOf(Accepted.class);

    assertThat(fixture.sent(2).body()).doesNotContain("carol", "bob");
    assertThat(fixture.sent(2).headers().get("idempotency-key"))
        .isEqualTo(fixture.sent(1).headers().get("idempotency-key") + "-recipient-only");
  }
}
