package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Rate;
import dev.notify.model.Recipient;
import dev.notify.policy.FrequencyCap;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two processes that send to the same people. */
class SharedCapsTest {

  private final RecordingProvider sent = RecordingProvider.of(Channel.EMAIL);

  private NotificationDispatcher process(DataSource source) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.of(source))
        .provider(sent)
        .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
        .frequencyCap(FrequencyCap.perRecipient(new Rate(5, Duration.ofDays(1))).dropping())
        .build();
  }

  private static List<SendReceipt> sendTo(String person, NotificationDispatcher dispatcher) {
    List<SendReceipt> receipts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      receipts.add(
          dispatcher.send(
              Notification.to(person)
                  .title("News")
                  .body("Read them")
                  .channels(Channel.EMAIL)
                  .build()));
    }
    return receipts;
  }

  @ParameterizedTest
  @EnumSource
  void aCapHoldsForBothTogether(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher one = process(source);
        NotificationDispatcher two = process(source)) {
      List<CompletableFuture<List<SendReceipt>>> senders = new ArrayList<>();
      for (String person : List.of("jane", "joe")) {
        senders.add(CompletableFuture.supplyAsync(() -> sendTo(person, one)));
        senders.add(CompletableFuture.supplyAsync(() -> sendTo(person, two)));
      }
      int reached = 0;
      for (CompletableFuture<List<SendReceipt>> sender : senders) {
        for (SendReceipt receipt : sender.get(60, TimeUnit.SECONDS)) {
          boolean isSent =
              receipt.outcome().get(60, TimeUnit.SECONDS).deliveries().get(0).status()
                  == DeliveryStatus.SENT;
          reached += isSent ? 1 : 0;
        }
      }

      assertThat(reached).isEqualTo(10);
      assertThat(sent.messages())
          .filteredOn(message -> message.recipientId().equals("jane"))
          .hasSize(5);
    }
  }
}
