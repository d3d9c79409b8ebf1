package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.CANCELLED;
import static dev.notify.model.DeliveryStatus.DIGESTED;
import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.only;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Digest;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotificationType;
import dev.notify.model.Outcome;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Priority;
import dev.notify.model.QuietHours;
import dev.notify.model.Rate;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.model.TemplateException;
import dev.notify.policy.FrequencyCap;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many comments, one message. */
class DigestTest {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Digest TEN_MINUTES = Digest.fixed(WINDOW, "comment-digest");

  private final Stage stage = new Stage();
  private final Map<String, String> texts =
      new HashMap<>(
          Map.of(
              "comment-digest/email.subject.mustache",
              "{{count}} comments",
              "comment-digest/email.text.mustache",
              "{{#items}}{{author}}{{title}};{{/items}}{{#more}} and {{more}} more{{/more}}",
              "comment-digest/sms.text.mustache",
              "{{count}} comments",
              "comment/email.subject.mustache",
              "A comment",
              "comment/email.text.mustache",
              "by {{author}}",
              "comment/sms.text.mustache",
              "by {{author}}"));

  private DispatcherBuilder builder(Digest digest) {
    return stage
        .builder()
        .templates(path -> Optional.ofNullable(texts.get(path + ".mustache")))
        .categories(Category.optional("comments").digested(digest), Category.GENERAL);
  }

  private NotificationDispatcher dispatcher(Digest digest) {
    return builder(digest).build();
  }

  private static Notification.Builder comment(String author) {
    return Notification.to("jane")
        .category("comments")
        .template("comment", Map.of("author", author))
        .channels(EMAIL);
  }

  private static SendReceipt send(NotificationDispatcher dispatcher, String author) {
    return dispatcher.send(comment(author).build());
  }

  private List<String> mails() {
    return stage.email.messages().stream()
        .map(message -> message.content().body().orElseThrow())
        .toList();
  }

  private static NotificationRecord digestOf(NotificationDispatcher dispatcher, SendReceipt item) {
    String said = only(dispatcher, item).reason().orElseThrow().detail();
    return dispatcher.status(NotificationId.parse(said.substring("in ".length()))).orElseThrow();
  }

  @Test
  void whatComesWithinAWindowIsSentAsOne() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      send(dispatcher, "ann");
      stage.pass(Duration.ofMinutes(9));
      send(dispatcher, "bob");
      assertThat(mails()).isEmpty();

      stage.pass(Duration.ofMinutes(1));
      assertThat(mails()).containsExactly("ann;bob;");
      assertThat(stage.email.messages().get(0).content().title()).contains("2 comments");

