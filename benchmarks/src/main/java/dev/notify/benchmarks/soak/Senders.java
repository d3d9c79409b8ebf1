package dev.notify.benchmarks.soak;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Recorder;

/**
 * Sends by the timetable, whatever the answers do: an open loop. Who is late sends at once, and
 * what follows from it is measured from when it was due.
 */
final class Senders {

  /** So many sends may wait for their commit at a time. */
  private static final int THREADS = 32;

  /** As long as a short mail. */
  private static final String BODY = "Parcel 1017 left our house today. ".repeat(15);

  private final NotificationDispatcher dispatcher;
  private final Timetable timetable;
  private final Ledger ledger;
  private final Recorder took;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();

  Senders(NotificationDispatcher dispatcher, Timetable timetable, Ledger ledger, Recorder took) {
    this.dispatcher = dispatcher;
    this.timetable = timetable;
    this.ledger = ledger;
    this.took = took;
  }

  void start(int messages) {
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(() -> send(messages), "sender-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  boolean isDone() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  /** How many were not accepted. */
  int refused() {
    return refused.get();
  }

  private void send(int messages) {
    for (int number = next.getAndIncrement(); number < messages; number = next.getAndIncrement()) {
      timetable.await(number);
      long began = System.nanoTime();
      try {
        dispatcher.send(notification(number));
        ledger.accepted(number);
      } catch (RefusedException e) {
        refused.incrementAndGet();
      }
      took.recordValue((System.nanoTime() - began) / 1_000);
    }
  }

  /** Provider and listener read the number from the person's id. */
  private static Notification notification(int number) {
    Recipient person =
        Recipient.builder(Integer.toString(number))
            .address(Address.email("jane@example.com"))
            .build();
    return Notification.to(person)
        .channels(FlakyProvider.CHANNEL)
        .title("Your order is on its way")
        .body(BODY)
        .build();
  }
}
