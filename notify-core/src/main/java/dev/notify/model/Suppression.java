package dev.notify.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An address that must not be used, and why.
 *
 * <p>The list has one entry for an address. Whose word counts when providers and people tell more:
 *
 * <ul>
 *   <li>{@link Kind#COMPLAINT} and {@link Kind#MANUAL} are never replaced nor lifted by what
 *       providers tell. One that would end by itself loses its end when the person opts out or
 *       complains meanwhile, or that would be forgotten with it.
 *   <li>{@link Kind#OPT_OUT} follows the person's latest word, by its time. Who takes it back
 *       leaves an entry that ended as it began, so that an older word that comes late finds the
 *       newer one.
 *   <li>{@link Kind#DEAD_ADDRESS} gives way to all others, and of two the later one counts.
 *   <li>A word that was {@link #heard} before changes nothing, whatever its time.
 * </ul>
 *
 * <p>The application's own {@code add} and {@code remove} do as they say.
 *
 * @param address the address
 * @param kind what kind of verdict it is
 * @param cause why, in words
 * @param at since when; of an opt-out, or one that was taken back, the time of the latest word
 * @param until until when; for good where absent
 * @param heard the vendor's ids of the person's words that led here, the latest first, at most
 *     {@value #MOST_HEARD}
 * @since 0.1
 */
public record Suppression(
    Address address,
    Kind kind,
    String cause,
    Instant at,
    Optional<Instant> until,
    List<String> heard) {

  /** As many ids of words are kept: who says more has the first ones forgotten. */
  public static final int MOST_HEARD = 10;

  /** What kind of verdict an entry is. */
  public enum Kind {
    /**
     * The address does not exist any more. An address registered after the verdict is a new one.
     */
    DEAD_ADDRESS,
    /** The person reported spam. */
    COMPLAINT,
    /** The person said STOP or unsubscribed from everything. */
    OPT_OUT,
    /** The application's word. */
    MANUAL
  }

  /** Keeps the latest ids. */
  public Suppression {
    heard = List.copyOf(heard.subList(0, Math.min(heard.size(), MOST_HEARD)));
  }

  /** A verdict that no word with an id led to. */
  public Suppression(
      Address address, Kind kind, String cause, Instant at, Optional<Instant> until) {
    this(address, kind, cause, at, until, List.of());
  }

  /** A verdict for good. */
  public static Suppression of(Address address, Kind kind, String cause, Instant at) {
    return new Suppression(address, kind, cause, at, Optional.empty());
  }

  /** Whether its time is over, whatever the address; at any time if it ended as it began. */
  public boolean hasEnded(Instant now) {
    return until.filter(end -> !end.isAfter(at) || !end.isAfter(now)).isPresent();
  }

  /** Whether it holds for this registration of the address at this moment. */
  public boolean holdsFor(Address candidate, Instant now) {
    if (hasEnded(now)) {
      return false;
    }
    return kind != Kind.DEAD_ADDRESS
        || candidate.registeredAt().isEmpty()
        || !candidate.registeredAt().get().isAfter(at);
  }
}
