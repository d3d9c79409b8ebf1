package dev.notify.benchmarks;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole {@code send()}: accepted, stored, handed to a worker, delivered by a provider that does
 * nothing, settled, remembered.
 *
 * <p>The store holds few open deliveries and lets senders wait for room. So senders cannot run
 * ahead of the workers, and over an iteration as many are delivered as are sent: the rate is that
 * of whole deliveries.
 */
@State(Scope.Benchmark)
public class Sending {

  private static final int MOST_OPEN = 512;

  /** Made once and sent again and again: the payload is the application's, not ours. */
  private final Notification notification =
      Notification.to(Address.email("jane@example.com"))
          .title("Your order is on its way")
          .body("Parcel 1017 left our house today.")
          .build();

  private final NotificationDispatcher dispatcher =
      NotificationDispatcher.builder()
          .provider(new NoOpProvider())
          .store(
              MemoryStore.builder().capacity(MOST_OPEN).waitForRoom(Duration.ofMinutes(1)).build())
          .build();

  /** Sends one. */
  @Benchmark
  public SendReceipt send() {
    return dispatcher.send(notification);
  }

  /** Waits for what is under way. */
  @TearDown
  public void close() {
    dispatcher.close();
  }
}
