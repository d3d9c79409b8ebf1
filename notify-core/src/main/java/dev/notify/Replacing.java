package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Submission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a notification take the place of what is pending for the same person about the same subject.
 * Each looks for the others once it is stored, so of two at least one sees both; which one is the
 * later, its id says, unless one was there before the other was thought about. Thread-safe.
 */
final class Replacing {

  private static final Logger log = LoggerFactory.getLogger(Replacing.class);

  private final NotificationStore store;
  private final DeliveryEngine engine;

  Replacing(NotificationStore store, DeliveryEngine engine) {
    this.store = store;
    this.engine = engine;
  }

  /** What it surely replaces: clocks of two processes may differ by some milliseconds. */
  Set<NotificationId> before(Notification notification) {
    if (!notification.replacesPending()) {
      return Set.of();
    }
    return pending(notification).stream()
        .map(Delivery::notificationId)
        .collect(Collectors.toUnmodifiableSet());
  }

  private List<Delivery> pending(Notification notification) {
    return store.openAbout(notification.about().orElseThrow()).stream()
        .filter(open -> open.recipientId().equals(notification.recipientId()))
        .toList();
  }

  /**
   * Calls off what a notification that is now stored replaces. It is stored, whatever happens here:
   * what cannot be called off goes out as well.
   *
   * @param before what was pending before it was thought about
   * @return a later one, by which it is replaced itself
   */
  Optional<NotificationId> replaceOthers(Submission submission, Set<NotificationId> before) {
    if (!submission.notification().replacesPending()) {
      return Optional.empty();
    }
    NotificationId id = submission.id();
    NotificationId last = id;
    try {
      for (Delivery other : pending(submission.notification())) {
        NotificationId its = other.notificationId();
        if (its.equals(id)) {
          continue;
        }
        if (before.contains(its) || its.compareTo(id) < 0) {
          end(other, id);
        } else if (its.compareTo(last) > 0 && replaces(its)) {
          last = its;
        }
      }
    } catch (RuntimeException e) {
      failed(id, e);
    }
    return last.equals(id) ? Optional.empty() : Optional.of(last);
  }

  private boolean replaces(NotificationId id) {
    return store
        .find(id)
        .map(NotificationRecord::notification)
        .filter(Notification::replacesPending)
        .isPresent();
  }

  /** Calls a notification off that was stored after one that replaces it. */
  void replace(Submission submission, NotificationId by) {
    try {
      submission.deliveries().stream()
          .filter(delivery -> delivery.status().isOpen())
          .forEach(delivery -> end(delivery, by));
    } catch (RuntimeException e) {
      failed(by, e);
    }
  }

  private void end(Delivery delivery, NotificationId by) {
    engine.end(delivery, DeliveryStatus.CANCELLED, new Reason(Reason.REPLACED, "by " + by));
  }

  private static void failed(NotificationId by, RuntimeException e) {
    log.warn("what {} replaces could not be called off: {}", by, e.getClass().getName());
  }
}
