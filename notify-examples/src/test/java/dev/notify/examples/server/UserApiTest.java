package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.AuditEntry;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Notification;
import dev.notify.model.PushOptions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserApiTest {

  private static final String TOKEN = "fcm-token-1234567890-abcdefghij";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String user(String id) {
    return "/api/v1/users/" + id;
  }

  @Test
  void aPersonIsKeptShownAndReplaced() {
    String jane = user("jane");

    Reply created =
        server.put(
            jane,
            """
            {"email": "jane@example.com", "locale": "pt-BR", "timeZone": "Europe/Lisbon", "attributes": {"name": "Jane", "age": 41}}""");
    Reply changed =
        server.put(
            jane,
            """
        {"phone": "+14155550142"}""");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.at("/locale")).isEqualTo("pt-BR");
    assertThat(created.json().at("/attributes/age").asInt()).isEqualTo(41);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(server.get(jane).json().has("email")).isFalse();
    assertThat(server.get(jane).at("/phone")).isEqualTo("+14155550142");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"email": 1}                  | email
          {"email": "not one"}          | email
          {"phone": "0123"}             | phone
          {"locale": "no language"}     | locale
          {"timeZone": "Mars/Phobos"}   | timeZone
          {"attributes": [1]}           | attributes
          {"attributes": {"a": null}}   | attributes.a
          {"mail": "a@example.com"}     | mail
          """)
  void whatIsWrongWithAPersonIsNamed(String body, String field) {
    Reply refused = server.put(user("wrong"), body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/field")).contains(field);
    assertThat(refused.body()).doesNotContain("not one").doesNotContain("0123\"");
    assertThat(server.get(user("wrong")).status()).isEqualTo(404);
  }

  @Test
  void aDeviceIsRegisteredShownMaskedAndTakenAway() {
    server.person("ana");
    String device = "{\"type\": \"FCM\", \"token\": \"" + TOKEN + "\"%s}";

    Reply registered =
        server.post(user("ana/devices"), device.formatted(", \"app\": \"android 2.1\""));

    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.at("/devices/0/app")).isEqualTo("android 2.1");
    assertThat(registered.body()).doesNotContain(TOKEN);
    Reply removed = server.call("DELETE", user("ana/devices"), device.formatted(""));
    assertThat(removed.json().get("devices")).isEmpty();
  }

  @Test
  void nobodyTakesAwayTheDeviceOfSomebodyElse() {
    server.person("owner");
    server.person("thief");
    String device = "{\"type\": \"FCM\", \"token\": \"" + TOKEN + "-2\"}";
    Reply registered = server.post(user("owner/devices"), device);
    assertThat(registered.status()).isEqualTo(201);

    assertThat(server.call("DELETE", user("thief/devices"), device).status()).isEqualTo(404);
    assertThat(server.get(user("owner")).json().get("devices")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "FCM"}                       | token
          {"type": "PIGEON", "token": "x"}      | type
          {"type": "APNS", "token": "no hex"}   | token
          {"type": "WEBPUSH", "token": "{}"}    | token
          {"type": 1, "token": "x"}             | type
          """)
  void whatIsWrongWithADeviceIsNamed(String body, String field) {
    server.person("devices");

    Reply refused = server.post(user("devices/devices"), body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/field")).isEqualTo(field);
    assertThat(server.post(user("ghost/devices"), body).status()).isEqualTo(404);
  }

  @Test
  void choicesAreKeptAndHoldAndTheAnswerCanBeSentBack() {
    server.person("chooser");
    String own = user("chooser/preferences");

    Reply saved =
        server.put(
            own,
            """
            {"choices": [{"channel": "email", "wanted": false}],
             "quietHours": [{"start": "22:00", "end": "07:00", "days": ["MONDAY"]}],
             "quietHoursOn": {"sms": [{"start": "20:00", "end": "08:00"}]},
             "channelOrder": ["push", "email"]}""");
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "chooser", "channel": "email", "title": "a", "body": "b"}""");

    assertThat(saved.at("/quietHours/0/days/0")).isEqualTo("MONDAY");
    assertThat(sent.at("/decisions/0/reason/code")).isEqualTo("OPTED_OUT");
    Reply again = server.put(own, server.get(own).body());
    assertThat(again.json()).isEqualTo(saved.json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"choices": [{"channel": "email"}]}                           | choices[0].wanted
          {"choices": [{"wanted": "yes"}]}                              | choices[0].wanted
          {"choices": [{"wanted": true}, {"wanted": false}]}            | choices
          {"quietHours": [{"start": "22:00"}]}                          | quietHours[0].end
          {"quietHours": "night"}                                       | quietHours
          {"quietHoursOn": {"sms": 1}}                                  | quietHoursOn.sms
          {"pausedUntil": "later"}                                      | pausedUntil
          {"channelOrder": ["email", "a b"]}                            | channelOrder[1]
          {"choices": [{"channel": "a b", "wanted": true}]}             | choices[0].channel
          {"quietHours": [{"start": "22:00", "end": "dusk"}]}           | quietHours[0].end
          {"quietHours": [{"start": "22:00", "end": "06:00", "days": ["X"]}]} | quietHours[0].days
          {"quietHoursOn": {"sms": [{"start": "1", "end": "06:00"}]}}   | quietHoursOn.sms[0].start
          {"quietHoursOn": {"a b": []}}                                 | quietHoursOn.a b
          {"choice": []}                                                | choice
          """)
  void whatIsWrongWithChoicesIsNamed(String body, String field) {
    Reply refused = server.put(user("someone/preferences"), body);

    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    assertThat(refused.at("/field")).isEqualTo(field);
  }

  @Test
  void peopleFollowTopicsAndWantCategories() {
    server.person("reader");

    Reply topic = server.post(user("reader/subscribe"), "{\"topic\": \"news/sport\"}");
    Reply category =
        server.post(
            user("reader/unsubscribe"), "{\"category\": \"newsletter\", \"channel\": \"email\"}");
    Reply away = server.post(user("reader/unsubscribe"), "{\"topic\": \"news/sport\"}");

    assertThat(topic.at("/topics/0")).isEqualTo("news/sport");
    assertThat(category.at("/choices/0/category")).isEqualTo("newsletter");
    assertThat(category.json().at("/choices/0/wanted").asBoolean()).isFalse();
    assertThat(away.json().get("topics")).isEmpty();
    assertThat(server.post(user("reader/subscribe"), "{}").status()).isEqualTo(400);
    assertThat(
            server
                .post(user("reader/subscribe"), "{\"topic\": \"a\", \"channel\": \"sms\"}")
                .at("/field"))
        .isEqualTo("topic");
    assertThat(server.post(user("ghost/subscribe"), "{\"topic\": \"a\"}").status()).isEqualTo(404);
  }

  private static void write(String to, int count) {
    for (int i = 0; i < count; i++) {
      Reply sent =
          server.post(
              "/api/v1/notifications",
              """
              {"userId": "%s", "channel": "inapp", "title": "<script>", "body": "number %d"}"""
                  .formatted(to, i));
      assertThat(sent.status()).isEqualTo(202);
    }
  }

  @Test
  void anInboxIsReadPageByPageAndMarked() {
    server.person("inbox");
    write("inbox", 5);
    String own = user("inbox/inbox");
    Reply all = server.until(own, reply -> reply.json().get("items").size() == 5);

    Reply first = server.get(own + "?limit=3");
    Reply second = server.get(own + "?limit=3&cursor=" + first.at("/next"));

    assertThat(first.json().get("items")).hasSize(3);
    assertThat(second.json().get("items")).hasSize(2);
    assertThat(second.json().has("next")).isFalse();
    assertThat(all.at("/items/0/title")).isEqualTo("<script>");
    String item = first.at("/items/0/id");
    Reply read = server.post(own + "/marks", "{\"mark\": \"READ\", \"items\": [\"" + item + "\"]}");
    assertThat(read.at("/changed/0")).isEqualTo(item);
    assertThat(read.json().get("unread").asInt()).isEqualTo(4);
    assertThat(server.get(own + "?unread=true").json().get("items")).hasSize(4);
    Reply archived = server.post(own + "/marks", "{\"mark\": \"ARCHIVED\", \"all\": true}");
    assertThat(archived.json().get("changed")).hasSize(5);
    assertThat(server.get(own + "?box=archive").json().get("items")).hasSize(5);
    String notification = "/api/v1/notifications/" + first.at("/items/0/notificationId");
    assertThat(server.get(notification + "/status").json().get("events").findValuesAsText("type"))
        .contains("READ");
  }

  @Test
  void nobodyMarksWhatIsInTheInboxOfSomebodyElse() {
    server.person("mine");
    write("mine", 1);
    Reply page = server.until(user("mine/inbox"), reply -> reply.json().get("items").size() == 1);
    String item = page.at("/items/0/id");

    Reply marked =
        server.post(
            user("yours/inbox/marks"), "{\"mark\": \"READ\", \"items\": [\"" + item + "\"]}");

    assertThat(marked.json().get("changed")).isEmpty();
    assertThat(server.get(user("mine/inbox")).json().get("unread").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=201, limit",
    "limit=many, limit",
    "cursor=!!, cursor",
    "cursor=AAAA, cursor",
    "cursor=KzEwMDAwMDAwMDAtMTItMzFUMjM6NTk6NTlaIHg, cursor",
    "cursor=LTEwMDAwMDAwMDAtMDEtMDFUMDA6MDA6MDBaIHg, cursor",
    "box=attic, box",
    "unread=maybe, unread",
    "page=2, page",
    "limit=1&limit=2, limit"
  })
  void whatIsWrongWithAQueryIsNamed(String query, String field) {
    Reply refused = server.get(user("jane/inbox?" + query));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/field")).isEqualTo(field);
  }

  @Test
  void whatIsWrongWithAMarkIsNamed() {
    String marks = user("jane/inbox/marks");

    assertThat(server.post(marks, "{\"mark\": \"BURNT\", \"all\": true}").at("/field"))
        .isEqualTo("mark");
    assertThat(server.post(marks, "{\"mark\": \"READ\"}").at("/field")).isEqualTo("items");
    assertThat(
            server
                .post(marks, "{\"mark\": \"READ\", \"items\": [\"x\"], \"all\": true}")
                .at("/field"))
        .isEqualTo("items");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"attributes": {"balance": 1e999}}                            | attributes.balance
          {"attributes": {"a": {"b": [1, -1e999]}}}                     | attributes.a.b[1]
          {"attributes": {"": "x"}}                                     | attributes
          """)
  void anAttributeThatCannotBeKeptIsNamedAsTheCallerWroteIt(String body, String field) {
    Reply refused = server.put(user("strange"), body);

    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    assertThat(refused.at("/field")).as(refused.body()).startsWith(field);
    assertThat(refused.body()).doesNotContain("recipient");
  }

  @Test
  void anItemLooksOnAPageAsItDoesInAStream() {
    server.person("buttons");
    Content content =
        Content.builder()
            .title("Your table")
            .push(PushOptions.builder().action(PushOptions.Action.of("yes", "Confirm")).build())
            .build();
    assertThat(
            server
                .server()
                .dispatcher()
                .send(Notification.to("buttons").channels(Channel.IN_APP).content(content).build())
                .decisions())
        .hasSize(1);

    Reply page = server.until(user("buttons/inbox"), reply -> !reply.json().get("items").isEmpty());

    assertThat(page.at("/items/0/actions/0/id")).isEqualTo("yes");
    assertThat(page.at("/items/0/actions/0/title")).isEqualTo("Confirm");
    assertThat(page.at("/items/0/priority")).isEqualTo("normal");
  }

  @Test
  void theSubscriptionOfABrowserIsMaskedSoThatItCanBeToldFromAnother() {
    server.person("browsers");
    String subscription =
        "{\\\"endpoint\\\":\\\"https://push.example/u\\\",\\\"keys\\\":{\\\"p256dh\\\":\\\"BPk\\\",\\\"auth\\\":\\\"s3Kq\\\"}}";

    Reply added =
        server.post(
            user("browsers/devices"),
            "{\"type\": \"WEBPUSH\", \"token\": \"" + subscription + "\"}");

    assertThat(added.at("/devices/0/token")).isEqualTo("***Kq");
  }

  @Test
  void whoIsErasedIsGoneAndTheAuditLogSaysByWhom() {
    server.person("leaver");
    write("leaver", 1);
    Reply there =
        server.until(user("leaver/inbox"), reply -> reply.json().get("items").size() == 1);
    assertThat(there.status()).isEqualTo(200);

    Reply erased = server.delete(user("leaver"));

    assertThat(erased.json().get("notifications").asInt()).isEqualTo(1);
    assertThat(server.get(user("leaver")).status()).isEqualTo(404);
    assertThat(server.get(user("leaver/inbox")).json().get("items")).isEmpty();
    List<AuditEntry> log =
        server.server().dispatcher().audit().about("leaver", 0, 100).stream()
            .filter(entry -> entry.kind().equals("person.erased"))
            .toList();
    assertThat(log).hasSize(1);
    assertThat(log.get(0).actor()).startsWith("key:");
    assertThat(log.get(0).sequence()).isEqualTo(erased.json().get("auditSequence").asLong());
  }
}
