package dev.notify.memory;

import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.spi.AuditStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The audit log in the heap: its last 10,000 lines, and gone with the process. For tests, and
 * beside stores that keep none; what has to be proven to somebody belongs into a database.
 *
 * @since 0.1
 */
public final class MemoryAudit implements AuditStore {

  private static final int MOST = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<AuditEntry> lines = new ArrayDeque<>();

  /** An empty log. */
  public MemoryAudit() {}

  @Override
  public Optional<AuditEntry> append(Function<Head, Optional<AuditEntry>> next) {
    lock.lock();
    try {
      Optional<AuditEntry> line = next.apply(last());
      line.ifPresent(lines::add);
      if (lines.size() > MOST) {
        lines.remove();
      }
      return line;
    } finally {
      lock.unlock();
    }
  }

  private Head last() {
    return lines.isEmpty() ? Head.NONE : lines.getLast().asHead();
  }

  @Override
  public Head head() {
    lock.lock();
    try {
      return last();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<AuditEntry> after(long sequence, int limit) {
    return lines(line -> line.sequence() > sequence, limit);
  }

  @Override
  public List<AuditEntry> about(String subject, long sequence, int limit) {
    return lines(
        line -> line.sequence() > sequence && line.subject().filter(subject::equals).isPresent(),
        limit);
  }

  private List<AuditEntry> lines(Predicate<AuditEntry> wanted, int limit) {
    lock.lock();
    try {
      List<AuditEntry> found = new ArrayList<>();
      for (AuditEntry line : lines) {
        if (wanted.test(line) && found.size() < limit) {
          found.add(line);
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long firstKept() {
    lock.lock();
    try {
      return lines.isEmpty() ? 1 : lines.getFirst().sequence();
    } finally {
      lock.unlock();
    }
  }
}
