package dev.notify.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.memory.MemorySuppressions;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Preferences;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.routing.Planner.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From decisions to deliveries, one for each channel and address. */
class PlannerTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final Timing AT_ONCE = new Timing(NOW, NOW, NOW.plusSeconds(3600));
  private static final NotificationId ID = new NotificationId(new UUID(0, 99));
  private static final Address PHONE = Address.fcm("phone");
  private static final Address TABLET = Address.fcm("tablet");
  private static final Address MAILBOX = Address.email("jane@example.com");

  private long lastId;
  private boolean laneHasRoom;
  private final Planner planner =
      new Planner(() -> new DeliveryId(new UUID(0, ++lastId)), lane -> laneHasRoom);

  @Test
  void whatIsDueAndFindsAPlaceInItsLaneIsBornInThisNodesHands() {
    laneHasRoom = true;
    Timing later = new Timing(NOW, NOW.plusSeconds(60), NOW.plusSeconds(3600));

    assertThat(plan(Routing.all(Channel.EMAIL), AT_ONCE, yes(MAILBOX)))
        .singleElement()
        .satisfies(
            delivery -> {
              assertThat(delivery.status()).isEqualTo(DeliveryStatus.SENDING);
              assertThat(delivery.lease()).isEqualTo(1);
            });
    assertThat(plan(Routing.all(Channel.EMAIL), later, yes(MAILBOX)))
        .extracting(Delivery::status)
        .containsExactly(DeliveryStatus.SCHEDULED);
  }

  @Test
  void everyAddressGetsADeliveryOfItsOwn() {
    List<Delivery> plan =
        plan(
            Routing.all(Channel.PUSH, Channel.EMAIL),
            AT_ONCE,
            yes(PHONE),
            yes(TABLET),
            yes(MAILBOX));

    assertThat(plan).extracting(Delivery::address).containsExactly(PHONE, TABLET, MAILBOX);
    assertThat(plan).extracting(Delivery::id).doesNotHaveDuplicates();
    assertThat(plan)
        .allSatisfy(
            delivery -> {
              assertThat(delivery.notificationId()).isEqualTo(ID);
              assertThat(delivery.recipientId()).isEqualTo("user-42");
              assertThat(delivery.status()).isEqualTo(DeliveryStatus.PENDING);
              assertThat(delivery.due()).isEqualTo(NOW);
              assertThat(delivery.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
              assertThat(delivery.reason()).isEmpty();
              assertThat(delivery.attempts()).isZero();
            });
    assertThat(plan.get(2).lane()).isEqualTo(new Lane(Channel.EMAIL, Priority.HIGH));
  }

  @Test
  void aChannelWithoutAddressGetsNone() {
    ChannelDecision none =
        new ChannelDecision(
            Channel.SMS, Optional.empty(), Decision.suppress(Reason.of(Reason.NO_ADDRESS)));

    assertThat(plan(Routing.all(Channel.SMS), AT_ONCE, none)).isEmpty();
  }

  @Test
  void whatIsRefusedIsKeptWithItsReason() {
    Reason optedOut = new Reason(Reason.OPTED_OUT, "of email");

    Delivery refused = plan(Routing.all(Channel.EMAIL), AT_ONCE, no(MAILBOX, optedOut)).get(0);

    assertThat(refused.status()).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(refused.reason()).contains(optedOut);
    assertThat(refused.counted()).isFalse();
  }

  @Test
  void beingTooLateHasAStatusOfItsOwn() {
    Delivery late =
        plan(Routing.all(Channel.EMAIL), AT_ONCE, no(MAILBOX, Reason.of(Reason.EXPIRED))).get(0);

    assertThat(late.status()).isEqualTo(DeliveryStatus.EXPIRED);
  }

  @Test
  void whatIsPutOffIsDueWhenThePolicySaid() {
    Instant morning = NOW.plus(Duration.ofHours(19));
    Reason quiet = Reason.of(Reason.QUIET_HOURS);
    ChannelDecision later =
        new ChannelDecision(Channel.EMAIL, Optional.of(MAILBOX), Decision.defer(morning, quiet));

    Delivery putOff = plan(Routing.all(Channel.EMAIL), AT_ONCE, later).get(0);

    assertThat(putOff.status()).isEqualTo(DeliveryStatus.SCHEDULED);
    assertThat(putOff.due()).isEqualTo(morning);
    assertThat(putOff.reason()).contains(quiet);
    assertThat(putOff.counted()).isFalse();
  }

  @Test
  void whatIsDueLaterWaitsAndIsNotCountedYet() {
    Timing tomorrow = new Timing(NOW, NOW.plusSeconds(86_400), NOW.plusSeconds(90_000));

    Delivery scheduled = plan(Routing.all(Channel.EMAIL), tomorrow, yes(MAILBOX)).get(0);

    assertThat(scheduled.status()).isEqualTo(DeliveryStatus.SCHEDULED);
    assertThat(scheduled.reason()).contains(Reason.of(Reason.SCHEDULED));
    assertThat(scheduled.counted()).isFalse();
    assertThat(plan(Routing.all(Channel.EMAIL), AT_ONCE, yes(MAILBOX)).get(0).counted()).isTrue();
  }

  @Test
  void laterStepsOfAnEscalationWaitTheirTurnAndAreForTheUnseenOnly() {
    Routing escalation = Routing.escalate(Channel.PUSH).then(Channel.EMAIL, Duration.ofMinutes(30));
    Timing inAnHour = new Timing(NOW, NOW.plusSeconds(3600), NOW.plusSeconds(9000));

    List<Delivery> atOnce = plan(escalation, AT_ONCE, yes(PHONE), yes(MAILBOX));
    List<Delivery> later = plan(escalation, inAnHour, yes(PHONE), yes(MAILBOX));

    assertThat(atOnce)
        .extracting(Delivery::status)
        .containsExactly(DeliveryStatus.PENDING, DeliveryStatus.SCHEDULED);
    assertThat(atOnce).extracting(Delivery::onlyIfUnseen).containsExactly(false, true);
    assertThat(atOnce.get(1).due()).isEqualTo(NOW.plusSeconds(1800));
    assertThat(later.get(0).due()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(later.get(1).due()).isEqualTo(NOW.plusSeconds(5400));
  }

  @Test
  void onlyAnEscalationDelaysAChannel() {
    Routing.Escalate escalation =
        Routing.escalate(Channel.PUSH).then(Channel.SMS, Duration.ofMinutes(30));

    assertThat(Planner.delayOf(escalation, Channel.PUSH)).isZero();
    assertThat(Planner.delayOf(escalation, Channel.SMS)).hasMinutes(30);
    assertThat(Planner.delayOf(escalation, Channel.EMAIL)).isZero();
    assertThat(Planner.delayOf(Routing.first(Channel.SMS), Channel.SMS)).isZero();
    assertThat(Planner.delayOf(Routing.all(Channel.SMS), Channel.SMS)).isZero();
  }

  @Test
  void aPersonGivenWithTheNotificationIsNotLookedUp() {
    Recipient given = Recipient.builder("user-42").address(MAILBOX).build();
    People people =
        new People(
            id -> {
              throw new AssertionError("looked up");
            },
            new NoPreferences(),
            new MemorySuppressions(),
            Locale.ENGLISH,
            ZoneId.of("UTC"));

    People.Person person =
        people.find(Notification.to(given).channels(Channel.EMAIL).body("x").build()).orElseThrow();

    assertThat(person.recipient()).isEqualTo(given);
    assertThat(person.locale()).isEqualTo(Locale.ENGLISH);
    assertThat(person.zone()).isEqualTo(ZoneId.of("UTC"));
  }

  @Test
  void aPersonsOwnLanguageAndZoneGoBeforeTheHouses() {
    Recipient known =
        Recipient.builder("user-42").locale(Locale.GERMANY).zone(ZoneId.of("Asia/Tokyo")).build();
    People people =
        new People(
            id -> id.equals("user-42") ? Optional.of(known) : Optional.empty(),
            new NoPreferences(),
            new MemorySuppressions(),
            Locale.ENGLISH,
            ZoneId.of("UTC"));
    Notification notification =
        Notification.to("user-42").channels(Channel.EMAIL).body("x").build();

    People.Person person = people.find(notification).orElseThrow();

    assertThat(person.locale()).isEqualTo(Locale.GERMANY);
    assertThat(person.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    assertThat(people.find(notification.forRecipient("user-43"))).isEmpty();
  }

  private static final class NoPreferences implements dev.notify.spi.PreferenceStore {
    @Override
    public Preferences find(String recipientId) {
      return Preferences.NONE;
    }

    @Override
    public Preferences update(
        String recipientId,
        dev.notify.model.Origin origin,
        java.util.function.UnaryOperator<Preferences> change) {
      throw new UnsupportedOperationException();
    }
  }

  private List<Delivery> plan(Routing routing, Timing timing, ChannelDecision... decisions) {
    Notification notification =
        Notification.to("user-42").routing(routing).priority(Priority.HIGH).body("Hello").build();
    return planner.plan(ID, notification, Labels.NONE, List.of(decisions), timing);
  }

  private static ChannelDecision yes(Address address) {
    return new ChannelDecision(address.channel(), Optional.of(address), Decision.ALLOW);
  }

  private static ChannelDecision no(Address address, Reason reason) {
    return new ChannelDecision(address.channel(), Optional.of(address), Decision.suppress(reason));
  }
}
