package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.test.RecordingProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates, analytics, experiments and dead letters. */
class ContentApiTest {

  private static final String TEMPLATES = "/api/v1/templates";
  private static final RecordingProvider SMS = RecordingProvider.of(Channel.SMS, "texts");
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(Map.of(), List.of(RecordingProvider.of(Channel.EMAIL, "mails"), SMS));
    server.person("jane");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String template(String name, String text) {
    return """
        {%s"texts": {"sms.text": "%s", "de/sms.text": "Hallo {{name}}"},
         "variables": [{"name": "name", "type": "TEXT", "required": true}],
         "samples": {"name": "Jane"}}"""
        .formatted(name.isEmpty() ? "" : "\"name\": \"" + name + "\", ", text);
  }

  @Test
  void aTemplateIsSavedTriedActivatedAndSent() {
    Reply first = server.post(TEMPLATES, template("welcome", "Hello {{name}}"));
    Reply second = server.put(TEMPLATES + "/welcome", template("", "Welcome {{name}}"));

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.at("/status")).isEqualTo("DRAFT");
    assertThat(second.json().get("version").asInt()).isEqualTo(2);
    String version = second.header("Location");
    Reply preview =
        server.post(
            version + "/preview", "{\"channel\": \"sms\", \"variables\": {\"name\": \"<b>\"}}");
    assertThat(preview.at("/body")).isEqualTo("Welcome <b>");
    assertThat(
            server
                .post(version + "/preview", "{\"channel\": \"sms\", \"locale\": \"de\"}")
                .at("/body"))
        .isEqualTo("Hallo Jane");
    assertThat(server.post(version + "/activate", "").at("/status")).isEqualTo("ACTIVE");
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "jane", "channel": "sms", "templateName": "welcome", "variables": {"name": "Jane"}}""");
    assertThat(sent.status()).isEqualTo(202);
    Reply done =
        server.until(
            "/api/v1/notifications/" + sent.at("/notificationId"),
            reply -> reply.at("/status").equals("SENT"));
    assertThat(done.at("/variables/name")).isEqualTo("Jane");
    assertThat(SMS.messages())
        .anyMatch(one -> one.content().body().orElse("").equals("Welcome Jane"));
    assertThat(server.get(TEMPLATES).body())
        .contains("\"name\":\"welcome\"", "\"activeVersion\":2");
    assertThat(server.get(TEMPLATES + "/welcome").json().get("version").asInt()).isEqualTo(2);
    assertThat(server.get(TEMPLATES + "/welcome/versions").json().get("versions")).hasSize(2);
    assertThat(server.get(version).at("/savedBy")).startsWith("key:");
    assertThat(server.post(version + "/archive", "").at("/status")).isEqualTo("ARCHIVED");
    assertThat(server.server().dispatcher().audit().after(0, 1_000))
        .anyMatch(entry -> entry.kind().startsWith("template") && entry.actor().startsWith("key:"));
  }

  @Test
  void aMissingVariableIsNamed() {
    Reply made = server.post(TEMPLATES, template("greeting", "Hello {{name}}"));
    assertThat(server.post(made.header("Location") + "/activate", "").status()).isEqualTo(200);

    Reply refused =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "jane", "channel": "sms", "templateName": "greeting"}""");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/field")).isEqualTo("variables.name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"texts": {"sms.text": "a"}}                                  | name
          {"name": "t1"}                                                | texts
          {"name": "t2", "texts": {"sms.text": 1}}                      | texts.sms.text
          {"name": "t3", "texts": {"../x": "a"}}                        | texts
          {"name": "t4", "texts": {"sms.text": "{{#open}}"}}            | templateName
          {"name": "t5", "texts": {"sms.text": "{{undeclared}}"}}       | templateName
          {"name": "t6", "texts": {"nonsense": "a"}}                    | templateName
          {"name": "../t7", "texts": {"sms.text": "a"}}                 | templateName
          {"name": "t8", "texts": {"sms.text": "a"}, "variables": [{"name": "a", "type": "SHOE"}]} | variables[0].type
          {"name": "t9", "texts": {"sms.text": "a"}, "variables": [{"name": "a", "required": true}]} | samples.a
          """)
  void whatIsWrongWithATemplateIsNamed(String body, String field) {
    Reply refused = server.post(TEMPLATES, body);

    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    assertThat(refused.at("/field")).as(refused.body()).isEqualTo(field);
  }

  @Test
  void aTemplateIsCreatedOnceAndUnknownOnesAreNotFound() {
    assertThat(server.post(TEMPLATES, template("once", "a {{name}}")).status()).isEqualTo(201);
    assertThat(server.post(TEMPLATES, template("once", "a {{name}}")).status()).isEqualTo(409);
    for (String path :
        List.of("/ghost", "/ghost/versions", "/once/versions/9", "/once/versions/x")) {
      assertThat(server.get(TEMPLATES + path).status()).as(path).isEqualTo(404);
    }
    assertThat(server.post(TEMPLATES + "/once/versions/9/activate", "").status()).isEqualTo(404);
    assertThat(
            server.post(TEMPLATES + "/once/versions/9/preview", "{\"channel\": \"sms\"}").status())
        .isEqualTo(404);
  }

  @Test
  void whatWasSentIsCounted() {
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "jane", "channel": "email", "title": "a", "body": "b", "category": "counted"}""");
    Reply done =
        server.until(
            "/api/v1/notifications/" + sent.at("/notificationId") + "/status",
            reply -> reply.at("/status").equals("SENT"));
    assertThat(done.status()).isEqualTo(200);

    Reply delivery =
        server.until(
            "/api/v1/analytics/delivery?by=channel,category&category=counted&interval=hour",
            reply -> reply.json().at("/total/counts/sent").asInt() == 1);
    Reply engagement = server.get("/api/v1/analytics/engagement?category=counted");

    assertThat(delivery.at("/rows/0/values/channel")).isEqualTo("email");
    assertThat(delivery.json().at("/total/rates/sent").asDouble()).isEqualTo(1);
    assertThat(engagement.json().at("/total/counts/opened").asInt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=yesterday",
        "by=shoe",
        "interval=minute",
        "colour=red",
        "from=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z",
        "from=2000-01-01T00:00:00Z",
        "until=-1000000000-01-01T00:00:00Z",
        "until=%2B1000000000-12-31T23:59:59Z",
        "from=1969-12-31T23:59:59Z&until=1970-01-02T00:00:00Z"
      })
  void whatIsWrongWithAQuestionIsNamed(String query) {
    for (String kind : List.of("delivery", "engagement")) {
      Reply refused = server.get("/api/v1/analytics/" + kind + "?" + query);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(query).startsWith(refused.at("/field"));
    }
  }

  private static String experiment(String name) {
    return """
        {"name": "%s", "goal": "clicked", "variants": [
          {"name": "plain", "weight": 50}, {"name": "other", "weight": 50, "channels": ["sms"]}]}"""
        .formatted(name);
  }

  @Test
  void anExperimentIsDeclaredTakenPartInAndShown() {
    Reply created = server.post("/api/v1/experiments", experiment("subject"));
    Reply again = server.post("/api/v1/experiments", experiment("subject"));

    assertThat(created.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "jane", "channel": "email", "title": "a", "body": "b", "experiment": "subject"}""");
    assertThat(sent.status()).isEqualTo(202);
    Reply shown =
        server.until(
            "/api/v1/experiments/subject",
            reply ->
                reply.json().get("arms").findValuesAsText("people").stream().anyMatch("1"::equals));
    assertThat(shown.at("/comparisons/0/verdict")).isEqualTo("TOO_FEW_YET");
    assertThat(server.get("/api/v1/experiments").body()).contains("\"subject\"");
  }

  @Test
  void anExperimentThatCannotBeIsRefused() {
    assertThat(server.post("/api/v1/experiments", "{\"name\": \"none\"}").status()).isEqualTo(400);
    assertThat(
            server
                .post("/api/v1/experiments", "{\"name\": \"x\", \"variants\": [{\"name\": \"a\"}]}")
                .at("/field"))
        .isEqualTo("variants[0].weight");
    assertThat(server.get("/api/v1/experiments/ghost").status()).isEqualTo(404);
    assertThat(server.post("/api/v1/experiments", experiment("fixed")).status()).isEqualTo(201);
    Reply changed =
        server.post("/api/v1/experiments", experiment("fixed").replace("clicked", "opened"));
    assertThat(changed.status()).isEqualTo(409);
  }

  @Test
  void aDeadLetterIsShownAndSentAgainOnce() {
    SMS.next(Outcome.rejected("not today"));
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "jane", "channel": "sms", "body": "rejected"}""");
    Reply dead =
        server.until(
            "/api/v1/dead-letters?limit=10",
            reply -> reply.body().contains(sent.at("/notificationId")));

    String replay = "/api/v1/dead-letters/" + dead.at("/deadLetters/0/deliveryId") + "/replay";
    Reply replayed = server.post(replay, "");

    assertThat(dead.at("/deadLetters/0/reason/code")).isEqualTo("REJECTED");
    assertThat(replayed.status()).isEqualTo(202);
    assertThat(replayed.at("/notificationId")).isNotEqualTo(sent.at("/notificationId"));
    assertThat(server.post(replay, "").status()).isEqualTo(409);
    assertThat(server.post("/api/v1/dead-letters/nonsense/replay", "").status()).isEqualTo(404);
    assertThat(server.get("/api/v1/dead-letters?limit=0").at("/field")).isEqualTo("limit");
  }
}
