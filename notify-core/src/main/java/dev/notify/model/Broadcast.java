package dev.notify.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One notification on its way to many people: a snapshot as a store keeps it. Every change makes a
 * new value.
 *
 * @param id its id
 * @param audience name of the audience it goes to
 * @param notification the pattern; its own recipient does not matter
 * @param options how it goes about it
 * @param createdAt when it was asked for
 * @param state where it stands
 * @param reason why it stands there, where that needs saying
 * @param expansion how far it has come with its audience
 * @param canary how the slice that goes first fares
 * @param baseline what came before is not judged
 * @param due before this nobody need look at it; a node that works on it moves this ahead
 * @param version grows with each change; a change of an older one is refused
 * @since 0.1
 */
public record Broadcast(
    BroadcastId id,
    String audience,
    Notification notification,
    BroadcastOptions options,
    Instant createdAt,
    State state,
    Optional<Reason> reason,
    Expansion expansion,
    Canary canary,
    Baseline baseline,
    Instant due,
    long version) {

  /** Where a broadcast stands. */
  public enum State {
    /** The slice that goes first is sent, or watched. */
    CANARY,
    /** Everyone else is sent to. */
    RUNNING,
    /** Held by a person; goes on with resume. */
    PAUSED,
    /** Held by itself, for a limit was passed or its audience failed; goes on with resume. */
    STOPPED,
    /** Called off; what waits is being cancelled. */
    CANCELLING,
    /** Called off. */
    CANCELLED,
    /** Everyone was sent to, and no delivery is open. */
    COMPLETED;

    /** Whether nothing more will happen. */
    public boolean isFinished() {
      return this == CANCELLED || this == COMPLETED;
    }

    /** Whether it is at work: neither held nor called off nor finished. */
    public boolean isActive() {
      return this == CANARY || this == RUNNING;
    }

    /** Whether it waits for somebody to resume it. */
    public boolean isHeld() {
      return this == PAUSED || this == STOPPED;
    }
  }

  /**
   * How far a broadcast has come with its audience.
   *
   * @param cursor where the next page begins; the audience's own word, empty at the beginning
   * @param exhausted whether there is no next page
   * @param size how many people there are, where the audience can tell
   * @param accepted people with at least one delivery to be made
   * @param skipped people with none: suppressed, opted out, or without an address
   * @param failed people who could not be sent to: unknown, or with an invalid address
   * @param deliveries deliveries of them all, suppressed ones too
   * @param refusals the first of those who were skipped or failed, at most {@value #MOST_REFUSALS}
   */
  public record Expansion(
      String cursor,
      boolean exhausted,
      OptionalLong size,
      long accepted,
      long skipped,
      long failed,
      long deliveries,
      List<Refusal> refusals) {

    /** So many reasons are kept. */
    public static final int MOST_REFUSALS = 20;

    /** The beginning. */
    public static final Expansion NONE =
        new Expansion("", false, OptionalLong.empty(), 0, 0, 0, 0, List.of());

    /** Takes a copy. */
    public Expansion {
      Text.requireText("audience.cursor", cursor, 4_000);
      refusals = List.copyOf(refusals);
    }

    /** Without the name of a person: that one was refused, and why in one word, stays. */
    public Expansion forgetting(String recipientId) {
      // A cursor is often the last person's id; it is needed as long as there is a next page.
      boolean endsWithThem = exhausted && cursor.endsWith(recipientId);
      return new Expansion(
          endsWithThem ? "" : cursor,
          exhausted,
          size,
          accepted,
          skipped,
          failed,
          deliveries,
          refusals.stream()
              .map(refusal -> refusal.isOf(recipientId) ? refusal.erased() : refusal)
              .toList());
    }

    /** How many people have had their turn. */
    public long members() {
      return accepted + skipped + failed;
    }
  }

  /**
   * A person who was not sent to.
   *
   * @param recipientId the person; of a long id the first 64 characters
   * @param reason why
   */
  public record Refusal(String recipientId, Reason reason) {

    private static final int LONGEST_ID = 64;

    /** Shortens the id. */
    public Refusal {
      recipientId = shortened(recipientId);
    }

    private static String shortened(String id) {
      return id.length() <= LONGEST_ID ? id : id.substring(0, LONGEST_ID);
    }

    private boolean isOf(String person) {
      return recipientId.equals(shortened(person));
    }

    /** What the reason says in words may name the person. */
    private Refusal erased() {
      return new Refusal(NotificationRecord.ERASED.recipientId(), Reason.of(reason.code()));
    }
  }

  /**
   * How the slice that goes first fares.
   *
   * @param passed whether the rest may follow
   * @param watchedUntil set once all of the slice has been expanded
   */
  public record Canary(boolean passed, Optional<Instant> watchedUntil) {}

  /**
   * What had happened when the broadcast began, or was last resumed: limits and rate count from
   * here.
   *
   * @param at when
   * @param ended deliveries that had ended
   * @param attempted those of them that a provider was asked for
   * @param failed those given up, and people who could not be sent to
   * @param bounced those whose address does not exist
   * @param optedOut those who unsubscribed or complained
   */
  public record Baseline(
      Instant at, long ended, long attempted, long failed, long bounced, long optedOut) {}

  /** Checks the audience's name. */
  public Broadcast {
    Text.requireToken("audience.name", audience, 128);
  }

  /** In another state. */
  public Broadcast in(State next, Optional<Reason> why) {
    return copy(next, why, expansion, canary, baseline, due);
  }

  /** Further through its audience. */
  public Broadcast with(Expansion next) {
    return copy(state, reason, next, canary, baseline, due);
  }

  /** With news of its canary slice. */
  public Broadcast with(Canary next) {
    return copy(state, reason, expansion, next, baseline, due);
  }

  /** Judged from here on. */
  public Broadcast with(Baseline next) {
    return copy(state, reason, expansion, canary, next, due);
  }

  /** To be looked at again at this moment. */
  public Broadcast dueAt(Instant moment) {
    return copy(state, reason, expansion, canary, baseline, moment);
  }

  private Broadcast copy(
      State newState,
      Optional<Reason> why,
      Expansion newExpansion,
      Canary newCanary,
      Baseline newBaseline,
      Instant newDue) {
    return new Broadcast(
        id,
        audience,
        notification,
        options,
        createdAt,
        newState,
        why,
        newExpansion,
        newCanary,
        newBaseline,
        newDue,
        version);
  }

  /** The same for another notification. */
  public Broadcast with(Notification other) {
    return new Broadcast(
        id, audience, other, options, createdAt, state, reason, expansion, canary, baseline, due,
        version);
  }

  /** As a store has it after a change. */
  public Broadcast stored() {
    return new Broadcast(
        id,
        audience,
        notification,
        options,
        createdAt,
        state,
        reason,
        expansion,
        canary,
        baseline,
        due,
        version + 1);
  }

  /** A digest of what it says and to whom; equal for equal broadcasts, in any process. */
  public String fingerprint() {
    return Fingerprint.ofText(audience + "\n" + notification.fingerprint());
  }

  @Override
  public String toString() {
    return "Broadcast[" + id + ", " + audience + ", " + state + "]";
  }
}
