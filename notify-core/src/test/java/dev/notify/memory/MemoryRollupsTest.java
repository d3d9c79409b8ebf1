package dev.notify.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
import dev.notify.model.Lane;
import dev.notify.model.Priority;
import dev.notify.model.Stage;
import dev.notify.spi.RollupStore.Amount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Counters in the heap are bounded, and what is beyond the bound is counted all the same. */
class MemoryRollupsTest {

  private static final Instant HOUR = Instant.parse("2026-03-02T09:00:00Z");
  private static final int MOST = 10;

  private final Sample sample = new Sample();
  private final MemoryRollups rollups = new MemoryRollups(new ReentrantLock(), MOST);

  private Delivery accept(Instant at, String category) {
    Delivery open =
        sample
            .of(
                at,
                Sample.notification().build(),
                DeliveryStatus.SENDING,
                at,
                new Lane(Channel.EMAIL, Priority.NORMAL))
            .deliveries()
            .get(0)
            .labelled(new Labels(category, Optional.empty(), 0, Optional.empty()));
    rollups.note(open, null);
    return open;
  }

  private void send(Delivery open) {
    rollups.note(open.sent("p", "id", open.createdAt()), open.status());
  }

  private List<Amount> all() {
    return rollups.amounts(HOUR, HOUR.plus(Duration.ofDays(1)), true);
  }

  private long count(Stage stage) {
    return all().stream()
        .filter(one -> one.measure() == stage.code())
        .mapToLong(Amount::amount)
        .sum();
  }

  @Test
  void anHourThatIsFullCountsWhatIsNewUnderOneName() {
    List<Delivery> first = List.of(accept(HOUR, "a"), accept(HOUR, "a"), accept(HOUR, "b"));
    for (int i = 0; i < 100; i++) {
      send(accept(HOUR, "c" + i));
    }
    assertThat(all()).hasSizeLessThanOrEqualTo(MOST + 3);
    assertThat(count(Stage.SENT)).isEqualTo(100);
    assertThat(count(Stage.OPEN)).isEqualTo(3);

    first.forEach(this::send);

    assertThat(count(Stage.SENT)).isEqualTo(103);
    assertThat(count(Stage.OPEN)).isZero();
    assertThat(all()).allSatisfy(one -> assertThat(one.amount()).isPositive());
    assertThat(all())
        .filteredOn(one -> one.tuple().labels().category().equals(MemoryRollups.OVERFLOW))
        .as("open no more, sent, and how long it took")
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.amount()).isGreaterThan(90));
  }

  @Test
  void theNextHourHasRoomAgainAndTheFullOneIsForgotten() {
    for (int i = 0; i < 100; i++) {
      send(accept(HOUR, "c" + i));
    }
    Instant next = HOUR.plus(Duration.ofHours(1));

    send(accept(next, "new"));

    assertThat(all())
        .allSatisfy(one -> assertThat(one.time()).isEqualTo(next))
        .anySatisfy(one -> assertThat(one.tuple().labels().category()).isEqualTo("new"));
  }
}
