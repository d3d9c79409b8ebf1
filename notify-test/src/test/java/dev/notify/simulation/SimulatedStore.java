package dev.notify.simulation;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.RefusedException.Why;
import dev.notify.model.Subject;
import dev.notify.simulation.Tables.Change;
import dev.notify.spi.NotificationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The store of one process: what the JDBC store does around its transactions, without SQL and
 * threads. It beats, judges others, knows what it holds in memory, writes outcomes in batches and
 * goes on trying while the database is away.
 */
final class SimulatedStore implements NotificationStore {

  static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration PAUSE_IN_OUTAGE = Duration.ofMillis(250);
  private static final Duration LONGEST_CLOSING = Duration.ofSeconds(10);
  private static final int BEATS_BETWEEN_SWEEPS = 15;

  private final Process process;
  private final World world;
  private final Tables tables;
  private final Connection connection;
  private final Invariants invariants;
  private final Set<Bug> bugs;

  private final Map<DeliveryId, Hold> held = new HashMap<>();
  private final Set<Hold> unwritten = new HashSet<>();
  private List<Entry> queue = new ArrayList<>();
  private boolean writing;
  private boolean away;
  private boolean stopped;
  private boolean closed;
  private boolean left;

  private long node;
  private long lastBeat;
  private long judgesFrom;
  private long beats;
  private boolean beatFailed;
  private Runnable moreWork = () -> {};

  /** A delivery as it is held: by which node, under which lease. */
  private record Hold(DeliveryId id, long node, long lease) {}

  private record Entry(Change change, CompletableFuture<Optional<Delivery>> answer) {}

  /** Joins the others; throws if the database is away. */
  SimulatedStore(
      Process process, Tables tables, Connection connection, Invariants invariants, Set<Bug> bugs) {
    this.process = process;
    this.world = process.world;
    this.tables = tables;
    this.connection = connection;
    this.invariants = invariants;
    this.bugs = bugs;
    register();
    judgesFrom = has(Bug.NEWCOMER_JUDGES) ? 0 : world.now() + Tables.LEASE.toNanos();
  }

  private boolean has(Bug bug) {
    return bugs.contains(bug);
  }

  private void register() {
    long began = world.now();
    long before = node;
    node = connection.call("register", () -> tables.register(process, before));
    lastBeat = began;
  }

