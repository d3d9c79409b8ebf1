package dev.notify.inapp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notify.inapp.InboxListener.Change;
import dev.notify.model.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Inboxes in memory, for tests and small applications; they end with the process. Bounded: a user
 * keeps the newest items, and when there are too many users, those whose inbox nobody used for
 * longest lose theirs. Thread-safe.
 *
 * @since 0.1
 */
public final class MemoryInbox implements Inbox {

  /** Users that {@link #create()} has room for. */
  public static final int USERS = 100_000;

  /** Items that {@link #create()} keeps for one user. */
  public static final int ITEMS_PER_USER = 200;

  private static final Predicate<InboxItem> ARCHIVED = InboxItem::isArchived;
  private static final Predicate<InboxItem> IN_FEED = ARCHIVED.negate();
  private static final Predicate<InboxItem> UNREAD = IN_FEED.and(item -> !item.isRead());
  private static final Predicate<InboxItem> UNSEEN = IN_FEED.and(item -> !item.isSeen());

  private final Cache<String, UserInbox> users;
  private final int itemsPerUser;
  private final InboxListeners listeners = new InboxListeners();

  private MemoryInbox(int users, int itemsPerUser) {
    this.users = Caffeine.newBuilder().maximumSize(users).executor(Runnable::run).build();
    this.itemsPerUser = itemsPerUser;
  }

  /** Inboxes of the usual size. */
  public static MemoryInbox create() {
    return of(USERS, ITEMS_PER_USER);
  }

  /**
   * Inboxes for so many users with so many items each.
   *
   * @throws ConfigurationException if one of them is less than 1
   */
  public static MemoryInbox of(int users, int itemsPerUser) {
    if (users < 1 || itemsPerUser < 1) {
      throw new ConfigurationException(
          "an inbox needs room for one user and one item at least, not for "
              + users
              + " and "
              + itemsPerUser);
    }
    return new MemoryInbox(users, itemsPerUser);
  }

  @Override
  public boolean add(InboxItem item) {
    return users.get(item.userId(), id -> new UserInbox(itemsPerUser, listeners)).add(item);
  }

  @Override
  public List<InboxItem> feed(String userId, int limit) {
    checkPage(limit);
    return of(userId).map(inbox -> inbox.newest(IN_FEED, limit)).orElse(List.of());
  }

  @Override
  public List<InboxItem> feedAfter(InboxItem last, int limit) {
    checkPage(limit);
    return of(last.userId()).map(inbox -> inbox.after(last.id(), IN_FEED, limit)).orElse(List.of());
  }

  @Override
  public List<InboxItem> archive(String userId, int limit) {
    checkPage(limit);
    return of(userId).map(inbox -> inbox.newest(ARCHIVED, limit)).orElse(List.of());
  }

  @Override
  public int unread(String userId) {
    return of(userId).map(inbox -> inbox.count(UNREAD)).orElse(0);
  }

  @Override
  public int unseen(String userId) {
    return of(userId).map(inbox -> inbox.count(UNSEEN)).orElse(0);
  }

  @Override
  public int markAllSeen(String userId) {
    return of(userId).map(inbox -> inbox.change(UNSEEN, InboxItem::seen, Change.SEEN)).orElse(0);
  }

  @Override
  public boolean markRead(String userId, String itemId) {
    Predicate<InboxItem> which = hasId(itemId).and(item -> !item.isRead());
    return of(userId)
        .filter(inbox -> inbox.change(which, InboxItem::read, Change.READ) > 0)
        .isPresent();
  }

  @Override
  public boolean markUnread(String userId, String itemId) {
    Predicate<InboxItem> which = hasId(itemId).and(InboxItem::isRead);
    return of(userId)
        .filter(inbox -> inbox.change(which, InboxItem::unread, Change.UNREAD) > 0)
        .isPresent();
  }

  @Override
  public int markAllRead(String userId) {
    return of(userId).map(inbox -> inbox.change(UNREAD, InboxItem::read, Change.READ)).orElse(0);
  }

  @Override
  public boolean moveToArchive(String userId, String itemId) {
    Predicate<InboxItem> which = hasId(itemId).and(IN_FEED);
    return of(userId)
        .filter(inbox -> inbox.change(which, InboxItem::archived, Change.ARCHIVED) > 0)
        .isPresent();
  }

  @Override
  public boolean restore(String userId, String itemId) {
    Predicate<InboxItem> which = hasId(itemId).and(ARCHIVED);
    return of(userId)
        .filter(inbox -> inbox.change(which, InboxItem::restored, Change.RESTORED) > 0)
        .isPresent();
  }

  @Override
  public Subscription subscribe(InboxListener listener) {
    return listeners.add(listener);
  }

  private Optional<UserInbox> of(String userId) {
    return Optional.ofNullable(users.getIfPresent(userId));
  }

  private static Predicate<InboxItem> hasId(String id) {
    return item -> item.id().equals(id);
  }

  private static void checkPage(int limit) {
    if (limit < 1 || limit > LONGEST_PAGE) {
      throw new IllegalArgumentException(
          "limit: must be from 1 to " + LONGEST_PAGE + ", not " + limit);
    }
  }

  @Override
  public String toString() {
    return "MemoryInbox[" + users.estimatedSize() + " users]";
  }
}
