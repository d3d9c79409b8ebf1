package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.Erasure;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.BroadcastId;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Device;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.RecurringSchedule;
import dev.notify.policy.SendTime;
import dev.notify.routing.Audiences;
import dev.notify.test.RecordingProvider;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of a person who was forgotten nothing is left in the tables, and nothing to be read in backups.
 */
class PersonForgottenTest {

  private static final String PEOPLE = "SELECT 'jane' AS id UNION ALL SELECT 'john' AS id";

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<NotificationDispatcher> opened = new ArrayList<>();

  private NotificationDispatcher on(JdbcStoreBuilder store) {
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(store.pollInterval(Duration.ofMillis(20)).build())
            .provider(provider)
            .build();
    opened.add(dispatcher);
    return dispatcher;
  }

  private static JdbcStoreBuilder perPerson(DataSource source) {
    return JdbcStore.builder(source).encryption(SampleKeys.encryption("k1").withKeyPerPerson());
  }

  @AfterEach
  void close() {
    opened.forEach(NotificationDispatcher::close);
  }

  private static Notification.Builder hello(String user) {
    return Notification.to(Recipient.builder(user).email(user + "@example.com").build())
        .channels(Channel.EMAIL)
        .body("Hello " + user);
  }

  @ParameterizedTest
  @EnumSource
  void withoutEncryptionNoColumnKnowsThePersonAnyMore(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher = on(JdbcStore.builder(source));
    provider
        .next(Outcome.retryable("jane is busy", Duration.ofMillis(10)))
        .next(Outcome.accepted("jane-message-1"))
        .next(Outcome.rejected("jane is unknown"));
    SendReceipt sent = dispatcher.send(hello("jane").build());
    sent.outcome().get(20, TimeUnit.SECONDS);
    dispatcher.track(
        new ProviderEvent(
            provider.name(), "jane-message-1", Type.DELIVERED, Instant.now(), "jane's own word"));
    dispatcher.send(hello("jane").build()).outcome().get(20, TimeUnit.SECONDS);
    SendReceipt waiting =
        dispatcher.schedule(hello("jane").build(), Instant.now().plusSeconds(3600));
    SendReceipt others = dispatcher.send(hello("john").build());
    others.outcome().get(20, TimeUnit.SECONDS);
    int outcomes = TableScan.count(source, "notify_outcome");

    Erasure erasure = dispatcher.forget("jane");

    assertThat(erasure.notifications()).isEqualTo(3);
    assertThat(erasure.deliveries()).isEqualTo(3);
    assertThat(erasure.cancelled()).hasSize(1);
    assertThat(erasure.inFlight()).isEmpty();
    assertThat(erasure.keyDestroyed()).isFalse();
    assertThat(TableScan.everything(source)).doesNotContain("jane").contains("john");
    assertThat(TableScan.count(source, "notify_outcome")).isEqualTo(outcomes + 1);
    NotificationRecord left = dispatcher.status(sent.id()).orElseThrow();
    assertThat(left.isErased()).isTrue();
    assertThat(left.deliveries().get(0).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(left.attempts(left.deliveries().get(0).id())).hasSize(2);
    assertThat(left.events()).hasSize(1);
    assertThat(dispatcher.status(waiting.id()).orElseThrow().deliveries().get(0).reason())
        .contains(Reason.of(Reason.FORGOTTEN));
    assertThat(waiting.outcome()).isDone();
    assertThat(dispatcher.deadLetters(10)).isEmpty();
    assertThat(dispatcher.status(others.id()).orElseThrow().isErased()).isFalse();
    assertThat(dispatcher.forget("jane").notifications()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void ofAllThatIsKeptNoTableHasATraceAndTheAuditLogProvesIt(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
            .provider(provider)
            .sendTime(SendTime.ofCategory("general"))
            .build();
    opened.add(dispatcher);
    Instant now = Instant.parse("2026-03-02T09:00:00Z");
    for (String id : List.of("jane", "john")) {
      Recipient person =
          Recipient.builder(id).email(id + "@example.com").attribute("of", id).build();
      dispatcher.recipients().save(person);
      var devices =
          dispatcher.recipients().register(id, Device.of(Address.fcm(id + "-phone"), now));
      dispatcher.recipients().follow(id, "about-" + id, now);
      var chosen =
          dispatcher
              .preferences()
              .update(
                  id, id, id + "'s page", before -> before.toBuilder().pausedUntil(now).build());
      dispatcher
          .schedules()
          .create(RecurringSchedule.of("to-" + id, "0 8 * * MON", hello(id).build()).build());
      SendReceipt sent =
          dispatcher.send(
              hello(id)
                  .priority(Priority.CRITICAL)
                  .idempotencyKey("key of " + id)
                  .about("friend", id)
                  .metadata("name", id)
                  .build());
      sent.outcome().get(20, TimeUnit.SECONDS);
      dispatcher.track(
          new ProviderEvent(
              provider.name(),
              dispatcher
                  .status(sent.id())
                  .orElseThrow()
                  .deliveries()
                  .get(0)
                  .providerMessageId()
                  .orElseThrow(),
              Type.OPENED,
              now,
              ""));
    }
    assertThat(TableScan.everything(source)).contains("jane");

    Erasure erasure = dispatcher.forget("jane");

    assertThat(TableScan.everything(source)).doesNotContainIgnoringCase("jane").contains("john");
    assertThat(erasure.proof().details())
        .isEqualTo(
            "{\"left.choices\":0,\"left.experiments\":0,\"left.inbox\":0,\"left.notifications\":0,\"left.openHours\":0,"
                + "\"left.recipient\":0,\"left.schedules\":0,\"removed.choices\":1,"
                + "\"removed.deliveries\":1,\"removed.details\":"
                + erasure.details()
                + ",\"removed.experiments\":0,\"removed.inbox\":0,\"removed.keyDestroyed\":false,\"removed.notifications\":1,"
                + "\"removed.openHours\":true,\"removed.recipient\":true,"
                + "\"removed.schedules\":1}");
    assertThat(dispatcher.audit().about("jane", 0, 10)).contains(erasure.proof());
    assertThat(dispatcher.audit().verify().isIntact()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void withAKeyPerPersonABackupOfTheMessagesCannotBeReadAnyMore(Databases database)
      throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher = on(perPerson(source));
    SendReceipt receipt = dispatcher.send(hello("jane").build());
    receipt.outcome().get(20, TimeUnit.SECONDS);
    byte[] backup = TableScan.body(source, "jane");
    assertThat(new String(backup, StandardCharsets.ISO_8859_1)).doesNotContain("Hello");

    Erasure erasure = dispatcher.forget("jane");
    TableScan.setBody(source, NotificationRecord.ERASED.recipientId(), backup);
    dispatcher.send(hello("jane").build()).outcome().get(20, TimeUnit.SECONDS);

    assertThat(erasure.keyDestroyed()).isTrue();
    assertThat(dispatcher.status(receipt.id())).as("by the process that forgot").isEmpty();
    assertThat(on(perPerson(source)).status(receipt.id())).as("by another").isEmpty();
    assertThat(provider.calls()).as("who comes back is written to again").isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void whatAnotherProcessSendsRightAfterCanBeReadByAll(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher one = on(perPerson(source));
    NotificationDispatcher two = on(perPerson(source));
    one.send(hello("jane").build()).outcome().get(20, TimeUnit.SECONDS);
    two.send(hello("jane").build()).outcome().get(20, TimeUnit.SECONDS);

    one.forget("jane");
    SendReceipt receipt = two.send(hello("jane").build());
    SendReceipt inTransaction;
    one.forget("jane");
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      inTransaction = two.inTransaction(connection).send(hello("jane").build());
      connection.commit();
    }

    await().until(() -> provider.calls() == 4);
    assertThat(one.status(receipt.id()).orElseThrow().isErased()).isTrue();
    await().until(() -> one.status(inTransaction.id()).orElseThrow().isSettled());
    assertThat(one.status(inTransaction.id()).orElseThrow().notification().recipientId())
        .isEqualTo("jane");
    assertThat(two.deadLetters(10)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void personsKeysAreWrappedAnewSoThatAnEarlierKeyCanBeRetired(Databases database)
      throws Exception {
    DataSource source = database.clean();
    SendReceipt receipt;
    try (NotificationDispatcher before = on(perPerson(source))) {
      receipt = before.send(hello("jane").build());
      before.send(hello("john").build());
      receipt.outcome().get(20, TimeUnit.SECONDS);
    }
    try (JdbcStore rotated =
        JdbcStore.builder(source)
            .encryption(SampleKeys.encryption("k2", "k1").withKeyPerPerson())
            .build()) {
      assertThat(rotated.rewrapPersonKeys()).isEqualTo(2);
      assertThat(rotated.rewrapPersonKeys()).isZero();
    }

    NotificationDispatcher after =
        on(JdbcStore.builder(source).encryption(SampleKeys.encryption("k2").withKeyPerPerson()));

    assertThat(after.status(receipt.id()).orElseThrow().notification().recipientId())
        .isEqualTo("jane");
  }

  @ParameterizedTest
  @EnumSource
  void whatABroadcastSaysIsEncryptedAndOneOfItsPeopleCanBeForgotten(Databases database)
      throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(perPerson(source).pollInterval(Duration.ofMillis(20)).build())
            .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
            .provider(provider)
            .build();
    opened.add(dispatcher);
    Notification news =
        Notification.to("all").channels(Channel.EMAIL).body("The season begins").build();

    dispatcher.broadcast(Audiences.of("all", List.of("jane", "john")), news);
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 2);
    await().until(() -> TableScan.count(source, "notify_outcome") == 2);

    assertThat(TableScan.everything(source))
        .doesNotContain("The season begins")
        .doesNotContain("@example.com");
    Erasure erasure = dispatcher.forget("jane");
    assertThat(erasure.notifications()).isEqualTo(1);
    assertThat(erasure.keyDestroyed()).isTrue();
    assertThat(TableScan.everything(source)).doesNotContain("jane").contains("john");
  }

  @ParameterizedTest
  @EnumSource
  void aBroadcastNoLongerNamesThePersonAmongThoseItCouldNotReach(Databases database)
      throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
            .recipients(id -> Optional.of(Recipient.builder(id).build()))
            .provider(provider)
            .build();
    opened.add(dispatcher);
    BroadcastId id =
        dispatcher
            .broadcast(
                JdbcAudience.of("all", source, PEOPLE, "id"),
                Notification.to("all").channels(Channel.EMAIL).body("News").build())
            .id();
    await().atMost(Duration.ofSeconds(20)).until(() -> isFinished(dispatcher, id));
    assertThat(TableScan.everything(source)).contains("jane").contains("tjohn");

    dispatcher.forget("jane");
    dispatcher.forget("john");

    assertThat(TableScan.everything(source)).doesNotContain("jane").doesNotContain("john");
    assertThat(dispatcher.broadcasts().find(id).orElseThrow().broadcast().expansion().refusals())
        .extracting(refusal -> refusal.reason().code())
        .containsExactly(Reason.NO_ADDRESS, Reason.NO_ADDRESS);
  }

  private static boolean isFinished(NotificationDispatcher dispatcher, BroadcastId id) {
    return dispatcher.broadcasts().find(id).orElseThrow().state().isFinished();
  }

  @ParameterizedTest
  @EnumSource
  void manyAreErasedInSmallSteps(Databases database) throws Exception {
    FaultySource source = new FaultySource(database.clean());
    NotificationDispatcher dispatcher = on(JdbcStore.builder(source));
    for (int i = 0; i < 250; i++) {
      dispatcher.schedule(hello("jane").build(), Instant.now().plusSeconds(3600));
    }
    int before = source.commits();

    Erasure erasure = dispatcher.forget("jane");

    assertThat(erasure.notifications()).isEqualTo(250);
    assertThat(erasure.cancelled()).hasSize(250);
    assertThat(source.commits() - before).isGreaterThan(250 + 3);
    assertThat(TableScan.everything(source)).doesNotContain("jane");
  }
}
