package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.model.Origin;
import dev.notify.model.RefusedException;
import dev.notify.spi.AuditStore;
import java.io.IOException;
import java.io.Writer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what: choices of people, templates, suppressed addresses, broadcasts, schedules, dead
 * letters, and whose data was exported or erased. Ordinary sends are not in it. Each line holds the
 * hash of the one before, over all processes that share the store; no line names a person or an
 * address in the clear. Thread-safe.
 *
 * <p>Where the log and what it tells of are kept in one database, a change and its line are one
 * transaction: neither stands without the other. Elsewhere the line is written right after; if it
 * cannot be, the call that made the change throws {@link RefusedException}, though the change
 * stands. What takes long, an erasure, an export and an import, has one line before and one after.
 *
 * @since 0.1
 */
public final class AuditLog {

  private static final String BEGUN = "log.begun";
  private static final String APPLICATION = "application";
  private static final Set<String> OWN_SOURCES =
      Set.of(LinkHandler.SOURCE, PreferenceCentre.SOURCE);
  private static final int AT_ONCE = 500;
  private static final int SALT_BYTES = 16;
  private static final Pattern SALT = Pattern.compile("\"salt\":\"([0-9a-f]{32})\"");

  private final AuditStore store;
  private final InstantSource clock;
  private final AuditHashes hashes;
  private final SecureRandom random = new SecureRandom();
  private final ThreadLocal<@Nullable Actor> actor = new ThreadLocal<>();
  private volatile @Nullable String salt;

  private record Actor(String name, String source) {}

  AuditLog(AuditStore store, InstantSource clock, AuditHashes hashes) {
    this.store = store;
    this.clock = clock;
    this.hashes = hashes;
  }

  /**
   * Does something in somebody's name: what this thread does meanwhile is logged as theirs, not as
   * the application's.
   *
   * @param name who: one of the staff, a program
   * @param source where: a page, a tool
   */
  public <R> R inNameOf(String name, String source, Supplier<R> work) {
    Origin checked = new Origin(name, source, clock.instant());
    Actor before = actor.get();
    actor.set(new Actor(checked.actor(), checked.source()));
    try {
      return work.get();
    } finally {
      if (before == null) {
        actor.remove();
      } else {
        actor.set(before);
      }
    }
  }

  /** In whose name this thread works just now; empty if in the application's own. */
  public Optional<String> named() {
    return Optional.ofNullable(actor.get()).map(Actor::name);
  }

  /** Who does what a person's own page says: the person, or in whose name this thread works. */
  Origin originOnPageOf(String recipientId, String source, Instant at) {
    Actor now = actor.get();
    return now == null
        ? new Origin(recipientId, source, at)
        : new Origin(now.name(), now.source(), at);
  }

  /** Writes what the application, or in whose name it works, has done to a subject. */
  AuditEntry note(String kind, String subject, Map<String, ?> details) {
    Actor now = actor.get();
    return note(now == null ? new Actor(APPLICATION, APPLICATION) : now, kind, subject, details);
  }

  /** Makes a change that writes its own line. */
  <R> R together(Supplier<R> change) {
    // Before it: a salt that was taken back with the change must not be gone by.
    String ignored = salt();
    return store.together(change);
  }

  /** Writes what somebody has done who is named with it. */
  void noteAs(String who, String source, String kind, String subject, Map<String, ?> details) {
    note(new Actor(who, source), kind, subject, details);
  }

  /** Writes what somebody has done to a person's data. */
  void note(String kind, String recipientId, Origin origin, Map<String, ?> details) {
    note(actor(recipientId, origin), kind, person(recipientId), details);
  }

  /**
   * Of a person's own doing a source of the application's, with an address perhaps, is left out.
   */
  private Actor actor(String recipientId, Origin origin) {
    Actor named = actor.get();
    if (origin.actor().equals(recipientId)) {
      boolean isOurs = OWN_SOURCES.contains(origin.source());
      return new Actor(AuditEntry.SELF, isOurs ? origin.source() : APPLICATION);
    }
    return named != null && origin.actor().equals(APPLICATION)
        ? named
        : new Actor(origin.actor(), origin.source());
  }

  private AuditEntry note(Actor who, String kind, String subject, Map<String, ?> details) {
    String ignored = salt();
    Optional<AuditEntry> written =
        store.append(head -> Optional.of(next(head, who, kind, Optional.of(subject), details)));
    return written.orElseThrow(
        () ->
            new RefusedException(
                RefusedException.Why.STORE_UNAVAILABLE,
                "the audit log did not take '" + kind + "'"));
  }

