package dev.notify.memory;

import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.NotificationId;
import dev.notify.spi.InboxStore.Box;
import dev.notify.spi.InboxStore.Changes;
import dev.notify.spi.InboxStore.Counts;
import dev.notify.spi.InboxStore.Page;
import dev.notify.spi.InboxStore.Place;
import dev.notify.spi.InboxStore.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The items of one user. */
final class MemoryInbox {

  private static final Comparator<InboxItem> OLDEST_FIRST =
      Comparator.comparing(InboxItem::receivedAt).thenComparing(InboxItem::id);

  private static final Comparator<InboxItem> NEWEST_FIRST = OLDEST_FIRST.reversed();

  private final int room;
  private final LongSupplier revisions;
  private final Map<String, InboxItem> items = new HashMap<>();
  private final long began;
  private long revision;
  private long announced;

  MemoryInbox(int room, LongSupplier revisions) {
    this.room = room;
    this.revisions = revisions;
    began = revisions.getAsLong();
    revision = began;
  }

  private long next() {
    revision = revisions.getAsLong();
    return revision;
  }

  synchronized Optional<InboxItem> add(InboxItem item) {
    if (items.containsKey(item.id())) {
      return Optional.empty();
    }
    InboxItem added = item.at(next());
    items.put(item.id(), added);
    if (items.size() > room) {
      items.remove(items.values().stream().min(OLDEST_FIRST).orElseThrow().id());
    }
    return Optional.of(added);
  }

  /** Answers whether anything appeared. */
  synchronized boolean merge(List<InboxItem> fresh, long upTo) {
    if (upTo <= announced) {
      return false;
    }
    announced = upTo;
    boolean appeared = false;
    for (InboxItem item : fresh) {
      appeared |= add(item).isPresent();
    }
    return appeared;
  }

  synchronized Page page(Query query, Instant now) {
    sweep(now);
    List<InboxItem> found =
        items.values().stream()
            .filter(item -> item.isArchived() == (query.box() == Box.ARCHIVE))
            .filter(item -> query.category().map(item.category()::equals).orElse(true))
            .filter(item -> !query.unreadOnly() || !item.isRead())
            .filter(item -> query.before().map(place -> isBehind(item, place)).orElse(true))
            .sorted(NEWEST_FIRST)
            .limit(query.limit() + 1L)
            .toList();
    boolean more = found.size() > query.limit();
    List<InboxItem> shown = more ? found.subList(0, query.limit()) : found;
    return new Page(
        shown,
        more ? Optional.of(Place.of(shown.get(shown.size() - 1))) : Optional.empty(),
        counts(now));
  }

  private static boolean isBehind(InboxItem item, Place place) {
    int byTime = item.receivedAt().compareTo(place.receivedAt());
    return byTime < 0 || (byTime == 0 && item.id().compareTo(place.itemId()) < 0);
  }

  synchronized Optional<InboxItem> find(String itemId, Instant now) {
    sweep(now);
    return Optional.ofNullable(items.get(itemId));
  }

  synchronized Optional<InboxItem> findOf(NotificationId notificationId, Instant now) {
    sweep(now);
    return items.values().stream()
        .filter(item -> item.notificationId().filter(notificationId::equals).isPresent())
        .findFirst();
  }

  synchronized Counts counts(Instant now) {
    sweep(now);
    return new Counts(count(InboxItem::isUnread), count(InboxItem::isUnseen), revision);
  }

  private int count(Predicate<InboxItem> which) {
    return (int) items.values().stream().filter(which).count();
  }

  synchronized Changes changes(long after, int limit, Instant now) {
    sweep(now);
    if (after != 0 && (after < began || after > revision)) {
      return new Changes(List.of(), revision, false, true, counts(now));
    }
    List<InboxItem> found =
        items.values().stream()
            .filter(item -> item.revision() > after)
            .sorted(Comparator.comparingLong(InboxItem::revision))
            .limit(limit + 1L)
            .toList();
    boolean more = found.size() > limit;
    List<InboxItem> told = more ? found.subList(0, limit) : found;
    long upTo = more ? told.get(limit - 1).revision() : revision;
    return new Changes(told, upTo, more, false, counts(now));
  }

  synchronized List<InboxItem> mark(Mark mark, Predicate<InboxItem> which, Instant now) {
    sweep(now);
    List<InboxItem> changed = new ArrayList<>();
    for (InboxItem item : items.values().stream().filter(which).sorted(OLDEST_FIRST).toList()) {
      item.marked(mark)
          .ifPresent(
              marked -> {
                InboxItem kept = marked.at(next());
                items.put(kept.id(), kept);
                changed.add(kept);
              });
    }
    return List.copyOf(changed);
  }

  private void sweep(Instant now) {
    if (items.values().removeIf(item -> !item.expiresAt().isAfter(now))) {
      // Numbers on bells have changed, though no item has that anybody could be told of.
      long ignored = next();
    }
  }

  synchronized long announced() {
    return announced;
  }

  synchronized long revision(Instant now) {
    sweep(now);
    return revision;
  }

  synchronized int size() {
    return items.size();
  }
}
