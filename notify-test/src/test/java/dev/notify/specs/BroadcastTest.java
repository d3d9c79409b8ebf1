package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.BroadcastProgress;
import dev.notify.BroadcastReceipt;
import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt.Answer;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Broadcast.Refusal;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.Category;
import dev.notify.model.Decision;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.Outcome;
import dev.notify.model.Preferences;
import dev.notify.model.Priority;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.RefusedException;
import dev.notify.routing.Audiences;
import dev.notify.spi.Audience;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.PolicyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One notification to many people, in the background. */
class BroadcastTest {

  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final Stage stage = new Stage();

  private DispatcherBuilder builder() {
    return stage.bare().provider(stage.email).recipients(BroadcastTest::person);
  }

  /** Everybody whose id begins with a u, for user. */
  private static Optional<Recipient> person(String id) {
    return id.startsWith("u")
        ? Optional.of(Recipient.builder(id).email(id + "@example.com").build())
        : Optional.empty();
  }

  private static List<String> users(int count) {
    return IntStream.range(0, count).mapToObj(i -> "u" + i).toList();
  }

  private static Audience everybody(int count) {
    return Audiences.of("everybody", users(count));
  }

  private static Notification.Builder news() {
    return Notification.to("everybody").title("News").body("The season begins.").channels(EMAIL);
  }

  private List<String> reached() {
    return stage.email.messages().stream().map(OutboundMessage::recipientId).toList();
  }

  private static BroadcastProgress progress(
      NotificationDispatcher dispatcher, BroadcastReceipt receipt) {
    return dispatcher.broadcasts().find(receipt.id()).orElseThrow();
  }

  @Test
  void everybodyGetsItOnceAndTheProgressTellsSo() {
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(2_500), news().build());
      stage.pass(MOMENT);

