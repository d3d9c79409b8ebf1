package dev.notify.spi;

import dev.notify.model.Preferences;
import java.util.function.UnaryOperator;

/**
 * Keeps what people have chosen. Thread-safe.
 *
 * @since 0.1
 */
public interface PreferenceStore {

  /** A person's choices; {@link Preferences#NONE} if they made none. */
  Preferences find(String recipientId);

  /** Changes a person's choices, atomically. */
  void update(String recipientId, UnaryOperator<Preferences> change);
}
