package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.BroadcastProgress;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Recipient;
import dev.notify.routing.Audiences;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Broadcasts that are held and called off in the midst of it, on every database. */
class BroadcastHoldTest {

  private static final int PEOPLE = 3_000;
  private static final int ENOUGH = 200;

  private final RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
  private final CompletableFuture<NotificationDispatcher> running = new CompletableFuture<>();
  private final CompletableFuture<BroadcastId> begun = new CompletableFuture<>();

  @ParameterizedTest
  @EnumSource
  void aPausedOneRestsAndAResumedOneReachesEverybodyOnce(Databases database) throws Exception {
    try (NotificationDispatcher dispatcher =
        begin(database, (sender, id) -> sender.broadcasts().pause(id))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> progress(dispatcher).state() == State.PAUSED);
      await()
          .atMost(Duration.ofSeconds(60))
          .during(Duration.ofSeconds(1))
          .until(() -> progress(dispatcher).count(Type.SENT) == email.calls());
      assertThat(email.calls()).isLessThan(PEOPLE);

      dispatcher.broadcasts().resume(begun.join());

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> progress(dispatcher).state() == State.COMPLETED);
      assertThat(email.messages().stream().map(OutboundMessage::recipientId).distinct())
          .hasSize(PEOPLE);
      assertThat(email.calls()).isEqualTo(PEOPLE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofACalledOffOneEveryDeliveryIsAccountedFor(Databases database) throws Exception {
    try (NotificationDispatcher dispatcher =
        begin(database, (sender, id) -> sender.broadcasts().cancel(id))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> progress(dispatcher).state() == State.CANCELLED);

      BroadcastProgress end = progress(dispatcher);
      assertThat(end.count(Type.SENT)).isEqualTo(email.calls()).isLessThan(PEOPLE);
      assertThat(end.count(Type.SENT) + end.count(Type.CANCELLED))
          .isEqualTo(end.broadcast().expansion().deliveries());
      assertThat(end.open()).isZero();
    }
  }

  /** After enough calls, and from the midst of one, something is done to the broadcast. */
  private NotificationDispatcher begin(
      Databases database, BiConsumer<NotificationDispatcher, BroadcastId> deed) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    email.alwaysDoes(
        message -> {
          if (calls.incrementAndGet() == ENOUGH) {
            deed.accept(running.join(), begun.join());
          }
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(database.clean()).pollInterval(Duration.ofMillis(50)).build())
            .provider(email)
            .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
            .build();
    running.complete(dispatcher);
    List<String> people = IntStream.range(0, PEOPLE).mapToObj(i -> "u" + i).toList();
    begun.complete(
        dispatcher
            .broadcast(
                Audiences.of("people", people),
                Notification.to("all").title("News").body("Now").channels(Channel.EMAIL).build())
            .id());
    return dispatcher;
  }

  private BroadcastProgress progress(NotificationDispatcher dispatcher) {
    return dispatcher.broadcasts().find(begun.join()).orElseThrow();
  }
}
