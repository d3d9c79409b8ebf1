package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostmarkProviderTest {

  static final Response TAKEN = taken("OK");

  private final HttpMailFixture fixture =
      HttpMailFixture.of(TAKEN, vendor -> builder(vendor).build());

  private static PostmarkProvider.Builder builder(HttpStandIn vendor) {
    return HttpMailFixture.settings(
        PostmarkProvider.builder().serverToken(HttpMailFixture.SECRET).messageStream("outbound"),
        vendor);
  }

  private static Response taken(String text) {
    return Response.json(
        200,
        """
        {"To":"jane.doe@example.org","SubmittedAt":"2014-02-17T07:25:01.4178645-05:00",
         "MessageID":"0a129aee-e1cd","ErrorCode":0,"Message":"%s"}"""
            .formatted(text));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPosted() {
    OutboundMessage message = Mails.message();

    Outcome outcome = fixture.deliver(message);

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/email");
    assertThat(request.headers())
        .containsEntry("x-postmark-server-token", HttpMailFixture.SECRET)
        .containsEntry("accept", "application/json")
        .containsEntry("content-type", "application/json");
    assertThat(request.body())
        .isEqualTo(
            """
            {"From":"Shop <shop@example.com>","To":"Jane Doe <jane.doe@example.org>",\
            "Subject":"Your parcel","TextBody":"It is on its way.",\
            "Headers":[{"Name":"X-Notify-Delivery","Value":"%1$s"}],\
            "Metadata":{"notify_reference":"%1$s"},"MessageStream":"outbound"}"""
                .formatted(message.reference()));
    assertThat(outcome).isEqualTo(Outcome.accepted("0a129aee-e1cd"));
  }

  @Test
  void everythingThatAMailCanHave() {
    OutboundMessage message = Mails.rich();

    fixture.deliver(message);

    assertThat(fixture.sent(1).body())
        .isEqualTo(
            """
            {"From":"Shop <shop@example.com>","To":"Jane Doe <jane.doe@example.org>",\
            "Cc":"\\"Carol, Ö\\" <carol@example.org>","Bcc":"bob@xn--bcher-kva.example",\
            "ReplyTo":"Case 7 <case-7@example.com>","Subject":"Your parcel €",\
            "TextBody":"It is \\"on\\" its way.","HtmlBody":"<img src='cid:logo'>",\
            "Tag":"orders",\
            "Headers":[{"Name":"List-Unsubscribe","Value":"<https://shop.example.com/u/1>"},\
            {"Name":"List-Unsubscribe-Post","Value":"List-Unsubscribe=One-Click"},\
            {"Name":"X-Notify-Delivery","Value":"%1$s"},\
            {"Name":"X-Order","Value":"=?UTF-8?B?TsK6IDc=?="}],\
            "Metadata":{"notify_reference":"%1$s"},\
            "Attachments":[{"Name":"logo.png","Content":"AQID","ContentType":"image/png",\
            "ContentID":"cid:logo"},\
            {"Name":"a_b.pdf","Content":"BAU=","ContentType":"application/pdf"}],\
            "MessageStream":"outbound"}"""
                .formatted(message.reference()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | 10 | no | Misconfigured",
        "422 | 11 | several | Rejected",
        "503 | 100 | maintenance | Retryable",
        "422 | 300 | Invalid 'To' address: 'jane.doe@example.org'. | InvalidAddress",
        "422 | 300 | Error parsing 'To': Illegal email domain 'x' | InvalidAddress",
        "422 | 300 | Error parsing 'Cc': Illegal email domain 'x' | Rejected",
        "422 | 300 | Invalid 'From' address: 'x'. | Misconfigured",
        "422 | 300 | Invalid 'ReplyTo' address: 'x'. | Rejected",
        "422 | 300 | Provide either email TextBody or HtmlBody or both. | Rejected",
        "422 | 400 | signature not found | Misconfigured",
        "422 | 401 | signature not confirmed | Misconfigured",
        "422 | 402 | JSON | Rejected",
        "422 | 403 | fields | Rejected",
        "422 | 405 | credits | Misconfigured",
        "422 | 406 | You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: jane.doe@example.org. Inactive recipients are ones | InvalidAddress",
        "422 | 409 | JSON | Rejected",
        "422 | 410 | batch | Rejected",
        "422 | 411 | attachment | Rejected",
        "422 | 412 | pending approval | Rejected",
        "422 | 413 | may not send | Misconfigured",
        "429 | 429 | rate | Throttled",
        "422 | 500 | signature | Misconfigured",
        "422 | 522 | domain | Misconfigured",
        "422 | 600 | server | Misconfigured",
        "422 | 701 | message | Rejected",
        "422 | 1226 | stream | Misconfigured",
        "422 | 1235 | stream | Misconfigured",
        "422 | 1300 | data | Rejected",
        "422 | 9999 | of next year | Rejected",
        "500 | 9999 | of next year | Unknown"
      })
  void aCodeDecides(int status, int code, String text, String expected) {
    Outcome outcome =
        fixture.deliverAnswered(
            status,
            """
            {"ErrorCode":%d,"Message":"%s"}"""
                .formatted(code, text));

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).doesNotContain("jane").contains("error-" + code);
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "401, Misconfigured",
    "404, Misconfigured",
    "408, Unknown",
    "413, Rejected",
    "415, Rejected",
    "422, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Retryable",
    "504, Unknown"
  })
  void withoutACodeTheStatusDecides(int status, String expected) {
    assertThat(fixture.deliverAnswered(status, "<html>").getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @Test
  void successMayLackTheCode() {
    assertThat(fixture.deliverAnswered(200, "{\"MessageID\":\"m\"}"))
        .isEqualTo(Outcome.accepted("m"));
    assertThat(fixture.deliverAnswered(200, "{}")).isInstanceOf(Unknown.class);
  }

  @Test
  void anInactiveRecipientIsDeadThoughItsCopiesWereTaken() {
    String text =
        "Message OK, but will not deliver to these inactive addresses: x@example.org,"
            + " Jane.Doe@example.org. Inactive recipients are ones that have bounced.";

    assertThat(fixture.deliverCopiesAnswered(taken(text), TAKEN))
        .isInstanceOf(InvalidAddress.class);
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @Test
  void anInactiveCopyChangesNothing() {
    String text =
        "Message OK, but will not deliver to these inactive addresses: carol@example.org."
            + " Inactive recipients are ones that have bounced.";

    assertThat(fixture.deliverCopiesAnswered(taken(text), TAKEN)).isInstanceOf(Accepted.class);
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "300 | Error parsing 'Cc': Illegal email domain 'x'",
        "300 | Invalid 'Bcc' address: 'x'.",
        "406 | Found inactive addresses: carol@example.org. Inactive recipients are ones"
      })
  void aRefusedCopyDoesNotLoseTheMail(int code, String text) {
    Response refused =
        Response.json(
            422,
            """
            {"ErrorCode":%d,"Message":"%s"}"""
                .formatted(code, text));

    assertThat(fixture.deliverCopiesAnswered(refused, TAKEN)).isInstanceOf(Accepted.class);

    assertThat(fixture.vendor.requests()).hasSize(2);
    assertThat(fixture.sent(2).body()).doesNotContain("carol", "bob");
  }
}
