package dev.notify.simulation;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore.Cancellation;
import dev.notify.spi.NotificationStore.Claim;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The database that all processes share: a model of the lease protocol as the JDBC store has it.
 * Each method is a transaction, and happens all at once. A change by a node matches the delivery's
 * id, lease and owner.
 */
final class Tables {

  static final Duration HEARTBEAT = Duration.ofSeconds(2);
  static final Duration LEASE = Duration.ofSeconds(10);
  static final Duration STRAY = Duration.ofSeconds(30);
  private static final int SUSPECT = 2;
  private static final int CULPRIT = 3;

  private final World world;
  private final Set<Bug> bugs;
  private final Invariants invariants;
  private final Map<DeliveryId, Row> rows = new TreeMap<>();
  private final Map<NotificationId, Submission> messages = new TreeMap<>();
  private final Map<String, KeyUse> keys = new HashMap<>();
  private final Map<Long, Member> members = new TreeMap<>();
  private long lastMember;

  Tables(World world, Set<Bug> bugs, Invariants invariants) {
    this.world = world;
    this.bugs = bugs;
    this.invariants = invariants;
  }

  /** A delivery; nobody's if the owner is zero. */
  static final class Row {
    Delivery delivery;
    long owner;
    int deaths;
    @Nullable Order order;
    final List<Attempt> attempts = new ArrayList<>();

    /** The leases under which calls were written down. */
    final Set<Long> logged = new HashSet<>();

    private Row(Delivery delivery, long owner) {
      this.delivery = delivery;
      this.owner = owner;
    }

    boolean isOpen() {
      return delivery.status().isOpen();
    }
  }

  /** How it is to end instead of waiting again. */
  record Order(DeliveryStatus end, Reason reason) {}

  /** What became of a delivery that a node held. */
  record Change(Delivery next, List<Attempt> attempts) {}

  /** A process among those that share the database. */
  static final class Member {
    final Process process;
    long heartbeat;

    private Member(Process process, long heartbeat) {
      this.process = process;
      this.heartbeat = heartbeat;
    }
  }

  private boolean has(Bug bug) {
    return bugs.contains(bug);
  }

  Iterable<Row> rows() {
    return rows.values();
  }

  Optional<Row> row(DeliveryId id) {
    return Optional.ofNullable(rows.get(id));
  }

  Map<NotificationId, Submission> messages() {
    return messages;
  }

  boolean isMember(long node) {
    return members.containsKey(node);
  }

  /** A new node; what an earlier process of the same name held is free at once. */
  long register(Process process, long oldId) {
    List<Long> earlier =
        members.entrySet().stream()
            .filter(entry -> entry.getValue().process.name.equals(process.name))
            .map(Map.Entry::getKey)
            .toList();
    for (long node : earlier) {
      release(node, "its successor came");
    }
    if (oldId != 0) {
      free(row -> row.owner == oldId, 0, "held by what it was before");
    }
    members.put(++lastMember, new Member(process, world.now()));
    return lastMember;
  }

  /** Answers whether the node is known. */
  boolean touch(long node) {
    Member member = members.get(node);
    if (member != null) {
      member.heartbeat = world.now();
    }
    return member != null;
  }

  int releaseDead() {
    long lease = has(Bug.DEAD_TOO_SOON) ? HEARTBEAT.toNanos() : LEASE.toNanos();
    long dead = world.now() - lease;
    List<Long> silent =
        members.entrySet().stream()
            .filter(entry -> entry.getValue().heartbeat < dead)
            .map(Map.Entry::getKey)
            .toList();
    if (has(Bug.DEAD_NEVER_RELEASED)) {
      return 0;
    }
    int released = 0;
    for (long node : silent) {
      invariants.takenForDead(members.get(node).process);
      released += release(node, "its node is dead");
    }
    return released;
  }

  private int release(long node, String why) {
    members.remove(node);
    return free(row -> row.owner == node, 1, why);
  }

  /** Frees what its node holds by this account only, and what unknown nodes hold. */
  int sweep(long node, Predicate<DeliveryId> inMemory) {
    Instant longAgo = world.instant().minus(STRAY);
    int strays =
        has(Bug.STRAYS_NEVER_SWEPT)
            ? 0
            : free(
                row ->
                    row.owner == node
                        && row.delivery.updatedAt().isBefore(longAgo)
                        && !inMemory.test(row.delivery.id()),
                0,
                "a stray");
    return strays + free(row -> row.owner != 0 && !isMember(row.owner), 0, "an orphan");
  }

