package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.ProviderEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a few times more what was told of a message that nobody knew: somebody can see it in an
 * inbox before it is written down that it was sent. Bounded; what is beyond is left at its first
 * word.
 */
final class EarlyReports {

  private static final Logger log = LoggerFactory.getLogger(NotificationDispatcher.class);

  private static final List<Duration> LATER =
      List.of(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(20));

  private static final int MOST = 10_000;

  private final EngineParts parts;
  private final Predicate<ProviderEvent> tell;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Over these.
   *
   * @param tell tells it, and answers whether the message is known by now
   */
  EarlyReports(EngineParts parts, Predicate<ProviderEvent> tell) {
    this.parts = parts;
    this.tell = tell;
  }

  void hold(ProviderEvent event) {
    if (waiting.incrementAndGet() > MOST) {
      waiting.decrementAndGet();
      return;
    }
    again(event, 0);
  }

  private void again(ProviderEvent event, int tries) {
    if (tries == LATER.size()) {
      waiting.decrementAndGet();
      return;
    }
    var ignored =
        parts
            .clock()
            .wakeUp(
                LATER.get(tries),
                () -> {
                  try {
                    parts.executor().execute(() -> tell(event, tries));
                  } catch (RejectedExecutionException e) {
                    // Closing: nobody would listen.
                    waiting.decrementAndGet();
                  }
                });
  }

  private void tell(ProviderEvent event, int tries) {
    boolean isKnown = false;
    try {
      isKnown = tell.test(event);
    } catch (RuntimeException e) {
      log.warn("{} cannot be recorded now: {}", event.type(), e.getClass().getName());
    }
    if (isKnown) {
      waiting.decrementAndGet();
    } else {
      again(event, tries + 1);
    }
  }
}
