package dev.notify.spi;

import dev.notify.model.Content;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Where everybody's inboxes are kept. The changes of one inbox have an order, and each is numbered
 * by a revision that grows; so whoever knows a revision learns all that happened since, once. A
 * user who is not known has an empty inbox, and an id that belongs to somebody else is as good as
 * unknown. What has expired is not shown, counted or changed any more. Thread-safe, also among
 * several processes where the store is shared.
 *
 * @since 0.1
 */
public interface InboxStore {

  /** Items that a durable inbox keeps unless told otherwise. */
  int ITEMS_PER_USER = 1_000;

  /** Most items that one page can have. */
  int LONGEST_PAGE = 200;

  /**
   * Puts items into inboxes, all or none. An item whose id stands in its inbox is left alone. Of an
   * inbox that has too many, the oldest go.
   *
   * @return those that were not there, with their revisions
   */
  List<InboxItem> add(Collection<InboxItem> items);

  /** A page of an inbox, newest first. */
  Page page(String userId, Query query, Instant now);

  /** An item, wherever in the inbox it stands. */
  Optional<InboxItem> find(String userId, String itemId, Instant now);

  /** The item that a notification brought, wherever in the inbox it stands. */
  Optional<InboxItem> findOf(String userId, NotificationId notificationId, Instant now);

  /** The numbers on the bell, without looking through the items. */
  Counts counts(String userId, Instant now);

  /**
   * What changed after a revision, in the order of the changes; each item as it stands now.
   *
   * @param after the last revision that is known; 0 if none is
   * @param limit at most so many items
   */
  Changes changes(String userId, long after, int limit, Instant now);

  /**
   * Marks some items.
   *
   * @param itemIds at most {@value #LONGEST_PAGE}
   * @return those that this changed, as they are now
   */
  List<InboxItem> mark(String userId, Mark mark, Collection<String> itemIds, Instant now);

  /**
   * Marks all items of the feed, or of one category in it.
   *
   * @return those that this changed, as they are now
   */
  List<InboxItem> markAll(String userId, Mark mark, Optional<String> category, Instant now);

  /** Keeps an announcement, once for all its readers; {@code false} if its id is known. */
  boolean announce(Announcement announcement);

  /** The number of the last announcement of all, as it was about a second ago; 0 before any. */
  long lastAnnouncement();

  /** Announcements that have not been put before a user, oldest first; each has its number. */
  List<Announcement> announcementsFor(String userId, Instant now);

  /**
   * Lets announcements appear in an inbox, which takes next to no room, and notes that the user has
   * been dealt with up to a number. Of several that do so at a time, the first counts.
   *
   * @param shown those that are for this user
   * @param upTo the number of the last one that was considered
   */
  void merge(String userId, List<Announcement> shown, long upTo);

  /**
   * The revisions that inboxes are at; unknown users are left out. One look for all. That an item
   * has expired by now is a change too, since the numbers on the bell are others.
   */
  Map<String, Long> revisions(Collection<String> userIds, Instant now);

  /**
   * Notes that these users have an inbox open before them in this process until then, which may be
   * sooner than was noted before. What other processes note stands.
   */
  void present(Collection<String> userIds, Instant until);

  /** Whether a user has an inbox open, in any process. */
  boolean isPresent(String userId, Instant now);

  /**
   * Erases an inbox.
   *
   * @return how many items it had
   */
  long forget(String userId);

  /**
   * Calls whenever an inbox may have changed, with the user's id, or with an empty one if any may
   * have. A hint: it may come late, twice or not at all; {@link #revisions} is the truth.
   */
  Subscription onChange(Consumer<String> listener);

  /** The part of an inbox that is read. */
  enum Box {
    /** What has not been put away. */
    FEED,
    /** What has. */
    ARCHIVE
  }

