package dev.notify.benchmarks.chaos;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.benchmarks.Threads;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.model.RefusedException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends steadily: plain messages, scheduled ones, some that expire, some under a key. It notes what
 * it is about to send, and what came of it. What was sent under a key and refused, or lost, is sent
 * again by somebody else.
 */
final class Sender {

  private static final int THREADS = 4;
  private static final int MOST_TRIES = 40;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(150);

  /** For so long the workers all send under one key. */
  private static final long SHARED_KEY_MICROS = 1_500_000;

  private final NotificationDispatcher dispatcher;
  private final Journal journal;
  private final RunClock clock;
  private final String life;
  private final long pauseNanos;
  private final AtomicLong number = new AtomicLong();
  private final BlockingQueue<Again> again = new LinkedBlockingQueue<>();
  private volatile boolean stopped;
  private long lastShared = -1;

  /** What somebody else is to send under its key once more. */
  private record Again(Notification notification, String send, int tries) {}

  Sender(
      NotificationDispatcher dispatcher, Journal journal, RunClock clock, String life, int rate) {
    this.dispatcher = dispatcher;
    this.journal = journal;
    this.clock = clock;
    this.life = life;
    pauseNanos = 1_000_000_000L * THREADS / rate;
  }

  void start() {
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(this::sendSteadily, "sender-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    Thread second = new Thread(this::sendAgain, "second-sender");
    second.setDaemon(true);
    second.start();
  }

  /** Begins nothing new. */
  void stop() {
    stopped = true;
  }

  private void sendSteadily() {
    while (!stopped) {
      // Not parked: whoever waits for a commit is left a permit to go on at once.
      Threads.sleep(Duration.ofNanos(ThreadLocalRandom.current().nextLong(2 * pauseNanos)));
      sendOne();
    }
  }

  private void sendOne() {
    String send = life + "-" + number.incrementAndGet();
    int dice = ThreadLocalRandom.current().nextInt(100);
    if (dice < 10) {
      long slot = nextSharedSlot();
      if (slot >= 0) {
        send = "shared-" + slot;
      }
      sendUnderKey(new Again(to(send, true).idempotencyKey(send).build(), send, 1));
    } else if (dice < 20) {
      sendUnderKey(new Again(to(send, true).idempotencyKey(send).build(), send, 1));
    } else if (dice < 35) {
      long due = clock.now() + ThreadLocalRandom.current().nextLong(300_000, 6_000_000);
      send(to(send, true).at(clock.instant(due)).build(), send, "due", due);
    } else if (dice < 45) {
      long millis = ThreadLocalRandom.current().nextLong(400, 6_000);
      send(to(send, true).expiresIn(Duration.ofMillis(millis)).build(), send, "expiresIn", millis);
    } else {
      send(to(send, dice < 80).build(), send);
    }
  }

  private synchronized long nextSharedSlot() {
    long slot = clock.now() / SHARED_KEY_MICROS;
    if (slot == lastShared) {
      return -1;
    }
    lastShared = slot;
    return slot;
  }

  /** What a person at a mail address gets twice can be one; at a phone it is two. */
  private static Notification.Builder to(String send, boolean mail) {
    Address address =
        mail ? Address.email(send + "@example.com") : Address.sms("+4915112" + digits(send));
    return Notification.to(address).body("Hello").metadata("send", send);
  }

  private static String digits(String send) {
    return String.format("%06d", Math.floorMod(send.hashCode(), 1_000_000));
  }

  private void send(Notification notification, String send, Object... more) {
    intend(send, more);
    try {
      receive(dispatcher.send(notification), send);
    } catch (RuntimeException e) {
      refuse(send, e);
    }
  }

  private void intend(String send, Object... more) {
    Object[] pairs = new Object[more.length + 2];
    pairs[0] = "send";
    pairs[1] = send;
    System.arraycopy(more, 0, pairs, 2, more.length);
    journal.write(What.INTENT, pairs);
  }

  /** That somebody else is just accepting it promises nothing. */
  private void receive(SendReceipt receipt, String send) {
    if (receipt.answer() != SendReceipt.Answer.IN_PROGRESS) {
      journal.write(What.RECEIPT, "send", send, "notification", receipt.id());
    }
  }

  private void refuse(String send, RuntimeException e) {
    String why =
        e instanceof RefusedException refused ? refused.why().name() : e.getClass().getSimpleName();
    journal.write(What.REFUSED, "send", send, "why", why);
  }

  private void sendUnderKey(Again once) {
    intend(once.send(), "key", once.send());
    try {
      receive(dispatcher.send(once.notification()), once.send());
    } catch (RuntimeException e) {
      refuse(once.send(), e);
      if (once.tries() < MOST_TRIES && !stopped) {
        again.add(new Again(once.notification(), once.send(), once.tries() + 1));
      }
    }
  }

  private void sendAgain() {
    try {
      while (!stopped) {
        Again next = again.take();
        Threads.sleep(BETWEEN_TRIES);
        sendUnderKey(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
