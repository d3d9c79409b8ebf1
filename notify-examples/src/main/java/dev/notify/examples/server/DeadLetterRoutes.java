package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was given up, to look at and to send again. */
final class DeadLetterRoutes {

  private static final String ROOT = "/api/v1/dead-letters";
  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  private final NotificationDispatcher dispatcher;
  private final InstantSource clock;

  DeadLetterRoutes(NotificationDispatcher dispatcher, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT, Route.SEEING, this::list),
        Route.of("POST", ROOT + "/{delivery}/replay", Route.RULING, this::replay));
  }

  private void list(Call call) {
    call.expectQuery("limit");
    List<Delivery> dead = dispatcher.deadLetters(call.limit(USUAL, MOST));
    call.answer(Map.of("deadLetters", dead.stream().map(DeadLetterRoutes::shown).toList()));
  }

  private static Map<String, Object> shown(Delivery delivery) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("notificationId", delivery.notificationId().toString());
    fields.put("userId", delivery.recipientId());
    fields.putAll(Shown.delivery(delivery));
    return fields;
  }

  private void replay(Call call) {
    DeliveryId id = call.path("delivery", DeliveryId::parse);
    SendReceipt receipt = dispatcher.replay(id);
    call.context().header("Location", "/api/v1/notifications/" + receipt.id());
    Instant now = clock.instant();
    call.answer(202, Shown.receipt(receipt, now, now));
  }
}
