package dev.notify;

import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.spi.PreferenceStore;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What people have chosen, and how they came to it. Thread-safe.
 *
 * @since 0.1
 */
public final class PreferenceBook {

  private static final String APPLICATION = "application";
  private static final int LONGEST_ID = 255;

  private final PreferenceStore store;
  private final InstantSource clock;

  PreferenceBook(PreferenceStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** A person's choices; {@link Preferences#NONE} if they made none. */
  public Preferences find(String recipientId) {
    return store.find(recipientId);
  }

  /**
   * Changes a person's choices in the application's name; atomically, and noted in the history.
   *
   * @param change quick and without effects of its own, for it may be called again
   * @return what is chosen now
   */
  public Preferences update(String recipientId, UnaryOperator<Preferences> change) {
    return update(recipientId, APPLICATION, APPLICATION, change);
  }

  /**
   * Changes a person's choices, atomically; the history keeps who did so, and where.
   *
   * @param actor who: the person's own id, one of the staff, a program
   * @param source where: a page, a form
   * @param change quick and without effects of its own, for it may be called again
   * @return what is chosen now
   */
  public Preferences update(
      String recipientId, String actor, String source, UnaryOperator<Preferences> change) {
    if (recipientId.isBlank() || recipientId.length() > LONGEST_ID) {
      throw new InvalidNotificationException(
          "recipient", "must have 1 to " + LONGEST_ID + " characters");
    }
    return store.update(recipientId, new Origin(actor, source, clock.instant()), change);
  }

  /**
   * Every change of a person's choices, the first one first: who made it, from where and when, and
   * what was chosen before and after. It is only added to, and goes with the person: {@link
   * NotificationDispatcher#forget}.
   */
  public List<PreferenceChange> history(String recipientId) {
    return store.history(recipientId);
  }

  @Override
  public String toString() {
    return "PreferenceBook";
  }
}
