package dev.notify;

import dev.notify.model.DeliveryId;
import java.util.List;

/**
 * What {@code cancel} answers, exactly.
 *
 * @param cancelled will never be sent
 * @param inFlight in the hands of a process that is about to send it, or sent and in doubt: may
 *     arrive; if not, it is not tried again, by whatever process
 * @param tooLate sent or ended before
 * @since 0.1
 */
public record CancelReceipt(
    List<DeliveryId> cancelled, List<DeliveryId> inFlight, List<DeliveryId> tooLate) {

  /** Takes copies. */
  public CancelReceipt {
    cancelled = List.copyOf(cancelled);
    inFlight = List.copyOf(inFlight);
    tooLate = List.copyOf(tooLate);
  }
}
