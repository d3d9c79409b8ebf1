package dev.notify.memory;

import dev.notify.model.Address;
import dev.notify.model.Device;
import dev.notify.model.RecipientEntry;
import dev.notify.model.RefusedException;
import dev.notify.model.Segment;
import dev.notify.spi.Audience;
import dev.notify.spi.RecipientStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** People of the memory store, at most so many. */
final class MemoryRecipients implements RecipientStore {

  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Kept> byId = new HashMap<>();
  private final TreeMap<Long, Kept> inOrder = new TreeMap<>();
  private final Map<String, Kept> owners = new HashMap<>();
  private long last;

  private static final class Kept {
    final long number;
    RecipientEntry entry;

    Kept(long number, RecipientEntry entry) {
      this.number = number;
      this.entry = entry;
    }
  }

  MemoryRecipients(int most) {
    this.most = most;
  }

  private <R> R locked(Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<RecipientEntry> entry(String recipientId) {
    return locked(() -> Optional.ofNullable(byId.get(recipientId)).map(kept -> kept.entry));
  }

  @Override
  public RecipientEntry update(String recipientId, UnaryOperator<RecipientEntry> change) {
    return locked(
        () -> {
          Kept known = byId.get(recipientId);
          RecipientEntry before = known == null ? RecipientEntry.of(recipientId) : known.entry;
          RecipientEntry next = before.with(change.apply(before));
          Kept kept = known == null ? added(next) : known;
          for (Device device : next.devices()) {
            next = settle(kept, next, device);
          }
          replace(kept, next);
          return next;
        });
  }

  private Kept added(RecipientEntry entry) {
    if (byId.size() >= most) {
      throw new RefusedException(
          RefusedException.Why.QUEUE_FULL,
          most + " people are known, the memory store holds no more");
    }
    Kept kept = new Kept(++last, entry);
    byId.put(entry.id(), kept);
    inOrder.put(kept.number, kept);
    return kept;
  }

  /** Of two who have a device it is one's. */
  private RecipientEntry settle(Kept kept, RecipientEntry next, Device device) {
    Kept owner = owners.get(device.address().value());
    if (owner == null || owner == kept) {
      return next;
    }
    if (owner.entry.isTheirsRather(device)) {
      return next.without(device.address());
    }
    replace(owner, owner.entry.without(device.address()));
    return next;
  }

  private void replace(Kept kept, RecipientEntry next) {
    disown(kept);
    kept.entry = next;
    next.devices().forEach(device -> owners.put(device.address().value(), kept));
  }

  private void disown(Kept kept) {
    kept.entry.devices().forEach(device -> owners.remove(device.address().value(), kept));
  }

  @Override
  public boolean delete(String recipientId) {
    return locked(
        () -> {
          Kept kept = byId.remove(recipientId);
          if (kept == null) {
            return false;
          }
          inOrder.remove(kept.number);
          disown(kept);
          return true;
        });
  }

  @Override
  public Optional<String> ownerOf(Address device) {
    return locked(
        () -> Optional.ofNullable(owners.get(device.value())).map(kept -> kept.entry.id()));
  }

  @Override
  public long pruneDevices(Instant unseenSince) {
    return locked(
        () -> {
          long pruned = 0;
          for (Kept kept : byId.values()) {
            RecipientEntry next = kept.entry.withoutDevicesUnseenSince(unseenSince);
            pruned += kept.entry.devices().size() - next.devices().size();
            replace(kept, next);
          }
          return pruned;
        });
  }

  @Override
  public Audience audience(String name, Segment who) {
    return new Audience() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Page page(String cursor, int limit) {
        return locked(() -> read(cursor.isEmpty() ? 0 : Long.parseLong(cursor), limit, who));
      }

      @Override
      public String toString() {
        return "Audience[" + name + "]";
      }
    };
  }

  private Audience.Page read(long behind, int limit, Segment who) {
    List<Audience.Member> members = new ArrayList<>();
    long last = behind;
    for (Kept kept : inOrder.tailMap(behind, false).values()) {
      if (members.size() == limit) {
        return new Audience.Page(members, String.valueOf(last), false);
      }
      last = kept.number;
      if (who.matches(kept.entry.facts())) {
        members.add(Audience.Member.of(kept.entry.id()));
      }
    }
    return new Audience.Page(members, String.valueOf(last), true);
  }
}
