package dev.notify.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One message in somebody's inbox: a snapshot. {@code toString} shows ids only.
 *
 * @param id a UUID: of the delivery that brought it, or of the announcement
 * @param userId whose inbox it stands in: the value of the person's in-app address
 * @param notificationId the notification that brought it; empty for an announcement
 * @param content what it says; it is text from the application, to be escaped where it is shown
 * @param category name of its category
 * @param priority how urgent it was
 * @param metadata the application's own notes
 * @param receivedAt when it came
 * @param expiresAt when it leaves the inbox by itself
 * @param isSeen whether it was shown in a list
 * @param isRead whether it was read
 * @param isArchived whether it was put away; the feed leaves it out
 * @param revision the place of its last change among all changes of this inbox; grows
 * @since 0.1
 */
public record InboxItem(
    String id,
    String userId,
    Optional<NotificationId> notificationId,
    Content content,
    String category,
    Priority priority,
    Map<String, String> metadata,
    Instant receivedAt,
    Instant expiresAt,
    boolean isSeen,
    boolean isRead,
    boolean isArchived,
    long revision) {

  /** What a person can do with an item. */
  public enum Mark {
    /** It was shown in a list. */
    SEEN,
    /** It was read, and so seen. */
    READ,
    /** It counts as not read. */
    UNREAD,
    /** It was put away, and so seen. */
    ARCHIVED,
    /** It was taken back from the archive. */
    RESTORED
  }

  /** Takes a copy. */
  public InboxItem {
    metadata = Map.copyOf(metadata);
  }

  /** The item with a mark on it; empty if that changes nothing. */
  public Optional<InboxItem> marked(Mark mark) {
    return switch (mark) {
      case SEEN -> changed(!isSeen && !isArchived, true, isRead, isArchived);
      case READ -> changed(!isRead, true, true, isArchived);
      case UNREAD -> changed(isRead, isSeen, false, isArchived);
      case ARCHIVED -> changed(!isArchived, true, isRead, true);
      case RESTORED -> changed(isArchived, isSeen, isRead, false);
    };
  }

  private Optional<InboxItem> changed(
      boolean isNews, boolean seen, boolean read, boolean archived) {
    return isNews ? Optional.of(with(seen, read, archived, revision)) : Optional.empty();
  }

  /** The same as of this revision. */
  public InboxItem at(long nextRevision) {
    return with(isSeen, isRead, isArchived, nextRevision);
  }

  private InboxItem with(boolean seen, boolean read, boolean archived, long nextRevision) {
    return new InboxItem(
        id,
        userId,
        notificationId,
        content,
        category,
        priority,
        metadata,
        receivedAt,
        expiresAt,
        seen,
        read,
        archived,
        nextRevision);
  }

  /** Whether it is among what the bell counts: in the feed and not read. */
  public boolean isUnread() {
    return !isArchived && !isRead;
  }

  /** Whether it is in the feed and was not even shown. */
  public boolean isUnseen() {
    return !isArchived && !isSeen;
  }

  @Override
  public String toString() {
    return "InboxItem[" + id + "]";
  }
}
