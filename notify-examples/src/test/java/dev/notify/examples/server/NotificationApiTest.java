package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationApiTest {

  private static final String ROOT = "/api/v1/notifications";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    server.person("jane");
    server.person("ana");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String hello(String more) {
    return """
        {"userId": "jane", "channel": "email", "title": "Hello", "body": "It works."%s}"""
        .formatted(more);
  }

  @ParameterizedTest
  @ValueSource(strings = {ROOT, ROOT + "/send"})
  void whatIsSentIsAcceptedDeliveredAndToldWithTimes(String address) {
    Instant before = Instant.now();

    Reply sent = server.post(address, hello(", \"metadata\": {\"order\": \"1017\"}"));

    assertThat(sent.status()).isEqualTo(202);
    assertThat(sent.at("/status")).isEqualTo("PENDING");
    assertThat(Instant.parse(sent.at("/estimatedDelivery")))
        .isBetween(before, Instant.now().plusSeconds(1));
    String own = ROOT + "/" + sent.at("/notificationId");
    assertThat(sent.header("Location")).isEqualTo(own);
    Reply status = server.until(own + "/status", reply -> reply.at("/status").equals("DELIVERED"));
    assertThat(status.json().get("events").findValuesAsText("type"))
        .containsExactly("ACCEPTED", "ATTEMPTED", "SENT", "DELIVERED");
    assertThat(status.json().get("events").findValuesAsText("at"))
        .allSatisfy(at -> assertThat(Instant.parse(at)).isAfter(before.minusSeconds(1)));
    Reply whole = server.get(own);
    assertThat(whole.at("/body")).isEqualTo("It works.");
    assertThat(whole.at("/metadata/order")).isEqualTo("1017");
  }

  @Test
  void severalChannelsAreSeveralDeliveries() {
    Reply sent =
        server.post(
            ROOT,
            """
            {"userId": "jane", "channels": ["email", "sms", "inapp"], "title": "a", "body": "b", "priority": "HIGH"}""");

    Reply status =
        server.until(
            ROOT + "/" + sent.at("/notificationId") + "/status",
            reply ->
                reply
                    .json()
                    .get("deliveries")
                    .findValuesAsText("status")
                    .containsAll(List.of("SENT", "DELIVERED")));
    assertThat(status.json().get("deliveries").findValuesAsText("channel"))
        .containsExactlyInAnyOrder("email", "sms", "inapp");
  }

  @Test
  void aChannelWithoutAnAddressIsDecidedAndNotSent() {
    Reply sent =
        server.post(
            ROOT,
            """
            {"userId": "jane", "channel": "push", "title": "a", "body": "b"}""");

    assertThat(sent.status()).isEqualTo(202);
    assertThat(sent.at("/status")).isEqualTo("SUPPRESSED");
    assertThat(sent.at("/decisions/0/reason/code")).isEqualTo("NO_ADDRESS");
    assertThat(sent.json().has("estimatedDelivery")).isFalse();
  }

  @Test
  void whatIsScheduledWaitsAndCanBeCalledOff() {
    Instant due = Instant.now().plus(Duration.ofDays(3));
    String more = ", \"scheduledAt\": \"" + due + "\"";

    Reply sent = server.post(ROOT + "/schedule", hello(more));

    String own = ROOT + "/" + sent.at("/notificationId");
    assertThat(sent.at("/status")).isEqualTo("SCHEDULED");
    assertThat(Duration.between(due, Instant.parse(sent.at("/estimatedDelivery"))).abs())
        .isLessThan(Duration.ofMillis(1));
    Reply cancelled = server.delete(own);
    assertThat(cancelled.json().get("cancelled")).hasSize(1);
    assertThat(server.get(own + "/status").at("/status")).isEqualTo("CANCELLED");
    assertThat(server.delete(own).json().get("tooLate")).hasSize(1);
  }

  @Test
  void aTimeWithoutZoneIsThePersonsOwn() {
    String day = Instant.now().plus(Duration.ofDays(2)).toString().substring(0, 10);

    Reply sent = server.post(ROOT + "/schedule", hello(", \"scheduledAt\": \"" + day + "T12:00\""));

    // Berlin is one or two hours ahead of UTC.
    assertThat(sent.at("/estimatedDelivery")).matches(day + "T1[01]:00:00Z");
  }

  @Test
  void schedulingNeedsATime() {
    Reply refused = server.post(ROOT + "/schedule", hello(""));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/field")).isEqualTo("scheduledAt");
  }

  @Test
  void aRepeatedRequestIsAnsweredLikeTheFirstOne() {
    String key = "\"order-1\"";

    Reply first = keyed(hello(""), key);
    Reply second = keyed(hello(""), key);

    assertThat(second.status()).isEqualTo(202);
    assertThat(second.at("/notificationId")).isEqualTo(first.at("/notificationId"));
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
  }

  private static Reply keyed(String body, String key) {
    return server.call("POST", ROOT, body, "X-API-Key", RunningServer.SEND, "Idempotency-Key", key);
  }

  @Test
  void aKeyInTheBodyIsTheSameAsOneInTheHeader() {
    Reply first =
        server.call(
            "POST",
            ROOT,
            hello(", \"idempotencyKey\": \"order-2\""),
            "X-API-Key",
            RunningServer.SEND);
    Reply second = keyed(hello(""), "order-2");

    assertThat(second.at("/notificationId")).isEqualTo(first.at("/notificationId"));
    assertThat(keyed(hello(", \"idempotencyKey\": \"other\""), "order-2").at("/field"))
        .isEqualTo("idempotencyKey");
  }

  @Test
  void programsDoNotMeetInTheirKeys() {
    Reply first = keyed(hello(""), "order-9");

    Reply ofAnother =
        server.call(
            "POST",
            ROOT,
            hello(", \"priority\": \"HIGH\""),
            "X-API-Key",
            RunningServer.ADMIN,
            "Idempotency-Key",
            "order-9");

    assertThat(ofAnother.status()).isEqualTo(202);
    assertThat(ofAnother.at("/notificationId")).isNotEqualTo(first.at("/notificationId"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/bulk"})
  void aKeyIsAsLongAsTheDescriptionSays(String path) {
    String one = hello("");
    String body = path.isEmpty() ? one : "{\"notifications\": [" + one + "]}";
    String[] headers = {"X-API-Key", RunningServer.SEND, "Idempotency-Key", "k".repeat(512)};

    assertThat(server.call("POST", ROOT + path, body, headers).status()).isEqualTo(202);
    headers[3] = "k".repeat(513);
    Reply refused = server.call("POST", ROOT + path, body, headers);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/field")).endsWith("idempotencyKey");
  }

  @Test
  void whatIsCalledByTwoWordsIsNotTakenForAnothers() {
    Caller a = Caller.key("token:a", Role.SEND);
    Caller ab = Caller.key("token:a/b", Role.SEND);

    assertThat(ab.own("c")).isNotEqualTo(a.own("b/c")).isNotEqualTo(a.own("/b/c"));
    assertThat(ab.own("c")).isEqualTo(ab.own("c"));
  }

  @Test
  void aKeyThatWasUsedForAnotherRequestIsRefused() {
    Reply unused = keyed(hello(""), "order-3");

    Reply refused = keyed(hello(", \"priority\": \"LOW\""), "order-3");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.at("/type")).isEqualTo("urn:notify:problem:key-reused");
  }

  @Test
  void manyAreSentToAndOneThatIsUnknownStopsNobody() {
    Reply sent =
        server.post(
            ROOT + "/bulk",
            """
            {"userIds": ["jane", "nobody", "ana", "jane"], "channel": "email", "title": "a", "body": "b"}""");

    assertThat(sent.status()).isEqualTo(202);
    assertThat(sent.json().get("accepted").asInt()).isEqualTo(2);
    assertThat(sent.json().get("repeated").asInt()).isEqualTo(1);
    assertThat(sent.json().get("failed").asInt()).isEqualTo(1);
    assertThat(sent.at("/failures/0/userId")).isEqualTo("nobody");
    assertThat(sent.at("/failures/0/problem/field")).isEqualTo("userId");
  }

  @Test
  void manyMayEachGetTheirOwn() {
    Reply sent =
        server.post(
            ROOT + "/bulk",
            """
            {"notifications": [
              {"userId": "jane", "channel": "email", "title": "a", "body": "b"},
              {"userId": "ana", "channel": "sms", "body": "c"}]}""");

    assertThat(sent.json().get("accepted").asInt()).isEqualTo(2);
  }

  @Test
  void manyThatComeAgainWithTheSameKeyAreNotSentAgain() {
    String body =
        """
        {"notifications": [
          {"userId": "jane", "channel": "email", "title": "a", "body": "b"},
          {"userId": "jane", "channel": "email", "title": "a", "body": "b"},
          {"userId": "ana", "channel": "sms", "body": "c", "idempotencyKey": "own-of-many"}]}""";
    String[] headers = {"X-API-Key", RunningServer.SEND, "Idempotency-Key", "many-17"};

    Reply first = server.call("POST", ROOT + "/bulk", body, headers);
    Reply again = server.call("POST", ROOT + "/bulk", body, headers);

    assertThat(first.json().get("accepted").asInt()).isEqualTo(3);
    assertThat(again.json().get("accepted").asInt()).isZero();
    assertThat(again.json().get("repeated").asInt()).isEqualTo(3);
  }

  @Test
  void whatIsUnknownIsNotFound() {
    for (String id : new String[] {"01a200a8-8bd8-7000-a09d-88d4d772d30f", "nonsense", "%00"}) {
      assertThat(server.get(ROOT + "/" + id).status()).as(id).isBetween(400, 404);
      assertThat(server.delete(ROOT + "/" + id).status()).as(id).isBetween(400, 404);
    }
    assertThat(server.get(ROOT + "/nonsense/status").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                            | userId
          {"userId": 1}                                                 | userId
          {"userId": null, "body": "b", "channel": "sms"}               | userId
          {"userId": "jane", "channel": "email"}                        | body
          {"userId": "jane", "body": "b"}                               | channels
          {"userId": "jane", "body": "b", "channel": "pigeon"}          | channels
          {"userId": "jane", "body": "b", "channel": "EMAIL!"}          | channel
          {"userId": "jane", "body": "b", "channels": ["sms", "E!"]}    | channels[1]
          {"userId": "jane", "channel": "sms", "templateName": "t", "variables": {"a": [1e999]}} | variables.a[0]
          {"userId": "jane", "body": ["b"], "channel": "sms"}           | body
          {"userId": "jane", "body": "b", "channels": "sms"}            | channels
          {"userId": "jane", "body": "b", "channels": [1]}              | channels
          {"userId": "jane", "body": "b", "channel": "sms", "channels": ["sms"]} | channels
          {"userId": "jane", "body": "b", "channel": "sms", "priority": "urgent"} | priority
          {"userId": "jane", "body": "b", "channel": "sms", "scheduledAt": "soon"} | scheduledAt
          {"userId": "jane", "body": "b", "channel": "sms", "scheduledAt": "2999-01-01T00:00:00Z"} | scheduledAt
          {"userId": "jane", "body": "b", "channel": "sms", "expiresIn": "P-1D"} | expiresIn
          {"userId": "jane", "body": "b", "channel": "sms", "metadata": {"a": 1}} | metadata.a
          {"userId": "jane", "body": "b", "channel": "sms", "metadata": []} | metadata
          {"userId": "jane", "body": "b", "channel": "sms", "variables": {"a": 1}} | variables
          {"userId": "jane", "body": "b", "channel": "sms", "templateName": "t"} | templateName
          {"userId": "jane", "channel": "sms", "templateName": "none-such"} | templateName
          {"userId": "jane", "channel": "sms", "templateName": "../../etc/passwd"} | templateName
          {"userId": "jane", "body": "b", "channel": "sms", "bodi": "b"} | bodi
          {"userId": "nobody", "body": "b", "channel": "sms"}           | userId
          """)
  void whatIsWrongIsNamed(String body, String field) {
    Reply refused = server.post(ROOT, body);

    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    assertThat(refused.at("/field")).as(refused.body()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"userIds": [], "channel": "sms", "body": "b"}                | userIds
          {"channel": "sms", "body": "b"}                               | userIds
          {"userIds": "jane", "channel": "sms", "body": "b"}            | userIds
          {"notifications": [1]}                                        | notifications
          {"notifications": [{"userId": "jane", "channel": "sms", "body": "b", "x": 1}]} | notifications[0].x
          {"notifications": [{"userId": "jane", "channel": "sms", "body": "b"}, {"userId": "jane", "channel": "sms", "body": "b", "scheduledAt": "soon"}]} | notifications[1].scheduledAt
          {"notifications": [{"userId": "jane", "channel": "sms", "body": "b", "expiresIn": "P-1D"}]} | notifications[0].expiresIn
          {"notifications": [{"userId": "jane", "channel": "sms", "body": "b"}], "userIds": ["ana"]} | userIds
          """)
  void whatIsWrongWithManyIsNamed(String body, String field) {
    Reply refused = server.post(ROOT + "/bulk", body);

    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    assertThat(refused.at("/field")).as(refused.body()).isEqualTo(field);
  }

  @Test
  void noAnswerShowsTheAddressOfAPerson() {
    Reply refused =
        server.post(
            ROOT,
            """
            {"userId": "jane@example.com", "body": "b", "channel": "sms", "priority": "x"}""");
    JsonNode json = refused.json();

    assertThat(json.toString()).doesNotContain("example.com");
  }
}
