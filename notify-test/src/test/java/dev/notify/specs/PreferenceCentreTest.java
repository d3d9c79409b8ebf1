package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.LinkAnswer;
import dev.notify.LinkHandler;
import dev.notify.MarketingMail;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.model.AuditEntry;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.Notification;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person's own page, reached by a signed link. */
class PreferenceCentreTest {

  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final Map<String, List<String>> FORM =
      Map.of("Content-Type", List.of("application/x-www-form-urlencoded"));
  private static final Map<String, List<String>> JSON =
      Map.of(
          "accept", List.of("application/json"),
          "content-type", List.of("application/json; charset=utf-8"));
  private static final Pattern CHECKED =
      Pattern.compile("type=\"checkbox\" name=\"(on[^\"]*)\"[^>]* checked>");

  private final Stage stage = new Stage();

  private NotificationDispatcher dispatcher() {
    return stage
        .builder()
        .categories(
            Category.marketing("news").described("Newsletter <&\"'>", "Once a month"),
            Category.optional("orders"),
            Category.transactional("security"))
        .marketingMail(MarketingMail.UNCHECKED)
        .links(SignedLinks.below(URI.create("https://shop.example.com/n"), KEY))
        .build();
  }

  private static LinkAnswer get(NotificationDispatcher dispatcher, String link) {
    return dispatcher.links().handle("GET", link, Map.of());
  }

  private static LinkAnswer post(NotificationDispatcher dispatcher, String link, String... fields) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(
          URLEncoder.encode(fields[i], StandardCharsets.UTF_8)
              + "="
              + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return dispatcher
        .links()
        .handle("POST", link, FORM, String.join("&", pairs).getBytes(StandardCharsets.UTF_8));
  }

  private static LinkAnswer put(NotificationDispatcher dispatcher, String link, String json) {
    return dispatcher
        .links()
        .handle("PUT", link, JSON, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String text(LinkAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static List<String> checked(LinkAnswer page) {
    List<String> names = new ArrayList<>();
    for (Matcher box = CHECKED.matcher(text(page)); box.find(); ) {
      names.add(box.group(1));
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "'', en, Your notifications",
    "de-AT, de, Ihre Benachrichtigungen",
    "'ja, fr-CH;q=0.9, en;q=0.2', fr, Vos notifications",
    "es, es, Sus notificaciones",
    "tlh, en, Your notifications",
    "';;q=x,<script>', en, Your notifications",
    "-, en, Your notifications",
    "'de,-', en, Your notifications"
  })
  void thePageSpeaksTheBrowsersLanguage(String accepted, String language, String title) {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();

      LinkAnswer page =
          dispatcher.links().handle("GET", link, Map.of("accept-language", List.of(accepted)));

      assertThat(text(page)).contains("<html lang=\"" + language + "\">", "<h1>" + title);
    }
  }

  @Test
  void whoNamesMoreLanguagesThanAnybodyReadsGetsTheUsualOne() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();
      Map<String, List<String>> headers =
          Map.of("accept-language", List.of("de,".repeat(400) + "de"));

      assertThat(text(dispatcher.links().handle("GET", link, headers)))
          .contains("<html lang=\"en\">");
    }
  }

  @Test
  void whatTheStaffChangesOnAPersonsPageIsNotThePersonsDoing() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();

      LinkAnswer saved =
          dispatcher
              .audit()
              .inNameOf("ann", "admin page", () -> post(dispatcher, link, "complete", "1"));
      LinkAnswer own = post(dispatcher, link, "complete", "1", "on.email.orders", "on");

