package dev.notify.model;

import static dev.notify.model.DeliveryStatus.BOUNCED;
import static dev.notify.model.DeliveryStatus.CANCELLED;
import static dev.notify.model.DeliveryStatus.DEAD;
import static dev.notify.model.DeliveryStatus.DELIVERED;
import static dev.notify.model.DeliveryStatus.DIGESTED;
import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.PENDING;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENDING;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.model.DeliveryStatus.UNCONFIRMED;
import static dev.notify.model.DeliveryStatus.UNDELIVERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The only ways a delivery may go. */
class DeliveryStatusTest {

  private static final Set<DeliveryStatus> NOWHERE = EnumSet.noneOf(DeliveryStatus.class);

  private static final Map<DeliveryStatus, Set<DeliveryStatus>> ALLOWED =
      Map.ofEntries(
          Map.entry(
              SCHEDULED,
              Set.of(SCHEDULED, PENDING, SENDING, SUPPRESSED, CANCELLED, EXPIRED, DIGESTED)),
          Map.entry(PENDING, Set.of(PENDING, SCHEDULED, SENDING, SUPPRESSED, CANCELLED, EXPIRED)),
          Map.entry(
              SENDING,
              Set.of(SENT, PENDING, SCHEDULED, UNCONFIRMED, DEAD, SUPPRESSED, CANCELLED, EXPIRED)),
          Map.entry(
              UNCONFIRMED, Set.of(SENDING, SENT, PENDING, DEAD, DELIVERED, BOUNCED, UNDELIVERED)),
          Map.entry(SENT, Set.of(DELIVERED, BOUNCED, UNDELIVERED)),
          Map.entry(DELIVERED, NOWHERE),
          Map.entry(BOUNCED, NOWHERE),
          Map.entry(UNDELIVERED, NOWHERE),
          Map.entry(DEAD, NOWHERE),
          Map.entry(SUPPRESSED, NOWHERE),
          Map.entry(CANCELLED, NOWHERE),
          Map.entry(EXPIRED, NOWHERE),
          Map.entry(DIGESTED, NOWHERE));

  @ParameterizedTest
  @EnumSource
  void everyStatusGoesWhereTheTableSaysAndNowhereElse(DeliveryStatus from) {
    for (DeliveryStatus to : DeliveryStatus.values()) {
      assertThat(from.canBecome(to))
          .as(from + " -> " + to)
          .isEqualTo(ALLOWED.get(from).contains(to));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOverCannotBeOpenedAgain(DeliveryStatus status) {
    boolean leadsBack = ALLOWED.get(status).stream().anyMatch(DeliveryStatus::isOpen);

    assertThat(leadsBack).isEqualTo(status.isOpen());
    assertThat(status.isSettled()).isEqualTo(!status.isOpen() || status == UNCONFIRMED);
    assertThat(status.isSent())
        .isEqualTo(EnumSet.of(SENT, DELIVERED, BOUNCED, UNDELIVERED).contains(status));
  }

  @ParameterizedTest
  @EnumSource
  void aDeliveryRefusesEveryOtherStep(DeliveryStatus from) {
    Delivery delivery = Deliveries.in(from, Address.sms("+4930123"));

    for (DeliveryStatus to : EnumSet.of(DELIVERED, BOUNCED, UNDELIVERED)) {
      if (!ALLOWED.get(from).contains(to)) {
        assertThatThrownBy(() -> delivery.confirmed(to, Optional.empty(), Deliveries.NOW))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(from + " to " + to)
            .hasMessageNotContaining("+4930123");
      }
    }
  }

  @Test
  void everyClaimHasANewLeaseAndKeepsTheRest() {
    Delivery waiting = Deliveries.pending(Address.sms("+4930123"));

    Delivery held = waiting.claimed(Deliveries.NOW.plusSeconds(5));

    assertThat(held.lease()).isEqualTo(waiting.lease() + 1);
    assertThat(held.status()).isEqualTo(SENDING);
    assertThat(held.updatedAt()).isEqualTo(Deliveries.NOW.plusSeconds(5));
    assertThat(held.createdAt()).isEqualTo(waiting.createdAt());
    assertThat(held.attempts()).isZero();
  }

  @Test
  void aDeliveryThatWasTakenForgetsWhyItHadToWait() {
    Delivery sent =
        Deliveries.in(SENDING, Address.sms("+4930123"))
            .attempted("twilio")
            .postponed(PENDING, Deliveries.NOW, Reason.of(Reason.RETRY), Deliveries.NOW)
            .claimed(Deliveries.NOW)
            .sent("twilio", "SM1", Deliveries.NOW);

    assertThat(sent.attempts()).as("the call that took it counts, too").isEqualTo(2);
    assertThat(sent.reason()).isEmpty();
    assertThat(sent.provider()).contains("twilio");
    assertThat(sent.providerMessageId()).contains("SM1");
  }
}
