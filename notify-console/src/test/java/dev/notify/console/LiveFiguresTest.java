package dev.notify.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.console.LiveFigures.Point;
import dev.notify.model.Attempt;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryId;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LiveFiguresTest {

  private static final Lane LANE = new Lane(Channel.SMS, Priority.NORMAL);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
  private final LiveFigures figures = new LiveFigures(now::get);

  @Test
  void countsByStepsOfTime() {
    happens(Type.SENT);
    happens(Type.SENT);
    happens(Type.DEAD);
    passes(LiveFigures.STEP);
    happens(Type.SUPPRESSED);
    happens(Type.DELIVERED);

    List<Point> points = figures.points();

    assertThat(points).hasSize(LiveFigures.STEPS);
    Point before = points.get(points.size() - 2);
    Point last = points.get(points.size() - 1);
    assertThat(List.of(before.sent(), before.failed(), before.held())).containsExactly(2, 1, 0);
    assertThat(List.of(last.sent(), last.delivered(), last.held())).containsExactly(0, 1, 1);
    assertThat(last.second() - before.second()).isEqualTo(LiveFigures.STEP.toSeconds());
  }

  @Test
  void whatIsTooLongAgoIsForgotten() {
    happens(Type.SENT);
    passes(LiveFigures.STEP.multipliedBy(LiveFigures.STEPS));

    assertThat(figures.points()).allMatch(point -> point.sent() == 0);
  }

  @Test
  void tellsPercentilesOfProviderCalls() {
    for (int millis = 1; millis <= 100; millis++) {
      figures.onAttempt(LANE, attempt(millis, Outcome.accepted("1")));
    }

    Point last = figures.points().get(LiveFigures.STEPS - 1);
    assertThat(List.of(last.p50(), last.p95(), last.p99())).containsExactly(50.0, 95.0, 99.0);
    assertThat(figures.points().get(0).p50()).isNaN();
  }

  @Test
  void remembersEachProvidersLastFault() {
    figures.onAttempt(LANE, attempt(1, Outcome.retryable("no line")));
    figures.onAttempt(LANE, attempt(1, Outcome.accepted("1")));

    assertThat(figures.calls("sms")).isEqualTo(new LiveFigures.Calls(2, 1, "no line"));
    assertThat(figures.calls("other")).isEqualTo(LiveFigures.Calls.NONE);
  }

  private void passes(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private Attempt attempt(int millis, Outcome outcome) {
    return new Attempt("sms", now.get(), Duration.ofMillis(millis), outcome);
  }

  private void happens(Type type) {
    figures.onEvent(
        new DeliveryEvent(
            new NotificationId(UUID.randomUUID()),
            new DeliveryId(UUID.randomUUID()),
            "ana",
            LANE,
            type,
            now.get(),
            Optional.empty(),
            Optional.empty()));
  }
}