  private AuditEntry next(
      Head head, Actor who, String kind, Optional<String> subject, Map<String, ?> details) {
    return hashes.sealed(
        new AuditEntry(
                head.sequence() + 1,
                clock.instant(),
                who.name(),
                who.source(),
                kind,
                subject,
                AuditEntry.details(details),
                head.hash(),
                "")
            .checked());
  }

  /**
   * How the log names a person, by the key in use: to look for what it has about one who was
   * erased.
   */
  public String person(String recipientId) {
    return hashes.person(salt(), recipientId);
  }

  String address(Address address) {
    return hashes.address(salt(), address);
  }

  String schedule(String id) {
    return hashes.schedule(salt(), id);
  }

  /** Stands in the first line, which whoever comes first writes. */
  private String salt() {
    String known = salt;
    if (known == null) {
      known = saltOfFirst().orElseGet(this::begin);
      salt = known;
    }
    return known;
  }

  private String begin() {
    byte[] bytes = new byte[SALT_BYTES];
    random.nextBytes(bytes);
    Map<String, String> details =
        Map.of("hash", hashes.name(), "salt", HexFormat.of().formatHex(bytes));
    Actor self = new Actor(APPLICATION, APPLICATION);
    Optional<AuditEntry> unused =
        store.append(
            head ->
                head.sequence() > 0
                    ? Optional.empty()
                    : Optional.of(next(head, self, BEGUN, Optional.empty(), details)));
    // A log that has lost its first line has lost its salt: people are hashed by another one.
    return saltOfFirst().orElseGet(() -> Objects.requireNonNull(details.get("salt")));
  }

  private Optional<String> saltOfFirst() {
    return store.after(0, 1).stream()
        .filter(line -> line.kind().equals(BEGUN))
        .map(line -> SALT.matcher(line.details()))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst();
  }

  /**
   * The last line, as the store has noted it: that note has no hash of its own, and is only as good
   * as the store. Kept elsewhere, in a mail or another system, it shows later by {@link
   * #verify(Head)} that nothing up to it was cut off or written anew.
   */
  public Head head() {
    return store.head();
  }

  /** Lines after this number, in their order, at most so many. */
  public List<AuditEntry> after(long sequence, int limit) {
    return store.after(sequence, requirePositive(limit));
  }

  /** Lines about a person after this number, in their order, at most so many. */
  public List<AuditEntry> about(String recipientId, long sequence, int limit) {
    int most = requirePositive(limit);
    return hashes.persons(salt(), recipientId).stream()
        .flatMap(name -> store.about(name, sequence, most).stream())
        .sorted(Comparator.comparingLong(AuditEntry::sequence))
        .limit(most)
        .toList();
  }

  private static int requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " is less than one");
    }
    return limit;
  }

  /**
   * Writes all lines, each as a line of JSON: {@link AuditEntry#toJson}. They need not fit into
   * memory.
   *
   * @param out flushed, not closed
   */
  public void export(Writer out) throws IOException {
    long last = 0;
    for (List<AuditEntry> page = store.after(last, AT_ONCE);
        !page.isEmpty();
        page = store.after(last, AT_ONCE)) {
      for (AuditEntry entry : page) {
        out.write(entry.toJson());
        out.write('\n');
        last = entry.sequence();
      }
    }
    out.flush();
  }

  /**
   * Goes along the log from its first line to its last, a few at a time.
   *
   * <p>It finds any line that was changed, taken out, put in or moved by somebody without the key.
   * It does not find an end that was cut off by whoever set the head back as well, for the head
   * bears no hash; nor a log that was emptied; nor, without a key, one that was computed anew. Use
   * {@link #verify(Head)} against that.
   */
  public AuditCheck verify() {
    return new AuditWalk(store, hashes, Optional.empty()).check();
  }

  /**
   * As {@link #verify()}, and the log must still have the line that was its last one once.
   *
   * @param anchor what {@link #head} answered then
   */
  public AuditCheck verify(Head anchor) {
    return new AuditWalk(store, hashes, Optional.of(anchor)).check();
  }

  @Override
  public String toString() {
    return "AuditLog[" + hashes.name() + "]";
  }
}
