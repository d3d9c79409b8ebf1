package dev.notify.memory;

import dev.notify.model.Attempt;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.RollupStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A notification as the memory store keeps it; guarded by the store's lock. */
final class Entry {

  /**
   * Enough for a message that is opened again and again. What comes after that is kept only if it
   * is the first of its kind: an unsubscribe must not be lost behind many opens.
   */
  private static final int MOST_EVENTS = 256;

  final NotificationId id;
  private Notification notification;
  final Row[] rows;
  private List<ChannelDecision> decisions;
  private List<DeliveryEvent> events = List.of();

  Entry(Submission submission) {
    id = submission.id();
    notification = submission.notification();
    decisions = submission.decisions();
    rows = new Row[submission.deliveries().size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new Row(this, submission.deliveries().get(i));
    }
  }

  Notification notification() {
    return notification;
  }

  boolean isErased() {
    return notification == NotificationRecord.ERASED;
  }

  /** Leaves only how the deliveries stand; answers how many details went with the rest. */
  long erase() {
    long details = events.size();
    notification = NotificationRecord.ERASED;
    decisions = List.of();
    events = new ArrayList<>(events.stream().map(Entry::withoutDetails).toList());
    for (Row row : rows) {
      details += row.erase();
    }
    return details;
  }

  private static DeliveryEvent withoutDetails(DeliveryEvent event) {
    return new DeliveryEvent(
        event.notificationId(),
        event.deliveryId(),
        NotificationRecord.ERASED.recipientId(),
        event.lane(),
        event.type(),
        event.at(),
        event.provider(),
        event.reason().map(why -> Reason.of(why.code())),
        event.assignment());
  }

  boolean isDone() {
    for (Row row : rows) {
      if (row.delivery.status().isOpen()) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing like it was told of its delivery before, but by programs. */
  boolean isFirst(DeliveryEvent event) {
    Set<DeliveryEvent.Type> alike = RollupStore.alike(event.type());
    return events.stream()
        .noneMatch(
            known ->
                known.deliveryId().equals(event.deliveryId())
                    && alike.contains(known.type())
                    && !known.isByMachine());
  }

  /** Whether the event is news: providers repeat themselves. */
  boolean addEvent(DeliveryEvent event) {
    boolean isFirstOfItsKind = true;
    for (DeliveryEvent known : events) {
      if (known.deliveryId().equals(event.deliveryId()) && known.type() == event.type()) {
        if (known.at().equals(event.at())) {
          return false;
        }
        isFirstOfItsKind = false;
      }
    }
    DeliveryEvent kept = isErased() ? withoutDetails(event) : event;
    if (events.isEmpty()) {
      events = new ArrayList<>(2);
    }
    return (isFirstOfItsKind || events.size() < MOST_EVENTS) && events.add(kept);
  }

  NotificationRecord toRecord() {
    Map<DeliveryId, List<Attempt>> attempts = new HashMap<>();
    List<Delivery> deliveries = new ArrayList<>(rows.length);
    for (Row row : rows) {
      deliveries.add(row.delivery);
      if (!row.attempts.isEmpty()) {
        attempts.put(row.delivery.id(), List.copyOf(row.attempts));
      }
    }
    return new NotificationRecord(id, notification, decisions, deliveries, attempts, events);
  }
}
