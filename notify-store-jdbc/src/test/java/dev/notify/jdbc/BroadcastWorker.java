package dev.notify.jdbc;

import static org.awaitility.Awaitility.await;

import dev.notify.BroadcastProgress;
import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.spi.Audience;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * An application in a process of its own that sends one notification to all customers, and a
 * critical one to somebody now and then; it ends when everybody has it.
 */
final class BroadcastWorker {

  private BroadcastWorker() {}

  /** Arguments: JDBC URL, node name. */
  public static void main(String[] arguments) {
    DataSource source = Worker.pooled(arguments[0]);
    NotificationDispatcher dispatcher = builder(source, arguments[1]).build();
    BroadcastId id = begin(dispatcher, source);
    System.out.println("begun " + id);
    List<Long> critical = new ArrayList<>();
    await()
        .atMost(Duration.ofHours(1))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              critical.add(criticalMillis(dispatcher));
              return tell(dispatcher, id).state() == State.COMPLETED;
            });
    Collections.sort(critical);
    System.out.printf(
        "critical, send to sent: median %d ms, 90th percentile %d ms, slowest %d ms%n",
        critical.get(critical.size() / 2),
        critical.get(critical.size() * 9 / 10),
        critical.get(critical.size() - 1));
    dispatcher.close();
    System.out.println("done");
    System.exit(0);
  }

  private static long criticalMillis(NotificationDispatcher dispatcher) {
    long began = System.nanoTime();
    dispatcher
        .send(
            Notification.to(Address.email("jane@example.com"))
                .body("Your code is 1234")
                .priority(Priority.CRITICAL)
                .build())
        .outcome()
        .join();
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static BroadcastProgress tell(NotificationDispatcher dispatcher, BroadcastId id) {
    BroadcastProgress progress = dispatcher.broadcasts().find(id).orElseThrow();
    Runtime heap = Runtime.getRuntime();
    System.out.printf(
        "%s members %d, remaining %s, sent %d, open %d, %.0f/s, heap %d MiB%n",
        progress.state(),
        progress.members(),
        progress.remaining(),
        progress.count(Type.SENT),
        progress.open(),
        progress.perSecond(),
        (heap.totalMemory() - heap.freeMemory()) >> 20);
    return progress;
  }

  static BroadcastId begin(NotificationDispatcher dispatcher, DataSource source) {
    Notification news =
        Notification.to("everybody")
            .title("News")
            .body("The season begins.".repeat(20))
            .channels(Channel.EMAIL)
            .idempotencyKey("season")
            .build();
    return dispatcher.broadcast(customers(source), news).id();
  }

  static DispatcherBuilder builder(DataSource source, String node) {
    JdbcStore store =
        JdbcStore.builder(source)
            .nodeName(node)
            .lease(Duration.ofMillis(1_500), Duration.ofMillis(300))
            .pollInterval(Duration.ofMillis(50))
            .build();
    return NotificationDispatcher.builder()
        .store(store)
        .provider(new Forgetful())
        .inFlight(64)
        .audience(customers(source))
        .recipients(
            id -> Optional.of(Recipient.builder(id).email("u" + id + "@example.com").build()));
  }

  static Audience customers(DataSource source) {
    return JdbcAudience.of("customers", source, "SELECT id FROM customers", "id");
  }

  /** Takes everything and remembers nothing. */
  private static final class Forgetful implements ChannelProvider {

    @Override
    public String name() {
      return "forgetful";
    }

    @Override
    public Channel channel() {
      return Channel.EMAIL;
    }

    @Override
    public Outcome deliver(OutboundMessage message) {
      return Outcome.accepted(message.reference());
    }
  }
}
