package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.ProviderEvent;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Box;
import dev.notify.spi.InboxStore.Counts;
import dev.notify.spi.InboxStore.Place;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** People's inboxes, by pages and marks. A stream of changes would stand beside these routes. */
final class InboxRoutes {

  private static final String ROOT = UserRoutes.ROOT + "/inbox";
  private static final int USUAL_PAGE = 50;
  private static final Set<Role> OWNERS = EnumSet.of(Role.READ, Role.USER);
  private static final Set<Role> MARKERS = EnumSet.of(Role.SEND, Role.USER);

  private final NotificationDispatcher dispatcher;
  private final InboxStore inboxes;
  private final InstantSource clock;

  InboxRoutes(NotificationDispatcher dispatcher, InboxStore inboxes, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.inboxes = inboxes;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT, OWNERS, this::page),
        Route.of("POST", ROOT + "/marks", MARKERS, this::mark));
  }

  private void page(Call call) {
    call.expectQuery("box", "category", "unread", "cursor", "limit");
    InboxStore.Query query =
        new InboxStore.Query(
            call.query("box", text -> Json.constant("box", text, Box.class), "feed or archive")
                .orElse(Box.FEED),
            call.query("category"),
            call.query("unread", InboxRoutes::flag, "true or false").orElse(false),
            call.query("cursor", InboxRoutes::place, "a cursor of an answer"),
            call.limit(USUAL_PAGE, InboxStore.LONGEST_PAGE));
    InboxStore.Page page = inboxes.page(call.id(), query, clock.instant());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("items", page.items().stream().map(InboxRoutes::shown).toList());
    page.next().ifPresent(next -> fields.put("next", cursor(next)));
    counts(fields, page.counts());
    call.answer(fields);
  }

  private static boolean flag(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException();
  }

  private static String cursor(Place place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            (place.receivedAt() + " " + place.itemId()).getBytes(StandardCharsets.UTF_8));
  }

  private static Place place(String cursor) {
    String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    int space = text.indexOf(' ');
    return new Place(Instant.parse(text.substring(0, space)), text.substring(space + 1));
  }

  private static void counts(Map<String, Object> fields, Counts counts) {
    fields.put("unread", counts.unread());
    fields.put("unseen", counts.unseen());
    fields.put("revision", counts.revision());
  }

  private static Map<String, Object> shown(InboxItem item) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", item.id());
    item.notificationId().ifPresent(id -> fields.put("notificationId", id.toString()));
    fields.putAll(Shown.content(item.content()));
    item.content().image().ifPresent(image -> fields.put("image", image));
    fields.put("data", item.content().data());
    fields.put("category", item.category());
    fields.put("priority", item.priority().name());
    fields.put("metadata", item.metadata());
    fields.put("receivedAt", item.receivedAt().toString());
    fields.put("expiresAt", item.expiresAt().toString());
    fields.put("seen", item.isSeen());
    fields.put("read", item.isRead());
    fields.put("archived", item.isArchived());
    fields.put("revision", item.revision());
    return fields;
  }

  private record Marking(
      Mark mark, List<String> items, boolean isForAll, Optional<String> category) {}

  private void mark(Call call) {
    Marking wish = call.body(InboxRoutes::read);
    List<InboxItem> changed =
        wish.isForAll()
            ? inboxes.markAll(call.id(), wish.mark(), wish.category(), clock.instant())
            : inboxes.mark(call.id(), wish.mark(), wish.items(), clock.instant());
    changed.forEach(item -> report(item, wish.mark()));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("changed", changed.stream().map(InboxItem::id).toList());
    counts(fields, inboxes.counts(call.id(), clock.instant()));
    call.answer(fields);
  }

  private static Marking read(Json json) {
    Mark mark = json.oneOf("mark", Mark.class).orElseThrow(() -> json.missing("mark"));
    List<String> items = json.texts("items", InboxStore.LONGEST_PAGE);
    boolean all = json.flag("all").orElse(false);
    Optional<String> category = json.text("category");
    if (all != items.isEmpty()) {
      throw Problem.field("items", "name some, or say all");
    }
    if (category.isPresent() && !all) {
      throw Problem.field("category", "goes with all");
    }
    return new Marking(mark, items, all, category);
  }

  /** What was seen or read ends what would follow only if it was not. */
  private void report(InboxItem item, Mark mark) {
    if (mark == Mark.SEEN || mark == Mark.READ) {
      DeliveryEvent.Type type =
          mark == Mark.READ ? DeliveryEvent.Type.READ : DeliveryEvent.Type.DELIVERED;
      Optional<Delivery> unused =
          dispatcher.track(
              new ProviderEvent(InboxChannel.NAME, item.id(), type, clock.instant(), ""));
    }
  }
}
