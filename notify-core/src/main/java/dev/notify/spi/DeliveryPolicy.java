package dev.notify.spi;

import dev.notify.model.Decision;

/**
 * Has a say in whether and when a delivery goes out. Asked twice: when it is accepted and just
 * before it is delivered. A store may have it asked once more at acceptance, after {@link #undo},
 * if it answered what was not so about the person; so a policy does nothing that cannot be taken
 * back. Thread-safe and quick; a policy that throws stops the {@code send}, and at delivery counts
 * as a passing fault.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface DeliveryPolicy {

  /** Allow, defer or suppress. */
  Decision decide(PolicyRequest request);

  /**
   * Takes back that it allowed this at acceptance: the notification was refused after all. A policy
   * that counts gives back what it counted.
   */
  default void undo(PolicyRequest request) {}
}