  long node() {
    return node;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public void start(Runnable onMoreWork) {
    moreWork = onMoreWork;
    var unused = world.after(process, Tables.HEARTBEAT.toNanos(), this::beat);
  }

  private void beat() {
    if (left) {
      return;
    }
    try {
      long asked = world.now();
      boolean known = connection.call("beat", () -> tables.touch(node));
      if (wasCutOff(asked)) {
        judgesFrom = world.now() + Tables.LEASE.toNanos();
      }
      beatFailed = false;
      if (known) {
        lastBeat = asked;
      } else {
        register();
        moreWork.run();
      }
      if (world.now() >= judgesFrom) {
        while (connection.call("release dead", tables::releaseDead) > 0) {
          moreWork.run();
        }
      }
      if (++beats % BEATS_BETWEEN_SWEEPS == 0
          && connection.call("sweep", () -> tables.sweep(node, held::containsKey)) > 0) {
        moreWork.run();
      }
    } catch (RefusedException e) {
      beatFailed = true;
    }
    if (!left) {
      var unused = world.after(process, Tables.HEARTBEAT.toNanos(), this::beat);
    }
  }

  /** Whether nobody could beat, perhaps: then the others are only about to. */
  private boolean wasCutOff(long asked) {
    if (has(Bug.JUDGES_AFTER_AN_OUTAGE)) {
      return false;
    }
    return has(Bug.JUDGES_AFTER_A_SHORT_OUTAGE)
        ? asked - lastBeat > Tables.LEASE.toNanos()
        : beatFailed || !isAlive();
  }

  private boolean isAlive() {
    return world.now() - lastBeat < Tables.LEASE.minus(Tables.HEARTBEAT).toNanos();
  }

  @Override
  public boolean isInCharge(Delivery delivery) {
    boolean isHeld =
        new Hold(delivery.id(), node, delivery.lease()).equals(held.get(delivery.id()));
    boolean answer = (!closed && isAlive() && isHeld) || has(Bug.ZOMBIE_GOES_ON);
    if (answer) {
      invariants.inCharge(process, delivery);
    }
    return answer;
  }

  @Override
  public Optional<KeyUse> findKey(String key, Instant now) {
    return connection.call("find key", () -> tables.find(key, now));
  }

  @Override
  public Optional<KeyUse> accept(Submission submission) {
    long me = node;
    for (Delivery born : submission.deliveries()) {
      if (born.status() == DeliveryStatus.SENDING) {
        held.put(born.id(), new Hold(born.id(), me, born.lease()));
      }
    }
    boolean stored = false;
    try {
      Optional<KeyUse> earlier = connection.call("accept", () -> tables.accept(submission, me));
      stored = earlier.isEmpty();
      return earlier;
    } catch (RefusedException e) {
      if (has(Bug.ACCEPTED_BEFORE_IT_IS_STORED)) {
        return Optional.empty();
      }
      throw e;
    } finally {
      if (!stored) {
        submission.deliveries().forEach(born -> held.remove(born.id()));
      }
    }
  }

  @Override
  public Claim claim(Map<Lane, Integer> room, Instant now) {
    long me = node;
    Claim claim = connection.call("claim", () -> tables.claim(room, now, me));
    for (Held one : claim.held()) {
      Delivery delivery = one.delivery();
      held.put(delivery.id(), new Hold(delivery.id(), me, delivery.lease()));
    }
    return claim;
  }

  @Override
  public Optional<Delivery> update(Delivery next, List<Attempt> attempts) {
    CompletableFuture<Optional<Delivery>> answer = updateSoon(next, attempts);
    while (!answer.isDone()) {
      world.sleep(Duration.ofMillis(1).toNanos());
    }
    if (answer.isCompletedExceptionally()) {
      throw new RefusedException(Why.STORE_UNAVAILABLE, "not written");
    }
    return answer.join();
  }

  @Override
  public CompletableFuture<Optional<Delivery>> updateSoon(Delivery next, List<Attempt> attempts) {
    Hold mine = new Hold(next.id(), 0, next.lease());
    if (!unwritten.add(mine)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    // What was delivered waits to be written down, and so does who has more of it.
    while (away && !stopped && !closed) {
      world.sleep(PAUSE_IN_OUTAGE.toNanos());
    }
    Entry entry = new Entry(new Change(next, attempts), new CompletableFuture<>());
    if (closed || away) {
      entry.answer().completeExceptionally(refused(closed ? Why.CLOSED : Why.STORE_UNAVAILABLE));
      unwritten.remove(mine);
      return entry.answer();
    }
    queue.add(entry);
    if (!writing) {
      writing = true;
      var unused = world.after(process, 0, this::write);
    }
    return entry.answer();
  }

  private static RefusedException refused(Why why) {
    return new RefusedException(why, "the database cannot be reached");
  }

  private void write() {
    while (!queue.isEmpty()) {
      List<Entry> batch = queue;
      queue = new ArrayList<>();
      write(batch);
    }
    writing = false;
  }

  private void write(List<Entry> batch) {
    List<Change> changes = batch.stream().map(Entry::change).toList();
    List<Optional<Delivery>> taken;
    try {
      taken = writeOnceThere(changes);
      changes.forEach(change -> letGo(change.next()));
    } catch (RefusedException e) {
      if (has(Bug.OUTCOME_DROPPED_IN_AN_OUTAGE)) {
        changes.forEach(change -> letGo(change.next()));
      }
      batch.forEach(entry -> entry.answer().completeExceptionally(e));
      return;
    } finally {
      away = false;
      changes.forEach(
          change -> unwritten.remove(new Hold(change.next().id(), 0, change.next().lease())));
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answer().complete(taken.get(i));
    }
  }

  private List<Optional<Delivery>> writeOnceThere(List<Change> changes) {
    for (boolean again = false; ; again = true) {
      try {
        boolean mayBeWritten = again;
        return connection.call("write", () -> tables.write(changes, node, mayBeWritten));
      } catch (RefusedException e) {
        if (closed || has(Bug.OUTCOME_DROPPED_IN_AN_OUTAGE)) {
          throw e;
        }
        away = true;
        world.sleep(PAUSE_IN_OUTAGE.toNanos());
      }
    }
  }

  /** Unless it has been claimed again meanwhile. */
  private void letGo(Delivery delivery) {
    held.computeIfPresent(
        delivery.id(), (id, hold) -> hold.lease() == delivery.lease() ? null : hold);
  }

  @Override
  public Optional<Cancellation> cancel(
      Delivery delivery, DeliveryStatus end, Reason reason, Instant now) {
    return connection.call("cancel", () -> tables.cancel(delivery, end, reason, now));
  }

  @Override
  public Optional<Delivery> record(DeliveryEvent event) {
    throw new UnsupportedOperationException("nobody tells anything here");
  }

  @Override
  public Optional<NotificationRecord> find(NotificationId id) {
    return read(() -> tables.find(id));
  }

  @Override
  public Optional<Delivery> find(DeliveryId id) {
    return read(() -> tables.row(id).map(row -> row.delivery));
  }

  private <R> R read(Supplier<R> query) {
    return connection.call("read", query);
  }

  @Override
  public Optional<Delivery> findByProviderMessage(String provider, String providerMessageId) {
    return Optional.empty();
  }

  @Override
  public List<Delivery> openAbout(Subject subject) {
    return List.of();
  }

  @Override
  public List<Delivery> waiting(int limit) {
    return read(() -> tables.waiting(limit));
  }

  @Override
  public List<Delivery> deadLetters(int limit) {
    return List.of();
  }

  @Override
  public Optional<Delivery> takeDeadLetter(DeliveryId id) {
    return Optional.empty();
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    closed = true;
    long end = world.now() + LONGEST_CLOSING.toNanos();
    while (writing && world.now() < end) {
      world.sleep(Duration.ofMillis(20).toNanos());
    }
    left = true;
    try {
      connection.call(
          "leave",
          () -> {
            tables.leave(node);
            return true;
          });
    } catch (RefusedException e) {
      // Others will take it for dead.
    }
  }
}
