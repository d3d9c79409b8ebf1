package dev.notify.examples.server;

import dev.notify.Erasure;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.DeliveryId;
import dev.notify.model.Device;
import dev.notify.model.Recipient;
import dev.notify.model.RecipientEntry;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** People and their devices. */
final class UserRoutes {

  static final String ROOT = "/api/v1/users/{id}";

  private final NotificationDispatcher dispatcher;
  private final InstantSource clock;

  UserRoutes(NotificationDispatcher dispatcher, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT, Route.SEEING, this::get),
        Route.of("PUT", ROOT, Route.SENDING, this::put),
        Route.of("DELETE", ROOT, Route.RULING, this::erase),
        Route.of("POST", ROOT + "/devices", Route.SENDING, this::register),
        Route.of("DELETE", ROOT + "/devices", Route.SENDING, this::unregister));
  }

  private void get(Call call) {
    call.answer(shown(existing(call)));
  }

  private RecipientEntry existing(Call call) {
    return dispatcher
        .recipients()
        .entry(call.id())
        .orElseThrow(() -> Problem.notFound("there is no user of this id"));
  }

  private void put(Call call) {
    Recipient person = call.body(json -> read(json, call.id()));
    boolean isNew = dispatcher.recipients().entry(call.id()).isEmpty();
    RecipientEntry kept = dispatcher.recipients().update(call.id(), entry -> entry.with(person));
    call.answer(isNew ? 201 : 200, shown(kept));
  }

  private static Recipient read(Json json, String id) {
    Recipient.Builder person = Recipient.builder(id);
    json.text("email").map(AddressForm::email).ifPresent(person::address);
    json.text("phone").map(AddressForm::phone).ifPresent(person::address);
    json.parsed("locale", UserRoutes::locale, "a language tag such as pt-BR")
        .ifPresent(person::locale);
    json.parsed("timeZone", ZoneId::of, "a time zone such as Europe/Berlin")
        .ifPresent(person::zone);
    json.map("attributes").forEach(person::attribute);
    // Everybody has an inbox here.
    return person.address(Address.inApp(id)).build();
  }

  private static Locale locale(String tag) {
    try {
      return new Locale.Builder().setLanguageTag(tag).build();
    } catch (IllformedLocaleException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void erase(Call call) {
    Erasure erasure = dispatcher.forget(call.id());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("notifications", erasure.notifications());
    fields.put("deliveries", erasure.deliveries());
    fields.put("wasKnown", erasure.recipient());
    fields.put("inFlight", erasure.inFlight().stream().map(DeliveryId::toString).toList());
    fields.put("auditSequence", erasure.proof().sequence());
    call.answer(fields);
  }

  private void register(Call call) {
    RecipientEntry person = existing(call);
    Device device =
        call.body(
            json -> {
              Device made = Device.of(AddressForm.token(json), clock.instant());
              return json.text("app").map(made::app).orElse(made);
            });
    dispatcher.recipients().register(person.id(), device);
    call.answer(201, Map.of("devices", devices(existing(call))));
  }

  private void unregister(Call call) {
    RecipientEntry person = existing(call);
    Address token = call.body(AddressForm::token);
    if (person.device(token).isEmpty()) {
      throw Problem.notFound("the user has no such device");
    }
    RecipientEntry after =
        dispatcher.recipients().update(person.id(), entry -> entry.without(token));
    call.answer(Map.of("devices", devices(after)));
  }

  private static Map<String, Object> shown(RecipientEntry entry) {
    Recipient person = entry.recipient();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("userId", entry.id());
    for (Address address : person.addresses()) {
      switch (address.channel().name()) {
        case "email" -> fields.putIfAbsent("email", address.value());
        case "sms" -> fields.putIfAbsent("phone", address.value());
        default -> {
          // The inbox is known by the user's own id.
        }
      }
    }
    person.locale().ifPresent(locale -> fields.put("locale", locale.toLanguageTag()));
    person.zone().ifPresent(zone -> fields.put("timeZone", zone.getId()));
    fields.put("attributes", Plain.of(person.attributes()));
    fields.put("topics", List.copyOf(entry.topics().keySet()));
    fields.put("devices", devices(entry));
    return fields;
  }

  private static List<Map<String, Object>> devices(RecipientEntry entry) {
    return entry.devices().stream().map(UserRoutes::shown).toList();
  }

  /** Without its token, which is a secret of the device's. */
  private static Map<String, Object> shown(Device device) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("token", device.address().masked());
    device.app().ifPresent(app -> fields.put("app", app));
    fields.put("since", device.since().toString());
    fields.put("seenAt", device.seenAt().toString());
    return fields;
  }
}
