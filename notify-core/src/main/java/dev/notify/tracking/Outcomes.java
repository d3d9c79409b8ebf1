package dev.notify.tracking;

import dev.notify.model.Delivery;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotifyException;
import dev.notify.spi.NotificationStore;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Futures of those who wait for a notification to settle; nothing is kept for those who do not. */
public final class Outcomes {

  private final NotificationStore store;
  private final ConcurrentHashMap<NotificationId, CompletableFuture<NotificationRecord>> awaited =
      new ConcurrentHashMap<>();

  /** Futures over this store. */
  public Outcomes(NotificationStore store) {
    this.store = store;
  }

  /** Completes when no delivery of the notification is open any more. */
  public CompletableFuture<NotificationRecord> of(NotificationId id) {
    CompletableFuture<NotificationRecord> future =
        awaited.computeIfAbsent(id, key -> new CompletableFuture<>());
    completeIfSettled(id);
    return future;
  }

  /** A delivery changed, and the store knows. */
  public void changed(Delivery delivery) {
    if (delivery.status().isSettled() && awaited.containsKey(delivery.notificationId())) {
      completeIfSettled(delivery.notificationId());
    }
  }

  /**
   * Looks in the store for some of those that are awaited: with several nodes, another one may have
   * delivered them.
   *
   * @param most so many at most; the others get their turn later
   */
  public void lookAgain(int most) {
    Iterator<NotificationId> ids = awaited.keySet().iterator();
    for (int i = 0; i < most && ids.hasNext(); i++) {
      completeIfSettled(ids.next());
    }
  }

  private void completeIfSettled(NotificationId id) {
    Optional<NotificationRecord> known = store.find(id);
    if (known.isPresent() && !known.get().isSettled()) {
      return;
    }
    CompletableFuture<NotificationRecord> future = awaited.remove(id);
    if (future != null) {
      known.ifPresentOrElse(
          future::complete,
          () ->
              future.completeExceptionally(
                  new NotifyException(
                      "notification " + id + " is settled, but the store has forgotten it")));
    }
  }
}
