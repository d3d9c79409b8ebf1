package dev.notify.examples.server;

import dev.notify.inapp.Inbox;
import dev.notify.inapp.InboxJson;
import dev.notify.inapp.InboxServlet;
import dev.notify.inapp.InboxStreams;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Box;
import dev.notify.spi.InboxStore.Counts;
import dev.notify.spi.InboxStore.Place;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** People's inboxes: pages, marks, and a stream of what changes. */
final class InboxRoutes {

  private static final String ROOT = UserRoutes.ROOT + "/inbox";
  private static final int USUAL_PAGE = 50;

  /** Milliseconds of a stream. One that ends while it is being opened might not be told. */
  private static final long SHORTEST = 1_000;

  private static final Set<Role> OWNERS = EnumSet.of(Role.READ, Role.USER);
  private static final Set<Role> MARKERS = EnumSet.of(Role.SEND, Role.USER);

  private final Inbox inbox;
  private final InboxStreams streams;
  private final InstantSource clock;

  InboxRoutes(Inbox inbox, InboxStreams streams, InstantSource clock) {
    this.inbox = inbox;
    this.streams = streams;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT, OWNERS, this::page),
        Route.of("POST", ROOT + "/marks", MARKERS, this::mark),
        Route.stream(ROOT + "/stream", OWNERS, this::stream));
  }

  /** The servlet does it, without a thread for each stream; Javalin only has to keep out. */
  private void stream(Call call) throws Exception {
    Context context = call.context();
    String person = call.id();
    InboxServlet.of(streams, request -> Optional.of(person)).service(context.req(), context.res());
    if (context.req().isAsyncStarted()) {
      // Nobody goes on seeing what a token does not open any more.
      call.caller()
          .until()
          .map(until -> Duration.between(clock.instant(), until).toMillis())
          .ifPresent(left -> context.req().getAsyncContext().setTimeout(Math.max(SHORTEST, left)));
      context.future(CompletableFuture::new);
    }
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
    InboxStore.Page page = inbox.page(call.id(), query);
    Map<String, Object> fields = new LinkedHashMap<>();
    boolean isOwner = call.caller().role() == Role.USER;
    fields.put("items", page.items().stream().map(item -> shown(item, isOwner)).toList());
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
    return new Place(Call.moment(text.substring(0, space)), text.substring(space + 1));
  }

  private static void counts(Map<String, Object> fields, Counts counts) {
    fields.put("unread", counts.unread());
    fields.put("unseen", counts.unseen());
    fields.put("revision", counts.revision());
  }

  /** As streams have it; the application's own notes are not for the person. */
  private static Map<String, Object> shown(InboxItem item, boolean isOwner) {
    Map<String, Object> fields = new LinkedHashMap<>(Json.fields(InboxJson.of(item)));
    if (!isOwner) {
      fields.put("metadata", item.metadata());
    }
    return fields;
  }

  private record Marking(
      Mark mark, List<String> items, boolean isForAll, Optional<String> category) {}

  private void mark(Call call) {
    Marking wish = call.body(InboxRoutes::read);
    List<InboxItem> changed =
        wish.isForAll()
            ? inbox.markAll(call.id(), wish.mark(), wish.category())
            : inbox.mark(call.id(), wish.mark(), wish.items());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("changed", changed.stream().map(InboxItem::id).toList());
    counts(fields, inbox.counts(call.id()));
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
}
