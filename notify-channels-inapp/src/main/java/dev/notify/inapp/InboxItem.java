package dev.notify.inapp;

import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Extras;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.spi.OutboundMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message in somebody's inbox: a snapshot. {@code toString} shows ids only.
 *
 * @param id id of the delivery that brought it
 * @param userId whose inbox it stands in
 * @param content what it says; it is text from the application, to be escaped where it is shown
 * @param category name of its category
 * @param priority how urgent it was
 * @param metadata the application's own notes
 * @param receivedAt when it came
 * @param isSeen whether it was shown in a list
 * @param isRead whether it was read
 * @param isArchived whether it was put away; the feed leaves it out
 * @since 0.1
 */
public record InboxItem(
    String id,
    String userId,
    Content content,
    String category,
    Priority priority,
    Map<String, String> metadata,
    Instant receivedAt,
    boolean isSeen,
    boolean isRead,
    boolean isArchived) {

  static InboxItem of(OutboundMessage message, Instant receivedAt) {
    return new InboxItem(
        message.reference(),
        message.address().value(),
        shown(message.content()),
        message.category().name(),
        message.priority(),
        message.metadata(),
        receivedAt,
        false,
        false,
        false);
  }

  private static Content shown(Content content) {
    return new Content(
        content.title(),
        content.body(),
        Optional.empty(),
        content.image(),
        content.link(),
        new Extras(content.data(), List.of(), PushOptions.NONE, EmailOptions.NONE));
  }

  InboxItem seen() {
    return with(true, isRead, isArchived);
  }

  /** Who has read it has seen it. */
  InboxItem read() {
    return with(true, true, isArchived);
  }

  InboxItem unread() {
    return with(isSeen, false, isArchived);
  }

  InboxItem archived() {
    return with(isSeen, isRead, true);
  }

  InboxItem restored() {
    return with(isSeen, isRead, false);
  }

  private InboxItem with(boolean seen, boolean read, boolean archived) {
    return new InboxItem(
        id, userId, content, category, priority, metadata, receivedAt, seen, read, archived);
  }

  @Override
  public String toString() {
    return "InboxItem[" + id + "]";
  }
}
