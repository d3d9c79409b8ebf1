package dev.notify.engine;

import dev.notify.model.BroadcastId;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Health.ChannelHealth;
import dev.notify.model.Health.ProviderHealth;
import dev.notify.model.Lane;
import dev.notify.model.Reason;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.EngineClock.Wakeup;
import dev.notify.spi.NotificationStore.Cancellation;
import dev.notify.spi.NotificationStore.Claim;
import dev.notify.spi.NotificationStore.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery engine of one dispatcher. A delivery that is due when accepted goes straight to its
 * lane; all others wait in the store and are claimed when they are due and their lane has room.
 */
public final class DeliveryEngine {

  private static final Logger log = LoggerFactory.getLogger(DeliveryEngine.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final int OUTCOMES_A_LOOK = 50;
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final EngineParts parts;
  private final Settlement settlement;
  private final BroadcastGate broadcasts;
  private final Courier courier;
  private final Map<Channel, ChannelRunner> runners = new LinkedHashMap<>();
  private final Map<Channel, List<ProviderGate>> gates = new LinkedHashMap<>();

  private final ReentrantLock claiming = new ReentrantLock();
  private final AtomicBoolean claimAgain = new AtomicBoolean();
  private final Object wakeupLock = new Object();
  private @Nullable Wakeup wakeup;
  private Instant wakeupAt = Instant.MAX;
  private volatile boolean claimingStopped;
  private volatile Instant nextLook = Instant.MIN;
  private volatile boolean abandoned;

  /** An engine of these parts; it works from the first delivery on. */
  public DeliveryEngine(EngineParts parts) {
    this.parts = parts;
    settlement = new Settlement(parts, this::putBack);
    broadcasts = new BroadcastGate(parts, settlement);
    courier = new Courier(parts, settlement, broadcasts, gates);
    for (Channel channel : parts.chains().channels()) {
      List<ChannelProvider> chain = parts.chains().of(channel);
      // While all calls of a provider are under way, somebody gathers those for the next one.
      int gatherers = (int) chain.stream().filter(BatchProvider.class::isInstance).count();
      int workers = chain.size() * parts.settings().inFlight() + gatherers;
      ChannelRunner runner = new ChannelRunner(channel, parts, courier, workers, this::refill);
      runners.put(channel, runner);
      gates.put(
          channel,
          chain.stream().map(provider -> new ProviderGate(provider, parts, runner)).toList());
    }
  }

  /** Takes up what the store holds from before, if it outlived a process. */
  public void start() {
    // Not on the store's own threads: listeners may take their time.
    parts.store().start(() -> wakeAt(parts.clock().instant()));
    refill();
  }

  /** Keeps a place in a lane for a delivery about to be stored; without one it is claimed later. */
  public boolean tryReserve(Lane lane) {
    ChannelRunner runner = runners.get(lane.channel());
    return runner != null && !claimingStopped && runner.tryReserve(lane.priority());
  }

  /** Gives up a place that was kept. */
  public void cancelReservation(Lane lane) {
    runner(lane).cancelReservation(lane.priority());
  }

  /** Takes a stored delivery for which a place was kept. */
  public void take(Job job) {
    runner(job.delivery().lane()).addReserved(job);
    if (abandoned) {
      emptyLanes();
    }
  }

  /** Notes a stored delivery for which no place was kept. */
  public void stored(Delivery delivery) {
    if (abandoned) {
      abandon();
      return;
    }
    Instant now = parts.clock().instant();
    if (delivery.due().isAfter(now)) {
      wakeAt(delivery.due());
    } else if (runners.containsKey(delivery.channel())
        && runner(delivery.lane()).noteMoreInStore(delivery.lane().priority())) {
      refill();
    }
  }

  /** Somebody here has held, resumed or called off a broadcast. */
  public void changed(BroadcastId broadcast) {
    broadcasts.changed(broadcast);
    refill();
  }

  private ChannelRunner runner(Lane lane) {
    ChannelRunner runner = runners.get(lane.channel());
    if (runner == null) {
      throw new IllegalStateException("no provider for channel " + lane.channel());
    }
    return runner;
  }

  /** Fills the lanes from the store. One thread at a time; a call meanwhile makes it look again. */
  private void refill() {
    claimAgain.set(true);
    while (claimAgain.get() && claiming.tryLock()) {
      try {
        if (claimAgain.getAndSet(false) && !claimingStopped) {
          claim();
        }
      } catch (RuntimeException e) {
        log.error("cannot claim deliveries; trying again in a second: {}", e.getMessage());
        log.trace("which threw", e);
        wakeAt(parts.clock().instant().plusSeconds(1));
      } finally {
        claiming.unlock();
      }
    }
  }

  private void claim() {
    Map<Lane, Integer> room = new LinkedHashMap<>();
    runners.values().forEach(runner -> runner.beginClaim(room));
    Map<Lane, Integer> left = new HashMap<>(room);
    try {
      Claim claim = parts.store().claim(room, parts.clock().instant());
      claim.nextDue().ifPresent(this::wakeAt);
      expect(claim.held());
      for (Held held : claim.held()) {
        Lane lane = held.delivery().lane();
        left.merge(lane, -1, Integer::sum);
        runner(lane)
            .addClaimed(
                new Job(held.delivery(), held.notification(), Optional.empty(), Optional.empty()));
      }
      left.values().removeIf(free -> free > 0);
      claim.ended().forEach(settlement::tellSoon);
    } finally {
      // A lane that was filled up, or could not be asked for, may have more in the store.
      room.keySet().forEach(lane -> runner(lane).endClaim(lane.priority(), left.containsKey(lane)));
    }
    for (ChannelRunner runner : runners.values()) {
      runner.pump();
      // Fast workers may have emptied a lane already, and be gone.
      if (runner.wantsRefill()) {
        claimAgain.set(true);
      }
    }
  }

  /** All of them are decided upon once more before they are sent. */
  private void expect(List<Held> held) {
    parts.people().expect(held.stream().map(Held::notification).toList());
    parts.people().expectAt(held.stream().map(one -> one.delivery().address()).toList());
  }

  /** A delivery is open again, in the store; once all has been abandoned, it ends there. */
  private void putBack(Instant due) {
    if (abandoned) {
      abandon();
    } else {
      wakeAt(due);
    }
  }

  /** Looks into the store at this moment, or earlier if that was asked for already. */
  private void wakeAt(Instant due) {
    synchronized (wakeupLock) {
      if (claimingStopped || !due.isBefore(wakeupAt)) {
        return;
      }
      if (wakeup != null) {
        wakeup.cancel();
      }
      Duration delay = Duration.between(parts.clock().instant(), due);
      wakeupAt = due;
      wakeup = parts.clock().wakeUp(asleep(delay), this::wake);
    }
  }

  /**
   * A machine's stopwatch may stand still while it sleeps, and its clock be set: after a minute it
   * is time to see what time it is.
   */
  private static Duration asleep(Duration delay) {
    if (delay.isNegative()) {
      return Duration.ZERO;
    }
    return delay.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : delay;
  }

  private void wake() {
    synchronized (wakeupLock) {
      wakeup = null;
      wakeupAt = Instant.MAX;
    }
    refill();
    lookForOthersWork();
  }

  /** Now and then: what is awaited here may have been delivered by another node. */
  private void lookForOthersWork() {
    Instant now = parts.clock().instant();
    if (parts.store().isDurable() && !now.isBefore(nextLook)) {
      nextLook = now.plus(BETWEEN_LOOKS);
      try {
        parts.outcomes().lookAgain(OUTCOMES_A_LOOK);
      } catch (RuntimeException e) {
        log.debug("outcomes cannot be looked up now: {}", e.getClass().getName());
      }
    }
  }

  /**
   * Ends an open delivery, if nobody has begun to send it.
   *
   * @return the delivery as it stands then; still {@code SENDING} if it is in somebody's hands, who
   *     will at least not try it again
   */
  public Delivery end(Delivery delivery, DeliveryStatus end, Reason reason) {
    Optional<Job> withdrawn = withdraw(delivery);
    if (withdrawn.isPresent()) {
      Optional<Delivery> ended = endWithdrawn(withdrawn.get(), end, reason);
      courier.hasLeft(withdrawn.get());
      if (ended.isPresent()) {
        return ended.get();
      }
    }
    Optional<Cancellation> answer =
        parts.store().cancel(delivery, end, reason, parts.clock().instant());
    answer
        .filter(Cancellation::tookEffect)
        .ifPresent(cancellation -> settlement.tell(cancellation.delivery()));
    return answer.map(Cancellation::delivery).orElse(delivery);
  }

  /** What is answered has to be true, so it is written first. */
  private Optional<Delivery> endWithdrawn(Job job, DeliveryStatus end, Reason reason) {
    try {
      return settlement.endedForSure(job.delivery(), end, reason, job.attempts());
    } catch (RuntimeException e) {
      // Not called off, then; it goes on as if nobody had tried.
      runner(job.delivery().lane()).putBack(job);
      throw e;
    }
  }

  private Optional<Job> withdraw(Delivery delivery) {
    ChannelRunner runner = runners.get(delivery.channel());
    if (runner == null) {
      return Optional.empty();
    }
    Optional<Job> queued = runner.withdraw(delivery);
    for (ProviderGate gate : gates.getOrDefault(delivery.channel(), List.of())) {
      if (queued.isEmpty()) {
        queued = gate.withdraw(delivery);
        queued.ifPresent(runner::forget);
      }
    }
    return queued;
  }

  /** The load of each channel here. */
  public List<ChannelHealth> channels() {
    return runners.values().stream()
        .map(ChannelRunner::health)
        .sorted(Comparator.comparing(health -> health.channel().name()))
        .toList();
  }

  /** The providers of all channels, in the order in which they are asked. */
  public List<ProviderHealth> providers() {
    Instant now = parts.clock().instant();
    return parts.chains().channels().stream()
        .flatMap(channel -> gates.getOrDefault(channel, List.of()).stream())
        .map(gate -> gate.health(now))
        .toList();
  }

  /**
   * Works off what is due, then stops. What a durable store keeps stays there; what would be lost
   * with the process is cancelled, so that nobody waits for it in vain.
   *
   * @param limit longest time for calls under way and work that is due
   * @return whether everything that had begun came to its end in time
   */
  public boolean close(Duration limit) {
    long deadline = parts.clock().nanoTime() + limit.toNanos();
    boolean idle = true;
    if (!parts.store().isDurable()) {
      idle = awaitIdle(deadline, true) && awaitWritten(deadline);
    }
    stopClaiming();
    awaitClaim(deadline);
    if (parts.store().isDurable()) {
      emptyLanes();
    }
    // A claim may have begun after all was idle, and brought work.
    idle &= awaitIdle(deadline, false) && awaitWritten(deadline);
    if (!idle) {
      log.warn("closing with work left after {}: {}", limit, runners.values());
    }
    parts.store().stop();
    emptyLanes();
    stopCalls();
    abandon();
    long lastWords = parts.clock().nanoTime() + LAST_WORDS.toNanos();
    return awaitWritten(Math.max(deadline, lastWords)) && idle;
  }

  private boolean awaitWritten(long deadline) {
    try {
      return settlement.awaitWritten(deadline - parts.clock().nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * What was interrupted needs a moment to say how far it came; what comes late, from a sender that
   * is just done, must not begin.
   */
  private void stopCalls() {
    gates.values().forEach(chain -> chain.forEach(ProviderGate::stopCalls));
    boolean ignored = awaitIdle(parts.clock().nanoTime() + LAST_WORDS.toNanos(), false);
  }

  /**
   * Cancels what waits in a store that ends with the process; from now on, also what a late worker
   * or sender puts there.
   */
  public void abandon() {
    abandoned = true;
    gates.values().forEach(chain -> chain.forEach(this::giveUpCalls));
    if (!parts.store().isDurable()) {
      cancelWaiting();
    }
  }

  /** A call that nothing could end may have sent its message or not; nobody will ever hear. */
  private void giveUpCalls(ProviderGate gate) {
    String cause = gate.name() + " did not return before the dispatcher closed";
    for (Delivery delivery : gate.callsUnderWay()) {
      if (parts.store().isDurable()) {
        Reason held = new Reason(Reason.HELD, cause);
        Duration hold = parts.settings().unconfirmedHold();
        settlement.unconfirmed(delivery, gate.name(), hold, held, List.of());
      } else {
        Reason lost = new Reason(Reason.UNCONFIRMED, cause);
        settlement.ended(delivery, DeliveryStatus.DEAD, lost, List.of());
      }
    }
  }

  private boolean awaitIdle(long deadline, boolean alsoInStore) {
    boolean idle = true;
    for (ChannelRunner runner : runners.values()) {
      try {
        idle &= runner.awaitIdle(deadline - parts.clock().nanoTime(), alsoInStore);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return idle;
  }

  /** A claim that is under way would bring work after everything was given back. */
  private void awaitClaim(long deadline) {
    try {
      Duration left = Duration.ofNanos(deadline - parts.clock().nanoTime());
      if (parts.clock().tryLock(claiming, left)) {
        claiming.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopClaiming() {
    synchronized (wakeupLock) {
      claimingStopped = true;
      if (wakeup != null) {
        wakeup.cancel();
      }
    }
  }

  /**
   * What no worker has begun goes back to the store; a durable one sees to that by itself when it
   * closes, for all at once.
   */
  private void emptyLanes() {
    List<Job> left = new ArrayList<>();
    for (ChannelRunner runner : runners.values()) {
      for (Optional<Job> job = runner.withdrawAny(); job.isPresent(); job = runner.withdrawAny()) {
        left.add(job.get());
      }
    }
    gates.values().forEach(chain -> chain.forEach(gate -> withdrawParked(gate, left)));
    for (Job job : left) {
      if (!parts.store().isDurable() || !job.attempts().isEmpty()) {
        settlement.givenBack(job.delivery(), job.attempts());
      }
    }
  }

  private void withdrawParked(ProviderGate gate, List<Job> left) {
    for (Optional<Job> job = gate.withdrawAny(); job.isPresent(); job = gate.withdrawAny()) {
      runner(job.get().delivery().lane()).forget(job.get());
      left.add(job.get());
    }
  }

  private void cancelWaiting() {
    Reason lost = new Reason(Reason.SHUTDOWN, "the store does not outlive the process");
    List<Delivery> waiting = parts.store().waiting(Integer.MAX_VALUE);
    for (Delivery delivery : waiting) {
      DeliveryStatus end =
          delivery.status() == DeliveryStatus.UNCONFIRMED
              ? DeliveryStatus.DEAD
              : DeliveryStatus.CANCELLED;
      end(delivery, end, lost);
    }
    if (!waiting.isEmpty()) {
      log.warn("cancelled what was waiting in memory: deliveries {}", waiting.size());
    }
  }
}