  void leave(long node) {
    members.remove(node);
    var unused = free(row -> row.owner == node, 0, "its node left");
  }

  private int free(Predicate<Row> which, int moreDeaths, String why) {
    int freed = 0;
    for (Row row : rows.values()) {
      if (row.isOpen() && which.test(row)) {
        invariants.taken(row, why);
        row.owner = 0;
        row.deaths += moreDeaths;
        row.delivery = row.delivery.toBuilder().status(DeliveryStatus.PENDING).build();
        freed++;
      }
    }
    return freed;
  }

  Optional<KeyUse> find(String key, Instant now) {
    return Optional.ofNullable(keys.get(key)).filter(use -> use.until().isAfter(now));
  }

  Optional<KeyUse> accept(Submission submission, long node) {
    if (submission.key().isPresent() && !has(Bug.KEY_NOT_UNIQUE)) {
      Optional<KeyUse> earlier = find(submission.key().get().key(), submission.acceptedAt());
      if (earlier.isPresent()) {
        return earlier;
      }
    }
    submission.key().ifPresent(use -> keys.put(use.key(), use));
    messages.put(submission.id(), submission);
    for (Delivery born : submission.deliveries()) {
      rows.put(born.id(), new Row(born, born.status() == DeliveryStatus.SENDING ? node : 0));
    }
    invariants.accepted(submission);
    return Optional.empty();
  }

  Claim claim(Map<Lane, Integer> room, Instant now, long node) {
    Instant until = has(Bug.CLAIM_COMES_EARLY) ? now.plusSeconds(2) : now;
    List<Held> held = new ArrayList<>();
    List<Delivery> ended = new ArrayList<>();
    boolean suspectTaken = false;
    // In an order that is the same in every run of the JVM.
    List<Lane> lanes =
        room.keySet().stream()
            .sorted(
                Comparator.comparing((Lane lane) -> lane.channel().name())
                    .thenComparing(Lane::priority))
            .toList();
    for (Lane lane : lanes) {
      List<Row> due =
          rows.values().stream()
              .filter(row -> row.isOpen() && isFree(row) && row.delivery.lane().equals(lane))
              .filter(row -> !row.delivery.due().isAfter(until))
              .sorted(Comparator.comparing((Row row) -> row.delivery.due()))
              .limit(room.get(lane))
              .toList();
      for (Row row : due) {
        boolean suspect = row.deaths >= SUSPECT;
        if (suspect && suspectTaken) {
          continue;
        }
        suspectTaken |= suspect;
        take(row, now, node, held, ended);
      }
    }
    Optional<Instant> next =
        rows.values().stream()
            .filter(row -> row.isOpen() && row.owner == 0 && row.delivery.due().isAfter(now))
            .map(row -> row.delivery.due())
            .min(Comparator.naturalOrder());
    Instant look = now.plus(suspectTaken ? Duration.ofMillis(20) : SimulatedStore.POLL);
    return new Claim(held, ended, Optional.of(next.filter(look::isAfter).orElse(look)));
  }

  private boolean isFree(Row row) {
    return row.owner == 0 || (has(Bug.CLAIM_TAKES_WHAT_IS_HELD) && world.happens(0.2));
  }

  private void take(Row row, Instant now, long node, List<Held> held, List<Delivery> ended) {
    Delivery claimed =
        row.delivery.status() == DeliveryStatus.SENDING
            ? row.delivery.toBuilder().lease(row.delivery.lease() + 1).build()
            : row.delivery.claimed(now);
    if (has(Bug.LEASE_DOES_NOT_GROW)) {
      claimed = claimed.toBuilder().lease(1).build();
    }
    String standing = claimed.reason().map(Reason::code).orElse("");
    boolean inDoubt = standing.equals(Reason.UNCONFIRMED) || standing.equals(Reason.HELD);
    if (row.order != null && !inDoubt && !has(Bug.CANCEL_ORDER_FORGOTTEN)) {
      Delivery end = claimed.ended(row.order.end(), row.order.reason(), now);
      replace(row, end, null);
      ended.add(end);
    } else if (row.deaths >= CULPRIT) {
      Reason reason = new Reason(Reason.QUARANTINED, CULPRIT + " nodes died");
      Delivery end = claimed.ended(DeliveryStatus.DEAD, reason, now);
      replace(row, end, null);
      ended.add(end);
    } else {
      row.delivery = claimed;
      row.owner = node;
      held.add(new Held(claimed, messages.get(claimed.notificationId()).notification()));
    }
  }

