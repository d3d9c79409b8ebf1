package dev.notify.spi;

import dev.notify.model.Delivery;
import dev.notify.model.Digest;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The part of a store that keeps the windows of digests. What is collected is an ordinary
 * notification with a delivery on {@link Digest#CHANNEL}, which nobody claims; a window knows which
 * deliveries it holds. All methods are thread-safe and atomic.
 *
 * <p>Of one person, category and key there is one open window at a time; {@link
 * SubmissionStore#collect} puts items into it. A window that was taken is closed: nothing comes
 * into it any more, and the next item opens another. {@link #finish} ends its items and keeps the
 * digest that says them in one commit, of several callers for one: so that no item is lost and none
 * is said twice.
 *
 * @since 0.1
 */
public interface DigestStore {

  /** The open window of a slot, if there is one. */
  Optional<Window> open(Slot slot);

  /**
   * Closes windows that are due, and keeps them from other callers for a while. One whose caller
   * does nothing with it is due again after that.
   *
   * @param wanted which of them
   * @param due at this moment, or before
   * @param until when they are due again
   */
  Taken take(Wanted wanted, Instant due, Instant until);

  /**
   * What windows hold that is still to be said, by the windows' ids, in the order in which it was
   * accepted; nothing of a window that holds nothing any more.
   */
  Map<UUID, List<Held>> items(List<Window> windows);

  /** Makes windows that were taken due again at another moment. */
  void postpone(List<Window> windows, Instant until);

  /**
   * Ends windows that were taken, all that take effect in one commit. One of them takes effect as a
   * whole or not at all; not if the window was taken by another caller meanwhile, one of its items
   * has ended otherwise, or what says them cannot be kept.
   *
   * @return ids of the windows of which it took effect
   * @throws dev.notify.model.RefusedException if the store cannot be reached
   */
  Set<UUID> finish(List<Finish> finishes);

  /**
   * Which windows a caller takes.
   *
   * @param categories those of these categories
   * @param others those of all other categories instead
   * @param windows at most so many
   * @param items at most so many items in them together, unless the first alone has more
   */
  record Wanted(Set<String> categories, boolean others, int windows, int items) {

    /** Takes a copy. */
    public Wanted {
      categories = Set.copyOf(categories);
    }

    /** Whether those of this category are wanted. */
    public boolean isOf(String category) {
      return categories.contains(category) != others;
    }

    /** Of those that are due, in their order, as many as are wanted. */
    public List<Window> first(List<Window> due) {
      int count = 0;
      long held = 0;
      while (count < due.size() && count < windows) {
        held += due.get(count).items();
        if (count > 0 && held > items) {
          break;
        }
        count++;
      }
      return List.copyOf(due.subList(0, count));
    }
  }

  /**
   * How a window ends: all its items end, what says them is kept, and the window is deleted.
   *
   * @param window it was taken
   * @param ended all that {@link #items} answered, as they end
   * @param said says them; none of its deliveries is in anybody's hands. Empty if there is nothing
   *     to say
   */
  record Finish(Window window, List<Delivery> ended, List<Submission> said) {

    /** Takes copies. */
    public Finish {
      ended = List.copyOf(ended);
      said = List.copyOf(said);
    }
  }

  /**
   * What has one open window at a time.
   *
   * @param recipientId the person
   * @param category name of the category
   * @param key the notifications' {@code digestKey}
   */
  record Slot(String recipientId, String category, Optional<String> key) {}

  /**
   * A window, as it stands.
   *
   * @param id its id
   * @param recipientId the person
   * @param category name of the category
   * @param opened when it was opened
   * @param end when it ends at the latest
   * @param due when it ends if nothing more comes
   * @param items how many items it was given; some may have been called off
   * @param version grows with each change
   */
  record Window(
      UUID id,
      String recipientId,
      String category,
      Instant opened,
      Instant end,
      Instant due,
      int items,
      long version) {}

  /**
   * Windows that were taken.
   *
   * @param windows at most as many as were asked for
   * @param nextDue when it is worth asking again, if nothing more is collected; empty if the store
   *     does not tell
   */
  record Taken(List<Window> windows, Optional<Instant> nextDue) {}

  /** What a submission does to the window of its slot. */
  enum Part {
    /** Joins the open one, or opens one. */
    JOINS,
    /** Opens one and is not in it; of no effect if there is one. */
    LEADS,
    /** Joins the open one; of no effect if there is none. */
    FOLLOWS
  }

  /**
   * How a submission goes into a window.
   *
   * @param slot which window
   * @param part what it does to it
   * @param fresh the window to open where one is to be opened, with no items
   * @param quiet the window ends when nothing more comes for so long
   * @param flushAt so many items end the window
   * @param endsIt whether it ends the window at once
   */
  record Joining(
      Slot slot, Part part, Window fresh, Optional<Duration> quiet, int flushAt, boolean endsIt) {

    /** Whether nothing more goes into a window: it is closed then, and another opened. */
    public boolean isFull(Window window) {
      return window.items() >= flushAt;
    }

    /** The window with one more item, which came at this moment. */
    public Window joined(Window window, Instant now) {
      Instant due = window.due();
      if (endsIt || window.items() + 1 >= flushAt) {
        due = now.isBefore(due) ? now : due;
      } else if (quiet.isPresent() && now.isBefore(due)) {
        Instant later = now.plus(quiet.get());
        due = later.isBefore(window.end()) ? later : window.end();
      }
      return new Window(
          window.id(),
          window.recipientId(),
          window.category(),
          window.opened(),
          window.end(),
          due,
          window.items() + 1,
          window.version() + 1);
    }
  }

  /**
   * What came of a submission that was to go into a window.
   *
   * @param earlier the earlier use of its idempotency key: nothing was kept
   * @param window the window it went into, or has opened; empty if there was an earlier use, or its
   *     {@link Part} could not be played, so that nothing was kept either
   */
  record Entered(Optional<KeyUse> earlier, Optional<Window> window) {

    /** It went into this window, or has opened it. */
    public static Entered into(Window window) {
      return new Entered(Optional.empty(), Optional.of(window));
    }

    /** Its key was used before. */
    public static Entered replayed(KeyUse earlier) {
      return new Entered(Optional.of(earlier), Optional.empty());
    }

    /** The window was opened or closed meanwhile. */
    public static Entered missed() {
      return new Entered(Optional.empty(), Optional.empty());
    }
  }

  /** The delivery of a submission that is held for a digest; empty if it goes by itself. */
  static Optional<Delivery> held(Submission submission) {
    return submission.deliveries().stream()
        .filter(delivery -> delivery.channel().equals(Digest.CHANNEL))
        .findFirst();
  }
}
