package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Broadcast;
import dev.notify.model.BroadcastId;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotifyException;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.spi.Audience;
import dev.notify.spi.BroadcastStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one broadcast at a time a step further: judges it, expands a page, or calls off what
 * waits. Used by one thread at a time; of several nodes one works on a broadcast, by a claim that
 * ends soon after it died. The claim only saves work: what counts is the version.
 */
final class BroadcastRunner implements BackgroundLoop.Steps {

  private static final Logger log = LoggerFactory.getLogger(BroadcastRunner.class);

  private static final Duration CLAIM = Duration.ofSeconds(10);
  private static final Duration RENEWAL = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int MOST_FAULTS = 5;
  private static final int CANCELLED_AT_ONCE = 500;

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final BroadcastStore store;
  private final Expander expander;
  private final HandingOver handingOver;

  /** What this node works on, as it left it. */
  private final Map<BroadcastId, Work> works = new HashMap<>();

  private static final class Work {
    long version = -1;
    int room;
    int faults;
  }

  BroadcastRunner(Wiring wiring, DeliveryEngine engine, BroadcastStore store, Expander expander) {
    this.wiring = wiring;
    this.engine = engine;
    this.store = store;
    this.expander = expander;
    handingOver = new HandingOver(wiring, engine);
  }

  /**
   * A step for each broadcast that is not finished.
   *
   * @return when to look again; empty if nothing is there to be done
   */
  @Override
  public Optional<Instant> steps() {
    List<Broadcast> unfinished = store.unfinished();
    works.keySet().removeIf(id -> unfinished.stream().noneMatch(one -> one.id().equals(id)));
    return unfinished.stream()
        .filter(broadcast -> !broadcast.state().isHeld())
        .map(this::stepSafely)
        .min(Comparator.naturalOrder());
  }

  private Instant stepSafely(Broadcast broadcast) {
    try {
      return step(broadcast);
    } catch (RefusedException e) {
      log.debug("broadcast {} waits: {}", broadcast.id(), e.getMessage());
    } catch (RuntimeException e) {
      log.error("broadcast {} could not go on: {}", broadcast.id(), e.getClass().getName());
      log.trace("which threw", e);
    }
    return inAMoment();
  }

  private Instant inAMoment() {
    return wiring.now().plus(PAUSE);
  }

  private Instant step(Broadcast broadcast) {
    Instant now = wiring.now();
    Work work = works.computeIfAbsent(broadcast.id(), id -> new Work());
    if (broadcast.version() != work.version && broadcast.due().isAfter(now)) {
      return broadcast.due();
    }
    if (broadcast.state() == Broadcast.State.CANCELLING) {
      return cancelSome(broadcast, now);
    }
    Tally tally = Tally.of(broadcast, store.counts(broadcast.id()));
    Optional<Reason> limit = tally.limitPassed(broadcast);
    if (limit.isPresent()) {
      return stop(broadcast, limit.get());
    }
    if (wasJustResumed(broadcast, now)) {
      store.release(broadcast.id(), now);
    }
    if (broadcast.expansion().exhausted()) {
      boolean finished = !store.hasOpen(broadcast.id());
      return rest(finished ? broadcast.in(Broadcast.State.COMPLETED, Optional.empty()) : broadcast);
    }
    if (broadcast.canary().watchedUntil().isPresent() && !broadcast.canary().passed()) {
      return watchCanary(broadcast, tally, now);
    }
    Optional<Audience> audience = wiring.audience(broadcast.audience());
    if (audience.isEmpty()) {
      // A node that knows it will come by; this one must not keep it from that.
      return now.plus(PAUSE);
    }
    if (work.room < broadcast.options().pageSize()) {
      int most = broadcast.options().mostOpen();
      work.room = most - store.backlog(broadcast.id(), now, most);
    }
    return work.room > 0 ? expand(broadcast, audience.get(), work) : rest(broadcast);
  }

  /** Another node may have held a delivery a moment after the others were let go. */
  private static boolean wasJustResumed(Broadcast broadcast, Instant now) {
    Instant began = broadcast.baseline().at();
    return began.isAfter(broadcast.createdAt()) && now.isBefore(began.plus(RENEWAL));
  }

  /** Nothing to do for a moment, but it is looked after. */
  private Instant rest(Broadcast broadcast) {
    Instant next = inAMoment();
    remember(broadcast.id(), store.replace(broadcast.dueAt(next)));
    return next;
  }

  private void remember(BroadcastId id, Optional<Broadcast> stored) {
    Work work = works.computeIfAbsent(id, any -> new Work());
    work.version = stored.map(Broadcast::version).orElse(-1L);
  }

  private Instant stop(Broadcast broadcast, Reason why) {
    Broadcast stopped = broadcast.in(Broadcast.State.STOPPED, Optional.of(why));
    if (store.replace(stopped.dueAt(wiring.now())).isPresent()) {
      log.warn("broadcast {} stops by itself: {}", broadcast.id(), why);
      engine.changed(broadcast.id());
    }
    return inAMoment();
  }

  /** The rest follows when the wait is over and enough is known of the slice. */
  private Instant watchCanary(Broadcast broadcast, Tally tally, Instant now) {
    Instant until = broadcast.canary().watchedUntil().orElseThrow();
    boolean enough = tally.ended() * 2 >= broadcast.expansion().deliveries();
    if (now.isBefore(until) || !enough) {
      return rest(broadcast);
    }
    Broadcast passed =
        broadcast
            .in(Broadcast.State.RUNNING, Optional.empty())
            .with(new Broadcast.Canary(true, Optional.of(until)));
    remember(broadcast.id(), store.replace(passed.dueAt(now)));
    return now;
  }

