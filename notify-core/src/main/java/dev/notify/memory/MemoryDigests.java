package dev.notify.memory;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.RefusedException;
import dev.notify.spi.DigestStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The windows of digests in memory, under the lock of the store whose deliveries they hold. */
final class MemoryDigests implements DigestStore {

  private final ReentrantLock lock;
  private final Function<Submission, Optional<KeyUse>> accept;
  private final Consumer<Submission> keep;
  private final Function<DeliveryId, Optional<Row>> rows;
  private final BiConsumer<Row, Delivery> end;
  private final Map<UUID, Kept> all = new HashMap<>();
  private final TreeSet<Kept> byDue =
      new TreeSet<>(
          Comparator.<Kept, Instant>comparing(kept -> kept.window.due())
              .thenComparing(kept -> kept.window.id()));
  private final Map<Slot, Kept> open = new HashMap<>();

  private static final class Kept {
    final Slot slot;
    final List<DeliveryId> items = new ArrayList<>();
    Window window;

    Kept(Slot slot, Window window) {
      this.slot = slot;
      this.window = window;
    }

    Window dueAt(Instant due) {
      return new Window(
          window.id(),
          window.recipientId(),
          window.category(),
          window.opened(),
          window.end(),
          due,
          window.items(),
          window.version() + 1);
    }
  }

  /**
   * Windows under the store's lock.
   *
   * @param accept keeps a submission, if there is room and its key was not used before
   * @param keep keeps one in any case
   * @param rows the deliveries
   * @param end ends one that nobody holds
   */
  MemoryDigests(
      ReentrantLock lock,
      Function<Submission, Optional<KeyUse>> accept,
      Consumer<Submission> keep,
      Function<DeliveryId, Optional<Row>> rows,
      BiConsumer<Row, Delivery> end) {
    this.lock = lock;
    this.accept = accept;
    this.keep = keep;
    this.rows = rows;
    this.end = end;
  }

  private <R> R locked(Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  Entered collect(Submission submission, Joining joining, int mostWindows) {
    return locked(
        () -> {
          boolean leads = joining.part() == Part.LEADS;
          boolean isOpen = open.containsKey(joining.slot());
          if (leads ? isOpen : !isOpen && joining.part() == Part.FOLLOWS) {
            return Entered.missed();
          }
          if (!isOpen && all.size() >= mostWindows) {
            throw new RefusedException(
                RefusedException.Why.QUEUE_FULL,
                all.size() + " windows of digests are open, the memory store holds no more");
          }
          Optional<KeyUse> earlier = accept.apply(submission);
          if (earlier.isPresent()) {
            return Entered.replayed(earlier.get());
          }
          // While it waited for room, the window may have come or gone; either will do now.
          Kept full = open.get(joining.slot());
          if (full != null && !leads && joining.isFull(full.window)) {
            open.remove(joining.slot());
          }
          Kept kept = open.computeIfAbsent(joining.slot(), slot -> opened(slot, joining.fresh()));
          DigestStore.held(submission).ifPresent(item -> join(kept, item, joining));
          return Entered.into(kept.window);
        });
  }

  private Kept opened(Slot slot, Window fresh) {
    Kept kept = new Kept(slot, fresh);
    all.put(fresh.id(), kept);
    byDue.add(kept);
    return kept;
  }

  private void join(Kept kept, Delivery item, Joining joining) {
    change(kept, joining.joined(kept.window, item.createdAt()));
    kept.items.add(item.id());
  }

  /** It may be due at another moment then. */
  private void change(Kept kept, Window window) {
    byDue.remove(kept);
    kept.window = window;
    byDue.add(kept);
  }

  @Override
  public Optional<Window> open(Slot slot) {
    return locked(() -> Optional.ofNullable(open.get(slot)).map(kept -> kept.window));
  }

  @Override
  public Taken take(Wanted wanted, Instant due, Instant until) {
    return locked(
        () -> {
          List<Kept> ended = new ArrayList<>();
          Optional<Instant> next = Optional.empty();
          for (Kept kept : byDue) {
            if (wanted.isOf(kept.window.category())) {
              Instant at = kept.window.due();
              if (at.isAfter(due) || ended.size() == wanted.windows()) {
                next = Optional.of(at.isAfter(due) ? at : due);
                break;
              }
              ended.add(kept);
            }
          }
          int most = wanted.first(ended.stream().map(kept -> kept.window).toList()).size();
          List<Window> taken = new ArrayList<>();
          for (Kept kept : ended.subList(0, most)) {
            open.remove(kept.slot, kept);
            change(kept, kept.dueAt(until));
            taken.add(kept.window);
          }
          return new Taken(taken, most < ended.size() ? Optional.of(due) : next);
        });
  }

  @Override
  public Map<UUID, List<Held>> items(List<Window> windows) {
    return locked(
        () -> {
          Map<UUID, List<Held>> items = new HashMap<>();
          for (Window window : windows) {
            Kept kept = all.get(window.id());
            List<Row> waiting = kept == null ? List.of() : waiting(kept);
            if (!waiting.isEmpty()) {
              items.put(
                  window.id(),
                  waiting.stream()
                      .map(row -> new Held(row.delivery, row.entry.notification()))
                      .toList());
            }
          }
          return items;
        });
  }

  private List<Row> waiting(Kept kept) {
    return kept.items.stream()
        .flatMap(id -> rows.apply(id).stream())
        .filter(row -> row.delivery.status().isOpen() && !row.entry.isErased())
        .toList();
  }

  @Override
  public void postpone(List<Window> windows, Instant until) {
    lock.lock();
    try {
      for (Window window : windows) {
        Kept kept = taken(window);
        if (kept != null) {
          change(kept, kept.dueAt(until));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Kept taken(Window window) {
    Kept kept = all.get(window.id());
    return kept != null && kept.window.version() == window.version() ? kept : null;
  }

  @Override
  public Set<UUID> finish(List<Finish> finishes) {
    return locked(
        () ->
            finishes.stream()
                .filter(this::finish)
                .map(finish -> finish.window().id())
                .collect(Collectors.toSet()));
  }

  private boolean finish(Finish finish) {
    Kept kept = taken(finish.window());
    if (kept == null) {
      return false;
    }
    Map<DeliveryId, Row> waiting = new HashMap<>();
    waiting(kept).forEach(row -> waiting.put(row.delivery.id(), row));
    Set<DeliveryId> ids = new HashSet<>();
    finish.ended().forEach(item -> ids.add(item.id()));
    if (!waiting.keySet().equals(ids)) {
      return false;
    }
    finish.said().forEach(keep);
    for (Delivery item : finish.ended()) {
      Row row = waiting.get(item.id());
      if (row != null) {
        end.accept(row, item);
      }
    }
    all.remove(kept.window.id());
    byDue.remove(kept);
    return true;
  }

  /** Closes the windows of a person; the caller holds the lock. */
  void forget(String recipientId) {
    all.values().removeIf(kept -> kept.slot.recipientId().equals(recipientId));
    byDue.removeIf(kept -> kept.slot.recipientId().equals(recipientId));
    open.keySet().removeIf(slot -> slot.recipientId().equals(recipientId));
  }
}
