package dev.notify.inapp;

/**
 * Hears of every change in an inbox, after it was made and in the order of one user's changes.
 * Called on the thread that made the change: be short. What it throws is logged and goes no
 * further.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface InboxListener {

  /** What can happen to an item. */
  enum Change {
    /** It came. */
    ADDED,
    /** It was shown in a list for the first time. */
    SEEN,
    /** It was read. */
    READ,
    /** It was marked as not read. */
    UNREAD,
    /** It was put away. */
    ARCHIVED,
    /** It was taken back from the archive. */
    RESTORED
  }

  /** An item changed; {@code item} is how it stands now. */
  void changed(Change change, InboxItem item);
}
