package dev.notify.jdbc;

import dev.notify.model.Broadcast;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Suppression;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand in the tables for our words. They are written out, so that a word which
 * moves to another place in its enum keeps its number.
 */
final class Codes {

  private static final Map<DeliveryStatus, Integer> STATUSES =
      Map.ofEntries(
          Map.entry(DeliveryStatus.SCHEDULED, 1),
          Map.entry(DeliveryStatus.PENDING, 2),
          Map.entry(DeliveryStatus.SENDING, 3),
          Map.entry(DeliveryStatus.UNCONFIRMED, 4),
          Map.entry(DeliveryStatus.SENT, 10),
          Map.entry(DeliveryStatus.DELIVERED, 11),
          Map.entry(DeliveryStatus.BOUNCED, 12),
          Map.entry(DeliveryStatus.UNDELIVERED, 13),
          Map.entry(DeliveryStatus.DEAD, 20),
          Map.entry(DeliveryStatus.SUPPRESSED, 21),
          Map.entry(DeliveryStatus.CANCELLED, 22),
          Map.entry(DeliveryStatus.EXPIRED, 23),
          Map.entry(DeliveryStatus.DIGESTED, 24));

  private static final Map<Priority, Integer> PRIORITIES =
      Map.of(Priority.CRITICAL, 0, Priority.HIGH, 1, Priority.NORMAL, 2, Priority.LOW, 3);

  private static final Map<DeliveryEvent.Type, Integer> EVENTS =
      Map.ofEntries(
          Map.entry(DeliveryEvent.Type.SCHEDULED, 1),
          Map.entry(DeliveryEvent.Type.PENDING, 2),
          Map.entry(DeliveryEvent.Type.SENDING, 3),
          Map.entry(DeliveryEvent.Type.UNCONFIRMED, 4),
          Map.entry(DeliveryEvent.Type.SENT, 10),
          Map.entry(DeliveryEvent.Type.DELIVERED, 11),
          Map.entry(DeliveryEvent.Type.BOUNCED, 12),
          Map.entry(DeliveryEvent.Type.UNDELIVERED, 13),
          Map.entry(DeliveryEvent.Type.DEAD, 20),
          Map.entry(DeliveryEvent.Type.SUPPRESSED, 21),
          Map.entry(DeliveryEvent.Type.CANCELLED, 22),
          Map.entry(DeliveryEvent.Type.EXPIRED, 23),
          Map.entry(DeliveryEvent.Type.DIGESTED, 24),
          Map.entry(DeliveryEvent.Type.OPENED, 30),
          Map.entry(DeliveryEvent.Type.CLICKED, 31),
          Map.entry(DeliveryEvent.Type.READ, 32),
          Map.entry(DeliveryEvent.Type.COMPLAINED, 33),
          Map.entry(DeliveryEvent.Type.UNSUBSCRIBED, 34),
          Map.entry(DeliveryEvent.Type.CONVERTED, 35));

  private static final Map<Suppression.Kind, Integer> KINDS =
      Map.of(
          Suppression.Kind.DEAD_ADDRESS, 1,
          Suppression.Kind.COMPLAINT, 2,
          Suppression.Kind.OPT_OUT, 3,
          Suppression.Kind.MANUAL, 4);

  private static final Map<Broadcast.State, Integer> STATES =
      Map.of(
          Broadcast.State.CANARY, 1,
          Broadcast.State.RUNNING, 2,
          Broadcast.State.PAUSED, 3,
          Broadcast.State.STOPPED, 4,
          Broadcast.State.CANCELLING, 5,
          Broadcast.State.CANCELLED, 20,
          Broadcast.State.COMPLETED, 21);

  private static final Map<Integer, Broadcast.State> STATE_OF = inverse(STATES);
  private static final Map<Integer, DeliveryStatus> STATUS_OF = inverse(STATUSES);
  private static final Map<Integer, Priority> PRIORITY_OF = inverse(PRIORITIES);
  private static final Map<Integer, DeliveryEvent.Type> EVENT_OF = inverse(EVENTS);

  private Codes() {}

  private static <W> Map<Integer, W> inverse(Map<W, Integer> codes) {
    return codes.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
  }

  static int of(DeliveryStatus status) {
    return code(STATUSES, status);
  }

  static int of(Priority priority) {
    return code(PRIORITIES, priority);
  }

  static int of(DeliveryEvent.Type type) {
    return code(EVENTS, type);
  }

  static int of(Broadcast.State state) {
    return code(STATES, state);
  }

  static Broadcast.State state(int code) {
    return word(STATE_OF, code);
  }

  private static <W> int code(Map<W, Integer> codes, W word) {
    Integer code = codes.get(word);
    if (code == null) {
      throw new IllegalStateException(word + " has no number in the tables");
    }
    return code;
  }

  static DeliveryStatus status(int code) {
    return word(STATUS_OF, code);
  }

  static Priority priority(int code) {
    return word(PRIORITY_OF, code);
  }

  static DeliveryEvent.Type event(int code) {
    return word(EVENT_OF, code);
  }

  private static <W> W word(Map<Integer, W> words, int code) {
    W word = words.get(code);
    if (word == null) {
      throw new IllegalStateException(
          "the tables hold number " + code + ", unknown to this release");
    }
    return word;
  }

  static int of(Outcome outcome) {
    if (outcome instanceof Outcome.Accepted) {
      return 1;
    }
    if (outcome instanceof Outcome.Retryable) {
      return 2;
    }
    if (outcome instanceof Outcome.Throttled) {
      return 3;
    }
    if (outcome instanceof Outcome.InvalidAddress invalid) {
      return switch (invalid.kind()) {
        case OPT_OUT -> 8;
        case COMPLAINT -> 9;
        default -> 4;
      };
    }
    if (outcome instanceof Outcome.Rejected) {
      return 5;
    }
    return outcome instanceof Outcome.Misconfigured ? 6 : 7;
  }

  static int of(Suppression.Kind kind) {
    return code(KINDS, kind);
  }

  /** What a provider asked us to wait, in milliseconds, where it did. */
  static @Nullable Long waitOf(Outcome outcome) {
    Optional<Duration> wait = Optional.empty();
    if (outcome instanceof Outcome.Retryable retryable) {
      wait = retryable.retryAfter();
    } else if (outcome instanceof Outcome.Throttled throttled) {
      wait = throttled.retryAfter();
    }
    return wait.isPresent() ? wait.get().toMillis() : null;
  }

  static String detailOf(Outcome outcome) {
    return outcome instanceof Outcome.Accepted accepted
        ? accepted.providerMessageId()
        : outcome.cause();
  }

  static Outcome outcome(int code, String detail, Optional<Duration> wait) {
    return switch (code) {
      case 1 -> Outcome.accepted(detail);
      case 2 -> Outcome.retryable(detail, wait);
      case 3 -> new Outcome.Throttled(detail, wait);
      case 4 -> Outcome.invalidAddress(detail);
      case 5 -> Outcome.rejected(detail);
      case 6 -> Outcome.misconfigured(detail);
      case 8 -> Outcome.optedOut(detail);
      case 9 -> new Outcome.InvalidAddress(detail, Optional.empty(), Suppression.Kind.COMPLAINT);
      default -> Outcome.unknown(detail);
    };
  }
}
