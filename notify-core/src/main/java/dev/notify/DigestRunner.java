package dev.notify;

import dev.notify.DigestMaker.Made;
import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Category;
import dev.notify.model.Delivery;
import dev.notify.model.RefusedException;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Taken;
import dev.notify.spi.DigestStore.Wanted;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.NotificationStore.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what windows that have ended hold, many of them in one commit. Looks now and then for those
 * of categories that have no digest any more, which nobody else would end.
 */
final class DigestRunner implements BackgroundLoop.Steps {

  private static final Logger log = LoggerFactory.getLogger(DigestRunner.class);

  private static final int FEWEST = 20;
  private static final int MOST = 320;

  /** What is read at a time, and waits in memory to be written. */
  private static final int MOST_ITEMS = 2_000;

  /** Whoever has taken windows and has not come to their end by then is taken to have died. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private static final Duration LEASE_OF_EACH = Duration.ofMillis(50);

  /** What an administrator has to mend, or a cap to let pass. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** Nobody who knows its category's digest would leave a window alone for so long. */
  private static final Duration ABANDONED = Duration.ofMinutes(15);

  /** An item may be called off while its digest is made; then it is made anew. */
  private static final int MOST_TRIES = 5;

  private final Wiring wiring;
  private final DigestStore digests;
  private final DigestMaker maker;
  private final HandingOver handingOver;
  private final Set<String> categories;
  private int atOnce = FEWEST;
  private Instant nextLook = Instant.MIN;

  DigestRunner(
      Wiring wiring, DeliveryEngine engine, Deliberation deliberation, DigestStore digests) {
    this.wiring = wiring;
    this.digests = digests;
    maker = new DigestMaker(wiring, deliberation);
    handingOver = new HandingOver(wiring, engine);
    categories =
        wiring.parts().categories().all().stream()
            .filter(category -> category.digest().isPresent())
            .map(Category::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Sends some of what is due; answers when to look again. */
  @Override
  public Optional<Instant> steps() {
    Instant now = wiring.now();
    Taken taken = take(false, now, now);
    if (taken.windows().isEmpty() && !now.isBefore(nextLook)) {
      Taken abandoned = take(true, now.minus(ABANDONED), now);
      if (abandoned.windows().isEmpty()) {
        nextLook = now.plus(AGAIN);
      }
      send(abandoned.windows());
      return abandoned.windows().isEmpty() ? taken.nextDue() : Optional.of(now);
    }
    send(taken.windows());
    pace(taken.windows().size(), Duration.between(now, wiring.now()));
    return taken.windows().isEmpty() ? taken.nextDue() : Optional.of(now);
  }

  private Taken take(boolean others, Instant due, Instant now) {
    Duration lease = LEASE.plus(LEASE_OF_EACH.multipliedBy(atOnce));
    return digests.take(new Wanted(categories, others, atOnce, MOST_ITEMS), due, now.plus(lease));
  }

  /** More at a time while many are due and it goes quickly; fewer before the lease is too short. */
  private void pace(int windows, Duration taken) {
    if (taken.compareTo(LEASE.dividedBy(2)) > 0) {
      atOnce = Math.max(1, atOnce / 2);
    } else if (windows < atOnce) {
      atOnce = Math.max(FEWEST, windows);
    } else if (taken.compareTo(LEASE.dividedBy(8)) < 0) {
      atOnce = Math.min(MOST, atOnce * 2);
    }
  }

  private void send(List<Window> windows) {
    List<Window> left = windows;
    try {
      for (int tries = 0; tries < MOST_TRIES && !left.isEmpty(); tries++) {
        left = sendOnce(left);
      }
    } catch (RefusedException e) {
      log.debug("{} digests wait for the store: {}", left.size(), e.getMessage());
    }
  }

  /** Answers those with which there is something to do still. */
  private List<Window> sendOnce(List<Window> windows) {
    Map<UUID, List<Held>> items = digests.items(windows);
    maker.expect(items.values());
    List<Made> all = new ArrayList<>();
    List<Window> waiting = new ArrayList<>();
    Set<UUID> finished = Set.of();
    try {
      for (Window window : windows) {
        make(window, items.getOrDefault(window.id(), List.of()))
            .ifPresentOrElse(all::add, () -> waiting.add(window));
      }
      finished = digests.finish(all.stream().map(Made::finish).toList());
    } finally {
      undoOthers(all, finished);
    }
    digests.postpone(waiting, wiring.now().plus(AGAIN));
    List<Window> left = new ArrayList<>();
    for (Made made : all) {
      if (finished.contains(made.finish().window().id())) {
        made.finish().ended().forEach(this::tell);
        int ignored = handingOver.stored(made.finish().said());
      } else {
        left.add(made.finish().window());
      }
    }
    return left;
  }

  private void undoOthers(List<Made> all, Set<UUID> finished) {
    for (Made made : all) {
      if (!finished.contains(made.finish().window().id())) {
        maker.undo(made);
      }
    }
  }

  /** Empty if it has to wait. */
  private Optional<Made> make(Window window, List<Held> items) {
    try {
      return maker.make(window, items);
    } catch (RefusedException e) {
      throw e;
    } catch (RuntimeException e) {
      // Nothing is lost: its items wait until they are of no use any more.
      log.error(
          "digest {} of category {} cannot be made; trying again in {}: {}",
          window.id(),
          window.category(),
          AGAIN,
          e.getClass().getName());
      log.trace("which threw", e);
      return Optional.empty();
    }
  }

  private void tell(Delivery item) {
    wiring.parts().events().publish(item);
    try {
      wiring.parts().outcomes().changed(item);
    } catch (RuntimeException e) {
      // What became of it is written; who waits for it is told by the next look.
      log.debug("outcome of {} cannot be told now: {}", item.id(), e.getClass().getName());
    }
  }
}
