package dev.notify.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Chance;
import dev.notify.memory.MemoryStore;
import dev.notify.memory.MemorySuppressions;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotifyException;
import dev.notify.model.Priority;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Suppression;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What providers tell, late, twice and out of order. */
class TrackerTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final Address ADDRESS = Address.email("jane@example.com");

  private final MemoryStore store = MemoryStore.create();
  private final MemorySuppressions suppressions = new MemorySuppressions();
  private final List<DeliveryEvent> heard = new ArrayList<>();
  private final List<String> hostFailures = new ArrayList<>();
  private final Outcomes outcomes = new Outcomes(store);
  private final Tracker tracker = tracker(heard::add);
  private long lastId;

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"DELIVERED", "BOUNCED", "UNDELIVERED"})
  void theWordOfTheProviderMovesASentDeliveryUpItsLadder(Type type) {
    Delivery sent = sent("m1");

    Optional<Delivery> after = tracker.track(told("m1", type, 1));

    assertThat(after.map(Delivery::status)).isEqualTo(type.status());
    assertThat(record(sent).deliveries()).containsExactly(after.orElseThrow());
    assertThat(heard).extracting(DeliveryEvent::type).containsExactly(type);
    assertThat(heard.get(0).provider()).contains("smtp");
  }

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"OPENED", "CLICKED", "READ", "COMPLAINED", "UNSUBSCRIBED"})
  void engagementStandsBesideTheStatusAndNeverChangesIt(Type type) {
    Delivery sent = sent("m1");

    tracker.track(told("m1", type, 1));

    assertThat(record(sent).deliveries().get(0).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(record(sent).events()).extracting(DeliveryEvent::type).containsExactly(type);
  }

  @Test
  void deliveredAfterOpenedKeepsBoth() {
    Delivery sent = sent("m1");

    tracker.track(told("m1", Type.OPENED, 5));
    tracker.track(told("m1", Type.DELIVERED, 2));

    assertThat(record(sent).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(record(sent).events())
        .extracting(DeliveryEvent::type)
        .containsExactly(Type.OPENED, Type.DELIVERED);
    assertThat(record(sent).wasSeen()).isTrue();
  }

  @Test
  void aLateSentOrPendingDoesNotGoBackwards() {
    Delivery sent = sent("m1");
    tracker.track(told("m1", Type.DELIVERED, 2));

    for (Type late : List.of(Type.SENT, Type.SENDING, Type.PENDING, Type.SCHEDULED, Type.BOUNCED)) {
      tracker.track(told("m1", late, 3));
    }

    assertThat(record(sent).deliveries().get(0).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(store.waiting(9)).isEmpty();
  }

  @Test
  void theSameEventTwiceChangesNothingAndNobodyHearsOfIt() {
    Delivery sent = sent("m1");
    ProviderEvent complaint = told("m1", Type.COMPLAINED, 1);
    tracker.track(complaint);
    NotificationRecord once = record(sent);
    suppressions.remove(ADDRESS);

    assertThat(tracker.track(complaint)).isEmpty();

    assertThat(record(sent)).isEqualTo(once);
    assertThat(heard).hasSize(1);
    assertThat(suppressions.find(ADDRESS)).as("not suppressed anew").isEmpty();
  }

  @Test
  void aMessageNobodyKnowsIsNoNews() {
    sent("m1");

    assertThat(tracker.track(told("m2", Type.DELIVERED, 1))).isEmpty();
    assertThat(tracker.track(new ProviderEvent("other", "m1", Type.DELIVERED, NOW, ""))).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  void inWhateverOrderEventsComeTheFirstFinalWordStandsAndAllAreKept() {
    Set<DeliveryStatus> finals =
        EnumSet.of(DeliveryStatus.DELIVERED, DeliveryStatus.BOUNCED, DeliveryStatus.UNDELIVERED);
    Chance.forMany(
        1_000,
        random -> {
          String message = "m" + ++lastId;
          Delivery sent = sent(message);
          List<Type> types =
              IntStream.range(0, random.nextInt(13))
                  .mapToObj(i -> Chance.oneOf(random, Type.values()))
                  .toList();

          for (int i = 0; i < types.size(); i++) {
            tracker.track(told(message, types.get(i), i));
          }

          DeliveryStatus expected =
              types.stream()
                  .flatMap(type -> type.status().stream())
                  .filter(finals::contains)
                  .findFirst()
                  .orElse(DeliveryStatus.SENT);
          assertThat(record(sent).deliveries().get(0).status()).isEqualTo(expected);
          assertThat(record(sent).events()).hasSize(types.size());
        });
  }

  @Test
  void bouncesComplaintsAndUnsubscribesKeepTheAddressFromBeingUsedAgain() {
    Map<Type, Optional<Suppression.Kind>> verdicts =
        Arrays.stream(Type.values())
            .collect(
                Collectors.toMap(
                    type -> type,
                    type -> {
                      suppressions.remove(ADDRESS);
                      String message = "m-" + type;
                      sent(message);
                      tracker.track(told(message, type, 1));
                      return suppressions.find(ADDRESS).map(Suppression::kind);
                    }));

    verdicts.values().removeIf(Optional::isEmpty);
    assertThat(verdicts)
        .isEqualTo(
            Map.of(
                Type.BOUNCED, Optional.of(Suppression.Kind.DEAD_ADDRESS),
                Type.COMPLAINED, Optional.of(Suppression.Kind.COMPLAINT),
                Type.UNSUBSCRIBED, Optional.of(Suppression.Kind.OPT_OUT)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"BOUNCED", "COMPLAINED", "UNSUBSCRIBED"})
  void aListThatWasAwayHearsOfItWhenTheVendorTellsAgain(Type type) {
    Delivery sent = sent("m1");
    AtomicBoolean isAway = new AtomicBoolean(true);
    Tracker overShakyList =
        new Tracker(
            store,
            shaky(isAway),
            provider -> shaky(isAway),
            new EventPublisher(List.of(heard::add), new MetricsListener() {}),
            outcomes);
    ProviderEvent event = told("m1", type, 1);

    assertThatThrownBy(() -> overShakyList.trackOnceSent(event))
        .isInstanceOf(IllegalStateException.class);
    assertThat(record(sent).events()).as("nothing is told before it is so").isEmpty();
    isAway.set(false);

    assertThat(overShakyList.trackOnceSent(event).isNews()).isTrue();
    assertThat(suppressions.find(ADDRESS)).isPresent();
    assertThat(overShakyList.trackOnceSent(event).isNews()).isFalse();
    assertThat(heard).hasSize(1);
  }

  private SuppressionList shaky(AtomicBoolean isAway) {
    return new SuppressionList() {
      @Override
      public Optional<Suppression> find(Address address) {
        return suppressions.find(address);
      }

      @Override
      public boolean update(Address address, UnaryOperator<Optional<Suppression>> change) {
        if (isAway.get()) {
          throw new IllegalStateException("the list is away");
        }
        return suppressions.update(address, change);
      }

      @Override
      public void forEach(Consumer<Suppression> reader) {
        suppressions.forEach(reader);
      }
    };
  }

  @Test
  void aBounceDoesNotTakeThePlaceOfWhatAPersonSaid() {
    sent("m1");
    sent("m2");
    tracker.track(told("m1", Type.UNSUBSCRIBED, 1));

    tracker.track(told("m2", Type.BOUNCED, 2));

    assertThat(suppressions.find(ADDRESS).map(Suppression::kind))
        .contains(Suppression.Kind.OPT_OUT);
  }

  @Test
  void whatAPersonSaidTakesThePlaceOfABounce() {
    sent("m1");
    sent("m2");
    tracker.track(told("m1", Type.BOUNCED, 1));

    tracker.track(told("m2", Type.COMPLAINED, 2));

    assertThat(suppressions.find(ADDRESS).map(Suppression::kind))
        .contains(Suppression.Kind.COMPLAINT);
  }

  @Test
  void anOldVerdictThatComesLateDoesNotReviveAnAddress() {
    Delivery sent = sent("m1");
    tracker.retire(sent, Suppression.Kind.DEAD_ADDRESS, "unregistered", NOW.plusSeconds(10));

    tracker.retire(sent, Suppression.Kind.DEAD_ADDRESS, "unregistered", NOW.plusSeconds(3));

    assertThat(suppressions.find(ADDRESS).map(Suppression::at)).contains(NOW.plusSeconds(10));
  }

  @Test
  void aVerdictOlderThanTheRegistrationIsNotOfThisRegistration() {
    Delivery sent = sent("m1", ADDRESS.registeredAt(NOW));

    tracker.retire(sent, Suppression.Kind.DEAD_ADDRESS, "unregistered", NOW.minusSeconds(1));

    assertThat(suppressions.find(ADDRESS)).isEmpty();
  }

  @Test
  void theCauseAProviderGivesIsKeptWithTheEvent() {
    Delivery sent = sent("m1");

    tracker.track(new ProviderEvent("smtp", "m1", Type.BOUNCED, NOW, "550 no such mailbox"));

    assertThat(record(sent).deliveries().get(0).reason())
        .contains(new Reason("BOUNCED", "550 no such mailbox"));
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    List<DeliveryEvent> second = new ArrayList<>();
    Tracker shaky =
        tracker(
            event -> {
              throw new IllegalStateException("broken listener");
            },
            second::add);
    sent("m1");

    Optional<Delivery> after = shaky.track(told("m1", Type.DELIVERED, 1));

    assertThat(after.map(Delivery::status)).contains(DeliveryStatus.DELIVERED);
    assertThat(second).hasSize(1);
    assertThat(hostFailures).containsExactly("listener");
  }

  @Test
  void whoWaitsForAnOutcomeHearsWhenNothingIsOpenAnyMore() {
    Submission submission = submission(ADDRESS, Address.sms("+4930123"));
    store.accept(submission);
    CompletableFuture<NotificationRecord> outcome = outcomes.of(submission.id());

    finish(submission.deliveries().get(0), "m1");
    assertThat(outcome).isNotDone();
    finish(submission.deliveries().get(1), "m2");

    assertThat(outcome).isCompletedWithValueMatching(NotificationRecord::isSettled);
  }

  @Test
  void whoAsksAfterTheEndHearsAtOnceAndWhoAsksForTheForgottenGetsAnError() {
    Delivery sent = sent("m1");

    assertThat(outcomes.of(sent.notificationId())).isCompleted();
    assertThatThrownBy(() -> outcomes.of(new NotificationId(new UUID(9, 9))).join())
        .hasCauseInstanceOf(NotifyException.class)
        .hasMessageContaining("forgotten");
  }

  private Tracker tracker(DeliveryListener... listeners) {
    MetricsListener metrics =
        new MetricsListener() {
          @Override
          public void onHostFailure(String part) {
            hostFailures.add(part);
          }
        };
    return new Tracker(
        store,
        suppressions,
        provider -> suppressions,
        new EventPublisher(List.of(listeners), metrics),
        outcomes);
  }

  private Delivery sent(String messageId) {
    return sent(messageId, ADDRESS);
  }

  private Delivery sent(String messageId, Address address) {
    Submission submission = submission(address);
    store.accept(submission);
    return finish(submission.deliveries().get(0), messageId);
  }

  private Delivery finish(Delivery delivery, String messageId) {
    Delivery sent = delivery.sent("smtp", messageId, NOW);
    assertThat(store.update(sent, List.of()).isPresent()).isTrue();
    outcomes.changed(sent);
    return sent;
  }

  /** Born in our hands. */
  private Submission submission(Address... addresses) {
    NotificationId id = new NotificationId(new UUID(0, ++lastId));
    List<Delivery> deliveries = new ArrayList<>();
    for (Address address : addresses) {
      deliveries.add(
          Delivery.builder(new DeliveryId(new UUID(1, ++lastId)), id)
              .to("user-42", address)
              .lane(new Lane(address.channel(), Priority.NORMAL))
              .expiresAt(NOW.plusSeconds(3600))
              .createdAt(NOW)
              .build()
              .claimed(NOW));
    }
    Notification notification =
        Notification.to("user-42").channels(Channel.EMAIL, Channel.SMS).body("Hello").build();
    return new Submission(id, NOW, notification, List.of(), deliveries, Optional.empty());
  }

  private static ProviderEvent told(String messageId, Type type, int second) {
    return new ProviderEvent("smtp", messageId, type, NOW.plusSeconds(second), "");
  }

  private NotificationRecord record(Delivery delivery) {
    return store.find(delivery.notificationId()).orElseThrow();
  }
}