  /**
   * What to read.
   *
   * @param box feed or archive
   * @param category items of this category alone
   * @param unreadOnly leave out what was read
   * @param before begins behind this place; with the newest if empty
   * @param limit 1 to {@value #LONGEST_PAGE}
   */
  record Query(
      Box box, Optional<String> category, boolean unreadOnly, Optional<Place> before, int limit) {

    /** Checks the limit. */
    public Query {
      if (limit < 1 || limit > LONGEST_PAGE) {
        throw new IllegalArgumentException(
            "limit: must be from 1 to " + LONGEST_PAGE + ", not " + limit);
      }
    }

    /** The newest of the feed. */
    public static Query feed(int limit) {
      return new Query(Box.FEED, Optional.empty(), false, Optional.empty(), limit);
    }

    /** The newest of the archive. */
    public static Query archive(int limit) {
      return new Query(Box.ARCHIVE, Optional.empty(), false, Optional.empty(), limit);
    }

    /** The same of one category. */
    public Query of(String one) {
      return new Query(box, Optional.of(one), unreadOnly, before, limit);
    }

    /** The same without what was read. */
    public Query unread() {
      return new Query(box, category, true, before, limit);
    }

    /** The page behind a place. */
    public Query behind(Place place) {
      return new Query(box, category, unreadOnly, Optional.of(place), limit);
    }
  }

  /**
   * An item's place in the order of pages: the newest first, and of those of one moment the one
   * with the greater id. Items that come or go in between neither repeat nor hide another.
   *
   * @param receivedAt when it came
   * @param itemId its id
   */
  record Place(Instant receivedAt, String itemId) {
    /** The place of an item. */
    public static Place of(InboxItem item) {
      return new Place(item.receivedAt(), item.id());
    }
  }

  /**
   * Some items of an inbox.
   *
   * @param items newest first
   * @param next where the next page begins; empty if this is the last
   * @param counts the numbers on the bell
   */
  record Page(List<InboxItem> items, Optional<Place> next, Counts counts) {
    /** Takes a copy. */
    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * The numbers on the bell.
   *
   * @param unread items in the feed that were not read
   * @param unseen items in the feed that were not even shown
   * @param revision the last change that is in these numbers
   */
  record Counts(int unread, int unseen, long revision) {
    /** Of a user who is not known. */
    public static final Counts NONE = new Counts(0, 0, 0);
  }

  /**
   * What changed in an inbox.
   *
   * @param items each as it is now, in the order of their last changes
   * @param upTo the revision that is known with these: the next question begins behind it
   * @param more whether there were more than asked for
   * @param isUnknown whether the revision asked about is none of this inbox: from its future, as
   *     after a database was set back, or from before it began, as after the person was erased.
   *     What is known is worth nothing, and the inbox is to be read anew
   * @param counts the numbers on the bell
   */
  record Changes(List<InboxItem> items, long upTo, boolean more, boolean isUnknown, Counts counts) {
    /** Takes a copy. */
    public Changes {
      items = List.copyOf(items);
    }
  }

  /**
   * A message for many, kept once. {@code toString} shows its id only.
   *
   * @param id its id, which its items have too
   * @param number its place among all announcements; 0 before it is kept
   * @param audience for whom, by a name that the application understands; empty for everybody
   * @param content what it says
   * @param category name of its category
   * @param priority how urgent it is
   * @param metadata the application's own notes
   * @param at when it was made
   * @param expiresAt when it leaves all inboxes
   */
  record Announcement(
      UUID id,
      long number,
      String audience,
      Content content,
      String category,
      Priority priority,
      Map<String, String> metadata,
      Instant at,
      Instant expiresAt) {

    /** Takes a copy. */
    public Announcement {
      metadata = Map.copyOf(metadata);
    }

    /** The same with its number. */
    public Announcement numbered(long place) {
      return new Announcement(
          id, place, audience, content, category, priority, metadata, at, expiresAt);
    }

    /** As it stands in an inbox where nobody has seen it yet. */
    public InboxItem itemOf(String userId) {
      return new InboxItem(
          id.toString(),
          userId,
          Optional.empty(),
          content,
          category,
          priority,
          metadata,
          at,
          expiresAt,
          false,
          false,
          false,
          0);
    }

    @Override
    public String toString() {
      return "Announcement[" + id + "]";
    }
  }
}
