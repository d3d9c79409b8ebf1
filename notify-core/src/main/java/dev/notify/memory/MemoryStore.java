package dev.notify.memory;

import dev.notify.model.Attempt;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.Statistics;
import dev.notify.model.Subject;
import dev.notify.spi.AuditStore;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.ExperimentStore;
import dev.notify.spi.InboxStore;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.RecipientStore;
import dev.notify.spi.RollupStore;
import dev.notify.spi.ScheduleStore;
import dev.notify.spi.TemplateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notifications in the heap: complete, bounded, gone with the process. Thread-safe.
 *
 * <p>At most {@code capacity} deliveries are open at a time; a {@code send} beyond that is refused,
 * or waits for room first if {@link Builder#waitForRoom} says so. Of finished notifications the
 * newest are remembered; {@link #statistics} and {@link #rollups} know 31 days of hours in which
 * something happened. Of people it keeps 100,000.
 *
 * @since 0.1
 */
public final class MemoryStore implements NotificationStore {

  private static final int MOST_PEOPLE = 100_000;
  private static final Reason FORGOTTEN = Reason.of(Reason.FORGOTTEN);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final int capacity;
  private final Duration longestWait;

  private final Map<NotificationId, Entry> entries = new HashMap<>();
  private final Map<DeliveryId, Row> rows = new HashMap<>();
  private final WaitingRows waiting = new WaitingRows();
  private final History history;
  private final IdempotencyKeys keys = new IdempotencyKeys();
  private final Map<Subject, List<Entry>> bySubject = new HashMap<>();
  private final MemoryTemplates templates = new MemoryTemplates();
  private final MemoryBroadcasts broadcasts = new MemoryBroadcasts(lock, waiting, this::keepPage);
  private final MemorySchedules schedules = new MemorySchedules(lock, this::keepNow);
  private final MemoryOpenHours openHours = new MemoryOpenHours();
  private final MemoryInboxes inboxes = MemoryInboxes.create();
  private final MemoryDigests digests =
      new MemoryDigests(lock, this::accept, this::keep, this::row, this::endWaiting);
  private final MemoryAudit audit = new MemoryAudit();
  private final MemoryCounts counts = new MemoryCounts();
  private final MemoryRollups rollups = new MemoryRollups(lock);
  private final MemoryRecipients recipients = new MemoryRecipients(MOST_PEOPLE);
  private final MemoryExperiments experiments = new MemoryExperiments();
  private int open;
  private boolean closed;

  private MemoryStore(Builder builder) {
    capacity = builder.capacity;
    longestWait = builder.longestWait;
    history = new History(builder.history, this::forget);
  }

  /** A store for at most 100,000 open deliveries that refuses more. */
  public static MemoryStore create() {
    return builder().build();
  }

  /** Starts a store with limits of its own. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public Optional<KeyUse> findKey(String key, Instant now) {
    lock.lock();
    try {
      return keys.find(key, now);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<KeyUse> accept(Submission submission) {
    int more = countOpen(submission.deliveries());
    lock.lock();
    try {
      Optional<KeyUse> replayed =
          submission.key().flatMap(use -> keys.find(use.key(), submission.acceptedAt()));
      if (replayed.isPresent()) {
        return replayed;
      }
      awaitRoom(more);
      if (closed) {
        throw new RefusedException(RefusedException.Why.CLOSED, "the memory store is closed");
      }
      if (submission.key().isPresent()) {
        Optional<KeyUse> earlier =
            keys.putIfAbsent(submission.key().get(), submission.acceptedAt());
        if (earlier.isPresent()) {
          return earlier;
        }
      }
      keep(submission, more);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void keep(Submission submission, int more) {
    Entry entry = new Entry(submission);
    entries.put(entry.id, entry);
    for (Row row : entry.rows) {
      rows.put(row.delivery.id(), row);
      if (row.delivery.status().isOpen() && row.delivery.status() != DeliveryStatus.SENDING) {
        waiting.add(row);
      }
      broadcasts.note(row, null);
      counts.note(row.delivery, null);
      rollups.note(row.delivery, null);
      experiments.note(row.delivery);
    }
    open += more;
    if (more == 0) {
      history.add(entry);
    } else {
      bind(entry);
    }
  }

  @Override
  public Entered collect(Submission submission, Joining joining) {
    return digests.collect(submission, joining, capacity);
  }

  private void keep(Submission submission) {
    keep(submission, countOpen(submission.deliveries()));
  }

  private Optional<Row> row(DeliveryId id) {
    return Optional.ofNullable(rows.get(id));
  }

  private void endWaiting(Row row, Delivery ended) {
    waiting.remove(row);
    replace(row, ended);
  }

  /** A page of a broadcast, which leaves half of the store to everybody else. */
  private void keepPage(List<Submission> page) {
    int more = page.stream().mapToInt(submission -> countOpen(submission.deliveries())).sum();
    if (closed) {
      throw new RefusedException(RefusedException.Why.CLOSED, "the memory store is closed");
    }
    if (open > 0 && open + more > capacity / 2) {
      throw new RefusedException(
          RefusedException.Why.QUEUE_FULL, open + " deliveries are open; a broadcast waits");
    }
    page.forEach(this::keep);
  }

  /** Without waiting for room, for that would let others in between. */
  private void keepNow(Submission submission) {
    int more = countOpen(submission.deliveries());
    if (closed) {
      throw new RefusedException(RefusedException.Why.CLOSED, "the memory store is closed");
    }
    if (open > 0 && open + more > capacity) {
      throw new RefusedException(
          RefusedException.Why.QUEUE_FULL, open + " deliveries are open; a schedule waits");
    }
    keep(submission, more);
  }

  @Override
  public Optional<ScheduleStore> schedules() {
    return Optional.of(schedules);
  }

  @Override
  public Optional<AuditStore> audit() {
    return Optional.of(audit);
  }

  @Override
  public Optional<OpenHoursStore> openHours() {
    return Optional.of(openHours);
  }

  @Override
  public Optional<TemplateStore> templates() {
    return Optional.of(templates);
  }

  @Override
  public Optional<BroadcastStore> broadcasts() {
    return Optional.of(broadcasts);
  }

  @Override
  public Optional<InboxStore> inboxes() {
    return Optional.of(inboxes);
  }

  @Override
  public Optional<DigestStore> digests() {
    return Optional.of(digests);
  }

  @Override
  public Optional<ExperimentStore> experiments() {
    return Optional.of(experiments);
  }

  @Override
  public Optional<RollupStore> rollups() {
    return Optional.of(rollups);
  }

  @Override
  public Optional<RecipientStore> recipients() {
    return Optional.of(recipients);
  }

  private static int countOpen(List<Delivery> deliveries) {
    int count = 0;
    for (Delivery delivery : deliveries) {
      if (delivery.status().isOpen()) {
        count++;
      }
    }
    return count;
  }

  /** A notification larger than the whole store is let in when the store is empty. */
  private void awaitRoom(int more) {
    long left = longestWait.toNanos();
    while (!closed && open > 0 && open + more > capacity) {
      if (left <= 0) {
        throw new RefusedException(
            RefusedException.Why.QUEUE_FULL,
            open
                + " deliveries are open, the memory store holds "
                + capacity
                + "; send slower, raise its capacity,"
                + " or use a durable store");
      }
      try {
        left = room.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RefusedException(
            RefusedException.Why.QUEUE_FULL, "interrupted while waiting for room", e);
      }
    }
  }

  @Override
  public Claim claim(Map<Lane, Integer> roomByLane, Instant now) {
    lock.lock();
    try {
      List<Held> held = new ArrayList<>();
      List<Delivery> ended = new ArrayList<>();
      waiting.wakeUntil(now);
      roomByLane.forEach(
          (lane, most) -> {
            for (int i = 0; i < most; i++) {
              Row row = waiting.poll(lane);
              if (row == null) {
                break;
              }
              if (row.entry.isErased()) {
                // There is nothing left to be sent.
                replace(
                    row, row.delivery.claimed(now).ended(DeliveryStatus.CANCELLED, FORGOTTEN, now));
                ended.add(row.delivery);
                continue;
              }
              row.delivery = row.delivery.claimed(now);
              held.add(new Held(row.delivery, row.entry.notification()));
            }
          });
      return new Claim(held, ended, waiting.nextDue());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Delivery> update(Delivery next, List<Attempt> attempts) {
    lock.lock();
    try {
      Row row = rows.get(next.id());
      if (row == null
          || row.delivery.status() != DeliveryStatus.SENDING
          || row.delivery.lease() != next.lease()) {
        return Optional.empty();
      }
      row.add(attempts);
      Delivery after = row.calledOffInstead(next);
      replace(row, row.entry.isErased() ? after.erased() : after);
      if (row.entry.isErased()) {
        row.erase();
      }
      if (after.status().isOpen() && after.status() != DeliveryStatus.SENDING) {
        waiting.add(row);
      }
      return Optional.of(row.delivery);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Cancellation> cancel(
      Delivery delivery, DeliveryStatus end, Reason reason, Instant now) {
    lock.lock();
    try {
      Row row = rows.get(delivery.id());
      if (row == null) {
        return Optional.empty();
      }
      boolean tookEffect = row.delivery.status().canBecome(end) && waiting.remove(row);
      if (tookEffect) {
        replace(row, row.delivery.ended(end, reason, now));
      } else if (row.delivery.status().isOpen()) {
        row.callOff(end, reason);
      }
      return Optional.of(new Cancellation(row.delivery, tookEffect));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Delivery> record(DeliveryEvent event) {
    lock.lock();
    try {
      Row row = rows.get(event.deliveryId());
      boolean isFirst = row != null && row.entry.isFirst(event);
      if (row == null || !row.entry.addEvent(event)) {
        return Optional.empty();
      }
      if (isFirst) {
        rollups.happened(row.delivery, event);
      }
      broadcasts.note(row.delivery, event);
      counts.happened(row.delivery, event);
      experiments.happened(row.delivery, event);
      DeliveryStatus status = event.type().status().orElse(row.delivery.status());
      if (row.delivery.status() != DeliveryStatus.SENDING
          && row.delivery.status().canBecome(status)
          && !status.isOpen()) {
        waiting.remove(row);
        replace(row, row.delivery.confirmed(status, event.reason(), event.at()));
      }
      return Optional.of(row.delivery);
    } finally {
      lock.unlock();
    }
  }

  /** Puts the new state in place and keeps every index and count in step with it. */
  private void replace(Row row, Delivery next) {
    DeliveryStatus before = row.delivery.status();
    boolean wasOpen = before.isOpen();
    row.delivery = next;
    broadcasts.note(row, before);
    counts.note(next, before);
    rollups.note(next, before);
    experiments.note(next);
    if (wasOpen && !next.status().isOpen()) {
      open--;
      room.signalAll();
      if (row.entry.isDone()) {
        unbind(row.entry);
        history.add(row.entry);
      }
    }
    history.note(row);
  }

  private void bind(Entry entry) {
    if (entry.notification().about().isPresent()) {
      bySubject
          .computeIfAbsent(entry.notification().about().get(), subject -> new ArrayList<>(1))
          .add(entry);
    }
  }

  private void unbind(Entry entry) {
    if (entry.notification().about().isPresent()) {
      bySubject.computeIfPresent(
          entry.notification().about().get(),
          (subject, bound) -> {
            bound.remove(entry);
            return bound.isEmpty() ? null : bound;
          });
    }
  }

  private void forget(Entry entry) {
    entries.remove(entry.id);
    for (Row row : entry.rows) {
      rows.remove(row.delivery.id());
    }
  }

  @Override
  public Optional<NotificationRecord> find(NotificationId id) {
    lock.lock();
    try {
      return Optional.ofNullable(entries.get(id)).map(Entry::toRecord);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Delivery> find(DeliveryId id) {
    lock.lock();
    try {
      return Optional.ofNullable(rows.get(id)).map(row -> row.delivery);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Delivery> findByProviderMessage(String provider, String providerMessageId) {
    lock.lock();
    try {
      return history.sent(provider, providerMessageId).map(row -> row.delivery);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Delivery> openAbout(Subject subject) {
    lock.lock();
    try {
      return bySubject.getOrDefault(subject, List.of()).stream()
          .flatMap(entry -> Arrays.stream(entry.rows))
          .map(row -> row.delivery)
          .filter(delivery -> delivery.status().isOpen())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Delivery> waiting(int limit) {
    lock.lock();
    try {
      return waiting.stream().limit(limit).map(row -> row.delivery).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Delivery> deadLetters(int limit) {
    lock.lock();
    try {
      return history.deadLetters(limit);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Delivery> takeDeadLetter(DeliveryId id) {
    lock.lock();
    try {
      return history.takeDeadLetter(id);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Delivery> openOf(String recipientId) {
    lock.lock();
    try {
      return of(recipientId).stream()
          .flatMap(entry -> Arrays.stream(entry.rows))
          .map(row -> row.delivery)
          .filter(delivery -> delivery.status().isOpen())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private List<Entry> of(String recipientId) {
    return entries.values().stream()
        .filter(entry -> entry.notification().recipientId().equals(recipientId))
        .toList();
  }

  @Override
  public List<NotificationRecord> findOf(
      String recipientId, Optional<NotificationId> after, int limit) {
    lock.lock();
    try {
      return of(recipientId).stream()
          .filter(entry -> after.isEmpty() || entry.id.compareTo(after.get()) > 0)
          .sorted(Comparator.comparing(entry -> entry.id))
          .limit(limit)
          .map(Entry::toRecord)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<NotificationRecord> recent(Optional<NotificationId> before, int limit) {
    lock.lock();
    try {
      return entries.values().stream()
          .filter(entry -> before.isEmpty() || entry.id.compareTo(before.get()) < 0)
          .sorted(Comparator.comparing((Entry entry) -> entry.id).reversed())
          .limit(limit)
          .map(Entry::toRecord)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Erased forget(String recipientId) {
    boolean wasKnown = recipients.delete(recipientId);
    long ignored = inboxes.forget(recipientId);
    lock.lock();
    try {
      broadcasts.forget(recipientId);
      digests.forget(recipientId);
      List<Entry> found = of(recipientId);
      long deliveries = 0;
      long details = 0;
      for (Entry entry : found) {
        unbind(entry);
        history.hide(entry);
        deliveries += entry.rows.length;
        details += entry.erase();
      }
      return new Erased(found.size(), deliveries, details, wasKnown, false);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Statistics statistics(Instant from, Instant to) {
    lock.lock();
    try {
      return counts.between(from, to);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what comes from now on, and who waits for room; what it holds can still be read. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Builds a {@link MemoryStore}. */
  public static final class Builder {
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private int capacity = 100_000;
    private int history = 10_000;
    private Duration longestWait = Duration.ZERO;

    private Builder() {}

    /** Sets how many deliveries may be open at a time; 100,000 unless set. */
    public Builder capacity(int deliveries) {
      capacity = positive("capacity", deliveries);
      return this;
    }

    /** Sets how many finished notifications are remembered; 10,000 unless set. */
    public Builder history(int notifications) {
      history = positive("history", notifications);
      return this;
    }

    /**
     * Lets a {@code send} that finds the store full wait for room this long before it is refused.
     *
     * @throws ConfigurationException if that is negative or more than a day
     */
    public Builder waitForRoom(Duration longest) {
      if (longest.isNegative() || longest.compareTo(LONGEST_WAIT) > 0) {
        throw new ConfigurationException(
            "memory store waitForRoom: " + longest + " is not between zero and " + LONGEST_WAIT);
      }
      longestWait = longest;
      return this;
    }

    private static int positive(String option, int value) {
      if (value < 1) {
        throw new ConfigurationException(
            "memory store " + option + ": " + value + " is not positive");
      }
      return value;
    }

    /** The store. */
    public MemoryStore build() {
      return new MemoryStore(this);
    }
  }
}
