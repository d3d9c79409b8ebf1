package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.BulkReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Digest;
import dev.notify.model.Notification;
import dev.notify.model.Origin;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.template.TemplateSources;
import dev.notify.test.RecordingProvider;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is presumed of people whom a process has not met lately, and what if that is not so. */
class PresumptionTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final Choice NO = new Choice(false, NOW, "settings page");
  private static final Origin ORIGIN = new Origin("jane", "settings page", NOW);
  private static final int MANY = 60;

  private final RecordingProvider email = RecordingProvider.of(Channel.EMAIL);

  private NotificationDispatcher dispatcher(DataSource source, DeliveryPolicy... policies) {
    var builder =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).pollInterval(Duration.ofSeconds(1)).build())
            .categories(
                Category.optional("news"),
                Category.optional("likes").digested(Digest.fixed(Duration.ofHours(1), "likes")))
            .templates(
                TemplateSources.of(
                    Map.of("likes/email.subject", "{{count}}", "likes/email.text", "{{count}}")))
            .provider(email);
    List.of(policies).forEach(builder::policy);
    return builder.build();
  }

  private static void optOut(DataSource source, String person) {
    try (JdbcStore elsewhere = JdbcStore.of(source)) {
      var unused =
          elsewhere
              .preferences()
              .orElseThrow()
              .update(person, ORIGIN, before -> before.toBuilder().everything(NO).build());
    }
  }

  private static void suppress(DataSource source, String person) {
    try (JdbcStore elsewhere = JdbcStore.of(source)) {
      elsewhere
          .suppressions()
          .orElseThrow()
          .add(Suppression.of(address(person), Kind.OPT_OUT, "STOP", NOW));
    }
  }

  private static Address address(String person) {
    return Address.email(person + "@example.com");
  }

  private static Notification.Builder news(String person) {
    return Notification.to(Recipient.builder(person).address(address(person)).build())
        .category("news")
        .channels(Channel.EMAIL)
        .at(Instant.now().plusSeconds(3_600))
        .title("News")
        .body("Now");
  }

  private static List<String> reasons(SendReceipt receipt) {
    return receipt.decisions().stream()
        .map(ChannelDecision::decision)
        .map(made -> made instanceof Decision.Suppress no ? no.reason().code() : "sent")
        .toList();
  }

  @Test
  void whatWasFoundOutIsRemembered() throws Exception {
    FaultySource counting = new FaultySource(Databases.H2.clean());
    try (NotificationDispatcher dispatcher = dispatcher(counting)) {
      assertThat(reasons(dispatcher.send(news("ana").build()))).containsExactly("sent");
      assertThat(reasons(dispatcher.send(news("ana").build()))).containsExactly("sent");

      assertThat(counting.prepared("FROM notify_preference")).isEqualTo(1);
      assertThat(counting.prepared("FROM notify_suppression")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoHasChosenSomethingIsThoughtAboutAgainAndHisNeighboursAreNot(Databases database)
      throws Exception {
    DataSource source = database.clean();
    for (int i = 0; i < MANY; i += 3) {
      optOut(source, "u" + i);
      suppress(source, "u" + (i + 1));
    }
    Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    Map<String, List<String>> reasons = new ConcurrentHashMap<>();
    try (NotificationDispatcher dispatcher =
        dispatcher(
            source,
            request -> {
              asked
                  .computeIfAbsent(request.recipient().id(), id -> new AtomicInteger())
                  .incrementAndGet();
              return Decision.ALLOW;
            })) {
      CountDownLatch begin = new CountDownLatch(1);
      List<Thread> senders =
          IntStream.range(0, MANY)
              .mapToObj(
                  i ->
                      new Thread(
                          () -> {
                            awaitUninterruptibly(begin);
                            reasons.put("u" + i, reasons(dispatcher.send(news("u" + i).build())));
                          }))
              .toList();
      senders.forEach(Thread::start);
      begin.countDown();
      for (Thread sender : senders) {
        sender.join();
      }
    }

    assertThat(reasons).hasSize(MANY);
    for (int i = 0; i < MANY; i += 3) {
      assertThat(reasons.get("u" + i)).containsExactly(Reason.OPTED_OUT);
      assertThat(reasons.get("u" + (i + 1))).containsExactly(Reason.SUPPRESSED_ADDRESS);
      assertThat(reasons.get("u" + (i + 2))).containsExactly("sent");
      assertThat(asked.get("u" + (i + 2))).hasValue(1);
    }
    assertThat(TableScan.count(source, "notify_message")).isEqualTo(MANY);
    assertThat(TableScan.count(source, "notify_delivery")).isEqualTo(MANY / 3);
    assertThat(TableScan.count(source, "notify_outcome")).isEqualTo(2 * MANY / 3);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whereNothingIsRememberedItIsAskedForEachTime() throws Exception {
    DataSource source = Databases.H2.clean();
    optOut(source, "ana");
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).cacheFor(Duration.ZERO).build())
            .categories(Category.optional("news"))
            .provider(email)
            .build()) {
      assertThat(reasons(dispatcher.send(news("ana").build()))).containsExactly(Reason.OPTED_OUT);
      assertThat(reasons(dispatcher.send(news("bob").build()))).containsExactly("sent");
      optOut(source, "bob");
      assertThat(reasons(dispatcher.send(news("bob").build()))).containsExactly(Reason.OPTED_OUT);
    }
  }

  @Test
  void aSendUnderAKeyOrForADigestPresumesNothing() throws Exception {
    DataSource source = Databases.H2.clean();
    optOut(source, "ana");
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      assertThat(reasons(dispatcher.send(news("ana").idempotencyKey("k1").build())))
          .containsExactly(Reason.OPTED_OUT);
    }
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      assertThat(
              reasons(
                  dispatcher.send(
                      Notification.to(Recipient.builder("ana").address(address("ana")).build())
                          .category("likes")
                          .channels(Channel.EMAIL)
                          .title("Likes")
                          .body("One")
                          .build())))
          .containsExactly(Reason.OPTED_OUT);
    }
  }

  /** What a policy of the application's does to what was only presumed, is not what counts. */
  @Test
  void aRefusalThatRestsOnWhatIsNotSoIsNoRefusal() throws Exception {
    DataSource source = Databases.H2.clean();
    optOut(source, "ana");
    DeliveryPolicy strict =
        request -> {
          if (request.preferences().choices().isEmpty()) {
            throw new IllegalStateException("nothing chosen");
          }
          return Decision.ALLOW;
        };
    try (NotificationDispatcher dispatcher = dispatcher(source, strict)) {
      assertThat(reasons(dispatcher.send(news("ana").build()))).containsExactly(Reason.OPTED_OUT);
      assertThatThrownBy(() -> dispatcher.send(news("bob").build()))
          .hasStackTraceContaining("nothing chosen");
    }
  }

  /** What a policy counts, a frequency cap for instance, is taken back before it counts again. */
  @Test
  void whatWasCountedByMistakeIsTakenBack() throws Exception {
    DataSource source = Databases.H2.clean();
    try (JdbcStore elsewhere = JdbcStore.of(source)) {
      var unused =
          elsewhere
              .preferences()
              .orElseThrow()
              .update("ana", ORIGIN, before -> before.toBuilder().channel(Channel.SMS, NO).build());
    }
    AtomicInteger counted = new AtomicInteger();
    DeliveryPolicy counting =
        new DeliveryPolicy() {
          @Override
          public Decision decide(PolicyRequest request) {
            counted.incrementAndGet();
            return Decision.ALLOW;
          }

          @Override
          public void undo(PolicyRequest request) {
            counted.decrementAndGet();
          }
        };
    try (NotificationDispatcher dispatcher = dispatcher(source, counting)) {
      assertThat(reasons(dispatcher.send(news("ana").build()))).containsExactly("sent");
      assertThat(counted).hasValue(1);
    }
    assertThat(TableScan.count(source, "notify_message")).isEqualTo(1);
  }

  /**
   * After a commit without answer the send may be in the tables already, and is not thought anew.
   */
  @Test
  void whatWasFoundRightIsNotDoubtedAgain() throws Exception {
    DataSource source = Databases.H2.clean();
    StoreParts parts = new StoreParts(JdbcStore.builder(source));
    Presumption presumption =
        parts.presumptions.within(
            () -> {
              assertThat(parts.choices.find("ana")).isEqualTo(Preferences.NONE);
              return parts.presumptions.handOver();
            });
    assertThat(isWrong(parts, presumption)).isFalse();
    optOut(source, "ana");

    assertThat(isWrong(parts, presumption)).isFalse();
  }

  /** The send is in the tables, its answer was lost, and then its person chooses something. */
  @ParameterizedTest
  @EnumSource
  void aCommitWithoutAnswerIsNotDoneAgainForSomebodyWhoChoseMeanwhile(Databases database)
      throws Exception {
    DataSource tables = database.clean();
    FaultySource faulty = new FaultySource(tables);
    AtomicBoolean isLost = new AtomicBoolean();
    DataSource choosing =
        (DataSource)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  if (faulty.cuts() > 0 && isLost.compareAndSet(false, true)) {
                    optOut(tables, "ana");
                  }
                  return method.invoke(faulty, arguments);
                });
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(choosing)
                    .lease(Duration.ofMinutes(30), Duration.ofMinutes(9))
                    .pollInterval(Duration.ofHours(1))
                    .build())
            .categories(Category.optional("news"))
            .policy(
                request -> {
                  // Now, and not before: the engine's own looks at the tables commit, too.
                  if (request.recipient().id().equals("ana") && faulty.cuts() == 0) {
                    faulty.cutAfterCommit(1);
                  }
                  return Decision.ALLOW;
                })
            .provider(email)
            .build()) {
      assertThat(reasons(dispatcher.send(news("bob").build()))).containsExactly("sent");
      dispatcher.send(news("ana").build());
    }

    assertThat(isLost).isTrue();
    assertThat(TableScan.count(tables, "notify_message")).as("one each").isEqualTo(2);
  }

  /** What it asks of people is its own business, not that of the send around it. */
  @Test
  void aListThatIsSentFromWithinAPolicyPresumesNothing() throws Exception {
    DataSource source = Databases.H2.clean();
    optOut(source, "ben");
    AtomicReference<NotificationDispatcher> self = new AtomicReference<>();
    AtomicReference<BulkReceipt> nested = new AtomicReference<>();
    DeliveryPolicy sendsToBen =
        request -> {
          if (request.recipient().id().equals("ana")) {
            nested.set(self.get().sendAll(Stream.of(news("ben").build(), news("cleo").build())));
          }
          return Decision.ALLOW;
        };
    // What a list expects to ask for it remembers, and would not ask as it goes.
    JdbcStore forgetful = JdbcStore.builder(source).cacheFor(Duration.ZERO).build();
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(forgetful)
            .categories(Category.optional("news"))
            .policy(sendsToBen)
            .provider(email)
            .build()) {
      self.set(dispatcher);
      var unused = dispatcher.send(news("ana").build());

      assertThat(nested.get().accepted()).isEqualTo(2);
    }
    assertThat(TableScan.count(source, "notify_message")).as("each once").isEqualTo(3);
    assertThat(TableScan.count(source, "notify_delivery")).as("none to Ben").isEqualTo(2);
  }

  private static boolean isWrong(StoreParts parts, Presumption presumption) {
    return parts.transactions.read(
        connection -> {
          parts.presumptions.check(connection, List.of(presumption));
          return presumption.isWrong();
        });
  }
}
