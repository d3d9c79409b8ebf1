package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Broadcast;
import dev.notify.model.Broadcast.Canary;
import dev.notify.model.Broadcast.Expansion;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.ConfigurationException;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.TemplateRef;
import dev.notify.spi.Audience;
import dev.notify.spi.BroadcastStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Broadcasts under way and done: how far they are, and what to do about them. Works for those of
 * every node on the same store. Made by {@link NotificationDispatcher#broadcasts}; thread-safe.
 *
 * @since 0.1
 */
public final class Broadcasts {

  private static final Duration OVERDUE = Duration.ofSeconds(2);
  private static final int MOST_TRIES = 100;

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final Expander expander;
  private final BackgroundLoop loop;

  Broadcasts(Wiring wiring, DeliveryEngine engine, Expander expander, BackgroundLoop loop) {
    this.wiring = wiring;
    this.engine = engine;
    this.expander = expander;
    this.loop = loop;
  }

  private BroadcastStore store() {
    return wiring
        .parts()
        .store()
        .broadcasts()
        .orElseThrow(() -> new ConfigurationException("store: cannot keep broadcasts"));
  }

  /** Keeps a new one, and sets it going. */
  BroadcastReceipt begin(Audience audience, Notification notification, BroadcastOptions options) {
    Notification asked = inItsLane(notification, options);
    Notification pattern = expander.checked(asked);
    wiring.remember(audience);
    Instant now = wiring.now();
    boolean hasCanary = options.canary() > 0;
    Broadcast broadcast =
        new Broadcast(
            new BroadcastId(wiring.ids().next()),
            audience.name(),
            pattern,
            options,
            now,
            hasCanary ? State.CANARY : State.RUNNING,
            Optional.empty(),
            Expansion.NONE,
            new Canary(!hasCanary, Optional.empty()),
            new Broadcast.Baseline(now, 0, 0, 0, 0, 0),
            now,
            0);
    Broadcast kept =
        wiring
            .audit()
            .together(
                () -> {
                  Broadcast added = store().add(broadcast);
                  if (added.id().equals(broadcast.id())) {
                    note("broadcast.begun", added, Map.of("category", pattern.category()));
                  }
                  return added;
                });
    boolean isNew = kept.id().equals(broadcast.id());
    if (!isNew && !isSame(kept, broadcast, asked)) {
      throw new RefusedException(
          RefusedException.Why.KEY_REUSED,
          "idempotencyKey: was used for another broadcast, "
              + kept.id()
              + "; use a new key or broadcast the same");
    }
    loop.wake();
    return new BroadcastReceipt(
        kept.id(), isNew ? SendReceipt.Answer.NEW : SendReceipt.Answer.REPLAYED);
  }

  /** A template that was asked for without a version is the same one in any. */
  private static boolean isSame(Broadcast kept, Broadcast again, Notification asked) {
    Optional<TemplateRef> before = kept.notification().template();
    Optional<TemplateRef> now = asked.template();
    boolean pinnedSince =
        before.isPresent()
            && now.isPresent()
            && before.get().name().startsWith(now.get().name() + "@");
    Broadcast same =
        pinnedSince
            ? again.with(
                asked.toBuilder().template(before.get().name(), now.get().variables()).build())
            : again;
    return kept.fingerprint().equals(same.fingerprint());
  }

  /** What nobody has put elsewhere goes LOW, out of the way of what somebody waits for. */
  static Notification inItsLane(Notification notification, BroadcastOptions options) {
    Priority asked = notification.priority();
    Priority lane = options.priority().orElse(asked == Priority.NORMAL ? Priority.LOW : asked);
    if (lane == Priority.CRITICAL) {
      throw new InvalidNotificationException(
          "priority",
          "CRITICAL is not for many people at a time: a broadcast would hold up what is;"
              + " use HIGH or less");
    }
    return notification.toBuilder().priority(lane).build();
  }

  /** How far one has come; empty if it is unknown. */
  public Optional<BroadcastProgress> find(BroadcastId id) {
    return store().find(id).map(this::progress);
  }

  /** Those that are not finished, oldest first: at work, held, or being called off. */
  public List<BroadcastProgress> unfinished() {
    return store().unfinished().stream().map(this::progress).toList();
  }

  private BroadcastProgress progress(Broadcast broadcast) {
    Instant now = wiring.now();
    boolean isLeftAlone =
        broadcast.state().isActive()
            && !broadcast.expansion().exhausted()
            && wiring.audience(broadcast.audience()).isEmpty()
            && broadcast.due().isBefore(now.minus(OVERDUE));
    Optional<Reason> reason =
        isLeftAlone
            ? Optional.of(
                new Reason(
                    Reason.AUDIENCE_UNKNOWN,
                    "no node at work knows the audience '"
                        + broadcast.audience()
                        + "'; give it to the builder of one"))
            : broadcast.reason();
    return BroadcastProgress.of(broadcast, reason, store().counts(broadcast.id()), now);
  }

  /**
   * Holds one, until it is resumed. What a provider has in hand at this moment goes out, and with
   * several nodes what goes out within the next half second.
   *
   * @throws NotifyException if it is unknown
   */
  public BroadcastProgress pause(BroadcastId id) {
    return change(
        id,
        "broadcast.paused",
        broadcast ->
            broadcast.state().isActive()
                ? broadcast.in(State.PAUSED, Optional.empty())
                : broadcast);
  }

  /**
   * Has one go on that was paused or stopped by itself. Limits and rate count anew from here; a
   * canary slice that was stopped counts as passed.
   *
   * @throws NotifyException if it is unknown
   */
  public BroadcastProgress resume(BroadcastId id) {
    BroadcastStore store = store();
    BroadcastProgress after =
        change(
            id,
            "broadcast.resumed",
            broadcast -> {
              if (!broadcast.state().isHeld()) {
                return broadcast;
              }
              boolean passed = broadcast.canary().passed() || broadcast.state() == State.STOPPED;
              return broadcast
                  .in(passed ? State.RUNNING : State.CANARY, Optional.empty())
                  .with(new Canary(passed, broadcast.canary().watchedUntil()))
                  .with(Tally.of(broadcast, store.counts(id)).asBaseline(wiring.now()));
            });
    store.release(id, wiring.now());
    engine.changed(id);
    return after;
  }

  /**
   * Calls one off: nobody else gets it. What is expanded and waits is cancelled step by step in the
   * background.
   *
   * @throws NotifyException if it is unknown
   */
  public BroadcastProgress cancel(BroadcastId id) {
    return change(
        id,
        "broadcast.cancelled",
        broadcast ->
            broadcast.state().isFinished() || broadcast.state() == State.CANCELLING
                ? broadcast
                : broadcast.in(State.CANCELLING, Optional.of(Reason.of(Reason.CANCELLED))));
  }

  private void note(String kind, Broadcast broadcast, Map<String, Object> details) {
    wiring.audit().note(kind, "broadcast:" + broadcast.id(), details);
  }

  private BroadcastProgress change(BroadcastId id, String kind, UnaryOperator<Broadcast> change) {
    BroadcastStore store = store();
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Broadcast before =
          store.find(id).orElseThrow(() -> new NotifyException("no broadcast " + id));
      Broadcast after = change.apply(before);
      if (after == before) {
        return progress(before);
      }
      Optional<Broadcast> stored =
          wiring
              .audit()
              .together(
                  () -> {
                    Optional<Broadcast> replaced = store.replace(after.dueAt(wiring.now()));
                    replaced.ifPresent(one -> note(kind, one, Map.of()));
                    return replaced;
                  });
      if (stored.isPresent()) {
        BroadcastProgress told = progress(stored.get());
        engine.changed(id);
        loop.wake();
        return told;
      }
    }
    throw new NotifyException("broadcast " + id + " changes too fast; try again");
  }
}
