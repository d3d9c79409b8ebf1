package dev.notify.inapp;

import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A message that stands in many inboxes. {@code toString} shows its id only.
 *
 * @param id its id; announced again with the same id it changes nothing
 * @param content what it says; HTML and attachments are left out
 * @param category name of its category: who opted out of it does not get it
 * @param priority how urgent it is; whoever opted out gets what is {@code CRITICAL} all the same
 * @param metadata the application's own notes
 * @param lifetime when it leaves the inboxes; that of the inbox if empty
 * @since 0.1
 */
public record InboxAnnouncement(
    UUID id,
    Content content,
    String category,
    Priority priority,
    Map<String, String> metadata,
    Optional<Duration> lifetime) {

  private static final int LONGEST_CATEGORY = 64;

  /** Takes a copy, and checks the category, the size and the lifetime. */
  public InboxAnnouncement {
    metadata = Map.copyOf(metadata);
    if (category.isBlank() || category.length() > LONGEST_CATEGORY) {
      throw new ConfigurationException(
          "category: must be of 1 to " + LONGEST_CATEGORY + " characters");
    }
    InAppProvider.fault(content)
        .ifPresent(
            fault -> {
              throw new ConfigurationException("content: " + fault);
            });
    lifetime.ifPresent(length -> Inbox.requirePositive("lifetime", length));
  }

  /** An announcement of this category. */
  public static Builder of(String category, Content content) {
    return new Builder(category, content);
  }

  @Override
  public String toString() {
    return "InboxAnnouncement[" + id + "]";
  }

  /** Builds an {@link InboxAnnouncement}; not thread-safe. */
  public static final class Builder {
    private final String category;
    private final Content content;
    private final Map<String, String> metadata = new HashMap<>();
    private UUID id = UUID.randomUUID();
    private Priority priority = Priority.NORMAL;
    private Optional<Duration> lifetime = Optional.empty();

    private Builder(String category, Content content) {
      this.category = category;
      this.content = content;
    }

    /** Sets its id, so that it can be announced again after a crash; a random one unless set. */
    public Builder id(UUID value) {
      id = value;
      return this;
    }

    /** Sets how urgent it is; {@code NORMAL} unless set. */
    public Builder priority(Priority value) {
      priority = value;
      return this;
    }

    /** Adds a note of the application's own; it never leaves the server. */
    public Builder metadata(String key, String value) {
      metadata.put(key, value);
      return this;
    }

    /** Sets for how long it stands in inboxes; as long as other items unless set. */
    public Builder lifetime(Duration value) {
      lifetime = Optional.of(value);
      return this;
    }

    /**
     * The announcement.
     *
     * @throws ConfigurationException naming what an inbox cannot take
     */
    public InboxAnnouncement build() {
      return new InboxAnnouncement(id, content, category, priority, metadata, lifetime);
    }
  }
}
