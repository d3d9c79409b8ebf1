package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.PENDING;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.MarketingMail;
import dev.notify.NotificationDispatcher;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Decision;
import dev.notify.model.Notification;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Priority;
import dev.notify.model.Rate;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.RefusedException;
import dev.notify.model.Routing;
import dev.notify.model.Suppression;
import dev.notify.policy.FrequencyCap;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PolicyTest {

  private final Stage stage = new Stage();
  private final Choice yes = new Choice(true, stage.clock.instant(), "sign-up form");
  private final Choice no = new Choice(false, stage.clock.instant(), "settings page");

  private static void prefer(
      NotificationDispatcher dispatcher, UnaryOperator<Preferences.Builder> change) {
    dispatcher.preferences().update("jane", old -> change.apply(old.toBuilder()).build());
  }

  @Test
  void aSuppressedAddressIsLeftAlone() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher
          .suppressions()
          .add(
              Suppression.of(
                  Address.email("jane@example.com"),
                  Suppression.Kind.COMPLAINT,
                  "spam report",
                  stage.clock.instant()));

      var receipt = dispatcher.send(hello().channels(EMAIL, SMS).build());

      assertThat(dispatcher, receipt)
          .on(EMAIL)
          .is(SUPPRESSED)
          .because(Reason.SUPPRESSED_ADDRESS)
          .on(SMS)
          .is(SENT);
    }
  }

  @Test
  void theMostSpecificPreferenceWins() {
    try (var dispatcher = stage.builder().build()) {
      prefer(
          dispatcher,
          p ->
              p.everything(no)
                  .channel(EMAIL, yes)
                  .category("news", no)
                  .category("news", EMAIL, yes));

      var news = dispatcher.send(hello().category("news").channels(EMAIL, SMS).build());
      var other = dispatcher.send(hello().category("other").channels(EMAIL, SMS).build());

      assertThat(dispatcher, news).on(EMAIL).is(SENT).on(SMS).is(SUPPRESSED);
      assertThat(dispatcher, other).on(EMAIL).is(SENT).on(SMS).because(Reason.OPTED_OUT);
    }
  }

  @Test
  void marketingNeedsConsentAndOptionalDoesNot() {
    try (var dispatcher =
        stage
            .builder()
            .marketingMail(MarketingMail.UNCHECKED)
            .categories(Category.marketing("offers"), Category.GENERAL)
            .build()) {
      assertThat(dispatcher, dispatcher.send(hello().category("offers").build()))
          .is(SUPPRESSED)
          .because(Reason.NO_CONSENT);
      assertThat(dispatcher, dispatcher.send(hello().build())).is(SENT);

      prefer(dispatcher, p -> p.category("offers", yes));

      assertThat(dispatcher, dispatcher.send(hello().category("offers").build())).is(SENT);
    }
  }

  @Test
  void transactionalReachesThePersonOnTheLastRemainingChannel() {
    try (var dispatcher = stage.builder().categories(Category.transactional("receipts")).build()) {
      prefer(dispatcher, p -> p.channel(EMAIL, no).channel(SMS, no));

      var one = dispatcher.send(hello().category("receipts").build());
      assertThat(dispatcher, one).on(EMAIL).is(SENT);

      prefer(dispatcher, p -> p.channel(SMS, yes));
      var two = dispatcher.send(hello().category("receipts").channels(EMAIL, SMS).build());
      assertThat(dispatcher, two).on(EMAIL).because(Reason.OPTED_OUT).on(SMS).is(SENT);
    }
  }

  @Test
  void aPauseSuppressesUntilItsEnd() {
    try (var dispatcher = stage.builder().build()) {
      prefer(dispatcher, p -> p.pausedUntil(stage.clock.instant().plus(Duration.ofHours(2))));

      var receipt = dispatcher.send(hello().build());
      assertThat(dispatcher, receipt).because(Reason.PAUSED);

      stage.pass(Duration.ofHours(2));
      assertThat(dispatcher, dispatcher.send(hello().build())).is(SENT);
    }
  }

  @Test
  void aFrequencyCapDefersTheSurplusAndCountsEachPersonApart() {
    try (var dispatcher =
        stage.builder().frequencyCap(FrequencyCap.perRecipient(Rate.perHour(2))).build()) {
      dispatcher.send(hello().build());
      dispatcher.send(hello().build());
      var surplus = dispatcher.send(hello().build());
      var someoneElse =
          dispatcher.send(
              dev.notify.model.Notification.to(Address.email("joe@example.com"))
                  .body("Hi")
                  .build());

      assertThat(dispatcher, surplus).is(SCHEDULED).because(Reason.FREQUENCY_CAP);
      assertThat(dispatcher, someoneElse).is(SENT);

      stage.pass(Duration.ofHours(1));
      assertThat(dispatcher, surplus).is(SENT);
    }
  }

  @Test
  void aFrequencyCapCanDropAndBeBoundToChannelAndCategory() {
    try (var dispatcher =
        stage
            .builder()
            .frequencyCap(
                FrequencyCap.perRecipient(Rate.perDay(1))
                    .onChannel(SMS)
                    .ofCategory("news")
                    .dropping())
            .build()) {
      var both = hello().category("news").channels(EMAIL, SMS).build();
      dispatcher.send(both);
      var surplus = dispatcher.send(both);

      assertThat(dispatcher, surplus)
          .on(EMAIL)
          .is(SENT)
          .on(SMS)
          .is(SUPPRESSED)
          .because(Reason.FREQUENCY_CAP);
      assertThat(dispatcher, dispatcher.send(hello().channels(SMS).build())).is(SENT);
    }
  }

  @Test
  void criticalPassesCaps() {
    try (var dispatcher =
        stage.builder().frequencyCap(FrequencyCap.overall(Rate.perDay(1))).build()) {
      dispatcher.send(hello().build());

      var alarm = dispatcher.send(hello().priority(Priority.CRITICAL).build());

      assertThat(dispatcher, alarm).is(SENT);
    }
  }

  @Test
  void explainCountsNothing() {
    try (var dispatcher =
        stage.builder().frequencyCap(FrequencyCap.perRecipient(Rate.perHour(1))).build()) {
      for (int i = 0; i < 10; i++) {
        dispatcher.explain(hello().build());
      }

      assertThat(dispatcher, dispatcher.send(hello().build())).is(SENT);
      assertThat(dispatcher.explain(hello().build()).get(0).decision())
          .isInstanceOf(Decision.Defer.class);
    }
  }

  @Test
  void aProvidersRateLimitSpreadsABurst() {
    try (var dispatcher = stage.builder().rateLimit("email", Rate.perSecond(10)).build()) {
      for (int i = 0; i < 50; i++) {
        dispatcher.send(hello().build());
      }
      assertThat(stage.email.calls()).isEqualTo(10);

      for (int second = 1; second <= 5; second++) {
        int before = stage.email.calls();
        stage.pass(Duration.ofSeconds(1));
        assertThat(stage.email.calls() - before).as("in second " + second).isBetween(1, 10);
      }
      assertThat(stage.email.calls()).isEqualTo(50);
    }
  }

  @Test
  void waitingForARateLimitBurnsNoAttemptAndSaysWhy() {
    try (var dispatcher = stage.builder().rateLimit("email", Rate.perHour(1)).build()) {
      dispatcher.send(hello().build());
      var waiting = dispatcher.send(hello().build());
      var hopeless = dispatcher.send(hello().expiresIn(Duration.ofMinutes(1)).build());

      assertThat(dispatcher, waiting).is(PENDING).because(Reason.PROVIDER_BUSY).afterCalls(0);
      assertThat(dispatcher, hopeless).is(EXPIRED);
    }
  }

  @Test
  void aPolicyOfTheApplicationIsAsked() {
    try (var dispatcher =
        stage
            .builder()
            .policy(
                request ->
                    request.recipient().id().equals("jane")
                        ? Decision.suppress(new Reason("ON_HOLIDAY", "until Monday"))
                        : Decision.ALLOW)
            .build()) {
      assertThat(dispatcher, dispatcher.send(hello().build())).is(SUPPRESSED).because("ON_HOLIDAY");
    }
  }

  @Test
  void whatIsRefusedDoesNotCount() {
    FrequencyCap onceADay = FrequencyCap.perRecipient(Rate.perDay(1)).dropping();
    Recipient joe = Recipient.builder("joe").email("joe@example.com").build();
    Recipient joeAndAWrongAddress =
        Recipient.builder("joe").email("joe@example.com").email("nowhere").build();
    stage.email.checking(
        address -> address.value().contains("@") ? Optional.empty() : Optional.of("is no address"));
    try (var dispatcher =
        stage
            .builder()
            .store(MemoryStore.builder().capacity(1).build())
            .frequencyCap(onceADay)
            .build()) {
      var tomorrow =
          dispatcher.send(hello().at(stage.clock.instant().plus(Duration.ofHours(1))).build());
      assertThatThrownBy(
              () ->
                  dispatcher.send(
                      Notification.to(joeAndAWrongAddress).body("Hi").channels(EMAIL).build()))
          .hasMessageContaining("recipient.addresses");
      assertThatThrownBy(
              () -> dispatcher.send(Notification.to(joe).body("Hi").channels(EMAIL).build()))
          .isInstanceOf(RefusedException.class);
      dispatcher.cancel(tomorrow.id());

      var again = dispatcher.send(Notification.to(joe).body("Hi").channels(EMAIL).build());
      var oneTooMany = dispatcher.send(Notification.to(joe).body("Hi").channels(EMAIL).build());

      assertThat(dispatcher, again).is(SENT);
      assertThat(dispatcher, oneTooMany).is(SUPPRESSED).because(Reason.FREQUENCY_CAP);
    }
  }

  @Test
  void thePersonsOrderOfChannelsCountsWhereTheNotificationAllowsIt() {
    try (var dispatcher = stage.builder().build()) {
      prefer(dispatcher, p -> p.channelOrder(SMS, PUSH));
      Notification.Builder hello = Stage.hello();

      dispatcher.send(hello.routing(Routing.first(EMAIL, SMS)).build());
      assertThat(stage.email.calls()).isEqualTo(1);
      assertThat(stage.sms.calls()).isZero();

      Notification asPreferred =
          hello.routing(Routing.first(EMAIL, SMS).orAsThePersonPrefers()).build();
      dispatcher.send(asPreferred);
      assertThat(stage.email.calls()).isEqualTo(1);
      assertThat(stage.sms.calls()).isEqualTo(1);
      assertThat(dispatcher.explain(asPreferred))
          .extracting(decided -> decided.channel() + " " + decided.decision())
          .containsExactly(
              "sms allow",
              "email suppress: NOT_NEEDED (an earlier channel was taken; the person prefers [sms,"
                  + " email])");
    }
  }
}
