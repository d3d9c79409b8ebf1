package dev.notify.inapp;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Lets the store know who is there and who has left. Many who come or go at a time are noted
 * together, or each would cost a commit; and by one thread at a time, or an old word might be the
 * last.
 */
final class Attendance {

  /** Longer than it takes until it is noted anew. */
  private static final Duration NOTED_FOR = Duration.ofSeconds(60);

  /** Who goes from page to page comes again within it, and was there all the time. */
  private static final Duration LEAVING = Duration.ofSeconds(5);

  private final Inbox inbox;
  private final Predicate<String> isThere;
  private final Predicate<Runnable> workers;

  /** Whose presence is to be noted, as it is then. */
  private final Set<String> unnoted = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean isNoting = new AtomicBoolean();

  /**
   * Of the users of these inboxes.
   *
   * @param isThere whether a user has a stream open now
   * @param workers takes work that asks the store; {@code false} if it has no room
   */
  Attendance(Inbox inbox, Predicate<String> isThere, Predicate<Runnable> workers) {
    this.inbox = inbox;
    this.isThere = isThere;
    this.workers = workers;
  }

  /** These have come, are still there, or have left. */
  void note(Collection<String> userIds) {
    unnoted.addAll(userIds);
    if (!unnoted.isEmpty() && isNoting.compareAndSet(false, true) && !workers.test(this::noteAll)) {
      isNoting.set(false);
    }
  }

  private void noteAll() {
    try {
      while (!unnoted.isEmpty()) {
        noteSome(List.copyOf(unnoted));
      }
    } finally {
      isNoting.set(false);
    }
    // Whoever came in between saw that noting was under way, and left it at that.
    note(List.of());
  }

  private void noteSome(List<String> some) {
    // First, so that who comes or goes from here on is noted anew.
    some.forEach(unnoted::remove);
    Map<Boolean, List<String>> byPresence =
        some.stream().collect(Collectors.partitioningBy(isThere));
    try {
      present(byPresence.getOrDefault(true, List.of()), NOTED_FOR);
      present(byPresence.getOrDefault(false, List.of()), LEAVING);
    } catch (RuntimeException e) {
      unnoted.addAll(some);
      throw e;
    }
  }

  private void present(List<String> userIds, Duration lasting) {
    if (!userIds.isEmpty()) {
      inbox.store().present(userIds, inbox.now().plus(lasting));
    }
  }
}
