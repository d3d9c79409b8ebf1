package dev.notify.spi;

import dev.notify.model.Recipient;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Many people, page by page: whom a broadcast goes to. Read as a stream, so it may have millions;
 * nobody ever holds all of them. Thread-safe.
 *
 * <p>The order must be stable, and each person come once: a broadcast that goes on after a crash
 * goes on behind its cursor, and who is named twice is sent to twice. People who join behind the
 * cursor while a broadcast is under way are reached by it, those who join before it are not.
 *
 * @since 0.1
 */
public interface Audience {

  /**
   * The name a broadcast knows it by. The same on every node and at every start: any node that
   * knows the name can go on with a broadcast.
   */
  String name();

  /**
   * The people from a place on.
   *
   * @param cursor where to begin: empty for the beginning, else what the page before gave as {@link
   *     Page#next}
   * @param limit at most so many
   * @throws dev.notify.model.NotifyException if it can never be read on; what it says becomes the
   *     reason why the broadcast stops. After any other exception it is tried again a few times
   */
  Page page(String cursor, int limit);

  /** How many people there are, where that is known; asked once for each broadcast. */
  default OptionalLong size() {
    return OptionalLong.empty();
  }

  /**
   * Some of the people.
   *
   * @param members the people; may be none, but not again and again
   * @param next where the next page begins; at most 4,000 characters
   * @param last whether there is no next page
   */
  record Page(List<Member> members, String next, boolean last) {

    /** Takes a copy. */
    public Page {
      members = List.copyOf(members);
    }
  }

  /**
   * One of the people.
   *
   * @param id the application's id of the person
   * @param recipient the person; where absent, the recipient directory is asked
   */
  record Member(String id, Optional<Recipient> recipient) {

    /** Somebody whom the recipient directory knows. */
    public static Member of(String id) {
      return new Member(id, Optional.empty());
    }

    /** Somebody given here. */
    public static Member of(Recipient recipient) {
      return new Member(recipient.id(), Optional.of(recipient));
    }
  }
}
