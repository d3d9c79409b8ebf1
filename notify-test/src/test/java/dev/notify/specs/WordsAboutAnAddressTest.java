package dev.notify.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.NotificationDispatcher;
import dev.notify.WebhookHandler;
import dev.notify.memory.MemorySuppressions;
import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.AuditEntry;
import dev.notify.model.Suppression;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.SuppressionList;
import dev.notify.spi.WebhookRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose word about an address counts when several have been said. */
class WordsAboutAnAddressTest {

  private static final Address JANE = Address.sms("+14155550142");

  private final Stage stage = new Stage();

  private WebhookHandler persons(NotificationDispatcher dispatcher) {
    return dispatcher.webhook(
        new ProviderWebhook() {
          @Override
          public String provider() {
            return "sms";
          }

          @Override
          public WebhookReport read(WebhookRequest request) {
            return WebhookReport.of(
                new AddressEvent(
                    "sms",
                    JANE,
                    AddressEvent.Type.valueOf(request.text()),
                    stage.clock.instant(),
                    "answered by SMS"));
          }
        });
  }

  private void says(WebhookHandler persons, String word) {
    persons.handle(Map.of(), word.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    stage.pass(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @EnumSource(
      value = Suppression.Kind.class,
      names = {"MANUAL", "COMPLAINT"})
  void stopAndStartTakeNothingBackThatThePersonDidNotSay(Suppression.Kind kind) {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.suppressions().add(Suppression.of(JANE, kind, "fraud", stage.clock.instant()));
      WebhookHandler persons = persons(dispatcher);

      says(persons, "STOPPED");
      says(persons, "RESUMED");

      assertThat(dispatcher.suppressions().find(JANE).map(Suppression::kind)).contains(kind);
    }
  }

  @Test
  void stopAndStartAreInTheAuditLogAsTheProvidersWords() {
    try (var dispatcher = stage.builder().build()) {
      WebhookHandler persons = persons(dispatcher);

      says(persons, "STOPPED");
      says(persons, "RESUMED");

      assertThat(dispatcher.audit().after(1, 10))
          .extracting(AuditEntry::kind, AuditEntry::actor)
          .containsExactly(tuple("suppression.set", "sms"), tuple("suppression.set", "sms"));
    }
  }

  @Test
  void aStopThatComesLateDoesNotUndoTheLaterStart() {
    try (var dispatcher = stage.builder().build()) {
      var earlier = stage.clock.instant();
      WebhookHandler persons = persons(dispatcher);
      stage.pass(Duration.ofMinutes(1));
      says(persons, "RESUMED");

      dispatcher
          .webhook(
              new ProviderWebhook() {
                @Override
                public String provider() {
                  return "sms";
                }

                @Override
                public WebhookReport read(WebhookRequest request) {
                  return WebhookReport.of(
                      new AddressEvent(
                          "sms", JANE, AddressEvent.Type.STOPPED, earlier, "answered by SMS"));
                }
              })
          .handle(Map.of(), new byte[0]);

      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }

  private static AddressEvent word(String type, int minute, String id) {
    return new AddressEvent(
            "sms",
            JANE,
            AddressEvent.Type.valueOf(type),
            Instant.parse(Stage.START).plus(Duration.ofMinutes(minute)),
            "answered by SMS")
        .withId(Optional.of(id));
  }

  /** Each word: what, at which minute, by which id. */
  private Optional<Suppression.Kind> after(NotificationDispatcher dispatcher, String... words) {
    for (String word : words) {
      String[] parts = word.split(" ");
      dispatcher
          .webhook(
              new ProviderWebhook() {
                @Override
                public String provider() {
                  return "sms";
                }

                @Override
                public WebhookReport read(WebhookRequest request) {
                  return WebhookReport.of(word(parts[0], Integer.parseInt(parts[1]), parts[2]));
                }
              })
          .handle(Map.of(), new byte[0]);
    }
    return dispatcher.suppressions().find(JANE).map(Suppression::kind);
  }

  @ParameterizedTest
  @CsvSource({
    "the latest word counts, STOPPED 1 a;RESUMED 2 b, ''",
    "the latest word counts, STOPPED 1 a;RESUMED 2 b;STOPPED 3 c, OPT_OUT",
    "a late START, STOPPED 2 a;RESUMED 1 b, OPT_OUT",
    "a late STOP, RESUMED 2 a;STOPPED 1 b, ''",
    "a late STOP after both, STOPPED 1 a;RESUMED 3 b;STOPPED 2 c, ''",
    "a repeated START told at another time, RESUMED 1 a;STOPPED 2 b;RESUMED 9 a, OPT_OUT",
    "a repeated STOP told at another time, STOPPED 1 a;RESUMED 2 b;STOPPED 9 a, ''",
    "a START dated by a clock ahead of ours, STOPPED 1 a;RESUMED 60 b, ''",
    "a complaint after STOP, STOPPED 1 a;COMPLAINED 2 b;RESUMED 3 c, COMPLAINT",
    "a complaint that comes late, STOPPED 1 a;RESUMED 3 b;COMPLAINED 2 c, COMPLAINT",
    "STOP after a complaint, COMPLAINED 1 a;STOPPED 2 b;RESUMED 3 c, COMPLAINT",
    "START does not revive, DEAD 1 a;RESUMED 2 b, DEAD_ADDRESS",
    "who answers is not dead, DEAD 1 a;STOPPED 2 b;RESUMED 3 c, ''",
    "dead after START, RESUMED 1 a;DEAD 2 b, DEAD_ADDRESS",
    "dead before START, RESUMED 2 a;DEAD 1 b, ''",
    "dead does not weaken STOP, STOPPED 1 a;DEAD 2 b, OPT_OUT",
  })
  void theRuleOfWords(String rule, String words, String left) {
    try (var dispatcher = stage.builder().build()) {
      assertThat(after(dispatcher, words.split(";")).map(Enum::name).orElse(""))
          .as(rule)
          .isEqualTo(left);
    }
  }

  @Test
  void anotherNodeKnowsWhatWasHeardAsLongAsTheListIsTheSame() {
    SuppressionList shared = new MemorySuppressions();
    try (var one = stage.builder().suppressions(shared).build();
        var other = stage.builder().suppressions(shared).build()) {
      after(one, "RESUMED 1 a");
      after(other, "STOPPED 2 b");

      assertThat(after(one, "RESUMED 9 a")).contains(Suppression.Kind.OPT_OUT);
      assertThat(after(other, "RESUMED 9 a")).contains(Suppression.Kind.OPT_OUT);
    }
  }

  @Test
  void aWordIsForgottenAfterTenLaterOnes() {
    try (var dispatcher = stage.builder().build()) {
      for (int i = 0; i < Suppression.MOST_HEARD; i++) {
        after(dispatcher, (i % 2 == 0 ? "STOPPED " : "RESUMED ") + i + " id-" + i);
      }
      assertThat(after(dispatcher, "STOPPED 50 id-0")).isEmpty();

      after(dispatcher, "STOPPED 51 id-51", "RESUMED 52 id-52");

      assertThat(after(dispatcher, "STOPPED 53 id-0")).contains(Suppression.Kind.OPT_OUT);
    }
  }

  /** Else what the person said would be forgotten with the application's own word. */
  @Test
  void whatWouldEndByItselfHoldsForGoodIfThePersonStopsMeanwhile() {
    try (var dispatcher = stage.builder().build()) {
      var now = stage.clock.instant();
      dispatcher
          .suppressions()
          .add(
              new Suppression(
                  JANE,
                  Suppression.Kind.MANUAL,
                  "number is being moved",
                  now,
                  Optional.of(now.plus(Duration.ofHours(1)))));

      after(dispatcher, "STOPPED 5 a");
      stage.pass(Duration.ofHours(2));

      assertThat(dispatcher.suppressions().find(JANE).map(Suppression::kind))
          .contains(Suppression.Kind.MANUAL);
    }
  }

  @Test
  void anEntryOfTheApplicationsThatHasEndedStandsInNobodysWay() {
    try (var dispatcher = stage.builder().build()) {
      var now = stage.clock.instant();
      dispatcher
          .suppressions()
          .add(new Suppression(JANE, Suppression.Kind.MANUAL, "x", now, Optional.of(now)));

      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
      assertThat(after(dispatcher, "STOPPED 5 a")).contains(Suppression.Kind.OPT_OUT);
      assertThat(after(dispatcher, "RESUMED 6 b")).isEmpty();
    }
  }
}
