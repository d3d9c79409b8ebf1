package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Digest;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Recipient;
import dev.notify.template.TemplateSources;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that collect for the same digests. */
class DigestNodesTest {

  private static final Digest DAYS = Digest.fixed(Duration.ofDays(1), "digest");

  private final RecordingProvider email = RecordingProvider.of(Channel.EMAIL);

  private NotificationDispatcher node(DataSource source, Digest digest) {
    return node(source, Category.optional("comments").digested(digest));
  }

  private NotificationDispatcher node(DataSource source, Category comments) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
        .provider(email)
        .categories(comments)
        .templates(
            TemplateSources.of(
                Map.of(
                    "digest/email.subject", "{{count}}",
                    "digest/email.text", "{{#items}}{{text}} {{/items}}",
                    "comment/email.subject", "A comment",
                    "comment/email.text", "{{text}} ")))
        .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
        .build();
  }

  private static Notification comment(String text) {
    return comment("jane", text);
  }

  private static Notification comment(String person, String text) {
    return Notification.to(person)
        .category("comments")
        .template("comment", Map.of("text", text))
        .channels(Channel.EMAIL)
        .build();
  }

  private List<String> said() {
    return email.messages().stream()
        .flatMap(message -> Stream.of(message.content().body().orElseThrow().split(" ")))
        .toList();
  }

  private void awaitAll(DataSource source) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                TableScan.count(source, "notify_digest") == 0
                    && TableScan.count(source, "notify_delivery") == 0);
  }

  @ParameterizedTest
  @EnumSource
  void twoNodesSayEveryItemOnce(Databases database) throws Exception {
    DataSource source = database.pooled();
    Digest quick = Digest.fixed(Duration.ofMillis(100), "digest").flushAt(5);
    int each = 25;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<String> sent = new ArrayList<>();
    try (NotificationDispatcher one = node(source, quick);
        NotificationDispatcher two = node(source, quick)) {
      List<Callable<Void>> senders = new ArrayList<>();
      for (int sender = 0; sender < 4; sender++) {
        NotificationDispatcher node = sender % 2 == 0 ? one : two;
        List<String> mine = new ArrayList<>();
        for (int i = 0; i < each; i++) {
          mine.add(sender + "-" + i);
        }
        sent.addAll(mine);
        senders.add(
            () -> {
              mine.forEach(text -> node.send(comment(text)));
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(senders)) {
        done.get();
      }
      awaitAll(source);
    } finally {
      threads.shutdownNow();
    }
    assertThat(said()).containsExactlyInAnyOrderElementsOf(sent);
  }

  @ParameterizedTest
  @EnumSource
  void oneOfManyLeadsAndTheOthersFollow(Databases database) throws Exception {
    DataSource source = database.pooled();
    Digest leading = DAYS.flushAt(7).firstAtOnce();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (NotificationDispatcher one = node(source, leading);
        NotificationDispatcher two = node(source, leading)) {
      List<Callable<SendReceipt>> senders = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        NotificationDispatcher node = i % 2 == 0 ? one : two;
        String text = "" + i;
        senders.add(() -> node.send(comment(text)));
      }
      for (Future<SendReceipt> done : threads.invokeAll(senders)) {
        done.get();
      }
      awaitAll(source);
    } finally {
      threads.shutdownNow();
    }
    assertThat(email.calls()).isEqualTo(2);
    assertThat(said()).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7");
  }

  @ParameterizedTest
  @EnumSource
  void aWindowOutlivesTheProcessThatOpenedIt(Databases database) throws Exception {
    DataSource source = database.pooled();
    SendReceipt first;
    try (NotificationDispatcher before = node(source, DAYS)) {
      first = before.send(comment("first"));
    }
    assertThat(email.calls()).isZero();

    try (NotificationDispatcher after = node(source, DAYS.flushAt(2))) {
      after.send(comment("second"));
      awaitAll(source);
      assertThat(after.status(first.id()).orElseThrow().deliveries().get(0).status())
          .isEqualTo(DeliveryStatus.DIGESTED);
    }
    assertThat(said()).containsExactly("first", "second");
  }

  /** As if their windows had ended an hour ago. */
  private static void end(DataSource source) throws Exception {
    try (Connection connection = source.getConnection()) {
      Database kind = Database.of(connection);
      try (PreparedStatement statement =
          connection.prepareStatement("UPDATE notify_digest SET due = ?")) {
        new Columns(kind, statement).time(Instant.now().minus(Duration.ofHours(1)));
        assertThat(statement.executeUpdate()).isPositive();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatACategoryHadCollectedThatHasNoDigestAnyMoreGoesByItself(Databases database)
      throws Exception {
    DataSource source = database.pooled();
    SendReceipt first;
    try (NotificationDispatcher before = node(source, DAYS)) {
      first = before.send(comment("first"));
      before.send(comment("second"));
      before.cancel(before.send(comment("called off")).id());
    }
    end(source);

    try (NotificationDispatcher after = node(source, Category.optional("comments"))) {
      awaitAll(source);

      Delivery item = after.status(first.id()).orElseThrow().deliveries().get(0);
      assertThat(item.status()).isEqualTo(DeliveryStatus.DIGESTED);
      String single = item.reason().orElseThrow().detail().substring("in ".length());
      var said = after.status(NotificationId.parse(single)).orElseThrow();
      assertThat(said.notification().template()).isEqualTo(comment("first").template());
      assertThat(said.isSettled()).isTrue();
    }
    assertThat(said()).containsExactlyInAnyOrder("first", "second");
    assertThat(email.calls()).isEqualTo(2);
  }

  /** A million people wait for the digest of nine o'clock. */
  @ParameterizedTest
  @EnumSource
  void manyWindowsTakeFewStatements(Databases database) throws Exception {
    DataSource source = database.pooled();
    int people = 100;
    try (NotificationDispatcher before = node(source, DAYS)) {
      for (int i = 0; i < people; i++) {
        before.send(comment("person-" + i, "one"));
      }
    }
    end(source);

    FaultySource counting = new FaultySource(source);
    try (NotificationDispatcher after = node(counting, DAYS)) {
      awaitAll(source);
    }
    assertThat(email.calls()).isEqualTo(people);
    assertThat(counting.prepared("notify_digest")).isLessThan(50);
    assertThat(counting.prepared("notify_message (")).as("stored").isLessThan(10);
    assertThat(counting.prepared("notify_preference")).as("choices").isLessThan(10);
    assertThat(counting.prepared("notify_suppression")).as("suppressed").isLessThan(10);
  }

  @ParameterizedTest
  @EnumSource
  void anItemIsPartOfTheTransactionThatSendsIt(Databases database) throws Exception {
    DataSource source = database.pooled();
    try (NotificationDispatcher node = node(source, DAYS.flushAt(2));
        Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      node.inTransaction(connection).send(comment("undone"));
      connection.rollback();
      assertThat(TableScan.count(source, "notify_digest")).isZero();

      node.inTransaction(connection).send(comment("one"));
      node.inTransaction(connection).send(comment("two"));
      connection.commit();
      awaitAll(source);
    }
    assertThat(said()).containsExactly("one", "two");
  }

  /** Its snapshot shows no window, and yet there is one. */
  @ParameterizedTest
  @EnumSource
  void aTransactionThatBeganBeforeTheWindowComesIntoIt(Databases database) throws Exception {
    DataSource source = database.pooled();
    try (NotificationDispatcher node = node(source, DAYS.flushAt(1).firstAtOnce());
        Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(
          database == Databases.MARIADB
              ? Connection.TRANSACTION_REPEATABLE_READ
              : Connection.TRANSACTION_READ_COMMITTED);
      Database.run(connection, "SELECT items FROM notify_digest");
      node.send(comment("leads"));

      assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> node.inTransaction(connection).send(comment("follows")));
      connection.commit();
      awaitAll(source);
    }
    assertThat(said()).containsExactly("leads", "follows");
  }
}
