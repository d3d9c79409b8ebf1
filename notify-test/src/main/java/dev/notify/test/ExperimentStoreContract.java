package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Assignment;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentRun;
import dev.notify.model.Notification;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import dev.notify.model.Variant;
import dev.notify.spi.ExperimentStore;
import dev.notify.spi.ExperimentStore.Count;
import dev.notify.spi.ExperimentStore.Participation;
import dev.notify.spi.ExperimentStore.Reached;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ExperimentStore} must do, as tests. A contributor extends this class once for
 * each kind of store and each database.
 *
 * @since 0.1
 */
public abstract class ExperimentStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Assignment A = new Assignment("welcome", "a");
  private static final Assignment B = new Assignment("welcome", "b");

  private final SampleSubmissions samples = new SampleSubmissions();
  private NotificationStore store;
  private ExperimentStore experiments;
  private boolean opened;

  /** An empty store. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
    experiments = store.experiments().orElseThrow();
    opened = true;
  }

  @AfterEach
  void close() {
    if (opened) {
      store.close();
    }
  }

  @Test
  public void anExperimentIsKeptAsItIsAndItsNameStandsForOne() {
    ExperimentRun run = ExperimentRun.begin(everything(), NOW);

    assertEquals(Optional.empty(), experiments.find("everything"));
    assertEquals(run, experiments.add(run));
    assertEquals(Optional.of(run), experiments.find("everything"));
    assertEquals(run, experiments.add(ExperimentRun.begin(everything(), NOW.plusSeconds(9))));
    experiments.add(ExperimentRun.begin(simple("another"), NOW));
    assertEquals(
        List.of("another", "everything"),
        experiments.list().stream().map(one -> one.experiment().name()).toList());
  }

  @Test
  public void everyChangeSurvivesAndAnOlderOneIsRefused() {
    ExperimentRun first = experiments.add(ExperimentRun.begin(everything(), NOW));
    ExperimentRun next =
        first
            .allocated(Map.of("a", 0.25, "b", 0.5, "c", 0.25), NOW.plusSeconds(5))
            .without("c", NOW.plusSeconds(6))
            .concluded(Optional.of("b"));

    assertEquals(Optional.of(next.stored()), experiments.replace(next));
    assertEquals(Optional.of(next.stored()), experiments.find("everything"));
    assertEquals(Optional.empty(), experiments.replace(first.without("a", NOW)));
    assertEquals(
        Optional.empty(), experiments.replace(ExperimentRun.begin(simple("unknown"), NOW)));
  }

  @Test
  public void whoWasSentSomethingIsExposedAndNobodyElseIs() {
    store.accept(message("jane", A));
    assertEquals(Map.of(), experiments.counts("welcome", "opened"), "accepted is not sent");
    Delivery held = claim(1).get(0).delivery();
    store.update(held.ended(DeliveryStatus.DEAD, Reason.of("TEST"), NOW), List.of());
    assertEquals(Map.of(), experiments.counts("welcome", "opened"), "given up is not sent");

    Delivery sent = send("jane", A);

    assertEquals(Map.of("a", people(1)), experiments.counts("welcome", "opened"));
    experiments.expect("welcome", List.of("john", "jane", "john"));
    assertEquals(Optional.of("a"), experiments.variantOf("welcome", "jane"));
    assertEquals(Optional.empty(), experiments.variantOf("welcome", "john"));
    assertEquals(Optional.of(A), sent.assignment());
    store.accept(samples.due(NOW));
    claim(1).forEach(one -> store.update(one.delivery().sent("smtp", "x", NOW), List.of()));
    assertEquals(1, experiments.counts("welcome", "opened").size());
  }

  @Test
  public void whoHasSeenNothingYetIsLookedForAgain() {
    assertEquals(Optional.empty(), experiments.variantOf("welcome", "jane"));
    send("jane", A);
    assertEquals(Optional.of("a"), experiments.variantOf("welcome", "jane"));
  }

  @Test
  public void whoIsHeldOutIsCountedWhenThatIsStored() {
    Assignment holdout = new Assignment("welcome", Assignment.HOLDOUT);
    store.accept(ended("jane", holdout, Reason.of(Reason.HOLDOUT)));
    store.accept(ended("john", holdout, Reason.of(Reason.OPTED_OUT)));

    assertEquals(Map.of(Assignment.HOLDOUT, people(1)), experiments.counts("welcome", "purchase"));
  }

  @Test
  public void aPersonCountsOnceHoweverManyMessagesTheyGetAndWhereTheyWereFirst() {
    Delivery first = send("jane", A);
    Delivery second = send("jane", A);
    Delivery other = send("jane", B);
    for (Delivery sent : List.of(first, first, second, other)) {
      store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusSeconds(1)));
    }

    assertEquals(Map.of("a", new Count(1, 1, 0)), experiments.counts("welcome", "opened"));
  }

  @Test
  public void engagementWithAnotherVariantThanTheFirstIsNotCounted() {
    send("jane", A);
    Delivery other = send("jane", B);

    store.record(DeliveryEvent.of(other, Type.CLICKED, NOW.plusSeconds(1)));

    assertEquals(Map.of("a", people(1)), experiments.counts("welcome", "clicked"));
  }

  @Test
  public void whatAProgramOpensIsNotCounted() {
    Delivery sent = send("jane", A);
    Optional<Reason> machine = Optional.of(Reason.of(Reason.MACHINE));

    store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusSeconds(1), machine));
    assertEquals(Map.of("a", people(1)), experiments.counts("welcome", "opened"));
    store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusSeconds(2), Optional.empty()));

    assertEquals(Map.of("a", new Count(1, 1, 0)), experiments.counts("welcome", "opened"));
  }

  @Test
  public void whoOpensBeforeWeHaveWrittenThatItWasSentIsExposedToo() {
    store.accept(message("jane", A));
    Delivery held = claim(1).get(0).delivery();

    store.record(DeliveryEvent.of(held, Type.OPENED, NOW.plusSeconds(1)));
    store.update(held.sent("smtp", "m-1", NOW.plusSeconds(2)), List.of());

    assertEquals(Map.of("a", new Count(1, 1, 0)), experiments.counts("welcome", "opened"));
  }

  @Test
  public void aGoalOfTheApplicationsOwnIsCountedOnceForEachPerson() {
    send("jane", A);
    send("jane", new Assignment("colour", "red"));
    Delivery johns = send("john", B);

    assertEquals(2, experiments.convert("jane", "purchase", 12.5, NOW, Optional.empty()));
    assertEquals(0, experiments.convert("jane", "purchase", 99, NOW, Optional.empty()));
    assertEquals(1, experiments.convert("john", "purchase", 2, NOW, Optional.of(B)));
    assertEquals(0, experiments.convert("nobody", "purchase", 1, NOW, Optional.empty()));
    store.record(
        DeliveryEvent.of(
            johns, Type.CONVERTED, NOW.plusSeconds(1), Optional.of(Reason.of("signup"))));

    assertEquals(
        Map.of("a", new Count(1, 1, 12.5), "b", new Count(1, 1, 2)),
        experiments.counts("welcome", "purchase"));
    assertEquals(
        Map.of("a", people(1), "b", new Count(1, 1, 0)), experiments.counts("welcome", "signup"));
    assertEquals(Map.of("red", new Count(1, 1, 12.5)), experiments.counts("colour", "purchase"));
  }

  @Test
  public void countsAreExactWhenManyCountAtOnce() throws Exception {
    Delivery sent = send("jane", A);
    for (int i = 0; i < 8; i++) {
      store.accept(message("jane", B));
    }
    var mine = claim(8).iterator();

    Patience.together(
        8,
        () -> {
          Delivery held;
          synchronized (mine) {
            held = mine.next().delivery();
          }
          store.update(held.sent("smtp", held.id().toString(), NOW), List.of());
          store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusNanos(held.lease() * 1_000)));
          return experiments.convert("jane", "purchase", 1, NOW, Optional.empty());
        });

    assertEquals(Map.of("a", new Count(1, 1, 0)), experiments.counts("welcome", "opened"));
    assertEquals(Map.of("a", new Count(1, 1, 1)), experiments.counts("welcome", "purchase"));
  }

  @Test
  public void whatIsKeptOfAPersonCanBeReadUntilTheyAreForgotten() {
    assertEquals(List.of(), experiments.participations("jane"));
    Delivery sent = send("jane", A);
    send("john", B);
    send("jane", new Assignment("colour", "red"));
    store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusSeconds(1)));
    experiments.convert("jane", "purchase", 12.5, NOW.plusSeconds(2), Optional.of(A));

    assertEquals(
        List.of(
            new Participation("colour", "red", NOW, List.of()),
            new Participation(
                "welcome",
                "a",
                NOW,
                List.of(
                    new Reached("opened", 0, NOW.plusSeconds(1)),
                    new Reached("purchase", 12.5, NOW.plusSeconds(2))))),
        experiments.participations("jane"));
    experiments.forget("jane");
    assertEquals(List.of(), experiments.participations("jane"));
    assertEquals(1, experiments.participations("john").size());
  }

  @Test
  public void nothingLeadsToAPersonWhoIsForgottenButCountsStayTrue() {
    Delivery sent = send("jane", A);
    send("john", A);
    experiments.convert("jane", "purchase", 5, NOW, Optional.empty());

    assertEquals(1, experiments.forget("jane"));

    assertEquals(0, experiments.forget("jane"));
    assertEquals(0, experiments.forget("nobody"));
    assertEquals(Map.of("a", new Count(2, 1, 5)), experiments.counts("welcome", "purchase"));
    assertEquals(0, experiments.convert("jane", "signup", 0, NOW, Optional.empty()));
    store.forget("jane");
    store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusSeconds(1)));
    assertEquals(Map.of("a", people(2)), experiments.counts("welcome", "opened"));
  }

  // Words of the tests

  private static Experiment simple(String name) {
    return Experiment.named(name).variant(Variant.of("a", 50)).variant(Variant.of("b", 50)).build();
  }

  private static Experiment everything() {
    return Experiment.named("everything")
        .salt("ünïcode salt")
        .variant(Variant.of("a", 20))
        .variant(
            Variant.of("b", 30)
                .template("welcome/b@3")
                .routing(Routing.first(Channel.PUSH, Channel.EMAIL).orAsThePersonPrefers())
                .delayed(Duration.ofMinutes(90)))
        .variant(Variant.of("c", 50).at(LocalTime.of(18, 30)))
        .holdout(0.125)
        .goal("purchase")
        .confidence(0.9)
        .expectedPeople(1_234_567)
        .bandit(Duration.ofMinutes(10), 0.05)
        .build();
  }

  private static Count people(long count) {
    return new Count(count, 0, 0);
  }

  private Submission message(String recipientId, Assignment assignment) {
    Notification notification =
        Notification.to(recipientId)
            .title("Hello")
            .body("How are you?")
            .channels(Channel.EMAIL)
            .assignment(assignment)
            .build();
    return SampleSubmissions.with(
        samples.of(notification, NOW), delivery -> delivery.inExperiment(assignment));
  }

  private Submission ended(String recipientId, Assignment assignment, Reason reason) {
    return SampleSubmissions.with(
        message(recipientId, assignment),
        delivery -> delivery.ended(DeliveryStatus.SUPPRESSED, reason, NOW));
  }

  private Delivery send(String recipientId, Assignment assignment) {
    Submission submission = message(recipientId, assignment);
    store.accept(submission);
    Delivery held = claim(1).get(0).delivery();
    Delivery sent = held.sent("smtp", held.id().toString(), NOW);
    assertTrue(store.update(sent, List.of()).isPresent());
    return sent;
  }

  private List<Held> claim(int most) {
    return store.claim(Map.of(SampleSubmissions.LANE, most), NOW).held();
  }
}
