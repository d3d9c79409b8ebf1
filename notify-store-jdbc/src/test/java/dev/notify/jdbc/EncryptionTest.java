package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.TemplateSource;
import dev.notify.test.RecordingProvider;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever reads the tables without the keys learns nothing of what was said, nor to which address.
 */
class EncryptionTest {

  private static final List<String> SECRETS =
      List.of(
          "Your code is 4711",
          "jane@example.com",
          "+14155550199",
          "Confidential",
          "vip-value",
          "meta-value",
          "subject-9",
          "actor-name",
          "variable-value",
          "Jane Doe");

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<AutoCloseable> opened = new ArrayList<>();

  private JdbcStore store(DataSource source, Encryption encryption) {
    return JdbcStore.builder(source)
        .encryption(encryption)
        .lease(Duration.ofSeconds(5), Duration.ofMillis(500))
        .pollInterval(Duration.ofMillis(20))
        .build();
  }

  private NotificationDispatcher on(JdbcStore store) {
    TemplateSource templates =
        path ->
            path.startsWith("greeting/email.") && !path.endsWith("html")
                ? Optional.of("Hello {{name}}")
                : Optional.empty();
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(store)
            .templates(templates)
            .provider(provider)
            .build();
    opened.add(dispatcher);
    return dispatcher;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private static Encryption encryption(boolean perPerson, String current, String... earlier) {
    Encryption encryption = SampleKeys.encryption(current, earlier);
    return perPerson ? encryption.withKeyPerPerson() : encryption;
  }

  private static Notification.Builder secret() {
    Recipient jane =
        Recipient.builder("user-1")
            .address(Address.email("jane@example.com").named("Jane Doe"))
            .sms("+14155550199")
            .attribute("tier", "vip-value")
            .build();
    return Notification.to(jane)
        .channels(Channel.EMAIL)
        .title("Confidential")
        .body("Your code is 4711")
        .about("order", "subject-9")
        .actor("actor-name")
        .metadata("trace", "meta-value");
  }

  private static Notification.Builder hello(String user) {
    return Notification.to(Recipient.builder(user).email(user + "@example.com").build())
        .channels(Channel.EMAIL)
        .body("Hello " + user);
  }

  @ParameterizedTest
  @CsvSource({
    "H2, false",
    "H2, true",
    "POSTGRESQL, false",
    "POSTGRESQL, true",
    "MARIADB, false",
    "MARIADB, true"
  })
  void nothingOfWhatWasSaidStandsInAnyColumn(Databases database, boolean perPerson)
      throws Exception {
    DataSource source = database.clean();
    provider.next(Outcome.retryable("busy", Duration.ofMillis(10)));
    NotificationDispatcher dispatcher = on(store(source, encryption(perPerson, "k1")));

    dispatcher
        .send(secret().idempotencyKey("variable-value").build())
        .outcome()
        .get(20, TimeUnit.SECONDS);
    Notification template =
        Notification.to(Recipient.builder("user-1").email("jane@example.com").build())
            .template("greeting", Map.of("name", "variable-value"))
            .channels(Channel.EMAIL)
            .build();
    dispatcher.send(template).outcome().get(20, TimeUnit.SECONDS);
    dispatcher.schedule(secret().build(), Instant.now().plusSeconds(3600));
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      dispatcher.inTransaction(connection).send(secret().build());
      connection.commit();
    }
    await().until(() -> provider.calls() == 4);

    String everything = TableScan.everything(source);
    assertThat(everything).contains("user-1");
    assertThat(SECRETS).allSatisfy(word -> assertThat(everything).doesNotContain(word));
    assertThat(provider.messages().get(0).content().body()).contains("Your code is 4711");
  }

