package dev.notify.spi;

import dev.notify.model.Address;
import dev.notify.model.Device;
import dev.notify.model.Recipient;
import dev.notify.model.RecipientEntry;
import dev.notify.model.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps people: where to reach them, their devices, what is known of them, what they follow. All
 * methods are thread-safe and atomic.
 *
 * <p>A device belongs to one person. Registering it for another moves it there, for devices change
 * hands and one who signs in on a device is who reads it; of two registrations the later one by
 * {@link Device#seenAt} counts, in whatever order they come.
 *
 * <p>{@code RecipientStoreContract} of {@code notify-test} has what a store must do, as tests.
 *
 * @since 0.1
 */
public interface RecipientStore extends RecipientDirectory {

  /** Devices that were not seen for so long are of nobody any more, as FCM sees it too. */
  Duration STALE = Duration.ofDays(270);

  /** Begins the name of an audience that is a segment in its text form. */
  String SEGMENT = "segment ";

  /** All that is kept of a person; empty if there is none of this id. */
  Optional<RecipientEntry> entry(String recipientId);

  /**
   * Changes a person, atomically; who is unknown begins as one of whom only the id is known.
   *
   * @param change makes the new value; may be called several times, and must be quick
   * @return the person now: without a device that somebody else has shown later
   * @throws dev.notify.model.RefusedException if there is no room or the store cannot be reached
   */
  RecipientEntry update(String recipientId, UnaryOperator<RecipientEntry> change);

  /** Deletes a person with all that is kept of them; says whether there was one. */
  boolean delete(String recipientId);

  /** Whose a device is; empty if it is nobody's. */
  Optional<String> ownerOf(Address device);

  /**
   * Removes devices that were last seen before a moment; people stay.
   *
   * @return how many were removed
   */
  long pruneDevices(Instant unseenSince);

  /**
   * The people of a segment, as they are at the moment when their page is read. Read in the order
   * in which they were first stored, page by page; who is named by several topics comes once.
   *
   * @param name as {@link Audience#name} has it
   */
  Audience audience(String name, Segment who);

  /**
   * The people of a segment, by a name that says which: every process on the same store can go on
   * with a broadcast to it without being told of it. For a segment with a long text, give a name.
   */
  default Audience audience(Segment who) {
    return audience(SEGMENT + who, who);
  }

  @Override
  default Optional<Recipient> find(String recipientId) {
    return entry(recipientId).map(RecipientEntry::reachable);
  }

  /**
   * Keeps what the application says of a person, in place of what it said before; their devices and
   * topics stay.
   *
   * @param recipient without devices, which are {@linkplain #register registered}
   */
  default void save(Recipient recipient) {
    update(recipient.id(), entry -> entry.with(recipient));
  }

  /**
   * Makes a device a person's, or notes that it was seen again: to be called at each start of the
   * application on it.
   *
   * @return the person's devices now, the one seen last first
   */
  default List<Device> register(String recipientId, Device device) {
    return update(recipientId, entry -> entry.with(device)).devices();
  }

  /** Makes a device nobody's, at a sign-out for example; says whether it was somebody's. */
  default boolean unregister(Address device) {
    Optional<String> owner = ownerOf(device);
    owner.ifPresent(id -> update(id, entry -> entry.without(device)));
    return owner.isPresent();
  }

  /**
   * Has a person follow a topic; who does already, does so since then.
   *
   * @param topic at most 100 letters, digits and the characters {@code . _ : / -}
   */
  default void follow(String recipientId, String topic, Instant since) {
    update(recipientId, entry -> entry.following(topic, since));
  }

  /** Ends that a person follows a topic. */
  default void unfollow(String recipientId, String topic) {
    if (entry(recipientId).isPresent()) {
      update(recipientId, entry -> entry.notFollowing(topic));
    }
  }
}
