package dev.notify.memory;

import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.spi.PreferenceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Preferences in the heap, with the latest {@value #MOST_CHANGES} changes of each person. Grows
 * with the number of people who chose something.
 *
 * @since 0.1
 */
public final class MemoryPreferences implements PreferenceStore {

  private static final int MOST_CHANGES = 100;

  private final ConcurrentHashMap<String, List<PreferenceChange>> byRecipient =
      new ConcurrentHashMap<>();

  /** Preferences that nobody has set yet. */
  public MemoryPreferences() {}

  @Override
  public Preferences find(String recipientId) {
    return chosen(history(recipientId));
  }

  private static Preferences chosen(List<PreferenceChange> changes) {
    return changes.isEmpty() ? Preferences.NONE : changes.get(changes.size() - 1).after();
  }

  @Override
  public Preferences update(String recipientId, Origin origin, UnaryOperator<Preferences> change) {
    List<PreferenceChange> changes =
        byRecipient.compute(recipientId, (id, known) -> changed(known, origin, change));
    return chosen(changes == null ? List.of() : changes);
  }

  private static @Nullable List<PreferenceChange> changed(
      @Nullable List<PreferenceChange> known, Origin origin, UnaryOperator<Preferences> change) {
    Preferences before = chosen(known == null ? List.of() : known);
    Preferences after = change.apply(before);
    if (after.equals(before)) {
      return known;
    }
    List<PreferenceChange> longer = new ArrayList<>(known == null ? List.of() : known);
    longer.add(new PreferenceChange(origin, before, after));
    return List.copyOf(longer.subList(Math.max(0, longer.size() - MOST_CHANGES), longer.size()));
  }

  @Override
  public List<PreferenceChange> history(String recipientId) {
    return byRecipient.getOrDefault(recipientId, List.of());
  }

  @Override
  public long forget(String recipientId) {
    List<PreferenceChange> changes = byRecipient.remove(recipientId);
    return changes == null ? 0 : changes.size();
  }
}
