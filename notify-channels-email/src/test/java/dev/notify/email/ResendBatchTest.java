package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several mails in one request to Resend. */
class ResendBatchTest {

  private final HttpMailFixture fixture =
      HttpMailFixture.of(
          ResendProviderTest.TAKEN,
          vendor ->
              HttpMailFixture.settings(
                      ResendProvider.builder().apiKey(HttpMailFixture.SECRET), vendor)
                  .build());

  /** What Resend answers when it takes whatever it is sent. */
  static Response taken(Request request) {
    return request.target().equals("/emails")
        ? ResendProviderTest.TAKEN
        : taken(request.body().split("\"to\":", -1).length - 1);
  }

  private static Response taken(int count) {
    return Response.json(
        200,
        IntStream.range(0, count)
            .mapToObj("{\"id\":\"49a3999c-%d\"}"::formatted)
            .collect(Collectors.joining(",", "{\"data\":[", "]}")));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void mailsOfAnyContentArePostedTogether() {
    OutboundMessage toJane = Mails.message();
    Content other = Content.builder().title("News").body("Hi").html("<p>Hi {{{N}}}</p>").build();
    OutboundMessage toJoe = SampleMessages.to(Address.email("joe@example.org"), other);
    fixture.vendor.answer(taken(2));

    List<Outcome> outcomes = fixture.deliver(List.of(toJane, toJoe));

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/emails/batch");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + HttpMailFixture.SECRET)
        .containsEntry("x-batch-validation", "permissive")
        .containsEntry("content-type", "application/json")
        .containsKey("user-agent");
    assertThat(request.body())
        .isEqualTo(
            """
            [{"from":"Shop <shop@example.com>","to":["Jane Doe <jane.doe@example.org>"],\
            "subject":"Your parcel","text":"It is on its way.",\
            "headers":{"X-Notify-Delivery":"%1$s"},\
            "tags":[{"name":"notify_reference","value":"%1$s"}]},\
            {"from":"Shop <shop@example.com>","to":["joe@example.org"],\
            "subject":"News","html":"<p>Hi {{{N}}}</p>","text":"Hi",\
            "headers":{"X-Notify-Delivery":"%2$s"},\
            "tags":[{"name":"notify_reference","value":"%2$s"}]}]"""
                .formatted(toJane.reference(), toJoe.reference()));
    assertThat(outcomes)
        .containsExactly(Outcome.accepted("49a3999c-0"), Outcome.accepted("49a3999c-1"));
  }

  @Test
  void theSameMailsInTheSameOrderHaveTheSameKey() {
    List<OutboundMessage> three = Mails.several(3);
    fixture.vendor.answer(ResendBatchTest::taken);

    fixture.deliver(three);
    fixture.deliver(three);
    fixture.deliver(List.of(three.get(1), three.get(0), three.get(2)));
    fixture.deliver(three.subList(0, 2));

    List<String> keys =
        fixture.vendor.requests().stream()
            .map(request -> request.headers().get("idempotency-key"))
            .toList();
    assertThat(keys).allSatisfy(key -> assertThat(key).matches("batch-[0-9a-f]{64}"));
    assertThat(keys.get(1)).isEqualTo(keys.get(0));
    assertThat(keys.subList(1, 4)).doesNotHaveDuplicates();
    assertThat(fixture.sent(2).body()).isEqualTo(fixture.sent(1).body());
  }

  @Test
  void whatIsNotTakenIsToldByItsIndex() {
    List<Outcome> outcomes =
        fixture.deliverAnswered(
            4,
            Response.json(
                200,
                """
                {"data":[{"id":"a"},{"id":"b"}],
                 "errors":[{"index":2,"message":"Invalid `to` field. p2@example.org"},
                           {"index":0,"message":"The `subject` field is too long."}]}"""));

    assertThat(outcomes)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Rejected", "Accepted", "InvalidAddress", "Accepted");
    assertThat(outcomes.get(1)).isEqualTo(Outcome.accepted("a"));
    assertThat(outcomes.get(3)).isEqualTo(Outcome.accepted("b"));
    assertThat(outcomes).allSatisfy(one -> assertThat(one.cause()).doesNotContain("example.org"));
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Invalid `to` field. The email address needs to follow a format. | InvalidAddress",
        "Invalid `cc` field. | Rejected",
        "Missing `subject` field. | Rejected",
        "You can only send testing emails to your own email address. | Rejected",
        "The example.com domain is not verified. | Misconfigured",
        "Invalid `from` field. | Misconfigured",
        "of next year | Rejected"
      })
  void whatIsSaidAboutOneMailMeansWhatItMeansAlone(String text, String expected) {
    List<Outcome> outcomes =
        fixture.deliverAnswered(
            2,
            Response.json(
                200,
                """
                {"data":[{"id":"a"}],"errors":[{"index":1,"message":"%s"}]}"""
                    .formatted(text)));

    assertThat(outcomes)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Accepted", expected);
  }

  @Test
  void allMayBeRefused() {
    assertThat(
            fixture.deliverAnswered(
                2,
                Response.json(
                    200,
                    """
                    {"data":[],"errors":[{"index":0,"message":"no"},{"index":1}]}""")))
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Rejected.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'data':[{'id':'a'}]}",
        "{'data':[{'id':'a'},{'id':'b'},{'id':'c'}]}",
        "{'data':[{'id':'a'},{'id':'b'}],'errors':[{'index':1,'message':'no'}]}",
        "{'data':[],'errors':[{'index':1,'message':'no'},{'index':1,'message':'no'}]}",
        "{'data':[{'id':'a'}],'errors':[{'index':2,'message':'no'}]}",
        "{'data':[{'id':'a'}],'errors':[{'index':-1,'message':'no'}]}",
        "{'data':[{'id':'a'}],'errors':[{'index':'1','message':'no'}]}",
        "{'data':[{'id':'a'}],'errors':[{'message':'no'}]}",
        "{'data':[{'id':'a'}],'errors':['no']}",
        "{'id':'a'}",
        "[{'id':'a'},{'id':'b'}]",
        "{'data':[{'id':'a'}",
        ""
      })
  void anAnswerThatDoesNotFitLeavesAllInDoubt(String body) {
    assertThat(fixture.deliverAnswered(2, Response.json(200, Reports.json(body))))
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Unknown.class));
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @Test
  void aMailWithoutAnIdIsInDoubtByItself() {
    assertThat(fixture.deliverAnswered(2, Response.json(200, "{\"data\":[{},{\"id\":\"b\"}]}")))
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Unknown", "Accepted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalid_idempotent_request", "concurrent_idempotent_requests"})
  void whatMayHaveGoneUnderTheKeyBeforeDoesNotGoAgainInParts(String name) {
    assertThat(fixture.deliverAnswered(3, Response.json(409, "{\"name\":\"" + name + "\"}")))
        .hasOnlyElementsOfType(Unknown.class)
        .hasSize(3);
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @Test
  void allWaitForAsLongAsResendAsks() {
    Response tooMany =
        Response.json(429, "{\"name\":\"rate_limit_exceeded\"}").with("ratelimit-reset", "7");

    assertThat(fixture.deliverAnswered(3, tooMany))
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofSeconds(7)));
  }
}
