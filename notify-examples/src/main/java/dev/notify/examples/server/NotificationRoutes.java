package dev.notify.examples.server;

import dev.notify.BulkReceipt;
import dev.notify.CancelReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.DeliveryId;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Recipient;
import dev.notify.model.Schedule;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** To send, follow and call off. */
final class NotificationRoutes {

  private static final String ROOT = "/api/v1/notifications";
  private static final int MOST_AT_ONCE = 1_000;
  private static final String KEY = "Idempotency-Key";

  private final NotificationDispatcher dispatcher;
  private final InstantSource clock;

  NotificationRoutes(NotificationDispatcher dispatcher, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("POST", ROOT, Route.SENDING, this::send),
        Route.of("POST", ROOT + "/send", Route.SENDING, this::send),
        Route.of("POST", ROOT + "/schedule", Route.SENDING, this::schedule),
        Route.of("POST", ROOT + "/bulk", Route.SENDING, this::bulk),
        Route.of("GET", ROOT + "/{id}", Route.FOLLOWING, this::whole),
        Route.of("GET", ROOT + "/{id}/status", Route.FOLLOWING, this::status),
        Route.of("DELETE", ROOT + "/{id}", Route.SENDING, this::cancel));
  }

  private void send(Call call) {
    send(call, call.body(NotificationForm::read));
  }

  private void schedule(Call call) {
    send(
        call,
        call.body(
            json -> {
              if (!json.has("scheduledAt")) {
                throw json.missing("scheduledAt");
              }
              return NotificationForm.read(json);
            }));
  }

  private void send(Call call, Notification.Builder asked) {
    Notification notification = keyed(call, asked);
    SendReceipt receipt = dispatcher.send(notification);
    if (receipt.answer() == SendReceipt.Answer.IN_PROGRESS) {
      throw Problem.conflict("a request with this idempotency key is just being answered");
    }
    if (receipt.answer() == SendReceipt.Answer.REPLAYED) {
      call.context().header("Idempotency-Replayed", "true");
    }
    call.context().header("Location", ROOT + "/" + receipt.id());
    Instant now = clock.instant();
    call.answer(202, Shown.receipt(receipt, due(notification, now), now));
  }

  private Instant due(Notification notification, Instant now) {
    if (!(notification.schedule() instanceof Schedule.AtLocal local)) {
      return latest(now, notification.schedule().due(now, ZoneOffset.UTC));
    }
    ZoneId zone =
        dispatcher
            .recipients()
            .find(notification.recipientId())
            .flatMap(Recipient::zone)
            .orElse(ZoneOffset.UTC);
    return latest(now, local.due(now, zone));
  }

  /** A moment that has passed means now. */
  private static Instant latest(Instant now, Instant due) {
    return due.isAfter(now) ? due : now;
  }

  /** The key may stand in a header, as the draft of the IETF has it: a text in quotes, or bare. */
  private static Optional<String> key(Call call) {
    return call.header(KEY)
        .map(String::strip)
        .map(key -> key.matches("\".*\"") ? key.substring(1, key.length() - 1) : key);
  }

  private static Notification keyed(Call call, Notification.Builder asked) {
    Optional<String> header = key(call);
    Notification plain = asked.build();
    Optional<String> said = plain.idempotencyKey();
    if (header.isPresent() && said.isPresent() && !said.equals(header)) {
      throw Problem.field("idempotencyKey", "differs from the header " + KEY);
    }
    return header.or(() -> said).map(key -> keyed(call, asked, key, "")).orElse(plain);
  }

  /**
   * With a key, which must be a fit one as it was given. Programs do not know each other's keys,
   * and must not get each other's answers.
   */
  private static Notification keyed(
      Call call, Notification.Builder asked, String key, String place) {
    return asked.idempotencyKey(key).idempotencyKey(call.caller().own(key + place)).build();
  }

  private void bulk(Call call) {
    BulkReceipt receipt = call.body(json -> bulk(call, json)).send(dispatcher);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("accepted", receipt.accepted());
    fields.put("repeated", receipt.repeated());
    fields.put("failed", receipt.failed());
    fields.put("failures", receipt.failures().stream().map(NotificationRoutes::failure).toList());
    call.answer(202, fields);
  }

  /** What is sent to many: one for all of them, or each their own. */
  @FunctionalInterface
  private interface Many {
    BulkReceipt send(NotificationDispatcher dispatcher);
  }

  private static Many bulk(Call call, Json json) {
    if (json.has("notifications")) {
      Optional<String> key = key(call);
      List<Notification> each = new ArrayList<>();
      List<Notification> ignored =
          json.objects(
              "notifications",
              MOST_AT_ONCE,
              one -> {
                Notification made = added(call, key, each.size(), NotificationForm.read(one));
                each.add(made);
                return made;
              });
      requireAny("notifications", each);
      return dispatcher -> dispatcher.sendAll(each.stream());
    }
    List<String> people = json.texts("userIds", MOST_AT_ONCE);
    requireAny("userIds", people);
    Notification pattern = keyed(call, NotificationForm.read(json, people.get(0)));
    return dispatcher -> dispatcher.sendAll(pattern, people);
  }

  /** Each without a key of its own gets the request's, with its place: a repeat is as before. */
  private static Notification added(
      Call call, Optional<String> key, int place, Notification.Builder asked) {
    Notification plain = asked.build();
    return plain
        .idempotencyKey()
        .map(own -> keyed(call, asked, own, ""))
        .or(() -> key.map(whole -> keyed(call, asked, whole, "/" + place)))
        .orElse(plain);
  }

  private static void requireAny(String field, List<?> items) {
    if (items.isEmpty()) {
      throw Problem.field(field, "name at least one");
    }
  }

  private static Map<String, Object> failure(BulkReceipt.Failure failure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("index", failure.index());
    fields.put("userId", failure.recipientId());
    fields.put("problem", Faults.problem(failure.cause()).fields());
    return fields;
  }

  private void whole(Call call) {
    call.answer(Shown.whole(found(call)));
  }

  private void status(Call call) {
    call.answer(Shown.status(found(call)));
  }

  private NotificationRecord found(Call call) {
    return dispatcher
        .status(call.path("id", NotificationId::parse))
        .orElseThrow(() -> Problem.notFound("there is no notification of this id"));
  }

  private void cancel(Call call) {
    CancelReceipt receipt = dispatcher.cancel(found(call).id());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cancelled", texts(receipt.cancelled()));
    fields.put("inFlight", texts(receipt.inFlight()));
    fields.put("tooLate", texts(receipt.tooLate()));
    call.answer(fields);
  }

  private static List<String> texts(List<DeliveryId> ids) {
    return ids.stream().map(DeliveryId::toString).toList();
  }
}
