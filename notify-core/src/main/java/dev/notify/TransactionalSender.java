package dev.notify;

import dev.notify.model.Notification;
import dev.notify.model.NotificationType;
import java.util.function.Function;

/**
 * Sends within a transaction of the application's: the notification exists exactly if the business
 * change commits. Made by {@link NotificationDispatcher#inTransaction}; as thread-safe as the
 * transaction is.
 *
 * <p>The decisions on its receipts hold at once. Ask for outcome and status after the commit:
 * before it there is nothing to find. Delivery begins within the store's poll interval after it.
 *
 * @since 0.1
 */
public final class TransactionalSender {

  private final Function<Notification, SendReceipt> send;

  TransactionalSender(Function<Notification, SendReceipt> send) {
    this.send = send;
  }

  /** Accepts a notification, if the transaction commits. */
  public SendReceipt send(Notification notification) {
    return send.apply(notification);
  }

  /** Accepts a notification of a type for one person, if the transaction commits. */
  public <T extends Record> SendReceipt send(NotificationType<T> type, String recipientId, T data) {
    return send(type.notification(recipientId, data));
  }
}