  @ParameterizedTest
  @EnumSource
  void whatWasStoredBeforeStaysReadableAndKeysRotate(Databases database) throws Exception {
    DataSource source = database.clean();
    List<SendReceipt> receipts = new ArrayList<>();
    for (JdbcStore store :
        List.of(
            JdbcStore.of(source),
            store(source, SampleKeys.encryption("k1")),
            store(source, SampleKeys.encryption("k2", "k1")),
            store(source, SampleKeys.encryption("k3", "k2", "k1").withKeyPerPerson()))) {
      try (NotificationDispatcher dispatcher = on(store)) {
        receipts.add(dispatcher.schedule(hello("user-1").build(), Instant.now().plusSeconds(2)));
      }
    }

    NotificationDispatcher last = on(store(source, SampleKeys.encryption("k4", "k3", "k2", "k1")));

    for (SendReceipt receipt : receipts) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  last.status(receipt.id()).orElseThrow().deliveries().get(0).status()
                      == DeliveryStatus.SENT);
      assertThat(last.status(receipt.id()).orElseThrow().notification().recipientId())
          .isEqualTo("user-1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeOpenedIsSetAsideAndTheRestGoesOn(Databases database) throws Exception {
    DataSource source = database.clean();
    Instant soon = Instant.now().plusSeconds(1);
    SendReceipt lost;
    SendReceipt readable;
    try (NotificationDispatcher writer = on(store(source, SampleKeys.encryption("gone")))) {
      lost = writer.schedule(hello("user-1").build(), soon);
    }
    try (NotificationDispatcher writer = on(store(source, SampleKeys.encryption("k1")))) {
      readable = writer.schedule(hello("user-2").build(), soon);
    }

    NotificationDispatcher heir = on(store(source, SampleKeys.encryption("k2", "k1")));
    await().atMost(Duration.ofSeconds(20)).until(() -> !heir.deadLetters(10).isEmpty());
    await().until(() -> provider.calls() == 1);

    Delivery dead = heir.deadLetters(10).get(0);
    assertThat(dead.notificationId()).isEqualTo(lost.id());
    assertThat(dead.reason().map(Reason::code)).contains(Reason.QUARANTINED);
    assertThat(heir.status(lost.id())).isEmpty();
    assertThat(heir.status(readable.id())).isPresent();
    heir.close();

    // Not for ever: with the key, it can be sent again.
    NotificationDispatcher again = on(store(source, SampleKeys.encryption("k2", "gone")));
    again.replay(dead.id());
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 2);
    assertThat(provider.messages())
        .extracting(message -> message.content().body().orElseThrow())
        .containsExactly("Hello user-2", "Hello user-1");
  }

  @ParameterizedTest
  @EnumSource
  void changedAndSwappedBodiesAreNotRead(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher = on(store(source, SampleKeys.encryption("k1")));
    SendReceipt first =
        dispatcher.schedule(hello("user-1").build(), Instant.now().plusSeconds(3600));
    SendReceipt second =
        dispatcher.schedule(hello("user-2").build(), Instant.now().plusSeconds(3600));
    SendReceipt third =
        dispatcher.schedule(hello("user-3").build(), Instant.now().plusSeconds(3600));
    byte[] one = TableScan.body(source, "user-1");
    byte[] two = TableScan.body(source, "user-2");
    byte[] three = TableScan.body(source, "user-3");
    three[three.length - 1] ^= 1;

    TableScan.setBody(source, "user-1", two);
    TableScan.setBody(source, "user-2", one);
    TableScan.setBody(source, "user-3", three);

    assertThat(List.of(first, second, third))
        .allSatisfy(receipt -> assertThat(dispatcher.status(receipt.id())).isEmpty());
    TableScan.setBody(source, "user-1", one);
    assertThat(dispatcher.status(first.id())).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void allWhoWriteToAPersonForTheFirstTimeSettleOnOneKey(Databases database) throws Exception {
    DataSource source = database.clean();
    List<NotificationDispatcher> nodes =
        IntStream.range(0, 3)
            .mapToObj(i -> on(store(source, SampleKeys.encryption("k1").withKeyPerPerson())))
            .toList();

    List<SendReceipt> receipts =
        IntStream.range(0, 60)
            .parallel()
            .mapToObj(i -> nodes.get(i % 3).send(hello("user-" + i % 2).build()))
            .toList();

    for (SendReceipt receipt : receipts) {
      receipt.outcome().get(20, TimeUnit.SECONDS);
      assertThat(nodes.get(0).status(receipt.id())).isPresent();
    }
    assertThat(TableScan.count(source, "notify_person")).isEqualTo(2);
    assertThat(provider.messages())
        .extracting(OutboundMessage::reference)
        .hasSize(60)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void aPersonsKeyThatCannotBeUnwrappedRefusesTheSend(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer =
        on(store(source, SampleKeys.encryption("k1").withKeyPerPerson()))) {
      writer.send(hello("user-1").build());
    }

    NotificationDispatcher other =
        on(store(source, SampleKeys.encryption("k2").withKeyPerPerson()));

    assertThatThrownBy(() -> other.send(hello("user-1").build()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("there is no key 'k1'");
  }

  @ParameterizedTest
  @EnumSource
  void theErrorOfAStoreWithoutKeysNamesTheKey(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = on(store(source, SampleKeys.encryption("k1")))) {
      writer.schedule(hello("user-1").build(), Instant.now().plusSeconds(3600));
    }
    byte[] body = TableScan.body(source, "user-1");
    assertThat(new String(body, StandardCharsets.ISO_8859_1)).doesNotContain("Hello");

    try (Connection connection = source.getConnection()) {
      Tables tables = new Tables(Database.of(connection), TableNames.DEFAULT);
      Bodies bodies =
          new Bodies(
              Optional.empty(),
              new PersonKeys(
                  new Transactions(source), tables, () -> Instant.EPOCH, Optional.empty()));

      assertThatThrownBy(() -> bodies.open(connection, new UUID(1, 2), body))
          .hasMessage("it is encrypted with key 'k1', and this store has no encryption set");
    }
  }
}
