package dev.notify.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notify.model.ConfigurationException;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.NotificationId;
import dev.notify.spi.InboxStore;
import dev.notify.spi.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Inboxes in memory, for tests and small applications; they end with the process. Bounded: a user
 * keeps the newest items, and when there are too many users, those whose inbox nobody used for
 * longest lose theirs. Thread-safe.
 *
 * @since 0.1
 */
public final class MemoryInboxes implements InboxStore {

  /** Users that {@link #create()} has room for. */
  public static final int USERS = 100_000;

  /** Items that {@link #create()} keeps for one user. */
  public static final int ITEMS_PER_USER = 200;

  private static final int MOST_ANNOUNCEMENTS = 1_000;

  private final Cache<String, MemoryInbox> users;
  private final Cache<String, Instant> present;
  private final int itemsPerUser;
  private final AtomicLong revisions = new AtomicLong();
  private final List<Announcement> announcements = new ArrayList<>();
  private final AtomicLong lastNumber = new AtomicLong();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  private MemoryInboxes(int users, int itemsPerUser) {
    this.users = Caffeine.newBuilder().maximumSize(users).executor(Runnable::run).build();
    present = Caffeine.newBuilder().maximumSize(users).executor(Runnable::run).build();
    this.itemsPerUser = itemsPerUser;
  }

  /** Inboxes of the usual size. */
  public static MemoryInboxes create() {
    return of(USERS, ITEMS_PER_USER);
  }

  /**
   * Inboxes for so many users with so many items each.
   *
   * @throws ConfigurationException if one of them is less than 1
   */
  public static MemoryInboxes of(int users, int itemsPerUser) {
    if (users < 1 || itemsPerUser < 1) {
      throw new ConfigurationException(
          "an inbox needs room for one user and one item at least, not for "
              + users
              + " and "
              + itemsPerUser);
    }
    return new MemoryInboxes(users, itemsPerUser);
  }

  private MemoryInbox inbox(String userId) {
    return users.get(userId, id -> new MemoryInbox(itemsPerUser, revisions::incrementAndGet));
  }

  /** Revisions are not to be those that an earlier process gave out. */
  private void pass(Instant moment) {
    long ignored = revisions.accumulateAndGet(moment.toEpochMilli(), Math::max);
  }

  private Optional<MemoryInbox> known(String userId) {
    return Optional.ofNullable(users.getIfPresent(userId));
  }

  @Override
  public List<InboxItem> add(Collection<InboxItem> items) {
    List<InboxItem> added = new ArrayList<>();
    for (InboxItem item : items) {
      pass(item.receivedAt());
      inbox(item.userId()).add(item).ifPresent(added::add);
    }
    added.stream().map(InboxItem::userId).distinct().forEach(this::changed);
    return List.copyOf(added);
  }

  @Override
  public Page page(String userId, Query query, Instant now) {
    return known(userId)
        .map(inbox -> inbox.page(query, now))
        .orElseGet(() -> new Page(List.of(), Optional.empty(), Counts.NONE));
  }

  @Override
  public Optional<InboxItem> find(String userId, String itemId, Instant now) {
    return known(userId).flatMap(inbox -> inbox.find(itemId, now));
  }

  @Override
  public Optional<InboxItem> findOf(String userId, NotificationId notificationId, Instant now) {
    return known(userId).flatMap(inbox -> inbox.findOf(notificationId, now));
  }

  @Override
  public Counts counts(String userId, Instant now) {
    return known(userId).map(inbox -> inbox.counts(now)).orElse(Counts.NONE);
  }

  @Override
  public Changes changes(String userId, long after, int limit, Instant now) {
    return known(userId)
        .map(inbox -> inbox.changes(after, limit, now))
        .orElseGet(() -> new Changes(List.of(), 0, false, after != 0, Counts.NONE));
  }

  @Override
  public List<InboxItem> mark(String userId, Mark mark, Collection<String> itemIds, Instant now) {
    return told(
        userId,
        known(userId)
            .map(inbox -> inbox.mark(mark, item -> itemIds.contains(item.id()), now))
            .orElse(List.of()));
  }

  @Override
  public List<InboxItem> markAll(String userId, Mark mark, Optional<String> category, Instant now) {
    return told(
        userId,
        known(userId)
            .map(
                inbox ->
                    inbox.mark(
                        mark,
                        item ->
                            !item.isArchived()
                                && category.map(item.category()::equals).orElse(true),
                        now))
            .orElse(List.of()));
  }

  private List<InboxItem> told(String userId, List<InboxItem> changed) {
    if (!changed.isEmpty()) {
      changed(userId);
    }
    return changed;
  }

  @Override
  public boolean announce(Announcement announcement) {
    synchronized (announcements) {
      if (announcements.stream().anyMatch(known -> known.id().equals(announcement.id()))) {
        return false;
      }
      announcements.add(announcement.numbered(lastNumber.incrementAndGet()));
      if (announcements.size() > MOST_ANNOUNCEMENTS) {
        announcements.remove(0);
      }
    }
    changed("");
    return true;
  }

  @Override
  public long lastAnnouncement() {
    return lastNumber.get();
  }

  @Override
  public List<Announcement> announcementsFor(String userId, Instant now) {
    long dealtWith = known(userId).map(MemoryInbox::announced).orElse(0L);
    if (dealtWith == lastNumber.get()) {
      return List.of();
    }
    synchronized (announcements) {
      return announcements.stream()
          .filter(one -> one.number() > dealtWith && one.expiresAt().isAfter(now))
          .sorted(Comparator.comparingLong(Announcement::number))
          .toList();
    }
  }

  @Override
  public void merge(String userId, List<Announcement> shown, long upTo) {
    shown.forEach(one -> pass(one.at()));
    List<InboxItem> items = shown.stream().map(one -> one.itemOf(userId)).toList();
    if (inbox(userId).merge(items, upTo)) {
      changed(userId);
    }
  }

  @Override
  public Map<String, Long> revisions(Collection<String> userIds, Instant now) {
    Map<String, Long> found = new HashMap<>();
    for (String userId : userIds) {
      known(userId).ifPresent(inbox -> found.put(userId, inbox.revision(now)));
    }
    return found;
  }

  @Override
  public void present(Collection<String> userIds, Instant until) {
    userIds.forEach(userId -> present.put(userId, until));
  }

  @Override
  public boolean isPresent(String userId, Instant now) {
    Instant until = present.getIfPresent(userId);
    return until != null && until.isAfter(now);
  }

  @Override
  public long forget(String userId) {
    present.invalidate(userId);
    long had = known(userId).map(MemoryInbox::size).orElse(0);
    users.invalidate(userId);
    changed(userId);
    return had;
  }

  @Override
  public Subscription onChange(Consumer<String> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void changed(String userId) {
    listeners.forEach(listener -> listener.accept(userId));
  }

  @Override
  public String toString() {
    return "MemoryInboxes[" + users.estimatedSize() + " users]";
  }
}