  /** How each delivery stands then; empty where a change did not take. */
  List<Optional<Delivery>> write(List<Change> changes, long node, boolean mayBeWritten) {
    List<Optional<Delivery>> answers = new ArrayList<>();
    for (Change change : changes) {
      Optional<Delivery> taken = write(change, node);
      answers.add(
          taken.isEmpty() && mayBeWritten && !has(Bug.LOST_COMMIT_NOT_CONFIRMED)
              ? confirmed(change.next())
              : taken);
    }
    return answers;
  }

  private Optional<Delivery> write(Change change, long node) {
    Delivery next = change.next();
    Row row = rows.get(next.id());
    boolean isHeld =
        row != null && row.isOpen() && row.owner == node && row.delivery.lease() == next.lease();
    boolean isLet =
        row != null && has(row.isOpen() ? Bug.COMPLETION_NOT_FENCED : Bug.END_IS_NOT_FINAL);
    if (!isHeld && !isLet) {
      return Optional.empty();
    }
    if (!has(Bug.CALLS_NOT_LOGGED)) {
      row.attempts.addAll(change.attempts());
      if (!change.attempts().isEmpty()) {
        row.logged.add(next.lease());
      }
    }
    invariants.written(row, change, node);
    if (next.status().isOpen()) {
      row.owner = 0;
      row.deaths = 0;
      row.delivery = has(Bug.RETRY_FORGETS_ATTEMPTS) ? next.toBuilder().attempts(0).build() : next;
      Order order = row.order;
      if (order != null
          && next.status().canBecome(order.end())
          && !has(Bug.CANCEL_ORDER_FORGOTTEN)) {
        replace(row, next.ended(order.end(), order.reason(), next.updatedAt()), node);
      }
    } else {
      replace(row, next, node);
    }
    return Optional.of(row.delivery);
  }

  /** How a delivery stands that an earlier try has written, as far as the tables show. */
  private Optional<Delivery> confirmed(Delivery next) {
    Row row = rows.get(next.id());
    if (row == null) {
      return Optional.empty();
    }
    boolean isOurs = row.delivery.lease() == next.lease();
    if (isOurs && !row.isOpen()) {
      if (!next.status().isOpen()) {
        return Optional.of(row.delivery).filter(end -> end.status() == next.status());
      }
      // An order is carried out at the moment of the change; who cancels later tells of it.
      boolean byOrder =
          next.updatedAt().equals(row.delivery.updatedAt())
              || has(Bug.LATER_CANCEL_TAKEN_FOR_AN_ORDER);
      return Optional.of(byOrder ? row.delivery : next);
    }
    boolean waits = isOurs && row.owner == 0;
    return next.status().isOpen() && (waits || row.logged.contains(next.lease()))
        ? Optional.of(next)
        : Optional.empty();
  }

  Optional<Cancellation> cancel(Delivery delivery, DeliveryStatus end, Reason reason, Instant now) {
    Row row = rows.get(delivery.id());
    if (row == null) {
      return Optional.empty();
    }
    if (!row.isOpen()) {
      return Optional.of(new Cancellation(row.delivery, false));
    }
    boolean isHeld = row.owner != 0 && !has(Bug.CANCEL_ENDS_WHAT_IS_HELD);
    if (isHeld || !row.delivery.status().canBecome(end)) {
      if (row.order == null) {
        row.order = new Order(end, reason);
        invariants.ordered(row);
      }
      return Optional.of(new Cancellation(row.delivery, false));
    }
    replace(row, row.delivery.ended(end, reason, now), null);
    return Optional.of(new Cancellation(row.delivery, true));
  }

  private void replace(Row row, Delivery end, @Nullable Long node) {
    invariants.ended(row, end, node);
    row.owner = 0;
    row.delivery = end;
  }

  Optional<NotificationRecord> find(NotificationId id) {
    Submission message = messages.get(id);
    if (message == null) {
      return Optional.empty();
    }
    List<Delivery> deliveries = new ArrayList<>();
    Map<DeliveryId, List<Attempt>> attempts = new HashMap<>();
    for (Delivery born : message.deliveries()) {
      Row row = rows.get(born.id());
      deliveries.add(row.delivery);
      attempts.put(born.id(), List.copyOf(row.attempts));
    }
    return Optional.of(
        new NotificationRecord(
            id, message.notification(), message.decisions(), deliveries, attempts, List.of()));
  }

  List<Delivery> waiting(int limit) {
    return rows.values().stream()
        .filter(row -> row.isOpen() && row.owner == 0)
        .map(row -> row.delivery)
        .limit(limit)
        .toList();
  }
}
