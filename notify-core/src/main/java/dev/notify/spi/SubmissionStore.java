package dev.notify.spi;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where {@code send} writes: a store, or a transaction of the application's that a store takes part
 * in.
 *
 * @since 0.1
 */
public interface SubmissionStore {

  /** The use of an idempotency key that still counts at {@code now}. */
  Optional<KeyUse> findKey(String key, Instant now);

  /**
   * Keeps a notification with its deliveries, all or nothing. If its idempotency key is in use
   * already, keeps nothing and answers with that use.
   *
   * @throws dev.notify.model.RefusedException if there is no room or the store cannot be reached
   */
  Optional<KeyUse> accept(Submission submission);

  /**
   * As {@link #accept}, for a notification that is collected for a digest, or opens the window of
   * one: what becomes of the window is part of the same commit.
   *
   * @throws ConfigurationException if the store keeps no digests
   */
  default Entered collect(Submission submission, Joining joining) {
    throw new ConfigurationException(
        getClass().getSimpleName()
            + " keeps no digests, which '"
            + joining.slot().category()
            + "' has");
  }

  /**
   * Does the work of a {@code send} that ends here. What it asks the store meanwhile, about people
   * for example, a transaction asks on its own connection: each sender would need a second one of
   * the pool, and all of them together would wait for each other.
   *
   * <p>Where the work throws, it leaves nothing behind; so a store may have it done once more, if
   * what it answered to the first was not so.
   */
  default <R> R within(Supplier<R> work) {
    return work.get();
  }
}
