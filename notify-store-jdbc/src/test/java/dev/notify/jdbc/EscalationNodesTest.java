package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Push, then a text message if nobody saw it; in processes that share a database. */
class EscalationNodesTest {

  private static final Duration LONG = Duration.ofMinutes(30);

  private final RecordingProvider push = RecordingProvider.of(Channel.PUSH);
  private final RecordingProvider sms = RecordingProvider.of(Channel.SMS);

  private NotificationDispatcher node(DataSource source) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
        .provider(push)
        .provider(sms)
        .recipients(
            id -> Optional.of(Recipient.builder(id).fcm("device").sms("+14155550142").build()))
        .build();
  }

  private static Notification alarm(Duration after) {
    return Notification.to("jane")
        .title("Alarm")
        .body("Water in the cellar")
        .routing(Routing.escalate(Channel.PUSH).then(Channel.SMS, after))
        .build();
  }

  private static Delivery on(Channel channel, NotificationDispatcher node, SendReceipt receipt) {
    return node.status(receipt.id()).orElseThrow().deliveries().stream()
        .filter(delivery -> delivery.channel().equals(channel))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitPushed(NotificationDispatcher node, SendReceipt receipt) {
    awaitSoon(() -> on(Channel.PUSH, node, receipt).providerMessageId().isPresent());
  }

  /** Looks at once and often: it is waited for many. */
  private static void awaitSoon(Callable<Boolean> event) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(event);
  }

  private static void report(NotificationDispatcher node, SendReceipt receipt, Type type) {
    String id = on(Channel.PUSH, node, receipt).providerMessageId().orElseThrow();
    assertThat(node.track(new ProviderEvent("push", id, type, Instant.now(), ""))).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void whatSomebodySawStopsAtOnceWhicheverNodeHearsOfIt(Databases database) throws Exception {
    DataSource source = database.pooled();
    try (NotificationDispatcher sender = node(source);
        NotificationDispatcher other = node(source)) {
      for (Type type : List.of(Type.DELIVERED, Type.OPENED, Type.CLICKED, Type.READ)) {
        SendReceipt receipt = sender.send(alarm(LONG));
        awaitPushed(sender, receipt);

        report(other, receipt, type);

        Delivery step = on(Channel.SMS, sender, receipt);
        assertThat(step.status()).as("%s", type).isEqualTo(DeliveryStatus.SUPPRESSED);
        assertThat(step.reason().orElseThrow().code()).isEqualTo(Reason.NOT_NEEDED);
      }
    }
    assertThat(TableScan.count(source, "notify_delivery")).isZero();
    assertThat(sms.calls()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aStepOutlivesTheProcessThatPlannedItAndSoDoesWhatWasSeen(Databases database)
      throws Exception {
    DataSource source = database.pooled();
    SendReceipt unseen;
    SendReceipt seen;
    try (NotificationDispatcher before = node(source)) {
      unseen = before.send(alarm(Duration.ofMillis(1_500)));
      seen = before.send(alarm(Duration.ofMillis(1_500)));
      awaitPushed(before, unseen);
      awaitPushed(before, seen);
      report(before, seen, Type.OPENED);
    }
    assertThat(sms.calls()).isZero();

    try (NotificationDispatcher after = node(source)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> sms.calls() == 1);
      assertThat(on(Channel.SMS, after, seen).status()).isEqualTo(DeliveryStatus.SUPPRESSED);
    }
    assertThat(sms.messages().get(0).notificationId()).isEqualTo(unseen.id());
    assertThat(TableScan.count(source, "notify_delivery")).isZero();
  }

  /** Then either may come first, but never both, nor neither. */
  @ParameterizedTest
  @EnumSource
  void aReportAtTheMomentOfTheStepEitherStopsItOrComesTooLate(Databases database) throws Exception {
    DataSource source = database.pooled();
    Duration after = Duration.ofMillis(900);
    try (NotificationDispatcher sender = node(source);
        NotificationDispatcher other = node(source)) {
      List<SendReceipt> receipts =
          IntStream.range(0, 24).mapToObj(i -> sender.send(alarm(after))).toList();
      awaitSoon(() -> push.calls() == receipts.size());
      receipts.forEach(receipt -> awaitPushed(sender, receipt));
      Instant due = on(Channel.SMS, sender, receipts.get(0)).due();
      awaitSoon(() -> !Instant.now().isBefore(due.minusMillis(20)));
      // Some come before it, some at the same time, and some after the first was texted.
      receipts.subList(0, 16).forEach(receipt -> report(other, receipt, Type.OPENED));
      awaitSoon(() -> sms.calls() > 0);
      receipts.subList(16, 24).forEach(receipt -> report(other, receipt, Type.OPENED));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> TableScan.count(source, "notify_delivery") == 0);

      var texted = sms.messages().stream().map(message -> message.notificationId()).toList();
      assertThat(texted).doesNotHaveDuplicates();
      for (SendReceipt receipt : receipts) {
        DeliveryStatus status = on(Channel.SMS, sender, receipt).status();
        assertThat(status)
            .isEqualTo(
                texted.contains(receipt.id()) ? DeliveryStatus.SENT : DeliveryStatus.SUPPRESSED);
      }
      assertThat(receipts.stream().map(SendReceipt::id).collect(Collectors.toSet()))
          .containsAll(texted);
    }
  }
}
