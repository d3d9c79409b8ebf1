package dev.notify;

import dev.notify.AuditCheck.Fault;
import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.spi.AuditStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Goes along the lines of the audit log, up to the first that is not as it was written. */
final class AuditWalk {

  private static final int AT_ONCE = 500;
  private static final String MISSING = "is missing";

  private final AuditStore store;
  private final AuditHashes hashes;
  private final Optional<Head> anchor;
  private long first;
  private Head last;
  private long entries;
  private Instant latest = Instant.MIN;

  AuditWalk(AuditStore store, AuditHashes hashes, Optional<Head> anchor) {
    this.store = store;
    this.hashes = hashes;
    this.anchor = anchor;
    first = store.firstKept();
    last = new Head(first - 1, Head.NONE.hash());
  }

  AuditCheck check() {
    // Read first, for lines may be added meanwhile: all up to this one must be found.
    Head noted = store.head();
    Optional<Fault> fault = Optional.empty();
    for (List<AuditEntry> page = store.after(last.sequence(), AT_ONCE);
        fault.isEmpty() && !page.isEmpty();
        page = store.after(last.sequence(), AT_ONCE)) {
      fault = walk(page, noted).filter(found -> !found.what().equals(MISSING) || !hasMovedOn());
    }
    return new AuditCheck(entries, fault.or(() -> atTheEnd(noted)), last);
  }

  private Optional<Fault> walk(List<AuditEntry> page, Head noted) {
    for (AuditEntry line : page) {
      Optional<Fault> fault = fault(line, noted);
      if (fault.isPresent()) {
        return fault;
      }
      last = line.asHead();
      entries++;
    }
    return Optional.empty();
  }

  /** A store that drops what is old may have dropped what was to be read next. */
  private boolean hasMovedOn() {
    long now = store.firstKept();
    if (now <= last.sequence() + 1) {
      return false;
    }
    first = now;
    last = new Head(first - 1, Head.NONE.hash());
    return true;
  }

  private Optional<Fault> fault(AuditEntry line, Head noted) {
    long expected = last.sequence() + 1;
    boolean isFirstKept = line.sequence() == first && first > 1;
    if (line.sequence() != expected) {
      return Optional.of(new Fault(expected, MISSING));
    }
    latest = line.at().isAfter(latest) ? line.at() : latest;
    if (!hashes.isSealed(line, latest)) {
      return Optional.of(new Fault(expected, "was changed, or hashed by another key"));
    }
    if (!isFirstKept && !line.previous().equals(last.hash())) {
      return Optional.of(new Fault(expected, "does not follow the line before it"));
    }
    if (isOther(anchor, line)) {
      return Optional.of(new Fault(expected, "is not the one that the anchor names"));
    }
    if (isOther(Optional.of(noted), line)) {
      return Optional.of(new Fault(expected, "is not the one that the head names"));
    }
    return Optional.empty();
  }

  private static boolean isOther(Optional<Head> named, AuditEntry line) {
    return named
        .filter(head -> head.sequence() == line.sequence() && !head.hash().equals(line.hash()))
        .isPresent();
  }

  private Optional<Fault> atTheEnd(Head noted) {
    long named = Math.max(noted.sequence(), anchor.map(Head::sequence).orElse(0L));
    if (named > last.sequence()) {
      return Optional.of(new Fault(last.sequence() + 1, "is missing: the end was cut off"));
    }
    if (store.head().sequence() < last.sequence()) {
      return Optional.of(new Fault(last.sequence(), "stands behind the head"));
    }
    return Optional.empty();
  }
}
