package dev.notify.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One process of a node, from its start to its death or close.
 *
 * @param name node and number
 * @param began when it was there
 * @param ended when it was surely gone; {@link Long#MAX_VALUE} if nobody noted it
 * @param killed whether by a kill, which began at {@code killing}
 * @param killing when that was
 * @param beats heartbeats that went through: from when each began to when it was surely committed
 * @param pauses when it was stopped, or stood still for another reason
 * @param withoutPool when somebody else had its connections
 * @param unaware when its pool had none to give though the server was back, each from the return on
 */
record Life(
    String name,
    long began,
    long ended,
    boolean killed,
    long killing,
    List<Span> beats,
    List<Span> pauses,
    List<Span> withoutPool,
    List<Span> unaware) {

  /**
   * Times in which others may have taken it for dead: from the beginning of a heartbeat to the end
   * of the next one it is longer than the lease.
   */
  List<Span> lapses(Limits limits) {
    List<Span> lapses = new ArrayList<>();
    long last = began;
    for (Span beat : beats) {
      addIfLong(lapses, new Span(last, beat.to()), limits);
      last = beat.from();
    }
    addIfLong(lapses, new Span(last, ended), limits);
    return lapses;
  }

  private static void addIfLong(List<Span> lapses, Span span, Limits limits) {
    if (span.length() >= limits.lease()) {
      lapses.add(span);
    }
  }

  /** Whether in that lapse something was done to it alone, and not to all; more than a hiccup. */
  boolean wasHit(Span lapse, Limits limits) {
    return Stream.concat(pauses.stream(), withoutPool.stream())
            .anyMatch(hit -> isHit(hit, lapse, limits))
        || unaware.stream()
            .anyMatch(hit -> isHit(hit, lapse, limits) && accountsFor(hit, lapse, limits));
  }

  private static boolean isHit(Span hit, Span lapse, Limits limits) {
    return hit.meets(lapse) && hit.length() >= limits.lease() / 5;
  }

  /** Once it has connections again it has to beat. */
  private static boolean accountsFor(Span hit, Span lapse, Limits limits) {
    return lapse.to() - hit.to() <= limits.heartbeat() + limits.awakening();
  }

  @Override
  public String toString() {
    return name;
  }
}