      send(dispatcher, "eve");
      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("ann;bob;", "eve;");
    }
  }

  @Test
  void aReceiptTellsUntilWhenAndTheRecordWhereItWasSaid() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      Instant end = stage.clock.instant().plus(WINDOW);
      SendReceipt first = send(dispatcher, "ann");
      stage.pass(Duration.ofMinutes(4));
      SendReceipt second = send(dispatcher, "bob");

      for (SendReceipt receipt : List.of(first, second)) {
        assertThat(receipt.decisions())
            .extracting(ChannelDecision::decision)
            .allSatisfy(
                decision ->
                    assertThat(decision)
                        .isInstanceOfSatisfying(
                            Decision.Defer.class,
                            defer -> {
                              assertThat(defer.until()).isEqualTo(end);
                              assertThat(defer.reason().code()).isEqualTo(Reason.DIGEST);
                            }));
        assertThat(dispatcher, receipt).on(Digest.CHANNEL).is(SCHEDULED).because(Reason.DIGEST);
        assertThat(receipt.outcome()).isNotDone();
      }

      stage.pass(Duration.ofMinutes(6));
      assertThat(dispatcher, first).is(DIGESTED).because(Reason.DIGEST);
      assertThat(first.outcome()).isDone();
      NotificationRecord digest = digestOf(dispatcher, first);
      assertThat(digest.deliveries()).extracting(Delivery::status).containsExactly(SENT);
      assertThat(digestOf(dispatcher, second).id()).isEqualTo(digest.id());
    }
  }

  @Test
  void explainTellsItWithoutCollecting() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      assertThat(dispatcher.explain(comment("ann").build()))
          .singleElement()
          .extracting(one -> one.decision().toString())
          .asString()
          .startsWith("defer until " + stage.clock.instant().plus(WINDOW) + ": DIGEST");

      stage.pass(WINDOW);
      assertThat(mails()).isEmpty();
    }
  }

  @Test
  void theFirstMayGoAtOnceAndOnlyTheRestIsCollected() {
    try (var dispatcher = dispatcher(TEN_MINUTES.firstAtOnce())) {
      SendReceipt first = send(dispatcher, "ann");
      assertThat(dispatcher, first).on(EMAIL).is(SENT);
      send(dispatcher, "bob");
      send(dispatcher, "eve");
      assertThat(mails()).containsExactly("by ann");

      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("by ann", "bob;eve;");

      send(dispatcher, "joe");
      stage.pass(WINDOW);
      assertThat(mails()).as("nothing followed").endsWith("by joe").hasSize(3);
    }
  }

  @Test
  void aListThatGetsTooLongIsCutAndTheRestCounted() {
    try (var dispatcher = dispatcher(TEN_MINUTES.listing(2))) {
      List.of("ann", "bob", "eve", "joe", "kim").forEach(author -> send(dispatcher, author));

      stage.pass(WINDOW);

      assertThat(mails()).containsExactly("joe;kim; and 3 more");
      assertThat(stage.email.messages().get(0).content().title()).contains("5 comments");
    }
  }

  @Test
  void whatIsTooMuchForOneMessageIsCountedToo() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      send(dispatcher, "a".repeat(150_000));
      send(dispatcher, "b".repeat(150_000));

      stage.pass(WINDOW);

      assertThat(mails()).singleElement().asString().startsWith("bbb").endsWith("b; and 1 more");
    }
  }

  @Test
  void soManyItemsAreSentAtOnce() {
    try (var dispatcher = dispatcher(TEN_MINUTES.flushAt(3))) {
      IntStream.rangeClosed(1, 7).forEach(i -> send(dispatcher, "" + i));
      assertThat(mails()).containsExactly("1;2;3;", "4;5;6;");

      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("1;2;3;", "4;5;6;", "7;");
    }
  }

  @Test
  void anUrgentItemTakesTheOthersAlongAndAMoreUrgentOnePassesThem() {
    try (var dispatcher = dispatcher(TEN_MINUTES.flushFrom(Priority.HIGH))) {
      send(dispatcher, "ann");
      dispatcher.send(comment("kim").priority(Priority.CRITICAL).build());
      assertThat(mails()).containsExactly("by kim");

      dispatcher.send(comment("bob").priority(Priority.HIGH).build());
      assertThat(mails()).containsExactly("by kim", "ann;bob;");
      assertThat(stage.email.messages().get(1).priority()).isEqualTo(Priority.HIGH);
    }
  }

  @Test
  void eachKeyHasADigestOfItsOwn() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      dispatcher.send(comment("ann").digestKey("thread-1").build());
      dispatcher.send(comment("bob").digestKey("thread-2").build());
      dispatcher.send(comment("eve").digestKey("thread-1").build());

      stage.pass(WINDOW);

      assertThat(mails()).containsExactlyInAnyOrder("ann;eve;", "bob;");
    }
  }

  record Comment(String author, long thread) {}

  @Test
  void aTypeMakesTheKeyFromItsData() {
    NotificationType<Comment> type =
        NotificationType.of("comment", Comment.class)
            .category("comments")
            .channels(EMAIL)
            .digestKey(comment -> "thread-" + comment.thread())
            .build();
    try (var dispatcher = builder(TEN_MINUTES).types(type).build()) {
      dispatcher.send(type, "jane", new Comment("ann", 1));
      dispatcher.send(type, "jane", new Comment("bob", 2));

      stage.pass(WINDOW);

      assertThat(mails()).containsExactlyInAnyOrder("ann;", "bob;");
    }
  }

  @Test
  void aSlidingWindowEndsWhenItGetsQuiet() {
    Digest sliding =
        Digest.sliding(Duration.ofMinutes(5), Duration.ofMinutes(12), "comment-digest");
    try (var dispatcher = dispatcher(sliding)) {
      send(dispatcher, "1");
      stage.pass(Duration.ofMinutes(4));
      send(dispatcher, "2");
      stage.pass(Duration.ofMinutes(4));
      assertThat(mails()).isEmpty();
      stage.pass(Duration.ofMinutes(1));
      assertThat(mails()).containsExactly("1;2;");

      for (int i = 3; i < 9; i++) {
        send(dispatcher, "" + i);
        stage.pass(Duration.ofMinutes(4));
      }
      assertThat(mails()).as("not for ever").contains("3;4;5;");
    }
  }

  @Test
  void aDigestByCronComesAtTheNextMomentOfThePersonsCalendar() {
    try (var dispatcher = dispatcher(Digest.cron("30 17 * * MON-FRI", "comment-digest"))) {
      send(dispatcher, "ann");

      stage.pass(Duration.ofDays(1));

      assertThat(mails()).containsExactly("ann;");
      assertThat(
              only(dispatcher, stage)
                  .updatedAt()
                  .atZone(Stage.JANE.zone().orElseThrow())
                  .toLocalTime())
          .isEqualTo(LocalTime.of(17, 30));
    }
    assertThatThrownBy(() -> Digest.cron("0 9 30 2 *", "comment-digest"))
        .isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> Digest.cron("61 9 * * *", "comment-digest"))
        .hasMessageContaining("61");
  }

  @Test
  void aDailyDigestComesAtTheTimeOfThePersonsDay() {
    try (var dispatcher = dispatcher(Digest.daily("comment-digest", LocalTime.of(9, 0)))) {
      send(dispatcher, "ann");

      stage.pass(Duration.ofDays(1));

      assertThat(mails()).containsExactly("ann;");
      assertThat(
              only(dispatcher, stage)
                  .updatedAt()
                  .atZone(Stage.JANE.zone().orElseThrow())
                  .toLocalTime())
          .isEqualTo(LocalTime.of(9, 0));
    }
  }

  private static Delivery only(NotificationDispatcher dispatcher, Stage stage) {
    return dispatcher
        .status(stage.email.messages().get(0).notificationId())
        .orElseThrow()
        .deliveries()
        .get(0);
  }

  private static Delivery only(NotificationDispatcher dispatcher, SendReceipt receipt) {
    return Stage.only(dispatcher, receipt);
  }

  @Test
  void whatIsCalledOffIsNotSaid() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      SendReceipt byId = send(dispatcher, "ann");
      dispatcher.send(comment("bob").about("thread", "1").build());
      send(dispatcher, "eve");

      assertThat(dispatcher.cancel(byId.id()).cancelled()).hasSize(1);
      assertThat(dispatcher.cancelAbout("thread", "1").cancelled()).hasSize(1);
      stage.pass(WINDOW);

      assertThat(mails()).containsExactly("eve;");
      assertThat(dispatcher, byId).is(CANCELLED);
    }
  }

  @Test
  void nothingIsSentWhereNothingIsLeft() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      dispatcher.cancel(send(dispatcher, "ann").id());
      stage.pass(WINDOW);
      assertThat(mails()).isEmpty();

      send(dispatcher, "bob");
      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("bob;");
    }
  }

  @Test
  void aNewerItemTakesThePlaceOfAnOlderOne() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      Notification draft = comment("ann").about("comment", "1").replacePending().build();
      SendReceipt first = dispatcher.send(draft);
      dispatcher.send(draft.toBuilder().template("comment", Map.of("author", "Ann")).build());
      stage.pass(WINDOW);

      assertThat(mails()).containsExactly("Ann;");
      assertThat(dispatcher, first).is(CANCELLED).because(Reason.REPLACED);
    }
  }

  @Test
  void whatTheDigestIsAboutCanBeCalledOffWithIt() {
    try (var dispatcher =
        builder(TEN_MINUTES).quietHours(QuietHours.between("00:00", "23:59")).build()) {
      dispatcher.send(comment("ann").about("thread", "1").build());
      dispatcher.send(comment("bob").about("thread", "1").build());
      stage.pass(WINDOW);

      assertThat(dispatcher.cancelAbout("thread", "1").cancelled()).hasSize(1);
    }
  }

  @Test
  void whoSaysNoMeanwhileGetsNothing() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      SendReceipt before = send(dispatcher, "ann");
      Choice no = new Choice(false, stage.clock.instant(), "settings page");
      dispatcher
          .preferences()
          .update("jane", old -> old.toBuilder().category("comments", no).build());
      SendReceipt after = send(dispatcher, "bob");

      assertThat(dispatcher, after).on(EMAIL).is(SUPPRESSED).because(Reason.OPTED_OUT).count(1);
      stage.pass(WINDOW);
      assertThat(mails()).isEmpty();
      assertThat(dispatcher, before).is(SUPPRESSED).because(Reason.OPTED_OUT);
    }
  }

  @Test
  void whatNoLongerHoldsIsLeftOut() {
    try (var dispatcher =
        builder(TEN_MINUTES)
            .recheck("comment", notification -> !notification.about().get().id().equals("1"))
            .build()) {
      SendReceipt deleted = dispatcher.send(comment("ann").about("comment", "1").build());
      dispatcher.send(comment("bob").about("comment", "2").build());

      stage.pass(WINDOW);

      assertThat(mails()).containsExactly("bob;");
      assertThat(dispatcher, deleted).is(SUPPRESSED).because(Reason.NO_LONGER_TRUE);
    }
  }

  @Test
  void quietHoursHoldTheDigestBackAndNotItsItems() {
    try (var dispatcher =
        builder(TEN_MINUTES).quietHours(QuietHours.between("09:00", "12:00")).build()) {
      send(dispatcher, "ann");
      send(dispatcher, "bob");
      stage.pass(Duration.ofMinutes(119));
      assertThat(mails()).isEmpty();

      stage.pass(Duration.ofMinutes(1));
      assertThat(mails()).containsExactly("ann;bob;");
    }
  }

  @Test
  void aFrequencyCapCountsTheDigestAndNotItsItems() {
    try (var dispatcher =
        builder(TEN_MINUTES)
            .frequencyCap(FrequencyCap.perRecipient(Rate.perDay(1)).dropping())
            .build()) {
      send(dispatcher, "ann");
      send(dispatcher, "bob");
      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("ann;bob;");

      SendReceipt waits = send(dispatcher, "eve");
      stage.pass(WINDOW);
      assertThat(dispatcher, waits).is(SCHEDULED);
      stage.pass(Duration.ofDays(1));
      assertThat(mails()).as("waits rather than being dropped").containsExactly("ann;bob;", "eve;");
    }
  }

  @Test
  void anItemThatExpiresMeanwhileIsLeftOut() {
    try (var dispatcher =
        builder(TEN_MINUTES)
            .frequencyCap(FrequencyCap.perRecipient(Rate.perDay(1)).dropping())
            .build()) {
      dispatcher.send(Stage.hello().build());
      SendReceipt shortLived =
          dispatcher.send(comment("ann").expiresIn(WINDOW.multipliedBy(2)).build());
      send(dispatcher, "bob");

      stage.pass(Duration.ofDays(1));

      assertThat(mails()).containsExactly("How are you?", "bob;");
      assertThat(dispatcher, shortLived).is(EXPIRED);
    }
  }

  @Test
  void whatWouldNotLiveToSeeTheEndOfTheWindowGoesAtOnce() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      dispatcher.send(comment("ann").expiresIn(Duration.ofMinutes(5)).build());

      assertThat(mails()).containsExactly("by ann");
    }
  }

  @Test
  void aLongWindowDoesNotOutliveItsItems() {
    try (var dispatcher =
        builder(Digest.fixed(Duration.ofDays(7), "comment-digest"))
            .defaultExpiry(Duration.ofDays(1))
            .build()) {
      send(dispatcher, "ann");
      stage.pass(Duration.ofDays(7));

      assertThat(mails()).containsExactly("ann;");
    }
  }

  @Test
  void onlyTheSurplusOfACapMayBeCollected() {
    try (var dispatcher =
        builder(TEN_MINUTES.surplusOnly())
            .frequencyCap(FrequencyCap.perRecipient(Rate.perHour(2)).dropping())
            .build()) {
      send(dispatcher, "ann");
      send(dispatcher, "bob");
      SendReceipt surplus = send(dispatcher, "eve");
      send(dispatcher, "joe");
      assertThat(mails()).containsExactly("by ann", "by bob");
      assertThat(dispatcher, surplus).is(SCHEDULED).because(Reason.DIGEST);

      stage.pass(Duration.ofHours(2));
      assertThat(mails()).containsExactly("by ann", "by bob", "eve;joe;");
    }
  }

  @Test
  void itGoesWhereTheLastItemWouldOrWhereTheDigestSays() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      send(dispatcher, "ann");
      dispatcher.send(comment("bob").channels(SMS).build());
      stage.pass(WINDOW);
      assertThat(stage.sms.calls()).isEqualTo(1);
      assertThat(stage.email.calls()).isZero();
    }
    Stage other = new Stage();
    try (var dispatcher =
        other
            .builder()
            .templates(path -> Optional.ofNullable(texts.get(path + ".mustache")))
            .categories(Category.optional("comments").digested(TEN_MINUTES.by(Routing.all(EMAIL))))
            .build()) {
      dispatcher.send(comment("bob").channels(SMS).build());
      other.pass(WINDOW);
      assertThat(other.sms.calls()).isZero();
      assertThat(other.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void wordsWithoutATemplateAreItemsToo() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      dispatcher.send(Stage.hello().category("comments").title("Hi").build());
      stage.pass(WINDOW);

      assertThat(mails()).containsExactly("Hi;");
    }
  }

  @Test
  void aRepeatedSendIsOneItem() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      Notification once = comment("ann").idempotencyKey("comment-1").build();
      SendReceipt first = dispatcher.send(once);
      SendReceipt again = dispatcher.send(once);

      assertThat(again.answer()).isEqualTo(SendReceipt.Answer.REPLAYED);
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.decisions()).isEqualTo(first.decisions());
      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("ann;");
    }
  }

  @Test
  void whatIsSentInBulkIsCollectedToo() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      var receipt = dispatcher.sendAll(Stream.of(comment("ann").build(), comment("bob").build()));
      assertThat(receipt.accepted()).isEqualTo(2);

      stage.pass(WINDOW);
      assertThat(mails()).containsExactly("ann;bob;");
    }
  }

  @Test
  void whatHasATimeOfItsOwnAndWhatIsOfAnotherCategoryGoesByItself() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      dispatcher.send(Stage.hello().build());
      dispatcher.send(comment("ann").at(stage.clock.instant().plusSeconds(60)).build());
      stage.pass(Duration.ofMinutes(1));

      assertThat(mails()).containsExactly("How are you?", "by ann");
    }
  }

  @Test
  void whoCausedAnEventDoesNotReadOfIt() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      dispatcher.send(comment("jane").actor("jane").build());
      stage.pass(WINDOW);

      assertThat(mails()).isEmpty();
    }
  }

  @Test
  void whoIsForgottenGetsNothing() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      send(dispatcher, "ann");
      assertThat(dispatcher.forget("jane").cancelled()).hasSize(1);

      stage.pass(WINDOW);
      assertThat(mails()).isEmpty();
    }
  }

  @Test
  void aMissingTemplateIsToldToWhoeverSends() {
    try (var dispatcher = dispatcher(Digest.fixed(WINDOW, "no-such-template"))) {
      assertThatThrownBy(() -> send(dispatcher, "ann"))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("no-such-template");
    }
  }

  @Test
  void aDigestThatCannotBeMadeIsTriedAgainUntilItCan() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      send(dispatcher, "ann");
      String text = texts.put("comment-digest/email.text.mustache", "{{#broken}}");
      dispatcher.reloadTemplates();
      stage.pass(Duration.ofHours(1));
      assertThat(mails()).isEmpty();

      texts.put("comment-digest/email.text.mustache", text);
      dispatcher.reloadTemplates();
      stage.pass(Duration.ofMinutes(1));
      assertThat(mails()).containsExactly("ann;");
    }
  }

  @Test
  void whoHasLeftTheDirectoryMeanwhileGetsNothing() {
    Map<String, Recipient> directory = new HashMap<>(Map.of("jane", Stage.JANE));
    try (var dispatcher =
        builder(TEN_MINUTES).recipients(id -> Optional.ofNullable(directory.get(id))).build()) {
      SendReceipt receipt = send(dispatcher, "ann");
      directory.clear();

      stage.pass(WINDOW);

      assertThat(dispatcher, receipt).is(SUPPRESSED).because(Reason.NO_ADDRESS);
    }
  }

  /** Or they would be looked for every minute for ever. */
  @Test
  void whatExpiresEndsThoughTheDirectoryDoesNotAnswer() {
    AtomicBoolean away = new AtomicBoolean();
    try (var dispatcher =
        builder(TEN_MINUTES)
            .recipients(
                id -> {
                  if (away.get()) {
                    throw new IllegalStateException("no directory");
                  }
                  return Optional.of(Stage.JANE);
                })
            .build()) {
      SendReceipt receipt = dispatcher.send(comment("ann").expiresIn(Duration.ofHours(1)).build());
      away.set(true);
      stage.pass(Duration.ofMinutes(30));
      assertThat(dispatcher, receipt).is(SCHEDULED);

      stage.pass(Duration.ofMinutes(31));

      assertThat(dispatcher, receipt).is(EXPIRED);
    }
  }

  @Test
  void aDigestThatWasGivenUpCanBeReplayed() {
    try (var dispatcher = dispatcher(TEN_MINUTES)) {
      stage.email.next(Outcome.rejected("too many words"));
      send(dispatcher, "ann");
      stage.pass(WINDOW);
      Delivery dead = dispatcher.deadLetters(1).get(0);

      dispatcher.replay(dead.id());

      assertThat(mails()).containsExactly("ann;", "ann;");
      assertThat(dispatcher.deadLetters(1)).isEmpty();
    }
  }

  @Test
  void whatWaitsInMemoryIsCalledOffWhenItCloses() {
    var dispatcher = dispatcher(TEN_MINUTES);
    SendReceipt receipt = send(dispatcher, "ann");
    dispatcher.close();

    assertThat(dispatcher, receipt).is(CANCELLED).because(Reason.SHUTDOWN);
  }

  @Test
  void aFullMemoryStoreRefusesItemsToo() {
    try (var dispatcher =
        builder(TEN_MINUTES).store(MemoryStore.builder().capacity(2).build()).build()) {
      send(dispatcher, "ann");
      send(dispatcher, "bob");

      assertThatThrownBy(() -> send(dispatcher, "eve")).hasMessageContaining("holds 2");
    }
  }

  @Test
  void listenersHearOfItemsAndOfTheDigest() {
    List<DeliveryStatus> heard = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (var dispatcher =
        builder(TEN_MINUTES)
            .listener(event -> event.type().status().ifPresent(heard::add))
            .build()) {
      send(dispatcher, "ann");
      stage.pass(WINDOW);
    }
    assertThat(heard)
        .containsExactly(SCHEDULED, DIGESTED, DeliveryStatus.PENDING, DeliveryStatus.SENDING, SENT);
  }

  @Test
  void wrongMeasuresAreNamed() {
    assertThatThrownBy(() -> Digest.fixed(Duration.ZERO, "d"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("digest.window");
    assertThatThrownBy(() -> Digest.fixed(Duration.ofDays(33), "d"))
        .hasMessageContaining("digest.window");
    assertThatThrownBy(() -> TEN_MINUTES.quiet(Duration.ofSeconds(-1)))
        .hasMessageContaining("digest.quiet");
    assertThatThrownBy(() -> TEN_MINUTES.listing(0)).hasMessageContaining("digest.listed: 0");
    assertThatThrownBy(() -> TEN_MINUTES.flushAt(1_001))
        .hasMessageContaining("digest.flushAt: 1001");
    assertThatThrownBy(() -> TEN_MINUTES.flushFrom(Priority.CRITICAL))
        .hasMessageContaining("digest.flushFrom");
    assertThatThrownBy(() -> TEN_MINUTES.firstAtOnce().surplusOnly())
        .hasMessageContaining("digest.firstAtOnce");
    assertThatThrownBy(() -> Digest.daily("d")).hasMessageContaining("time of day");
    assertThatThrownBy(() -> Digest.fixed(WINDOW, "../d")).hasMessageContaining("template");
    Digest past = Digest.of((opened, zone) -> opened, "comment-digest");
    try (var dispatcher = dispatcher(past)) {
      assertThatThrownBy(() -> send(dispatcher, "ann")).hasMessageContaining("digest.window");
    }
  }

  @Test
  void noProviderMayTakeTheChannelOnWhichItemsWait() {
    RecordingProvider intruder = RecordingProvider.of(Channel.of("digest"));

    assertThatThrownBy(() -> builder(TEN_MINUTES).provider(intruder).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'digest'");
  }
}
