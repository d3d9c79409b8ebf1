package dev.notify.inapp;

import java.util.List;

/**
 * Everybody's inboxes. Each user sees own items only: an id that belongs to somebody else is as
 * good as unknown. Thread-safe.
 *
 * @since 0.1
 */
public interface Inbox {

  /** Most items that one page of a feed can have. */
  int LONGEST_PAGE = 200;

  /** Puts an item on top; {@code false} if an item with its id stands there already. */
  boolean add(InboxItem item);

  /**
   * The newest items that are not archived, newest first.
   *
   * @param limit 1 to {@value #LONGEST_PAGE}
   */
  List<InboxItem> feed(String userId, int limit);

  /**
   * The page that follows: items older than the last one of the page before. Items that came in
   * between neither repeat nor hide one.
   *
   * @param limit 1 to {@value #LONGEST_PAGE}
   */
  List<InboxItem> feedAfter(InboxItem last, int limit);

  /** The newest archived items, newest first. */
  List<InboxItem> archive(String userId, int limit);

  /** Items in the feed that were not read: the number on the bell. */
  int unread(String userId);

  /** Items in the feed that were not even shown in a list. */
  int unseen(String userId);

  /** Everything in the feed was shown; how many items were new to the user. */
  int markAllSeen(String userId);

  /** The item was read; {@code false} if it is unknown or was read before. */
  boolean markRead(String userId, String itemId);

  /** The item counts as not read; {@code false} if it is unknown or was not read. */
  boolean markUnread(String userId, String itemId);

  /** Everything in the feed was read; how many items were not. */
  int markAllRead(String userId);

  /** Puts an item away; {@code false} if it is unknown or was put away before. */
  boolean moveToArchive(String userId, String itemId);

  /** Takes an item back from the archive; {@code false} if it does not stand there. */
  boolean restore(String userId, String itemId);

  /** Calls the listener after every change until the subscription is closed. */
  Subscription subscribe(InboxListener listener);

  /** A listener's place; closing it ends the calls. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
