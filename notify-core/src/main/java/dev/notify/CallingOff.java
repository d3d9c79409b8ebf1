package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import java.util.ArrayList;
import java.util.List;

/** Ends what has not been sent: what the application calls off, and what nobody needs any more. */
final class CallingOff {

  private final Wiring wiring;
  private final DeliveryEngine engine;

  CallingOff(Wiring wiring, DeliveryEngine engine) {
    this.wiring = wiring;
    this.engine = engine;
  }

  /** The deliveries of a notification; none if it is unknown. */
  List<Delivery> deliveries(NotificationId id) {
    return wiring.parts().store().find(id).map(NotificationRecord::deliveries).orElse(List.of());
  }

  CancelReceipt cancel(List<Delivery> deliveries, Reason reason) {
    List<DeliveryId> cancelled = new ArrayList<>();
    List<DeliveryId> inFlight = new ArrayList<>();
    List<DeliveryId> tooLate = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      DeliveryStatus before = delivery.status();
      DeliveryStatus after =
          before.isOpen()
              ? engine.end(delivery, DeliveryStatus.CANCELLED, reason).status()
              : before;
      if (after == DeliveryStatus.CANCELLED && before.isOpen()) {
        cancelled.add(delivery.id());
      } else {
        (after.isOpen() ? inFlight : tooLate).add(delivery.id());
      }
    }
    return new CancelReceipt(cancelled, inFlight, tooLate);
  }

  /** The person has seen the notification of this delivery: no later step of it is needed. */
  void wasSeen(Delivery seen) {
    Reason reason = new Reason(Reason.NOT_NEEDED, "seen on an earlier channel");
    for (Delivery step : deliveries(seen.notificationId())) {
      if (step.onlyIfUnseen() && step.status().isOpen()) {
        engine.end(step, DeliveryStatus.SUPPRESSED, reason);
      }
    }
  }
}
