package dev.notify.sms;

import static dev.notify.sms.PlivoFixture.ACCOUNT;
import static dev.notify.sms.PlivoFixture.NOW;
import static dev.notify.sms.PlivoFixture.number;
import static dev.notify.sms.PlivoFixture.several;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several text messages in one call to Plivo. */
class PlivoBatchTest {

  private final PlivoFixture fixture = new PlivoFixture();

  @BeforeEach
  void plivoTakesAll() {
    fixture.plivo.answer(PlivoFixture::taken);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static OutboundMessage to(Address address, Instant end) {
    return SampleMessages.to(address, Content.ofBody("Hi"), Priority.NORMAL, end);
  }

  private static OutboundMessage to(Address address) {
    return SampleMessages.to(address, Content.ofBody("Hi"));
  }

  private List<Outcome> deliverAnswered(int count, int status, String body) {
    fixture.plivo.answer(new Response(status, Map.of(), body));
    return fixture.deliver(several(count, "Hi"));
  }

  @Test
  void messagesOfEqualTextArePostedWithAllTheirNumbers() {
    List<Outcome> outcomes =
        fixture.deliver(
            List.of(to(number(101), NOW.plusSeconds(700)), to(number(100), NOW.plusSeconds(600))));

    Request request = fixture.plivo.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/Account/" + ACCOUNT + "/Message/");
    assertThat(request.headers())
        .containsEntry("content-type", "application/json; charset=utf-8")
        .containsEntry("accept", "application/json")
        .containsEntry("authorization", "Basic TUFaVFExWkpJWU9UQVhZWjAxMjM6aHVzaC1odXNoLXRva2Vu");
    assertThat(request.body())
        .isEqualTo(
            "{\"src\":\"15550100\",\"dst\":\"14155550101<14155550100\",\"text\":\"Hi\","
                + "\"type\":\"sms\",\"message_expiry\":600}");
    assertThat(outcomes).containsExactly(Outcome.accepted("id-0101"), Outcome.accepted("id-0100"));
  }

  @Test
  void theAddressForReportsHasNoReferenceThatIsWrongForAllButOne() {
    try (PlivoProvider provider =
        PlivoFixture.builder(fixture.plivo)
            .powerpackUuid(PlivoFixture.POWERPACK)
            .reportUrl(URI.create("https://shop.example.com/plivo?x=1"))
            .build()) {
      provider.deliver(several(2, "Hi"));
    }

    assertThat(fixture.plivo.requests().get(0).body())
        .isEqualTo(
            "{\"powerpack_uuid\":\""
                + PlivoFixture.POWERPACK
                + "\",\"dst\":\"14155550100<14155550101\",\"text\":\"Hi\",\"type\":\"sms\","
                + "\"message_expiry\":3600,"
                + "\"url\":\"https://shop.example.com/plivo?x=1\",\"method\":\"POST\"}");
  }

  @Test
  void numbersThatPlivoDoesNotTakeAreRefusedAndIdsAreTheOthers() {
    List<Outcome> outcomes =
        deliverAnswered(
            4,
            202,
            """
            {"message_uuid":["a","b"],"invalid_number":["+14155550102","14155550100"]}""");

    assertThat(outcomes.get(0)).isInstanceOf(Rejected.class);
    assertThat(outcomes.get(1)).isEqualTo(Outcome.accepted("a"));
    assertThat(outcomes.get(2)).isInstanceOf(Rejected.class);
    assertThat(outcomes.get(3)).isEqualTo(Outcome.accepted("b"));
    assertThat(outcomes.get(0).cause()).doesNotContain("4155550100");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "null",
        "{}",
        "{\"message_uuid\":[]}",
        "{\"message_uuid\":\"a\"}",
        "{\"message_uuid\":[\"a\",\"b\"]}",
        "{\"message_uuid\":[\"a\",\"b\",\"c\",\"d\"]}",
        "{\"message_uuid\":[\"a\",\"b\",\"a\"]}",
        "{\"message_uuid\":[\"a\",\" \",\"c\"]}",
        "{\"message_uuid\":[\"a\",{},\"c\"]}",
        "{\"message_uuid\":[\"a\",\"b\",\"c\"],\"invalid_number\":[\"14155550100\"]}",
        "{\"message_uuid\":[\"a\",\"b\"],\"invalid_number\":[\"14155559999\"]}",
        "{\"message_uuid\":[\"a\"],\"invalid_number\":[\"14155550100\",\"+14155550100\"]}"
      })
  void anAnswerThatDoesNotAddUpLeavesAllInDoubt(String body) {
    assertThat(deliverAnswered(3, 202, body))
        .hasSize(3)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Unknown.class));
    assertThat(fixture.plivo.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403})
  void aRefusalOverOneNumberEndsWithThatOneAlone(int status) {
    fixture.plivo.answer(
        request ->
            request.body().contains("14155550103")
                ? Response.json(status, "{\"error\":\"dst is not valid\"}")
                : PlivoFixture.taken(request));

    List<Outcome> outcomes = new ArrayList<>(fixture.deliver(several(5, "Hi")));

    assertThat(outcomes.remove(3)).isInstanceOf(Rejected.class);
    assertThat(outcomes)
        .containsExactly(
            Outcome.accepted("id-0100"),
            Outcome.accepted("id-0101"),
            Outcome.accepted("id-0102"),
            Outcome.accepted("id-0104"));
    assertThat(fixture.plivo.requests()).as("5, 2, 3, 1, 2, 1, 1").hasSize(7);
  }

  @ParameterizedTest
  @CsvSource({
    "401, Misconfigured",
    "402, Misconfigured",
    "404, Misconfigured",
    "500, Unknown",
    "503, Unknown"
  })
  void whatIsWrongForAllIsSaidOfAll(int status, String expected) {
    assertThat(deliverAnswered(3, status, "{}"))
        .hasSize(3)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsOnly(expected);
    assertThat(fixture.plivo.requests()).hasSize(1);
  }

  @Test
  void allWaitForAsLongAsPlivoAsks() {
    fixture.plivo.answer(Response.json(429, "{}").with("Retry-After", "7"));

    assertThat(fixture.deliver(several(3, "Hi")))
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofSeconds(7)));
  }

  @Test
  void noNumberIsTwiceInACallAndOutcomesKeepTheirOrder() {
    List<Outcome> outcomes =
        fixture.deliver(Stream.of(100, 101, 100, 102).map(line -> to(number(line))).toList());

    assertThat(outcomes)
        .containsExactly(
            Outcome.accepted("id-0100"),
            Outcome.accepted("id-0101"),
            Outcome.accepted("id-0100"),
            Outcome.accepted("id-0102"));
    assertThat(fixture.plivo.requests()).hasSize(2);
  }

  @Test
  void whatIsNoNumberIsNeverTakenForSeveral() {
    OutboundMessage smuggler = to(Address.sms("+14155550100<+14155550199"));
    try (PlivoProvider provider = PlivoFixture.builder(fixture.plivo).from("Shop").build()) {
      assertThat(provider.batchKey(smuggler)).isEmpty();

      provider.deliver(List.of(to(number(101)), to(number(102)), to(number(103)), smuggler));
    }

    assertThat(fixture.plivo.requests().get(0).body()).contains("\"14155550101<14155550102\"");
    assertThat(fixture.plivo.requests()).hasSize(3);
  }

  @Test
  void aThousandFitIntoACall() {
    assertThat(fixture.deliver(several(1_000, "Hi")))
        .hasSize(1_000)
        .doesNotHaveDuplicates()
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
    assertThat(fixture.plivo.requests()).hasSize(1);
  }

  @Test
  void onlyMessagesOfOneTextSenderAndEndShareACall() {
    SmsSenders senders = SmsSenders.of("+15550100").forPrefix("+44", "Shop");
    try (PlivoProvider provider = PlivoFixture.builder(fixture.plivo).from(senders).build()) {
      OutboundMessage sample = to(number(100), NOW.plusSeconds(600));

      assertThat(provider.batchKey(sample))
          .isPresent()
          .isEqualTo(provider.batchKey(to(number(101), NOW.plusSeconds(600).plusMillis(3))))
          .isNotEqualTo(provider.batchKey(to(number(101), NOW.plusSeconds(601))))
          .isNotEqualTo(provider.batchKey(sample.withContent(Content.ofBody("Ho"))))
          .isNotEqualTo(provider.batchKey(sample.redirectedTo(Address.sms("+447911123456"))));
      assertThat(provider.batchKey(to(number(100), NOW.plus(Duration.ofHours(4)))))
          .as("both outlast Plivo's queue")
          .isEqualTo(provider.batchKey(to(number(101), NOW.plus(Duration.ofDays(1)))));
      assertThat(provider.batchKey(sample).orElseThrow().toString()).doesNotContain("Hi", "555");
    }
  }
}
