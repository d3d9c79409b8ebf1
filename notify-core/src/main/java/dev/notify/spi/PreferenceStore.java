package dev.notify.spi;

import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Keeps what people have chosen, and how they came to it. Thread-safe. {@code
 * PreferenceStoreContract} of {@code notify-test} has what a store must do, as tests.
 *
 * @since 0.1
 */
public interface PreferenceStore {

  /** A person's choices; {@link Preferences#NONE} if they made none. */
  Preferences find(String recipientId);

  /**
   * Tells that these people's choices will be asked for in a moment, one by one: a store that can
   * read them at a stroke has the chance. Does nothing unless a store says otherwise.
   */
  default void expect(Collection<String> recipientIds) {}

  /**
   * Changes a person's choices, atomically: of several changes at one moment, by whatever process,
   * none is lost. What changes nothing leaves no trace in the history.
   *
   * @param origin stands in the history, with what was chosen before and after
   * @param change quick and without effects of its own, for it may be called again; what it throws
   *     is thrown here, and then nothing has changed
   * @return what is chosen now
   */
  Preferences update(String recipientId, Origin origin, UnaryOperator<Preferences> change);

  /** All changes of a person's choices, the first one first; nothing if the store keeps none. */
  default List<PreferenceChange> history(String recipientId) {
    return List.of();
  }

  /**
   * Erases what a person has chosen, and its history.
   *
   * @return how many changes the history had; 0 of a store that leaves this to the application
   */
  default long forget(String recipientId) {
    return 0;
  }
}
