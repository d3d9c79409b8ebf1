package dev.notify.inapp;

import dev.notify.memory.MemoryInboxes;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Extras;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.NotificationId;
import dev.notify.model.PushOptions;
import dev.notify.spi.Audience;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Changes;
import dev.notify.spi.InboxStore.Counts;
import dev.notify.spi.InboxStore.Page;
import dev.notify.spi.InboxStore.Place;
import dev.notify.spi.InboxStore.Query;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody's inboxes, as the application sees them. A user is known by the value of the in-app
 * address, and sees own items only: an id that belongs to somebody else is as good as unknown.
 *
 * <pre>{@code
 * Inbox inbox = Inbox.in(store);                  // the dispatcher's store, a JdbcStore for example
 * List<InboxItem> newest = inbox.feed("user-42", 20);
 * int bell = inbox.unread("user-42");
 * inbox.markRead("user-42", newest.get(0).id());
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Inbox {

  /** Most items that one page can have, and most that can be marked in one call. */
  public static final int LONGEST_PAGE = InboxStore.LONGEST_PAGE;

  /** For how long an item stands in an inbox unless told otherwise. */
  public static final Duration LIFETIME = Duration.ofDays(90);

  /** An announcement to more people than this is kept once, unless told otherwise. */
  public static final int WRITTEN_UP_TO = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Inbox.class);

  private final InboxStore store;
  private final InstantSource clock;
  private final Function<OutboundMessage, Duration> lifetime;
  private final Announcing announcing;
  private final List<InboxListener> listeners = new CopyOnWriteArrayList<>();

  private Inbox(Builder builder) {
    store = builder.store;
    clock = builder.clock;
    lifetime = builder.lifetime;
    announcing = new Announcing(builder);
  }

  /**
   * Inboxes that are kept where notifications are, with what people have chosen if that is kept
   * there too.
   *
   * @throws ConfigurationException if this store keeps no inboxes
   */
  public static Inbox in(NotificationStore store) {
    return builder(store).build();
  }

  /** Inboxes in memory, for tests and small applications; they end with the process. */
  public static Inbox inMemory() {
    return builder(MemoryInboxes.create()).build();
  }

  /** Inboxes that are kept here. */
  public static Builder builder(InboxStore store) {
    return new Builder(store);
  }

  /**
   * As {@link #in}, to be set up further.
   *
   * @throws ConfigurationException if this store keeps no inboxes
   */
  public static Builder builder(NotificationStore store) {
    Builder builder =
        new Builder(
            store
                .inboxes()
                .orElseThrow(
                    () ->
                        new ConfigurationException(
                            store + " keeps no inboxes; give Inbox.builder an InboxStore")));
    store.preferences().ifPresent(builder::preferences);
    return builder;
  }

  InboxStore store() {
    return store;
  }

  InstantSource clock() {
    return clock;
  }

  Instant now() {
    return clock.instant();
  }

  // Reading

  /**
   * The newest items that are not archived, newest first.
   *
   * @param limit 1 to {@value #LONGEST_PAGE}
   */
  public List<InboxItem> feed(String userId, int limit) {
    return page(userId, Query.feed(limit)).items();
  }

  /**
   * The page that follows: items older than the last one of the page before. Items that came in
   * between neither repeat nor hide one.
   *
   * @param limit 1 to {@value #LONGEST_PAGE}
   */
  public List<InboxItem> feedAfter(InboxItem last, int limit) {
    return page(last.userId(), Query.feed(limit).behind(Place.of(last))).items();
  }

  /**
   * The newest archived items, newest first.
   *
   * @param limit 1 to {@value #LONGEST_PAGE}
   */
  public List<InboxItem> archive(String userId, int limit) {
    return page(userId, Query.archive(limit)).items();
  }

  /** A page of the feed or the archive, with the numbers on the bell. */
  public Page page(String userId, Query query) {
    announcing.meet(userId, now());
    return store.page(userId, query, now());
  }

  /** An item, wherever in the inbox it stands. */
  public Optional<InboxItem> find(String userId, String itemId) {
    return store.find(userId, itemId, now());
  }

  /** The item that a notification brought, wherever in the inbox it stands. */
  public Optional<InboxItem> findOf(String userId, NotificationId notificationId) {
    return store.findOf(userId, notificationId, now());
  }

  /** The numbers on the bell, and the revision they are of. */
  public Counts counts(String userId) {
    announcing.meet(userId, now());
    return store.counts(userId, now());
  }

  /** Items in the feed that were not read: the number on the bell. */
  public int unread(String userId) {
    return counts(userId).unread();
  }

  /** Items in the feed that were not even shown in a list. */
  public int unseen(String userId) {
    return counts(userId).unseen();
  }

  /**
   * What changed after a revision, in the order of the changes; each item as it stands now.
   *
   * @param revision the last one that is known
   * @param limit at most so many items
   */
  public Changes changes(String userId, long revision, int limit) {
    announcing.meet(userId, now());
    return store.changes(userId, revision, limit, now());
  }

  /** Whether a user has an inbox open before them, on any node. */
  public boolean isPresent(String userId) {
    return store.isPresent(userId, now());
  }

  // What people do

  /**
   * Marks some items.
   *
   * @param itemIds at most {@value #LONGEST_PAGE}
   * @return those that this changed, as they are now
   */
  public List<InboxItem> mark(String userId, Mark mark, Collection<String> itemIds) {
    if (itemIds.size() > LONGEST_PAGE) {
      throw new IllegalArgumentException(
          "itemIds: has " + itemIds.size() + ", at most " + LONGEST_PAGE + " are allowed");
    }
    return told(mark, store.mark(userId, mark, itemIds, now()));
  }

  /**
   * Marks everything in the feed, or all of one category.
   *
   * @return those that this changed, as they are now
   */
  public List<InboxItem> markAll(String userId, Mark mark, Optional<String> category) {
    announcing.meet(userId, now());
    return told(mark, store.markAll(userId, mark, category, now()));
  }

  private boolean mark(String userId, Mark mark, String itemId) {
    return !mark(userId, mark, List.of(itemId)).isEmpty();
  }

  /** The item was shown in a list; {@code false} if it is unknown or was shown before. */
  public boolean markSeen(String userId, String itemId) {
    return mark(userId, Mark.SEEN, itemId);
  }

  /** The item was read; {@code false} if it is unknown or was read before. */
  public boolean markRead(String userId, String itemId) {
    return mark(userId, Mark.READ, itemId);
  }

  /** The item counts as not read; {@code false} if it is unknown or was not read. */
  public boolean markUnread(String userId, String itemId) {
    return mark(userId, Mark.UNREAD, itemId);
  }

  /** Puts an item away; {@code false} if it is unknown or was put away before. */
  public boolean moveToArchive(String userId, String itemId) {
    return mark(userId, Mark.ARCHIVED, itemId);
  }

  /** Takes an item back from the archive; {@code false} if it does not stand there. */
  public boolean restore(String userId, String itemId) {
    return mark(userId, Mark.RESTORED, itemId);
  }

  /** Everything in the feed was shown; how many items were new to the user. */
  public int markAllSeen(String userId) {
    return markAll(userId, Mark.SEEN, Optional.empty()).size();
  }

  /** Everything in the feed was read; how many items were not. */
  public int markAllRead(String userId) {
    return markAll(userId, Mark.READ, Optional.empty()).size();
  }

  /** Everything of a category was read; how many items were not. */
  public int markAllRead(String userId, String category) {
    return markAll(userId, Mark.READ, Optional.of(category)).size();
  }

  private List<InboxItem> told(Mark mark, List<InboxItem> changed) {
    for (InboxItem item : changed) {
      for (InboxListener listener : listeners) {
        try {
          listener.marked(mark, item);
        } catch (RuntimeException e) {
          // Its message may quote the item.
          log.warn("inbox listener failed at {} of {}: {}", mark, item.id(), e.getClass());
        }
      }
    }
    return changed;
  }

  /** Calls the listener after every mark made here until the subscription is closed. */
  public Subscription subscribe(InboxListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  // What comes

  /** Puts messages on top of their readers' inboxes, all or none; one that is there stays. */
  void add(Collection<OutboundMessage> messages) {
    List<InboxItem> ignored = store.add(messages.stream().map(this::item).toList());
  }

  private InboxItem item(OutboundMessage message) {
    Instant now = now();
    return new InboxItem(
        message.reference(),
        message.address().value(),
        Optional.of(message.notificationId()),
        shown(message.content()),
        message.category().name(),
        message.priority(),
        message.metadata(),
        now,
        now.plus(requirePositive("lifetime", lifetime.apply(message))),
        false,
        false,
        false,
        0);
  }

  /** What an inbox can show of a content. */
  static Content shown(Content content) {
    PushOptions.Builder buttons = PushOptions.builder();
    content.push().actions().forEach(buttons::action);
    return new Content(
        content.title(),
        content.body(),
        Optional.empty(),
        content.image(),
        content.link(),
        new Extras(content.data(), List.of(), buttons.build(), EmailOptions.NONE));
  }

  static Duration requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new ConfigurationException(name + ": must be longer than zero, not " + value);
    }
    return value;
  }

  /**
   * Puts a message into everybody's inbox. It is kept once; each user meets it when the inbox is
   * looked at next, if it has not expired by then.
   *
   * @return what was done
   */
  public Announced announce(InboxAnnouncement announcement) {
    return announcing.toAll(announcement, now());
  }

  /**
   * Puts a message into the inboxes of some people. If it is known that they are {@linkplain
   * Builder#writtenUpTo few}, an item is written for each of them now; of many it is kept once, and
   * met by those for whom the {@linkplain Builder#audience test of membership} says yes when they
   * look at their inbox.
   *
   * @throws ConfigurationException if they may be many and no test is known for the audience's name
   */
  public Announced announce(InboxAnnouncement announcement, Audience audience) {
    return announcing.to(announcement, audience, now());
  }

  /**
   * What became of an announcement.
   *
   * @param isKeptOnce whether it is kept once and met later; else it was written for each
   * @param isNews whether it, or any item of it, was not there before
   * @param written items that were written
   * @param optedOut people who got no item, since they had opted out
   */
  public record Announced(boolean isKeptOnce, boolean isNews, long written, long optedOut) {}

  @Override
  public String toString() {
    return "Inbox[" + store + "]";
  }

  /** Builds an {@link Inbox}; not thread-safe. */
  public static final class Builder {
    final InboxStore store;
    final Map<String, Predicate<String>> audiences = new HashMap<>();
    InstantSource clock = InstantSource.system();
    Function<OutboundMessage, Duration> lifetime = message -> LIFETIME;
    Duration announcedFor = LIFETIME;
    int writtenUpTo = WRITTEN_UP_TO;
    Optional<PreferenceStore> preferences = Optional.empty();

    private Builder(InboxStore store) {
      this.store = store;
    }

    /** Sets the clock. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Sets for how long an item stands in an inbox; {@link #LIFETIME} unless set. */
    public Builder lifetime(Duration value) {
      announcedFor = requirePositive("lifetime", value);
      lifetime = message -> value;
      return this;
    }

    /** Sets for how long the item of a message stands in an inbox. */
    public Builder lifetime(Function<OutboundMessage, Duration> value) {
      lifetime = value;
      return this;
    }

    /**
     * Says who belongs to a large audience. Asked when a user meets an announcement, with the
     * user's id; on a node where a name is unknown its announcements are passed over, so let every
     * node know it first.
     *
     * @param name the audience's name
     * @param isMember quick, since somebody waits for the inbox
     */
    public Builder audience(String name, Predicate<String> isMember) {
      if (name.isBlank() || name.length() > 255) {
        throw new ConfigurationException("audience: a name has 1 to 255 characters");
      }
      audiences.put(name, isMember);
      return this;
    }

    /**
     * Sets up to how many people an announcement is written into each inbox; {@value
     * #WRITTEN_UP_TO} unless set. One to more, or to nobody knows how many, is kept once.
     */
    public Builder writtenUpTo(int people) {
      if (people < 0 || people > 1_000_000) {
        throw new ConfigurationException("writtenUpTo: must be from 0 to 1,000,000, not " + people);
      }
      writtenUpTo = people;
      return this;
    }

    /** Sets where it is known who opted out of announcements of a category. */
    public Builder preferences(PreferenceStore value) {
      preferences = Optional.of(value);
      return this;
    }

    /** The inboxes. */
    public Inbox build() {
      return new Inbox(this);
    }
  }
}
