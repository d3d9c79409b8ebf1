package dev.notify.spi;

import dev.notify.model.OpenHours;
import java.util.Collection;

/**
 * Keeps at which hours of their day people open what they get. Thread-safe. {@code
 * OpenHoursStoreContract} of {@code notify-test} has what a store must do, as tests.
 *
 * @since 0.1
 */
public interface OpenHoursStore {

  /** What is known of a person; {@link OpenHours#NONE} if nothing is. */
  OpenHours find(String recipientId);

  /**
   * Told of people who are asked for in a moment, so that many of them need not cost a query each.
   */
  default void expect(Collection<String> recipientIds) {}

  /**
   * Counts once more; of several at one moment, by whatever process, none is lost.
   *
   * @param hour of the person's own day, from 0 to 23
   */
  void note(String recipientId, int hour);

  /** Erases what is known of a person; says whether anything was. */
  boolean forget(String recipientId);
}
