package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Several mails in one request to Postmark. */
class PostmarkBatchTest {

  private final HttpMailFixture fixture =
      HttpMailFixture.of(PostmarkProviderTest.TAKEN, vendor -> builder(vendor).build());

  private static PostmarkProvider.Builder builder(HttpStandIn vendor) {
    return HttpMailFixture.settings(
        PostmarkProvider.builder().serverToken(HttpMailFixture.SECRET), vendor);
  }

  /** What Postmark answers when it takes whatever it is sent. */
  static Response taken(Request request) {
    return request.target().equals("/email")
        ? PostmarkProviderTest.TAKEN
        : taken(request.body().split("\"To\":", -1).length - 1);
  }

  private static Response taken(int count) {
    return answers(IntStream.range(0, count).mapToObj(PostmarkBatchTest::taking).toList());
  }

  private static String taking(int number) {
    return """
        {"To":"p%1$d@example.org","SubmittedAt":"2014-02-17T07:25:01.4178645-05:00",\
        "MessageID":"0a129aee-%1$d","ErrorCode":0,"Message":"OK"}"""
        .formatted(number);
  }

  private static Response answers(List<String> each) {
    return Response.json(200, each.stream().collect(Collectors.joining(",", "[", "]")));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void mailsOfAnyContentArePostedTogether() {
    OutboundMessage toJane = Mails.message();
    Content other = Content.builder().title("News").body("Hi").html("<p>Hi {{name}}</p>").build();
    OutboundMessage toJoe = SampleMessages.to(Address.email("joe@example.org"), other);
    fixture.vendor.answer(taken(2));

    List<Outcome> outcomes = fixture.deliver(List.of(toJane, toJoe));

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/email/batch");
    assertThat(request.headers())
        .containsEntry("x-postmark-server-token", HttpMailFixture.SECRET)
        .containsEntry("accept", "application/json")
        .containsEntry("content-type", "application/json");
    assertThat(request.body())
        .isEqualTo(
            """
            [{"From":"Shop <shop@example.com>","To":"Jane Doe <jane.doe@example.org>",\
            "Subject":"Your parcel","TextBody":"It is on its way.",\
            "Headers":[{"Name":"X-Notify-Delivery","Value":"%1$s"}],\
            "Metadata":{"notify_reference":"%1$s"}},\
            {"From":"Shop <shop@example.com>","To":"joe@example.org",\
            "Subject":"News","TextBody":"Hi","HtmlBody":"<p>Hi {{name}}</p>",\
            "Headers":[{"Name":"X-Notify-Delivery","Value":"%2$s"}],\
            "Metadata":{"notify_reference":"%2$s"}}]"""
                .formatted(toJane.reference(), toJoe.reference()));
    assertThat(outcomes)
        .containsExactly(Outcome.accepted("0a129aee-0"), Outcome.accepted("0a129aee-1"));
  }

  @Test
  void eachMailHasAnAnswerOfItsOwn() {
    List<Outcome> outcomes =
        fixture.deliverAnswered(
            6,
            answers(
                List.of(
                    taking(0),
                    """
                    {"ErrorCode":406,"Message":"Found inactive addresses: p1@example.org. Inactive"}""",
                    taking(2),
                    """
                    {"ErrorCode":300,"Message":"Provide either email TextBody or HtmlBody."}""",
                    """
                    {"ErrorCode":100,"Message":"maintenance"}""",
                    "null")));

    assertThat(outcomes)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly(
            "Accepted", "InvalidAddress", "Accepted", "Rejected", "Retryable", "Unknown");
    assertThat(outcomes.get(2)).isEqualTo(Outcome.accepted("0a129aee-2"));
    assertThat(outcomes).allSatisfy(one -> assertThat(one.cause()).doesNotContain("example.org"));
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{\"ErrorCode\":0,\"MessageID\":\"m\"}]",
        "[{\"MessageID\":\"a\"},{\"MessageID\":\"b\"},{\"MessageID\":\"c\"}]",
        "{\"ErrorCode\":0,\"MessageID\":\"m\"}",
        "{\"0\":{\"MessageID\":\"a\"},\"1\":{\"MessageID\":\"b\"}}",
        "[{\"MessageID\":\"a\"},",
        ""
      })
  void anAnswerThatDoesNotFitLeavesAllInDoubt(String body) {
    assertThat(fixture.deliverAnswered(2, Response.json(200, body)))
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Unknown.class));
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @Test
  void allWaitForAsLongAsPostmarkAsks() {
    Response tooMany = Response.json(429, "{\"ErrorCode\":429}").with("Retry-After", "7");

    assertThat(fixture.deliverAnswered(3, tooMany))
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofSeconds(7)));
  }

  @Test
  void aFullBatchIsReadToItsEnd() {
    try (PostmarkProvider provider = builder(fixture.vendor).batchSize(500).build()) {
      fixture.vendor.answer(PostmarkBatchTest::taken);

      assertThat(provider.batchLimit()).isEqualTo(500);
      assertThat(provider.deliver(Mails.several(500)))
          .hasSize(500)
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
    }
    assertThat(fixture.vendor.requests()).hasSize(1);
  }
}