      assertThat(saved.status()).isEqualTo(200);
      assertThat(own.status()).isEqualTo(200);
      assertThat(dispatcher.preferences().history("jane"))
          .extracting(change -> change.origin().actor(), change -> change.origin().source())
          .containsExactly(tuple("ann", "admin page"), tuple("jane", "preference centre"));
      assertThat(dispatcher.preferences().history("jane").get(0).after().choices().values())
          .isNotEmpty()
          .allMatch(choice -> choice.source().equals("admin page"));
      assertThat(dispatcher.audit().about("jane", 0, 10))
          .extracting(AuditEntry::actor, AuditEntry::source)
          .containsExactly(tuple("ann", "admin page"), tuple(AuditEntry.SELF, "preference centre"));
    }
  }

  @Test
  void thePageShowsWhatHoldsNowWithoutScriptAndWithNothingFromElsewhere() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();
      assertThat(link).startsWith("https://shop.example.com/n/p/");

      LinkAnswer page = get(dispatcher, link);

      assertThat(page.status()).isEqualTo(200);
      assertThat(page.headers().get("Content-Security-Policy"))
          .startsWith("default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
          .contains("form-action 'self'", "style-src 'sha256-")
          .doesNotContain("unsafe");
      assertThat(page.headers())
          .containsEntry("Cache-Control", "no-store")
          .containsEntry("X-Content-Type-Options", "nosniff")
          .containsEntry("Referrer-Policy", "no-referrer");
      assertThat(text(page))
          .contains("<html lang=\"en\">", "Newsletter &lt;&amp;&quot;&#39;&gt;", "Once a month")
          .doesNotContain("<script", "style=", "Newsletter <", "http:", "https:");
      assertThat(checked(page))
          .containsExactlyInAnyOrder(
              "on.email.general",
              "on.push.general",
              "on.sms.general",
              "on.email.orders",
              "on.push.orders",
              "on.sms.orders",
              "on.email.security",
              "on.push.security",
              "on.sms.security");
      assertThat(dispatcher.preferences().history("jane")).isEmpty();
      assertThat(dispatcher.links().handle("HEAD", link, Map.of()).body()).isEmpty();
    }
  }

  @Test
  void whatIsSavedIsRecordedWithTimeAndSourceAndOnlyWhatChanged() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();
      stage.pass(Duration.ofHours(1));

      LinkAnswer page =
          post(
              dispatcher,
              link,
              "complete",
              "1",
              "on.email.news",
              "1",
              "on.email.general",
              "1",
              "on.push.general",
              "1",
              "on.sms.general",
              "1",
              "on.email.orders",
              "1",
              "on.email.security",
              "1",
              "on.push.security",
              "1",
              "on.sms.security",
              "1",
              "quiet",
              "own",
              "hours.0.start",
              "22:00",
              "hours.0.end",
              "07:00",
              "hours.0.MONDAY",
              "1",
              "hours.1.start",
              "",
              "hours.1.end",
              "",
              "pause",
              "7",
              "order.0",
              "sms",
              "order.1",
              "");

      assertThat(page.status()).isEqualTo(200);
      assertThat(text(page)).contains("role=\"status\"", "saved");
      assertThat(checked(page)).contains("on.email.news").doesNotContain("on.sms.orders");
      var now = stage.clock.instant();
      PreferenceChange change = dispatcher.preferences().history("jane").get(0);
      assertThat(change.origin().actor()).isEqualTo("jane");
      assertThat(change.origin().source()).isEqualTo("preference centre");
      assertThat(change.origin().at()).isEqualTo(now);
      Choice yes = new Choice(true, now, "preference centre");
      Choice no = new Choice(false, now, "preference centre");
      assertThat(change.after())
          .isEqualTo(
              Preferences.builder()
                  .category("news", EMAIL, yes)
                  .category("orders", SMS, no)
                  .category("orders", PUSH, no)
                  .quietHours(QuietHours.between("22:00", "07:00").on(DayOfWeek.MONDAY))
                  .pausedUntil(now.plus(Duration.ofDays(7)))
                  .channelOrder(SMS)
                  .build());
    }
  }

  @Test
  void whatThePageShowsIsWhatThePoliciesSay() {
    try (var dispatcher = dispatcher()) {
      Choice yes = new Choice(true, stage.clock.instant(), "test");
      Choice no = new Choice(false, stage.clock.instant(), "test");
      dispatcher
          .preferences()
          .update(
              "jane",
              p ->
                  p.toBuilder()
                      .everything(no)
                      .channel(EMAIL, yes)
                      .category("news", SMS, yes)
                      .category("orders", yes)
                      .category("orders", EMAIL, no)
                      .build());

      List<String> shown = checked(get(dispatcher, dispatcher.preferenceLink("jane").toString()));

      for (String category : List.of("news", "orders", "general")) {
        for (var channel : List.of(EMAIL, SMS, PUSH)) {
          Notification one =
              Notification.to("jane").category(category).channels(channel).body("x").build();
          boolean allowed =
              dispatcher.explain(one).stream()
                  .allMatch(decided -> decided.decision() instanceof Decision.Allow);
          assertThat(shown.contains("on." + channel + "." + category))
              .as(channel + " " + category)
              .isEqualTo(allowed);
        }
      }
    }
  }

  @Test
  void asJsonItIsReadAndChangedInParts() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();

      LinkAnswer first =
          put(
              dispatcher,
              link,
              "{'categories':[{'name':'news','channels':{'email':true}}],"
                  + "'quietHours':[{'start':'22:00','end':'07:00','days':['MONDAY','TUESDAY']}],"
                  + "'quietHoursOn':{'push':[]},'channelOrder':['push','email'],"
                  + "'pausedUntil':'2026-05-05T12:00:00Z'}");
      LinkAnswer second = put(dispatcher, link, "{ \"pausedUntil\" : null }");

      assertThat(first.status()).isEqualTo(200);
      assertThat(second.headers().get("Content-Type")).isEqualTo("application/json");
      assertThat(text(second))
          .contains(
              "{\"name\":\"news\",\"label\":\"Newsletter \\u003c&\\\"'>\",\"description\":\"Once a"
                  + " month\",\"kind\":\"marketing\",\"channels\":{\"email\":true,\"push\":false,"
                  + "\"sms\":false}}",
              "\"days\":[\"MONDAY\",\"TUESDAY\"]",
              "\"quietHoursOn\":{\"push\":[]}",
              "\"pausedUntil\":null",
              "\"channelOrder\":[\"push\",\"email\"]");
      Preferences chosen = dispatcher.preferences().find("jane");
      assertThat(chosen.quietHoursFor(PUSH)).contains(QuietWeek.NONE);
      assertThat(chosen.pausedUntil()).isEmpty();
      assertThat(dispatcher.preferences().history("jane")).hasSize(2);
      String whole = text(dispatcher.links().handle("GET", link, JSON));
      assertThat(
              dispatcher
                  .links()
                  .handle("PUT", link, JSON, whole.getBytes(StandardCharsets.UTF_8))
                  .status())
          .as("what it says can be sent")
          .isEqualTo(200);
      assertThat(dispatcher.preferences().find("jane")).isEqualTo(chosen);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{'a':1}",
        "{} {}",
        "{'pausedUntil':'tomorrow'}",
        "{'pausedUntil':'+1000000000-12-31T23:59:59.999999999Z'}",
        "{'pausedUntil':'+10000-01-01T00:00:00Z'}",
        "{'pausedUntil':'-0001-01-01T00:00:00Z'}",
        "{'pausedUntil':null,'pausedUntil':null}",
        "{'channelOrder':['sms','sms']}",
        "{'channelOrder':['carrier pigeon']}",
        "{'quietHours':null,'x':true}",
        "{'quietHours':[{'start':'22:00','end':'22:00'}]}",
        "{'quietHours':[{'start':'22:00','end':'25:00'}]}",
        "{'quietHours':[{'start':'22:00','end':'07:00','days':[]}]}",
        "{'quietHours':[{'start':'22:00','end':'07:00','days':['Moonday']}]}",
        "{'quietHours':[{'start':'22:00','end':'07:00'},{'start':'06:00','end':'08:00'}]}",
        "{'categories':[{'name':'nonsense','channels':{}}]}",
        "{'categories':[{'name':'news','channels':{'email':'yes'}}]}",
        "{'categories':[{'name':'news','channels':{'email':true}},"
            + "{'name':'news','channels':{'email':false}}]}",
        "{'categories':'\\u12'}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
      })
  void whatCannotBeUnderstoodOrContradictsItselfIsRefusedWholly(String json) {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();

      LinkAnswer answer = put(dispatcher, link, json);

      assertThat(answer.status()).isEqualTo(400);
      assertThat(text(answer)).startsWith("{\"error\":\"");
      assertThat(dispatcher.preferences().find("jane")).isEqualTo(Preferences.NONE);
    }
  }

  @Test
  void aFormThatIsNotOursOrContradictsItselfChangesNothing() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();

      assertThat(post(dispatcher, link).status()).as("says no to nothing").isEqualTo(400);
      assertThat(
              post(dispatcher, link, "complete", "1", "order.0", "sms", "order.1", "sms").status())
          .isEqualTo(400);
      LinkAnswer overlap =
          post(
              dispatcher,
              link,
              "complete",
              "1",
              "quiet",
              "own",
              "hours.0.start",
              "22:00",
              "hours.0.end",
              "22:00",
              "hours.0.MONDAY",
              "1");
      assertThat(overlap.status()).isEqualTo(400);
      assertThat(text(overlap)).contains("role=\"alert\"", "start and end are both 22:00");
      assertThat(
              dispatcher
                  .links()
                  .handle("POST", link, FORM, new byte[LinkHandler.LONGEST_BODY + 1])
                  .status())
          .isEqualTo(413);
      assertThat(dispatcher.links().handle("DELETE", link, FORM).status()).isEqualTo(405);
      assertThat(dispatcher.preferences().find("jane")).isEqualTo(Preferences.NONE);
    }
  }

  @Test
  void aForgedOrExpiredLinkShowsAClearPageAndChangesNothing() {
    try (var dispatcher = dispatcher()) {
      String link = dispatcher.preferenceLink("jane").toString();
      String forged = link.substring(0, link.length() - 3) + "AAA";

      assertThat(get(dispatcher, forged).status()).isEqualTo(404);
      assertThat(text(get(dispatcher, forged))).contains("This link is not valid");
      assertThat(post(dispatcher, forged, "complete", "1").status()).isEqualTo(404);
      stage.pass(Duration.ofDays(91));
      assertThat(text(get(dispatcher, link))).contains("This link has expired");
      assertThat(post(dispatcher, link, "complete", "1").status()).isEqualTo(410);
      assertThat(put(dispatcher, link, "{}").status()).isEqualTo(410);
      assertThat(dispatcher.preferences().history("jane")).isEmpty();
    }
    try (var without = stage.builder().build()) {
      assertThatThrownBy(() -> without.preferenceLink("jane"))
          .isInstanceOf(ConfigurationException.class);
    }
  }

  @Test
  void anIdOfAnyKindIsWhoTheLinkIsFor() {
    try (var dispatcher = dispatcher()) {
      String id = "ünïcode <b>&\"' user";

      LinkAnswer page = post(dispatcher, dispatcher.preferenceLink(id).toString(), "complete", "1");

      assertThat(page.status()).isEqualTo(200);
      assertThat(dispatcher.preferences().find(id).choices()).isNotEmpty();
      assertThat(text(page)).doesNotContain("<b>");
    }
  }
}
