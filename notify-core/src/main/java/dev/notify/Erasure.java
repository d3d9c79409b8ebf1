package dev.notify;

import dev.notify.model.AuditEntry;
import dev.notify.model.DeliveryId;
import java.util.List;

/**
 * What {@code forget} answers.
 *
 * @param notifications how many notifications of the person were erased
 * @param deliveries how many deliveries they had
 * @param details how many provider calls and events were left without their details
 * @param cancelled open deliveries that will never be sent
 * @param inFlight being sent at this moment: may arrive, and are not tried again. If there are any,
 *     call {@code forget} once more when they have ended, for what their calls leave
 * @param choices how many changes the history of what the person has chosen had
 * @param experiments in how many experiments they were; that somebody was is all that is left
 * @param inbox how many items stood in the person's inboxes in the application
 * @param recipient whether the person was kept in the store, with devices and topics; they are not
 *     any more
 * @param keyDestroyed whether the person had a key of their own that is destroyed now
 * @param schedules how many recurring schedules went to the person; they are deleted
 * @param openHours whether the hours were known at which the person opens what they get; they are
 *     erased
 * @param proof the line of the {@linkplain NotificationDispatcher#audit audit log} that says what
 *     was removed, and what was counted afterwards: {@code left.*}, all 0 unless something was in
 *     flight
 * @since 0.1
 */
public record Erasure(
    long notifications,
    long deliveries,
    long details,
    List<DeliveryId> cancelled,
    List<DeliveryId> inFlight,
    long choices,
    long experiments,
    long inbox,
    boolean recipient,
    boolean keyDestroyed,
    long schedules,
    boolean openHours,
    AuditEntry proof) {

  /** Takes copies. */
  public Erasure {
    cancelled = List.copyOf(cancelled);
    inFlight = List.copyOf(inFlight);
  }
}
