package dev.notify;

import dev.notify.Intake.Answered;
import dev.notify.Intake.Portion;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends many notifications in portions; one that fails does not stop the others. While portions are
 * being stored, the next is thought about.
 */
final class Bulk {

  private static final int MOST_FAILURES_KEPT = 1_000;
  private static final int PORTION = 500;

  /** A store that waits for its disk can write another one meanwhile; more would fill the lanes. */
  private static final int MOST_UNDER_WAY = 2;

  private final Function<List<Notification>, Portion> prepare;
  private final Function<Portion, List<Answered>> accept;
  private final Executor executor;
  private final List<BulkReceipt.Failure> failures = new ArrayList<>();
  private List<Notification> gathered = new ArrayList<>(PORTION);
  private List<Long> positions = new ArrayList<>(PORTION);
  private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>(MOST_UNDER_WAY + 1);
  private long index;
  private long accepted;
  private long repeated;
  private long failed;

  /**
   * A sender of many.
   *
   * @param executor lends a thread that stores a portion; if it has none to spare, the caller does
   */
  Bulk(
      Function<List<Notification>, Portion> prepare,
      Function<Portion, List<Answered>> accept,
      Executor executor) {
    this.prepare = prepare;
    this.accept = accept;
    this.executor = executor;
  }

  /** A portion that is being stored. */
  private static final class UnderWay implements Runnable {
    final List<Notification> asked;
    final List<Long> positions;
    private final CompletableFuture<List<Answered>> answers = new CompletableFuture<>();
    private final Supplier<List<Answered>> work;
    private final AtomicBoolean begun = new AtomicBoolean();

    UnderWay(List<Notification> asked, List<Long> positions, Supplier<List<Answered>> work) {
      this.asked = asked;
      this.positions = positions;
      this.work = work;
    }

    /** Stores it, unless another thread does or has done so. */
    @Override
    public void run() {
      if (begun.compareAndSet(false, true)) {
        try {
          answers.complete(work.get());
        } catch (Throwable e) {
          answers.completeExceptionally(e);
        }
      }
    }

    /** What came of it. Waits for the thread that was lent; if there is none, for nobody. */
    List<Answered> answers() {
      run();
      try {
        return answers.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e;
      }
    }
  }

  <T> BulkReceipt send(
      Iterable<T> items, Function<T, Notification> notification, Function<T, String> recipientId) {
    try {
      for (T item : items) {
        gather(item, notification, recipientId);
        if (gathered.size() == PORTION) {
          lendThread(flush());
        }
        index++;
      }
      // Nothing is thought about while the last is stored, so the caller does it: now, and not when
      // those before it are through.
      if (!gathered.isEmpty()) {
        flush().run();
      }
    } finally {
      settle(0);
    }
    return new BulkReceipt(accepted, repeated, failures, failed);
  }

  private <T> void gather(
      T item, Function<T, Notification> notification, Function<T, String> recipientId) {
    try {
      Notification next = notification.apply(item);
      if (next == null) {
        throw new InvalidNotificationException("notification", "must not be null");
      }
      gathered.add(next);
      positions.add(index);
    } catch (RuntimeException e) {
      fail(index, item == null ? "" : recipientId.apply(item), e);
    }
  }

  /** Thinks about what has gathered, as soon as there is room for it. */
  private UnderWay flush() {
    // What replaces something pending must find it stored.
    boolean inOrder = gathered.stream().anyMatch(Notification::replacesPending);
    settle(inOrder ? 0 : MOST_UNDER_WAY - 1);
    UnderWay next = new UnderWay(gathered, positions, prepared(gathered));
    gathered = new ArrayList<>(PORTION);
    positions = new ArrayList<>(PORTION);
    // From here on it is seen to, whatever becomes of the others: places are kept for it.
    underWay.add(next);
    return next;
  }

  private Supplier<List<Answered>> prepared(List<Notification> asked) {
    try {
      Portion portion = prepare.apply(asked);
      return () -> answers(asked, portion);
    } catch (RuntimeException e) {
      return () -> refused(asked, e);
    }
  }

  private void lendThread(UnderWay next) {
    try {
      executor.execute(next);
    } catch (RejectedExecutionException e) {
      next.run();
    }
  }

  /** A dispatcher that was closed meanwhile refuses the whole portion. */
  private List<Answered> answers(List<Notification> asked, Portion portion) {
    try {
      return accept.apply(portion);
    } catch (RuntimeException e) {
      return refused(asked, e);
    }
  }

  private static List<Answered> refused(List<Notification> asked, RuntimeException e) {
    return asked.stream().map(each -> Answered.with(e)).toList();
  }

  /** Sees to it that all but so many come to an end, the first one first. */
  private void settle(int left) {
    while (underWay.size() > left) {
      boolean settled = false;
      try {
        settle(underWay.remove());
        settled = true;
      } finally {
        if (!settled) {
          settle(0);
        }
      }
    }
  }

  /** Takes down what came of one. */
  private void settle(UnderWay last) {
    List<Answered> answers = last.answers();
    for (int i = 0; i < answers.size(); i++) {
      Answered answer = answers.get(i);
      if (answer.fault().isPresent()) {
        fail(last.positions.get(i), last.asked.get(i).recipientId(), answer.fault().get());
      } else if (answer.receipt().orElseThrow().answer() == SendReceipt.Answer.NEW) {
        accepted++;
      } else {
        repeated++;
      }
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
