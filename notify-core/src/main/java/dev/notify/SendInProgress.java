package dev.notify;

import dev.notify.SendReceipt.Answer;
import dev.notify.model.NotificationId;
import dev.notify.model.NotifyException;
import dev.notify.model.RefusedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One thread's send under an idempotency key, as others with the same key see it. Whether it is a
 * new one is known after a look-up; what became of it, at its end.
 */
final class SendInProgress {

  private final NotificationId id;
  private final String fingerprint;
  private final CompletableFuture<Boolean> isNew = new CompletableFuture<>();
  private final CompletableFuture<SendReceipt> result = new CompletableFuture<>();

  SendInProgress(NotificationId id, String fingerprint) {
    this.id = id;
    this.fingerprint = fingerprint;
  }

  NotificationId id() {
    return id;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** Whether the key is free for it; waits until that is known. */
  boolean isNew() {
    return isNew.join();
  }

  void startsNew() {
    isNew.complete(true);
  }

  SendReceipt finish(SendReceipt receipt) {
    result.complete(receipt);
    return receipt;
  }

  /** Whoever waits for something that has not come by now waits in vain. */
  void end() {
    isNew.complete(false);
    result.completeExceptionally(
        new NotifyException("the send of " + id + " that was in progress was refused"));
  }

  /** What someone else with the same key gets to know. */
  SendReceipt receipt() {
    return new SendReceipt(
        id, Answer.IN_PROGRESS, List.of(), any -> result.thenCompose(SendReceipt::outcome));
  }

  void requireSame(SendInProgress other) {
    requireSame(id, fingerprint, other.fingerprint);
  }

  static void requireSame(NotificationId earlier, String its, String mine) {
    if (!its.equals(mine)) {
      throw new RefusedException(
          RefusedException.Why.KEY_REUSED,
          "idempotencyKey: was used for another notification, "
              + earlier
              + "; use a new key or send the same");
    }
  }
}
