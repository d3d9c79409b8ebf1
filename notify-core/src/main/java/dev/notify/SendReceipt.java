package dev.notify;

import dev.notify.model.ChannelDecision;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What {@code send} answers at once: the notification is stored, and this was decided.
 *
 * @since 0.1
 */
public final class SendReceipt {

  /**
   * Whether the notification is a new one. The fourth answer, a key used for another one, is
   * refused.
   */
  public enum Answer {
    /** Accepted. */
    NEW,
    /** Its idempotency key was used before; this is the first receipt, nothing is sent again. */
    REPLAYED,
    /** Another thread is just accepting it; nothing is sent twice. */
    IN_PROGRESS
  }

  private final NotificationId id;
  private final Answer answer;
  private final List<ChannelDecision> decisions;
  private final Function<NotificationId, CompletableFuture<NotificationRecord>> outcomes;

  SendReceipt(
      NotificationId id,
      Answer answer,
      List<ChannelDecision> decisions,
      Function<NotificationId, CompletableFuture<NotificationRecord>> outcomes) {
    this.id = id;
    this.answer = answer;
    this.decisions = decisions;
    this.outcomes = outcomes;
  }

  /** Id of the notification, for {@code status} and {@code cancel}. */
  public NotificationId id() {
    return id;
  }

  /** Whether it is a new one. */
  public Answer answer() {
    return answer;
  }

  /**
   * What was decided for each channel and address; empty while another thread is still deciding.
   */
  public List<ChannelDecision> decisions() {
    return decisions;
  }

  /**
   * Completes when every delivery has been taken by a provider or has ended otherwise; for deferred
   * and scheduled ones that may be long. Its dependents run on a delivering thread: be quick, or
   * use the async methods.
   */
  public CompletableFuture<NotificationRecord> outcome() {
    return outcomes.apply(id);
  }

  @Override
  public String toString() {
    return "SendReceipt["
        + id
        + ", "
        + answer
        + ", "
        + decisions.stream().map(d -> d.channel() + " " + d.decision()).toList()
        + "]";
  }
}
