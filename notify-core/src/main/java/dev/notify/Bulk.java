package dev.notify;

import dev.notify.Intake.Answered;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Sends many notifications in portions; one that fails does not stop the others. */
final class Bulk {

  private static final int MOST_FAILURES_KEPT = 1_000;
  private static final int PORTION = 500;

  private final Function<List<Notification>, List<Answered>> send;
  private final List<BulkReceipt.Failure> failures = new ArrayList<>();
  private final List<Notification> portion = new ArrayList<>(PORTION);
  private final List<Long> positions = new ArrayList<>(PORTION);
  private long index;
  private long accepted;
  private long repeated;
  private long failed;

  Bulk(Function<List<Notification>, List<Answered>> send) {
    this.send = send;
  }

  <T> BulkReceipt send(
      Iterable<T> items, Function<T, Notification> notification, Function<T, String> recipientId) {
    for (T item : items) {
      try {
        Notification next = notification.apply(item);
        if (next == null) {
          throw new InvalidNotificationException("notification", "must not be null");
        }
        portion.add(next);
        positions.add(index);
      } catch (RuntimeException e) {
        fail(index, item == null ? "" : recipientId.apply(item), e);
      }
      if (portion.size() == PORTION) {
        flush();
      }
      index++;
    }
    flush();
    return new BulkReceipt(accepted, repeated, failures, failed);
  }

  private void flush() {
    if (portion.isEmpty()) {
      return;
    }
    List<Answered> answers = answers();
    for (int i = 0; i < answers.size(); i++) {
      Answered answer = answers.get(i);
      if (answer.fault().isPresent()) {
        fail(positions.get(i), portion.get(i).recipientId(), answer.fault().get());
      } else if (answer.receipt().orElseThrow().answer() == SendReceipt.Answer.NEW) {
        accepted++;
      } else {
        repeated++;
      }
    }
    portion.clear();
    positions.clear();
  }

  /** A dispatcher that was closed meanwhile refuses the whole portion. */
  private List<Answered> answers() {
    try {
      return send.apply(portion);
    } catch (RuntimeException e) {
      return portion.stream().map(each -> Answered.with(e)).toList();
    }
  }

  private void fail(long position, String recipientId, RuntimeException cause) {
    failed++;
    if (failures.size() < MOST_FAILURES_KEPT) {
      failures.add(new BulkReceipt.Failure(position, recipientId, asNotifyException(cause)));
    }
  }

  /** What the application's directory or store threw; its message may hold anything. */
  private static NotifyException asNotifyException(RuntimeException e) {
    return e instanceof NotifyException told
        ? told
        : new NotifyException("the application threw " + e.getClass().getName(), e);
  }
}
