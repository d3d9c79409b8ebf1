package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.MarketingMail;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Assignment;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Conversion;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentResults;
import dev.notify.model.ExperimentResults.Verdict;
import dev.notify.model.ExperimentRun;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Rate;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.model.Variant;
import dev.notify.policy.FrequencyCap;
import dev.notify.routing.Audiences;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.OutboundMessage;
import dev.notify.template.TemplateSources;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExperimentsTest {

  private final Stage stage = new Stage();
  private final Map<String, String> texts = new HashMap<>();
  private final List<DeliveryEvent> told = new ArrayList<>();
  private final NotificationStore store = MemoryStore.create();
  private final NotificationDispatcher dispatcher;

  ExperimentsTest() {
    texts.put("welcome/email.subject", "Welcome, {{name}}");
    texts.put("welcome/email.text", "Hello");
    texts.put("welcome-wave/email.subject", "Hi {{name}}");
    texts.put("welcome-wave/email.text", "Hello");
    dispatcher = open();
  }

  private NotificationDispatcher open() {
    return stage
        .builder()
        .store(store)
        .templates(TemplateSources.of(texts))
        .recipients(ExperimentsTest::person)
        .categories(Category.marketing("news"))
        .marketingMail(MarketingMail.UNCHECKED)
        .frequencyCap(FrequencyCap.perRecipient(Rate.perDay(3)))
        .listener(told::add)
        .build();
  }

  private static Optional<Recipient> person(String id) {
    return Optional.of(
        Recipient.builder(id)
            .email(id + "@example.com")
            .sms("+14155550142")
            .zone(ZoneId.of("Europe/Berlin"))
            .build());
  }

  private static Experiment.Builder subject() {
    return Experiment.named("welcome-subject")
        .variant(Variant.of("plain", 50))
        .variant(Variant.of("wave", 50).template("welcome-wave"));
  }

  private static Notification welcome(String person) {
    return Notification.to(person)
        .template("welcome", Map.of("name", "Jo"))
        .channels(EMAIL)
        .experiment("welcome-subject")
        .build();
  }

  @Test
  void eachPersonAlwaysGetsTheSameVariantAndItStandsOnAllThatIsKept() {
    dispatcher.experiments().create(subject().build());

    Map<String, String> variants = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      String person = "user-" + i;
      NotificationRecord record = record(dispatcher.send(welcome(person)));
      NotificationRecord again = record(dispatcher.send(welcome(person)));
      Assignment assignment = record.notification().assignment().orElseThrow();
      assertThat(again.notification().assignment()).contains(assignment);
      assertThat(record.deliveries().get(0).assignment()).contains(assignment);
      assertThat(record.notification().template().orElseThrow().name())
          .isEqualTo(assignment.variant().equals("wave") ? "welcome-wave" : "welcome");
      variants.put(person, assignment.variant());
    }

    assertThat(variants.values()).contains("plain", "wave");
    assertThat(told)
        .allMatch(
            event ->
                event
                    .assignment()
                    .orElseThrow()
                    .variant()
                    .equals(variants.get(event.recipientId())));
    assertThat(stage.email.messages())
        .allMatch(
            message ->
                message
                    .content()
                    .title()
                    .orElseThrow()
                    .startsWith(isWave(message) ? "Hi" : "Welcome"));
  }

  @Test
  void anotherNodeGivesThemTheSame() {
    dispatcher.experiments().create(subject().build());
    NotificationDispatcher other =
        stage
            .builder()
            .templates(TemplateSources.of(texts))
            .recipients(ExperimentsTest::person)
            .build();
    other.experiments().create(subject().build());

    for (int i = 0; i < 20; i++) {
      assertThat(variant(other, other.send(welcome("user-" + i))))
          .isEqualTo(variant(dispatcher, dispatcher.send(welcome("user-" + i))));
    }
  }

  @Test
  void whatWasDecidedStaysWhateverBecomesOfTheExperiment() {
    dispatcher.experiments().create(subject().build());
    List<SendReceipt> waiting = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waiting.add(dispatcher.schedule(welcome("user-" + i), Instant.parse("2026-03-03T09:00:00Z")));
    }
    List<String> before = waiting.stream().map(one -> variant(dispatcher, one)).toList();

    dispatcher.experiments().stopVariant("welcome-subject", "wave");
    stage.pass(Duration.ofDays(2));

    assertThat(waiting.stream().map(one -> variant(dispatcher, one)).toList()).isEqualTo(before);
    assertThat(before).contains("wave");
    assertThat(stage.email.messages()).hasSize(10);
    assertThat(variant(dispatcher, dispatcher.send(welcome(holderOf("wave"))))).isEqualTo("plain");
  }

  @Test
  void channelsAndTimesVaryToo() {
    dispatcher
        .experiments()
        .create(
            Experiment.named("how")
                .variant(Variant.of("now", 0.25))
                .variant(Variant.of("sms", 0.25).routing(Routing.first(SMS, EMAIL)))
                .variant(Variant.of("later", 0.25).delayed(Duration.ofHours(2)))
                .variant(Variant.of("evening", 0.25).at(LocalTime.of(18, 0)))
                .build());

    Map<String, Delivery> taken = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      Notification notification =
          Notification.to("user-" + i).body("Hello").channels(EMAIL).experiment("how").build();
      Delivery delivery = record(dispatcher.send(notification)).deliveries().get(0);
      taken.putIfAbsent(delivery.assignment().orElseThrow().variant(), delivery);
    }

    assertThat(taken.get("now").due()).isEqualTo("2026-03-02T09:00:00Z");
    assertThat(taken.get("sms").channel()).isEqualTo(SMS);
    assertThat(taken.get("later").due()).isEqualTo("2026-03-02T11:00:00Z");
    // 18:00 in Berlin.
    assertThat(taken.get("evening").due()).isEqualTo("2026-03-02T17:00:00Z");
    assertThat(taken.get("evening").status()).isEqualTo(DeliveryStatus.SCHEDULED);
  }

  @Test
  void whoIsHeldOutGetsNothingIsCountedAndUsesUpNoCap() {
    dispatcher.experiments().create(subject().holdout(0.5).goal("purchase").build());
    String person = holderOf(Assignment.HOLDOUT);

    SendReceipt receipt = null;
    for (int i = 0; i < 5; i++) {
      receipt = dispatcher.send(welcome(person));
    }

    Delivery delivery = Stage.only(dispatcher, receipt);
    assertThat(delivery.status()).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(delivery.reason().orElseThrow().code()).isEqualTo(Reason.HOLDOUT);
    assertThat(stage.email.messages()).isEmpty();
    assertThat(dispatcher.explain(welcome(person)).get(0).decision())
        .isInstanceOf(Decision.Suppress.class);
    SendReceipt other =
        dispatcher.send(Notification.to(person).body("Hello").channels(EMAIL).build());
    assertThat(Stage.only(dispatcher, other).status()).isEqualTo(DeliveryStatus.SENT);

    assertThat(dispatcher.converted(person, Conversion.of("purchase").worth(20))).isTrue();
    assertThat(dispatcher.converted(person, Conversion.of("purchase").worth(20))).isFalse();
    ExperimentResults results = dispatcher.experiments().results("welcome-subject");
    assertThat(results.holdout().orElseThrow().people()).isEqualTo(1);
    assertThat(results.holdout().get().converted()).isEqualTo(1);
    assertThat(results.holdout().get().amount()).isEqualTo(20);
  }

  @Test
  void whoWouldNotHaveGotItAnywayIsNotHeldOut() {
    dispatcher.experiments().create(subject().holdout(0.5).build());
    Notification unwanted =
        welcome(holderOf(Assignment.HOLDOUT)).toBuilder().category("news").build();

    SendReceipt receipt = dispatcher.send(unwanted);

    assertThat(Stage.only(dispatcher, receipt).reason().orElseThrow().code())
        .isEqualTo(Reason.NO_CONSENT);
    assertThat(dispatcher.experiments().results("welcome-subject").holdout().orElseThrow().people())
        .isZero();
  }

  @Test
  void opensAndClicksAndGoalsAreCountedOnceForEachPerson() {
    dispatcher.experiments().create(subject().goal("signup").build());
    String person = holderOf("wave");
    SendReceipt receipt = dispatcher.send(welcome(person));
    Delivery sent = Stage.only(dispatcher, receipt);
    for (int i = 1; i < 4; i++) {
      track(sent, DeliveryEvent.Type.CLICKED, i);
    }

    assertThat(dispatcher.converted(receipt.id(), Conversion.of("signup").worth(5))).isTrue();
    assertThat(dispatcher.converted(receipt.id(), Conversion.of("signup").worth(5))).isFalse();

    ExperimentResults signups = dispatcher.experiments().results("welcome-subject");
    assertThat(signups.arm("wave").orElseThrow().converted()).isEqualTo(1);
    assertThat(signups.arm("wave").get().amount()).isEqualTo(5);
    assertThat(signups.arm("plain").orElseThrow().people()).isZero();
    assertThat(signups.comparison("wave").orElseThrow().verdict()).isEqualTo(Verdict.TOO_FEW_YET);
    assertThat(
            dispatcher
                .experiments()
                .results("welcome-subject", "clicked")
                .arm("wave")
                .orElseThrow()
                .converted())
        .isEqualTo(1);
    assertThat(record(receipt).events())
        .filteredOn(event -> event.type() == DeliveryEvent.Type.CONVERTED)
        .singleElement()
        .satisfies(event -> assertThat(event.reason().orElseThrow().code()).isEqualTo("signup"));
    assertThat(told).anyMatch(event -> event.type() == DeliveryEvent.Type.CONVERTED);
  }

  @Test
  void aClearWinnerIsNamedAndThenEverybodyGetsIt() {
    dispatcher.experiments().create(subject().expectedPeople(1_000).build());
    for (int i = 0; i < 1_000; i++) {
      Delivery sent = Stage.only(dispatcher, dispatcher.send(welcome("user-" + i)));
      boolean isWave = sent.assignment().orElseThrow().variant().equals("wave");
      if (i % 10 < (isWave ? 4 : 1)) {
        track(sent, DeliveryEvent.Type.CLICKED, 5);
      }
    }

    ExperimentResults results = dispatcher.experiments().results("welcome-subject");
    assertThat(results.comparison("wave").orElseThrow().verdict()).isEqualTo(Verdict.BETTER);
    assertThat(results.comparison("wave").get().interval().low()).isPositive();
    assertThat(results.sampleRatio().isMismatch()).isFalse();

    ExperimentRun ended = dispatcher.experiments().conclude("welcome-subject", "wave");

    assertThat(ended.isRunning()).isFalse();
    for (int i = 0; i < 10; i++) {
      Notification after = record(dispatcher.send(welcome("late-" + i))).notification();
      assertThat(after.template().orElseThrow().name()).isEqualTo("welcome-wave");
      assertThat(after.assignment()).isEmpty();
    }
    assertThat(dispatcher.experiments().results("welcome-subject").arm("wave"))
        .isEqualTo(results.arm("wave"));
  }

  @Test
  void aBanditMovesPeopleToWhatWorksAndLeavesWhoHasSeenAVariant() {
    dispatcher.experiments().create(subject().bandit(Duration.ofMinutes(10), 0.1).build());
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      Delivery sent = Stage.only(dispatcher, dispatcher.send(welcome("user-" + i)));
      String variant = sent.assignment().orElseThrow().variant();
      seen.put("user-" + i, variant);
      if (variant.equals("wave") && i % 2 == 0) {
        track(sent, DeliveryEvent.Type.CLICKED, 5);
      }
    }
    stage.pass(Duration.ofMinutes(11));
    dispatcher.send(welcome("user-0"));

    ExperimentRun run = dispatcher.experiments().find("welcome-subject").orElseThrow();
    assertThat(run.allocation()).containsEntry("plain", 0.1).containsEntry("wave", 0.9);
    assertThat(run.reallocated()).isTrue();
    seen.forEach(
        (person, variant) ->
            assertThat(variant(dispatcher, dispatcher.send(welcome(person)))).isEqualTo(variant));
    long waves =
        IntStream.range(0, 200)
            .filter(i -> variant(dispatcher, dispatcher.send(welcome("new-" + i))).equals("wave"))
            .count();
    assertThat(waves).isGreaterThan(160);
    assertThatThrownBy(
            () ->
                dispatcher
                    .experiments()
                    .reweigh("welcome-subject", Map.of("plain", 0.5, "wave", 0.5)))
        .hasMessageContaining("follow its results");
  }

  @Test
  void aBroadcastGivesEachPersonTheirVariant() {
    dispatcher.experiments().create(subject().build());
    List<String> everybody = IntStream.range(0, 30).mapToObj(i -> "user-" + i).toList();

    dispatcher.broadcast(Audiences.of("everybody", everybody), welcome("x"));
    stage.pass(Duration.ofMinutes(1));

    assertThat(stage.email.messages()).hasSize(30);
    assertThat(stage.email.messages())
        .allMatch(
            message -> message.content().title().orElseThrow().startsWith("Hi") == isWave(message));
    ExperimentResults results = dispatcher.experiments().results("welcome-subject");
    assertThat(results.arms().stream().mapToLong(ExperimentResults.Arm::people).sum())
        .isEqualTo(30);
  }

  @Test
  void declaringAgainIsHarmlessAndDeclaringOtherwiseIsRefused() {
    ExperimentRun first = dispatcher.experiments().create(subject().build());

    assertThat(dispatcher.experiments().create(subject().build())).isEqualTo(first);
    assertThatThrownBy(() -> dispatcher.experiments().create(subject().holdout(0.1).build()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("other properties");
    assertThat(dispatcher.experiments().list()).containsExactly(first);
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> dispatcher.send(welcome("jane")))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("experiment: there is none called 'welcome-subject'");
    assertThatThrownBy(
            () -> dispatcher.experiments().create(subject().variant(Variant.of("b", 0.5)).build()))
        .hasMessageContaining("add up");
    assertThatThrownBy(
            () ->
                dispatcher
                    .experiments()
                    .create(
                        Experiment.named("x")
                            .variant(Variant.of("a", 50))
                            .variant(Variant.of("b", 50).template("no-such"))
                            .build()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("variant 'b': template 'no-such'");
    assertThatThrownBy(() -> dispatcher.experiments().results("nothing"))
        .hasMessageContaining("none called 'nothing'");
    dispatcher.experiments().create(subject().build());
    assertThatThrownBy(() -> dispatcher.experiments().stopVariant("welcome-subject", "blue"))
        .hasMessageContaining("variant 'blue'");
    dispatcher.experiments().stopVariant("welcome-subject", "wave");
    assertThatThrownBy(() -> dispatcher.experiments().stopVariant("welcome-subject", "plain"))
        .hasMessageContaining("is the last");
    assertThatThrownBy(
            () -> dispatcher.experiments().reweigh("welcome-subject", Map.of("wave", 1.0)))
        .hasMessageContaining("is stopped");
    dispatcher.experiments().conclude("welcome-subject");
    assertThatThrownBy(() -> dispatcher.experiments().conclude("welcome-subject"))
        .hasMessageContaining("is concluded");
  }

  @Test
  void aPersonWhoIsForgottenLeavesOnlyACount() {
    dispatcher.experiments().create(subject().build());
    String person = holderOf("wave");
    dispatcher.send(welcome(person));

    assertThat(dispatcher.forget(person).experiments()).isEqualTo(1);

    assertThat(dispatcher.forget(person).experiments()).isZero();
    assertThat(
            dispatcher.experiments().results("welcome-subject").arm("wave").orElseThrow().people())
        .isEqualTo(1);
    assertThat(dispatcher.converted(person, Conversion.of("signup"))).isFalse();
  }

  @Test
  void aDeadLetterIsReplayedInItsVariant() {
    dispatcher.experiments().create(subject().build());
    String person = holderOf("wave");
    stage.email.next(Outcome.rejected("no"));
    SendReceipt receipt = dispatcher.send(welcome(person));
    dispatcher.experiments().stopVariant("welcome-subject", "wave");

    SendReceipt again = dispatcher.replay(Stage.only(dispatcher, receipt).id());

    assertThat(variant(dispatcher, again)).isEqualTo("wave");
    assertThat(Stage.only(dispatcher, again).status()).isEqualTo(DeliveryStatus.SENT);
  }

  // Words of the tests

  private NotificationRecord record(SendReceipt receipt) {
    return Stage.record(dispatcher, receipt);
  }

  private static String variant(NotificationDispatcher at, SendReceipt receipt) {
    return Stage.record(at, receipt).notification().assignment().orElseThrow().variant();
  }

  /** Somebody who gets this variant, asked of a dispatcher of its own. */
  private String holderOf(String variant) {
    Experiment experiment =
        dispatcher.experiments().find("welcome-subject").orElseThrow().experiment();
    try (NotificationDispatcher other =
        new Stage()
            .builder()
            .templates(TemplateSources.of(texts))
            .recipients(ExperimentsTest::person)
            .build()) {
      other.experiments().create(experiment);
      return IntStream.range(0, 1_000)
          .mapToObj(i -> "somebody-" + i)
          .filter(person -> variant(other, other.send(welcome(person))).equals(variant))
          .findFirst()
          .orElseThrow();
    }
  }

  private boolean isWave(OutboundMessage message) {
    return store
        .find(message.deliveryId())
        .flatMap(Delivery::assignment)
        .orElseThrow()
        .variant()
        .equals("wave");
  }

  private void track(Delivery sent, DeliveryEvent.Type type, int seconds) {
    dispatcher.track(
        new ProviderEvent(
            sent.provider().orElseThrow(),
            sent.providerMessageId().orElseThrow(),
            type,
            stage.clock.instant().plusSeconds(seconds),
            ""));
  }
}