  private Instant expand(Broadcast broadcast, Audience audience, Work work) {
    Claim claim = new Claim(broadcast, work);
    if (!claim.isStillOurs()) {
      return wiring.now();
    }
    boolean tolerant = work.faults >= MOST_FAULTS;
    try {
      Audience.Page page = page(claim.broadcast, audience);
      Optional<Expander.Plan> plan =
          expander.plan(claim.broadcast, page, tolerant, claim::isStillOurs);
      if (plan.isPresent()) {
        store(claim.broadcast, plan.get(), page, work);
        work.faults = 0;
      }
      return wiring.now();
    } catch (RefusedException e) {
      throw e;
    } catch (NotifyException e) {
      return stop(claim.broadcast, new Reason(Reason.AUDIENCE_FAILED, e.getMessage()));
    } catch (RuntimeException e) {
      return afterFault(claim.broadcast, work, e);
    }
  }

  /** This node's claim to a broadcast, renewed while a slow page is planned. */
  private final class Claim {
    Broadcast broadcast;
    private Instant renewal;

    Claim(Broadcast broadcast, Work work) {
      this.broadcast = broadcast;
      boolean ours = broadcast.version() == work.version;
      renewal = ours ? broadcast.due().minus(CLAIM).plus(RENEWAL) : Instant.MIN;
    }

    private boolean renew() {
      Instant now = wiring.now();
      Optional<Broadcast> claimed = store.replace(broadcast.dueAt(now.plus(CLAIM)));
      remember(broadcast.id(), claimed);
      claimed.ifPresent(one -> broadcast = one);
      renewal = now.plus(RENEWAL);
      return claimed.isPresent();
    }

    boolean isStillOurs() {
      return wiring.now().isBefore(renewal) || renew();
    }
  }

  private Audience.Page page(Broadcast broadcast, Audience audience) {
    int limit = broadcast.options().pageSize();
    if (broadcast.state() == Broadcast.State.CANARY) {
      long left = broadcast.options().canary() - broadcast.expansion().members();
      limit = (int) Math.max(1, Math.min(limit, left));
    }
    String cursor = broadcast.expansion().cursor();
    Audience.Page page = audience.page(cursor, limit);
    if (page.members().isEmpty() && !page.last() && page.next().equals(cursor)) {
      throw new NotifyException("audience " + audience.name() + " does not get on");
    }
    return page;
  }

  private void store(Broadcast broadcast, Expander.Plan plan, Audience.Page page, Work work) {
    boolean stored = false;
    try {
      Broadcast next = withCanary(withSize(plan.after(broadcast, page), broadcast));
      Optional<Broadcast> kept =
          store.expand(next.dueAt(wiring.now().plus(CLAIM)), plan.submissions());
      remember(broadcast.id(), kept);
      stored = kept.isPresent();
    } finally {
      if (!stored) {
        plan.undo();
      }
    }
    if (stored) {
      work.room -= handingOver.stored(plan.submissions());
    }
  }

  /** Asked once, for it may take long. */
  private Broadcast withSize(Broadcast next, Broadcast before) {
    Broadcast.Expansion now = next.expansion();
    if (before.expansion().members() > 0 || now.size().isPresent()) {
      return next;
    }
    OptionalLong size =
        wiring.audience(before.audience()).map(Audience::size).orElse(OptionalLong.empty());
    return next.with(
        new Broadcast.Expansion(
            now.cursor(),
            now.exhausted(),
            size,
            now.accepted(),
            now.skipped(),
            now.failed(),
            now.deliveries(),
            now.refusals()));
  }

  private Broadcast withCanary(Broadcast next) {
    boolean sliceIsOut =
        next.state() == Broadcast.State.CANARY
            && next.expansion().members() >= next.options().canary();
    Instant until = wiring.now().plus(next.options().canaryWait());
    return sliceIsOut ? next.with(new Broadcast.Canary(false, Optional.of(until))) : next;
  }

  /** The application's own code failed: perhaps its database is away, perhaps it is one person. */
  private Instant afterFault(Broadcast broadcast, Work work, RuntimeException fault) {
    work.faults++;
    wiring.parts().metrics().onHostFailure("audience");
    log.warn(
        "broadcast {}: audience or directory threw {}, time {}",
        broadcast.id(),
        fault.getClass().getName(),
        work.faults);
    log.trace("which threw", fault);
    if (work.faults > MOST_FAULTS) {
      String why = "threw " + fault.getClass().getName() + " again and again";
      work.faults = 0;
      return stop(broadcast, new Reason(Reason.AUDIENCE_FAILED, why));
    }
    return wiring.now().plus(PAUSE.multipliedBy(1L << work.faults));
  }

  private Instant cancelSome(Broadcast broadcast, Instant now) {
    List<Delivery> waiting = store.waiting(broadcast.id(), CANCELLED_AT_ONCE);
    Reason reason = new Reason(Reason.CANCELLED, "its broadcast was");
    for (Delivery delivery : waiting) {
      // Nobody knows any more whether this one was sent; it is not for us to say that it was not.
      if (delivery.status() != DeliveryStatus.UNCONFIRMED) {
        engine.end(delivery, DeliveryStatus.CANCELLED, reason);
      }
    }
    if (waiting.stream().anyMatch(one -> one.status() != DeliveryStatus.UNCONFIRMED)) {
      remember(broadcast.id(), store.replace(broadcast.dueAt(now.plus(CLAIM))));
      return now;
    }
    boolean finished = !store.hasOpen(broadcast.id());
    return rest(finished ? broadcast.in(Broadcast.State.CANCELLED, broadcast.reason()) : broadcast);
  }
}
