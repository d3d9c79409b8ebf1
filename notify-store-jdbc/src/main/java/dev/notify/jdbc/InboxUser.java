package dev.notify.jdbc;

import dev.notify.model.InboxItem;
import dev.notify.spi.InboxStore.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The row of a user, locked and on its way to what it will be. Not thread-safe. */
final class InboxUser {

  private final byte[] hash;
  private final long began;
  private final long announced;
  private long revision;
  private int unread;
  private int unseen;
  private int items;
  private @Nullable Instant nextExpiry;

  /**
   * As it stands.
   *
   * @param hash SHA-256 of the user's id
   * @param began the revision that the inbox began with
   * @param revision of its last change
   * @param unread items in the feed that were not read
   * @param unseen items in the feed that were not shown
   * @param items all of them
   * @param announced the last announcement that was considered
   * @param nextExpiry when the first item leaves, or may be deleted what is empty
   */
  InboxUser(
      byte[] hash,
      long began,
      long revision,
      int unread,
      int unseen,
      int items,
      long announced,
      @Nullable Instant nextExpiry) {
    this.hash = hash;
    this.began = began;
    this.revision = revision;
    this.unread = unread;
    this.unseen = unseen;
    this.items = items;
    this.announced = announced;
    this.nextExpiry = nextExpiry;
  }

  byte[] hash() {
    return hash;
  }

  long revision() {
    return revision;
  }

  int unread() {
    return unread;
  }

  int unseen() {
    return unseen;
  }

  int items() {
    return items;
  }

  long announced() {
    return announced;
  }

  @Nullable Instant nextExpiry() {
    return nextExpiry;
  }

  Counts counts() {
    return new Counts(unread, unseen, revision);
  }

  /** Whether it is a revision of this inbox, or 0, which everybody knows. */
  boolean knows(long told) {
    return told == 0 || (told >= began && told <= revision);
  }

  boolean isEmpty() {
    return items == 0;
  }

  /** Whether some item has expired. */
  boolean isDue(Instant now) {
    return !isEmpty() && nextExpiry != null && !nextExpiry.isAfter(now);
  }

  /** The revision of one more change. */
  long next() {
    return ++revision;
  }

  /** Counts one more item in. */
  InboxItem added(InboxItem item) {
    items++;
    count(item, 1);
    if (items == 1 || nextExpiry == null || item.expiresAt().isBefore(nextExpiry)) {
      nextExpiry = item.expiresAt();
    }
    return item.at(next());
  }

  /** Counts an item as it is now instead of as it was. */
  InboxItem changed(InboxItem before, InboxItem after) {
    count(before, -1);
    count(after, 1);
    return after.at(next());
  }

  /** Counts items out that are gone. */
  void removed(int all, int notRead, int notSeen) {
    items -= all;
    unread -= notRead;
    unseen -= notSeen;
  }

  /** What is next to leave, after some did. */
  void swept(@Nullable Instant next) {
    nextExpiry = next;
    revision++;
  }

  private void count(InboxItem item, int sign) {
    unread += item.isUnread() ? sign : 0;
    unseen += item.isUnseen() ? sign : 0;
  }
}
