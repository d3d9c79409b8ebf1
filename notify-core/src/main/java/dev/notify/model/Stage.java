package dev.notify.model;

import java.util.List;
import java.util.Set;

/**
 * How far a delivery has come, as a {@link Funnel} counts it: each delivery at most once for each
 * stage.
 *
 * @since 0.1
 */
public enum Stage {
  /** Asked for: still open, sent, or ended without being sent. */
  ACCEPTED(0),
  /** Taken by a provider. */
  SENT(1),
  /** Confirmed by the provider. */
  DELIVERED(2),
  /** Opened or read by a person; not by a program. */
  OPENED(3),
  /** A link was followed by a person; not by a program. */
  CLICKED(4),
  /** The person did what it was for, whatever the goal. */
  CONVERTED(5),
  /** The address does not exist, said the provider. */
  BOUNCED(6),
  /** The provider gave up. */
  UNDELIVERED(7),
  /** Reported as spam. */
  COMPLAINED(8),
  /** Unsubscribed by it. */
  UNSUBSCRIBED(9),
  /** Given up: a dead letter. */
  DEAD(10),
  /** A policy said no. */
  SUPPRESSED(11),
  /** Called off. */
  CANCELLED(12),
  /** Too late. */
  EXPIRED(13),
  /** On its way: waiting, in the hands of a node, or in doubt. */
  OPEN(14);

  /** Which together are those accepted: a delivery is in one of them. */
  public static final List<Stage> PARTS_OF_ACCEPTED =
      List.of(OPEN, SENT, DEAD, SUPPRESSED, CANCELLED, EXPIRED);

  private static final Set<Stage> OF_ACCEPTED = Set.copyOf(PARTS_OF_ACCEPTED);

  private final int code;

  Stage(int code) {
    this.code = code;
  }

  /** What it is kept as; never changes. */
  public int code() {
    return code;
  }

  /**
   * Of which stage its rate is a part: {@link #ACCEPTED} for it, those it is made of and what is
   * open; {@link #SENT} for what happens after that.
   */
  public Stage whole() {
    return this == ACCEPTED || OF_ACCEPTED.contains(this) ? ACCEPTED : SENT;
  }
}
