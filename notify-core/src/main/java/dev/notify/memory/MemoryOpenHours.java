package dev.notify.memory;

import dev.notify.model.OpenHours;
import dev.notify.spi.OpenHoursStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Hours of people's opens in the heap: of the 100,000 people who opened or were sent something
 * last.
 *
 * @since 0.1
 */
public final class MemoryOpenHours implements OpenHoursStore {

  private static final int MOST = 100_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, OpenHours> byRecipient =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, OpenHours> eldest) {
          return size() > MOST;
        }
      };

  /** Nothing is known of anybody. */
  public MemoryOpenHours() {}

  private <R> R locked(Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public OpenHours find(String recipientId) {
    return locked(() -> byRecipient.getOrDefault(recipientId, OpenHours.NONE));
  }

  @Override
  public void note(String recipientId, int hour) {
    OpenHours unused =
        locked(
            () ->
                byRecipient.merge(
                    recipientId, OpenHours.NONE.plus(hour), (known, first) -> known.plus(hour)));
  }

  @Override
  public boolean forget(String recipientId) {
    return locked(() -> byRecipient.remove(recipientId) != null);
  }
}