      assertThat(reached()).hasSize(2_500);
      assertThat(new HashSet<>(reached())).hasSize(2_500);
      assertThat(stage.email.messages()).allMatch(one -> one.priority() == Priority.LOW);
      BroadcastProgress progress = progress(dispatcher, receipt);
      assertThat(progress.state()).isEqualTo(State.COMPLETED);
      assertThat(progress.members()).isEqualTo(2_500);
      assertThat(progress.remaining()).isEqualTo(OptionalLong.of(0));
      assertThat(progress.broadcast().expansion().accepted()).isEqualTo(2_500);
      assertThat(progress.count(Type.SENT)).isEqualTo(2_500);
      assertThat(progress.open()).isZero();
      assertThat(dispatcher.broadcasts().unfinished()).isEmpty();
    }
  }

  @Test
  void anAudienceOfNobodyIsCompletedAtOnce() {
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(0), news().build());
      stage.pass(MOMENT);

      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  void noMoreIsUnderWayThanAllowed() {
    stage.email.alwaysDoes(message -> Outcome.retryable("down"));
    BroadcastOptions few =
        BroadcastOptions.builder().pageSize(10).mostOpen(30).stopAtFailed(1).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(1_000), news().build(), few);

      BroadcastProgress stuck = progress(dispatcher, receipt);
      assertThat(stuck.remaining().orElseThrow()).isGreaterThan(0);
      stage.email.always(Outcome.accepted("id"));
      stage.pass(Duration.ofHours(3));

      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.COMPLETED);
      assertThat(progress(dispatcher, receipt).count(Type.SENT)).isEqualTo(1_000);
      assertThat(progress(dispatcher, receipt).perSecond()).isZero();
    }
  }

  @Test
  void aPausedOneRestsUntilItIsResumed() {
    BroadcastOptions canary =
        BroadcastOptions.builder().canary(10, Duration.ofMinutes(5)).pageSize(10).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(100), news().build(), canary);
      assertThat(dispatcher.broadcasts().pause(receipt.id()).state()).isEqualTo(State.PAUSED);

      stage.pass(Duration.ofHours(5));
      assertThat(reached()).hasSize(10);
      assertThat(dispatcher.broadcasts().unfinished()).hasSize(1);

      assertThat(dispatcher.broadcasts().resume(receipt.id()).state()).isEqualTo(State.CANARY);
      stage.pass(Duration.ofMinutes(1));
      assertThat(reached()).hasSize(100);
    }
  }

  @Test
  void whatIsExpandedAlreadyIsHeldTooAndIsOnItsWayAtOnceWhenResumed() {
    AtomicInteger calls = new AtomicInteger();
    List<NotificationDispatcher> it = new ArrayList<>();
    stage.email.alwaysDoes(
        message -> {
          if (calls.incrementAndGet() == 5) {
            it.get(0).broadcasts().unfinished().stream()
                .map(one -> one.broadcast().id())
                .forEach(it.get(0).broadcasts()::pause);
          }
          return Outcome.accepted(message.reference());
        });
    try (var dispatcher = builder().inFlight(1).build()) {
      it.add(dispatcher);
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(300), news().build());
      stage.pass(Duration.ofMinutes(1));

      assertThat(reached()).hasSizeLessThan(10);
      assertThat(progress(dispatcher, receipt).open()).isGreaterThan(290);

      dispatcher.broadcasts().resume(receipt.id());
      stage.pass(MOMENT);
      assertThat(reached()).hasSize(300);
    }
  }

  @Test
  void whatIsHeldPastItsTimeExpiresAndWhatIsNotYetIsSent() {
    BroadcastOptions canary = BroadcastOptions.builder().canary(5, Duration.ofHours(1)).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt =
          dispatcher.broadcast(
              everybody(50), news().expiresIn(Duration.ofMinutes(30)).build(), canary);
      stage.pass(Duration.ofHours(2));

      assertThat(reached()).hasSize(5);
      assertThat(progress(dispatcher, receipt).count(Type.EXPIRED)).isEqualTo(45);
      assertThat(progress(dispatcher, receipt).broadcast().expansion().skipped()).isEqualTo(45);
    }
  }

  @Test
  void aCancelledOneReachesNobodyElse() {
    BroadcastOptions canary = BroadcastOptions.builder().canary(10, Duration.ofMinutes(5)).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt =
          dispatcher.broadcast(
              everybody(2_000), news().at(stage.clock.instant().plus(Duration.ofHours(1))).build());
      BroadcastReceipt other = dispatcher.broadcast(everybody(100), news().build(), canary);

      dispatcher.broadcasts().cancel(receipt.id());
      dispatcher.broadcasts().cancel(other.id());
      stage.pass(Duration.ofDays(1));

      assertThat(reached()).hasSize(10);
      BroadcastProgress progress = progress(dispatcher, receipt);
      assertThat(progress.state()).isEqualTo(State.CANCELLED);
      assertThat(progress.count(Type.CANCELLED)).isEqualTo(2_000);
      assertThat(progress.open()).isZero();
      assertThat(progress(dispatcher, other).state()).isEqualTo(State.CANCELLED);
      assertThat(dispatcher.broadcasts().resume(other.id()).state()).isEqualTo(State.CANCELLED);
    }
  }

  @Test
  void theCanarySliceGoesFirstAndTheRestAfterTheWait() {
    BroadcastOptions canary = BroadcastOptions.builder().canary(50, Duration.ofMinutes(5)).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(500), news().build(), canary);

      stage.pass(Duration.ofMinutes(4));
      assertThat(reached()).isEqualTo(users(50));
      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.CANARY);
      assertThat(progress(dispatcher, receipt).perSecond()).isEqualTo(50 / 240.0);
      assertThat(progress(dispatcher, receipt).remaining()).isEqualTo(OptionalLong.of(450));

      stage.pass(Duration.ofMinutes(2));
      assertThat(reached()).hasSize(500);
      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  void aCanaryThatFailsStopsTheRest() {
    stage.email.always(Outcome.rejected("no such template at the vendor's"));
    BroadcastOptions canary = BroadcastOptions.builder().canary(20, Duration.ofMinutes(5)).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(500), news().build(), canary);
      stage.pass(Duration.ofHours(1));

      assertThat(reached()).hasSize(20);
      BroadcastProgress progress = progress(dispatcher, receipt);
      assertThat(progress.state()).isEqualTo(State.STOPPED);
      assertThat(progress.reason().orElseThrow().code()).isEqualTo(Reason.LIMIT_PASSED);
      assertThat(progress.reason().orElseThrow().detail()).contains("20 of 20 failed");

      stage.email.always(Outcome.accepted("id"));
      dispatcher.broadcasts().resume(receipt.id());
      stage.pass(MOMENT);
      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.COMPLETED);
      assertThat(progress(dispatcher, receipt).count(Type.SENT)).isEqualTo(480);
    }
  }

  @Test
  void aCanaryThatComesToNoEndKeepsTheRestWaiting() {
    stage.email.always(Outcome.retryable("down"));
    BroadcastOptions canary = BroadcastOptions.builder().canary(20, MOMENT).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(500), news().build(), canary);
      stage.pass(Duration.ofSeconds(5));

      assertThat(new HashSet<>(reached())).hasSizeLessThanOrEqualTo(20);
      assertThat(progress(dispatcher, receipt).members()).isEqualTo(20);
      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.CANARY);
    }
  }

  @Test
  void bouncesAndOptOutsStopItToo() {
    for (Type complaint : List.of(Type.BOUNCED, Type.UNSUBSCRIBED, Type.COMPLAINED)) {
      Stage fresh = new Stage();
      BroadcastOptions canary =
          BroadcastOptions.builder().canary(20, Duration.ofMinutes(5)).build();
      try (var dispatcher =
          fresh.bare().provider(fresh.email).recipients(BroadcastTest::person).build()) {
        BroadcastReceipt receipt = dispatcher.broadcast(everybody(500), news().build(), canary);

        fresh.email.messages().stream()
            .limit(2)
            .forEach(
                message ->
                    dispatcher.track(
                        new ProviderEvent(
                            "email",
                            "email-" + message.reference(),
                            complaint,
                            fresh.clock.instant(),
                            "")));
        fresh.pass(Duration.ofHours(1));

        assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.STOPPED);
        assertThat(progress(dispatcher, receipt).count(complaint)).isEqualTo(2);
        assertThat(fresh.email.calls()).isEqualTo(20);
      }
    }
  }

  @Test
  void aLimitThatIsPassedOnTheWayHoldsWhatIsExpandedToo() {
    AtomicInteger calls = new AtomicInteger();
    stage.email.alwaysDoes(
        message ->
            calls.incrementAndGet() <= 1_000
                ? Outcome.accepted(message.reference())
                : Outcome.rejected("quota"));
    BroadcastOptions careful =
        BroadcastOptions.builder().pageSize(100).mostOpen(200).judgeFrom(50).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(10_000), news().build(), careful);
      stage.pass(Duration.ofHours(1));

      BroadcastProgress progress = progress(dispatcher, receipt);
      assertThat(progress.state()).isEqualTo(State.STOPPED);
      assertThat(progress.count(Type.DEAD)).isBetween(200L, 500L);
    }
  }

  @Test
  void aPageThatTakesLongToPlanIsStoredAllTheSame() {
    Audience everybody =
        members(IntStream.range(0, 5).mapToObj(i -> Audience.Member.of("u" + i)).toList());
    AtomicInteger asked = new AtomicInteger();
    DeliveryPolicy slow =
        request -> {
          // Longer than a claim is renewed after.
          if (request.stage() == PolicyRequest.Stage.ACCEPTANCE && asked.incrementAndGet() <= 5) {
            stage.clock.advance(Duration.ofSeconds(4));
          }
          return Decision.ALLOW;
        };
    try (var dispatcher = builder().policy(slow).build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody, news().build());
      stage.pass(Duration.ofMinutes(1));

      assertThat(progress(dispatcher, receipt).state()).isEqualTo(State.COMPLETED);
      assertThat(stage.email.calls()).isEqualTo(5);
      assertThat(asked).as("planned once").hasValue(5);
    }
  }

  @Test
  void whoCannotBeSentToIsCountedAndStopsNobody() {
    Recipient broken = Recipient.builder("u-broken").email("broken@example.com").build();
    Recipient mute = Recipient.builder("u-mute").sms("+14155550142").build();
    stage.email.checking(
        address ->
            address.value().startsWith("broken") ? Optional.of("is broken") : Optional.empty());
    Audience mixed =
        members(
            List.of(
                Audience.Member.of("u1"),
                Audience.Member.of("stranger"),
                Audience.Member.of(""),
                Audience.Member.of(broken),
                Audience.Member.of(mute),
                Audience.Member.of("u2")));
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(mixed, news().build());
      stage.pass(MOMENT);

      assertThat(reached()).containsExactly("u1", "u2");
      var expansion = progress(dispatcher, receipt).broadcast().expansion();
      assertThat(expansion.accepted()).isEqualTo(2);
      assertThat(expansion.failed()).isEqualTo(3);
      assertThat(expansion.skipped()).isEqualTo(1);
      assertThat(expansion.refusals())
          .extracting(Refusal::recipientId)
          .containsExactly("stranger", "", "u-broken", "u-mute");
      assertThat(expansion.refusals().get(0).reason().detail()).contains("recipient directory");
      assertThat(expansion.refusals().get(3).reason().code()).isEqualTo(Reason.NO_ADDRESS);
    }
  }

  private static Audience members(List<Audience.Member> all) {
    return new Audience() {
      @Override
      public String name() {
        return "mixed";
      }

      @Override
      public Page page(String cursor, int limit) {
        return new Page(all, "end", true);
      }
    };
  }

  @Test
  void whoHasOptedOutIsLeftOutAndTheRecordSaysWhy() {
    try (var dispatcher = builder().categories(Category.optional("news")).build()) {
      Preferences.Choice no = new Preferences.Choice(false, stage.clock.instant(), "a form");
      dispatcher
          .preferences()
          .update("u1", chosen -> chosen.toBuilder().category("news", no).build());

      BroadcastReceipt receipt =
          dispatcher.broadcast(everybody(3), news().category("news").build());
      stage.pass(MOMENT);

      assertThat(reached()).containsExactly("u0", "u2");
      BroadcastProgress progress = progress(dispatcher, receipt);
      assertThat(progress.broadcast().expansion().skipped()).isEqualTo(1);
      assertThat(progress.count(Type.SUPPRESSED)).isEqualTo(1);
      assertThat(progress.broadcast().expansion().refusals().get(0).reason().code())
          .isEqualTo(Reason.OPTED_OUT);
    }
  }

  @Test
  void aKeyStandsForOneBroadcast() {
    try (var dispatcher = builder().build()) {
      Notification keyed = news().idempotencyKey("season-2026").build();
      BroadcastReceipt first = dispatcher.broadcast(everybody(10), keyed);
      stage.pass(MOMENT);
      BroadcastReceipt second = dispatcher.broadcast(everybody(10), keyed);
      stage.pass(MOMENT);

      assertThat(first.answer()).isEqualTo(Answer.NEW);
      assertThat(second).isEqualTo(new BroadcastReceipt(first.id(), Answer.REPLAYED));
      assertThat(reached()).hasSize(10);
      assertThatThrownBy(
              () -> dispatcher.broadcast(everybody(10), keyed.toBuilder().body("Else").build()))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(first.id().toString());
    }
  }

  @Test
  void withoutAnybodyWhoKnowsTheAudienceItWaitsAndSaysSo() {
    MemoryStore store = MemoryStore.create();
    BroadcastId id;
    try (var first = builder().store(new Unclosed(store)).build()) {
      id = first.broadcast(everybody(100), news().build(), slow()).id();
    }
    assertThat(reached()).hasSize(10);

    try (var second = builder().store(new Unclosed(store)).build()) {
      stage.pass(Duration.ofHours(1));
      BroadcastProgress waits = second.broadcasts().find(id).orElseThrow();
      assertThat(waits.reason().orElseThrow().code()).isEqualTo(Reason.AUDIENCE_UNKNOWN);
      assertThat(waits.members()).isEqualTo(10);
    }

    try (var third = builder().store(store).audience(everybody(100)).build()) {
      third.broadcasts().pause(id);
      third.broadcasts().resume(id);
      stage.pass(Duration.ofHours(1));
      assertThat(reached()).isEqualTo(users(100));
    }
  }

  private static BroadcastOptions slow() {
    return BroadcastOptions.builder().canary(10, Duration.ofMinutes(5)).build();
  }

  @Test
  void itGoesOnBehindWhereItWasWhenItsProcessEnds() {
    MemoryStore store = MemoryStore.create();
    BroadcastId id;
    try (var first = builder().store(new Unclosed(store)).build()) {
      id = first.broadcast(everybody(100), news().build(), slow()).id();
    }

    try (var second = builder().store(store).audience(everybody(100)).build()) {
      second.broadcast(Audiences.of("others", List.of()), news().build());
      stage.pass(Duration.ofHours(1));

      assertThat(reached()).isEqualTo(users(100));
      assertThat(second.broadcasts().find(id).orElseThrow().state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  void anAudienceThatCannotBeReadOnStopsItAndSaysWhere(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("ids.txt");
    Files.writeString(file, "# our people\nu1\n\n  u2\r\nu\t3\nu4\n");
    BroadcastOptions small = BroadcastOptions.builder().pageSize(2).build();
    try (var dispatcher = builder().build()) {
      BroadcastReceipt receipt =
          dispatcher.broadcast(Audiences.lines("file", file), news().build(), small);
      stage.pass(MOMENT);

      assertThat(reached()).containsExactly("u1", "u2");
      BroadcastProgress progress = progress(dispatcher, receipt);
      assertThat(progress.state()).isEqualTo(State.STOPPED);
      assertThat(progress.reason().orElseThrow().code()).isEqualTo(Reason.AUDIENCE_FAILED);
      assertThat(progress.reason().orElseThrow().detail())
          .isEqualTo("ids.txt:5: has a control character");

      Files.writeString(file, "# our people\nu1\n\n  u2\r\nu3\nu4");
      dispatcher.broadcasts().resume(receipt.id());
      stage.pass(MOMENT);
      assertThat(reached()).containsExactly("u1", "u2", "u3", "u4");
    }
  }

  @Test
  void aDirectoryThatIsAwayForAWhileFailsNobody() {
    AtomicInteger asked = new AtomicInteger();
    try (var dispatcher =
        stage
            .bare()
            .provider(stage.email)
            .recipients(
                id -> {
                  int time = asked.incrementAndGet();
                  if (time > 50 && time < 54) {
                    throw new IllegalStateException("connection refused");
                  }
                  return person(id);
                })
            .build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(100), news().build());
      stage.pass(Duration.ofMinutes(2));

      assertThat(new HashSet<>(reached())).hasSize(100);
      assertThat(reached()).hasSize(100);
      assertThat(progress(dispatcher, receipt).broadcast().expansion().failed()).isZero();
    }
  }

  @Test
  void onePersonWithWhomTheDirectoryAlwaysThrowsIsPassedOver() {
    try (var dispatcher =
        stage
            .bare()
            .provider(stage.email)
            .recipients(
                id -> {
                  if (id.equals("u50")) {
                    throw new IllegalStateException("corrupt row");
                  }
                  return person(id);
                })
            .build()) {
      BroadcastReceipt receipt = dispatcher.broadcast(everybody(100), news().build());
      stage.pass(Duration.ofMinutes(5));

      assertThat(reached()).hasSize(99);
      assertThat(progress(dispatcher, receipt).broadcast().expansion().failed()).isEqualTo(1);
    }
  }

  @Test
  void whoIsNamedTwiceGetsItTwice() {
    // An audience must name each person once: to find out would need everybody in memory.
    try (var dispatcher = builder().build()) {
      dispatcher.broadcast(Audiences.of("twice", List.of("u1", "u1")), news().build());
      stage.pass(MOMENT);

      assertThat(reached()).containsExactly("u1", "u1");
    }
  }

  @Test
  void criticalIsNotForManyPeopleAndIsNotHeldBackByThem() {
    try (var dispatcher = builder().inFlight(1).build()) {
      assertThatThrownBy(
              () -> dispatcher.broadcast(everybody(1), news().priority(Priority.CRITICAL).build()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("priority");
      List<Integer> positions = new ArrayList<>();
      AtomicInteger calls = new AtomicInteger();
      stage.email.alwaysDoes(
          message -> {
            int position = calls.incrementAndGet();
            if (position % 100 == 0 && message.priority() == Priority.LOW) {
              dispatcher.send(
                  Notification.to(Address.email("jane@example.com"))
                      .body("Your code is " + position)
                      .title("Code")
                      .priority(Priority.CRITICAL)
                      .build());
            } else if (message.priority() == Priority.CRITICAL) {
              positions.add(position % 100);
            }
            return Outcome.accepted(message.reference());
          });

      dispatcher.broadcast(everybody(5_000), news().build());
      stage.pass(MOMENT);

      assertThat(positions).hasSizeGreaterThan(40).allMatch(position -> position <= 2);
    }
  }

  @Test
  void whatCannotBeBroadcastIsRefusedAtOnce() {
    try (var dispatcher = builder().build()) {
      assertThatThrownBy(
              () ->
                  dispatcher.broadcast(
                      everybody(1), news().about("order", "1").replacePending().build()))
          .isInstanceOf(InvalidNotificationException.class);
      assertThatThrownBy(
              () -> dispatcher.broadcast(everybody(1), news().template("missing").build()))
          .isInstanceOf(NotifyException.class);
      assertThatThrownBy(() -> BroadcastOptions.builder().stopAtBounced(5).build())
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("bounced");
      assertThatThrownBy(
              () ->
                  dispatcher
                      .broadcasts()
                      .pause(BroadcastId.parse("01a1fd04-e875-70aa-b068-b3356b639602")))
          .isInstanceOf(NotifyException.class);
    }
  }
}
