package dev.notify.memory;

import dev.notify.model.Preferences;
import dev.notify.spi.PreferenceStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Preferences in the heap. Grows with the number of people who chose something.
 *
 * @since 0.1
 */
public final class MemoryPreferences implements PreferenceStore {

  private final ConcurrentHashMap<String, Preferences> byRecipient = new ConcurrentHashMap<>();

  /** Preferences that nobody has set yet. */
  public MemoryPreferences() {}

  @Override
  public Preferences find(String recipientId) {
    return byRecipient.getOrDefault(recipientId, Preferences.NONE);
  }

  @Override
  public void update(String recipientId, UnaryOperator<Preferences> change) {
    byRecipient.compute(
        recipientId, (id, known) -> change.apply(known == null ? Preferences.NONE : known));
  }
}
