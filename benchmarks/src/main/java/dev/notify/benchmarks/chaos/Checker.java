package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.chaos.Remains.Ended;
import dev.notify.benchmarks.chaos.Remains.Open;
import dev.notify.benchmarks.chaos.Violation.Law;
import dev.notify.model.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges a whole history; a function of journals and tables alone.
 *
 * <p>A call that follows another one of the same delivery is a retry if the provider refused the
 * first, or, where it knows repetitions by a key, did not answer it. Any other is a duplicate, and
 * each must be excused by a fault of its own:
 *
 * <ul>
 *   <li>the process of the first call was killed, and had not learnt that the outcome was written;
 *   <li>or its lease had run out because it was paused, stood still or had no connection to get,
 *       and it never wrote the outcome: faults of the server, which hit all, excuse nothing, but
 *       that its pool did not know of the server's return as others did;
 *   <li>or the process of the second call was paused, had made up its mind to call before that, and
 *       called as soon as it went on.
 * </ul>
 */
final class Checker {

  private final History history;
  private final Remains remains;
  private final Limits limits;
  private final Map<String, List<Call>> callsOfDelivery = new LinkedHashMap<>();
  private final Map<String, List<Call>> callsOfNotification = new HashMap<>();
  private final Map<String, List<Ended>> endedOfNotification = new HashMap<>();
  private final Map<Life, List<Span>> lapses = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  private int duplicates;
  private int seenTwice;
  private int askedAgain;
  private int retries;

  private Checker(History history, Remains remains, Limits limits) {
    this.history = history;
    this.remains = remains;
    this.limits = limits;
    history.calls().stream()
        .sorted(Comparator.comparingLong(Call::at))
        .forEach(
            call -> {
              add(callsOfDelivery, call.delivery(), call);
              add(callsOfNotification, call.notification(), call);
            });
    remains.ended().values().forEach(one -> add(endedOfNotification, one.notification(), one));
    history.lives().forEach(life -> lapses.put(life, life.lapses(limits)));
  }

  private static <V> void add(Map<String, List<V>> map, String key, V value) {
    map.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
  }

  static Verdict check(History history, Remains remains, Limits limits) {
    Checker checker = new Checker(history, remains, limits);
    checker.nothingIsLost();
    checker.callsOfDelivery.values().forEach(checker::nothingIsRepeated);
    checker.history.calls().forEach(checker::nothingIsLate);
    checker.nothingIsEarly();
    checker.nothingIsTriedTooOften();
    checker.keysStandForOne();
    checker.nothingIsStuck();
    return checker.verdict();
  }

  private void violated(Law law, String what) {
    violations.add(new Violation(law, what));
  }

  private void nothingIsLost() {
    for (Send send : history.sends()) {
      send.notification().ifPresent(id -> isNotLost(send, id));
    }
    for (Ended ended : remains.ended().values()) {
      if (ended.isSent()
          && callsOf(ended.notification()).stream()
              .noneMatch(call -> call.answer().filter(Answer.ACCEPTED::equals).isPresent())) {
        violated(Law.FALSELY_SENT, ended + " was never accepted by the provider");
      }
    }
  }

  private List<Call> callsOf(String notification) {
    return callsOfNotification.getOrDefault(notification, List.of());
  }

  private void isNotLost(Send send, String notification) {
    List<Ended> ends = endedOfNotification.getOrDefault(notification, List.of());
    boolean isHeld =
        remains.open().stream()
            .anyMatch(open -> open.notification().equals(notification) && isHeld(open));
    if (ends.isEmpty() && !isHeld) {
      violated(Law.LOST, send.id() + ", accepted as " + notification + ", has no record");
    } else if (!isHeld && ends.stream().noneMatch(end -> end.isSent() || mayEnd(end, send))) {
      violated(Law.LOST, send.id() + ", accepted as " + notification + ", ended as " + ends);
    }
  }

  /** Too late, tried in vain, in doubt for good, or given up since it seems to kill its holders. */
  private boolean mayEnd(Ended end, Send send) {
    return switch (end.reason()) {
      case Reason.EXPIRED -> send.expires();
      case Reason.ATTEMPTS_USED_UP -> !callsOf(end.notification()).isEmpty();
      case Reason.UNCONFIRMED -> callsOf(end.notification()).stream().anyMatch(Call::mayHaveSent);
      case Reason.QUARANTINED -> true;
      default -> false;
    };
  }

  private boolean isHeld(Open open) {
    return open.reason().equals(Reason.HELD)
        && open.owner().isEmpty()
        && callsOf(open.notification()).stream().anyMatch(Call::mayHaveSent);
  }

  private void nothingIsRepeated(List<Call> calls) {
    for (int i = 1; i < calls.size(); i++) {
      Call first = calls.get(i - 1);
      Call second = calls.get(i);
      if (first.mayBeRepeated()) {
        retries++;
        askedAgain += first.answer().filter(Answer.UNKNOWN::equals).isPresent() ? 1 : 0;
      } else if (isExcused(first, second)) {
        duplicates++;
        seenTwice += second.keyed() || !second.mayHaveSent() ? 0 : 1;
      } else {
        duplicates++;
        violated(Law.REPEATED, "no fault excuses that " + second + " follows " + first);
      }
    }
  }

  private boolean isExcused(Call first, Call second) {
    return wasKilledWith(first, second) || lostItsLeaseWith(first, second) || hadDecided(second);
  }

  /** What stands in its journal it wrote before it died. */
  private static boolean wasKilledWith(Call first, Call second) {
    return first.life().killed()
        && !first.wasWrittenBefore(second)
        && second.at() >= first.life().killing();
  }

  private boolean lostItsLeaseWith(Call first, Call second) {
    Span between = new Span(first.at(), second.at());
    return !first.wasWrittenBefore(second)
        && lapsesOf(first.life()).stream()
            .anyMatch(lapse -> lapse.meets(between) && first.life().wasHit(lapse, limits));
  }

  private List<Span> lapsesOf(Life life) {
    return lapses.getOrDefault(life, List.of());
  }

  private boolean hadDecided(Call second) {
    return second.life().pauses().stream()
        .filter(pause -> lapsesOf(second.life()).stream().anyMatch(pause::meets))
        .anyMatch(pause -> isAwakening(pause, second.at()));
  }

  private boolean isAwakening(Span pause, long at) {
    return pause.to() < Long.MAX_VALUE
        && new Span(pause.from(), pause.to() + limits.awakening()).has(at);
  }

  /** Who was paused after the look at the clock cannot know. */
  private void nothingIsLate(Call call) {
    if (call.at() > call.expires() + limits.slack()
        && call.life().pauses().stream().noneMatch(pause -> isAwakening(pause, call.at()))) {
      violated(Law.LATE, call + " came " + (call.at() - call.expires()) + " us after its expiry");
    }
  }

  private void nothingIsEarly() {
    for (Send send : history.sends()) {
      if (send.due().isPresent() && send.notification().isPresent()) {
        long due = send.due().get();
        callsOf(send.notification().get()).stream()
            .filter(call -> call.at() < due - limits.slack())
            .forEach(
                call ->
                    violated(
                        Law.EARLY, call + " came " + (due - call.at()) + " us before its time"));
      }
    }
  }

  /** Calls whose outcome was never written could not be counted. */
  private void nothingIsTriedTooOften() {
    callsOfDelivery.forEach(
        (delivery, calls) -> {
          long counted =
              calls.stream()
                  .filter(call -> call.written().isPresent())
                  .filter(call -> call.answer().filter(Answer.TURNED_AWAY::equals).isEmpty())
                  .count();
          if (counted > limits.mostAttempts()) {
            violated(Law.TOO_OFTEN, counted + " calls that counted for delivery " + delivery);
          }
        });
    for (Ended ended : remains.ended().values()) {
      if (ended.attempts() > limits.mostAttempts()) {
        violated(Law.TOO_OFTEN, ended.toString());
      }
    }
  }

  private void keysStandForOne() {
    Map<String, Set<String>> notifications = new TreeMap<>();
    for (Send send : history.sends()) {
      if (send.key() && send.notification().isPresent()) {
        notifications
            .computeIfAbsent(send.id(), key -> new HashSet<>())
            .add(send.notification().get());
      }
    }
    Set<String> keys = new HashSet<>();
    history.sends().stream().filter(Send::key).map(Send::id).forEach(keys::add);
    for (Call call : history.calls()) {
      if (keys.contains(call.send())) {
        notifications.computeIfAbsent(call.send(), key -> new HashSet<>()).add(call.notification());
      }
    }
    notifications.forEach(
        (key, ids) -> {
          if (ids.size() > 1) {
            violated(Law.KEY_BROKEN, "key " + key + " stands for " + ids);
          }
        });
  }

  private void nothingIsStuck() {
    for (Open open : remains.open()) {
      if (remains.ended().containsKey(open.delivery())) {
        violated(Law.STUCK, open + " is open and has ended");
      } else if (!isHeld(open)) {
        violated(Law.STUCK, open + " is open for ever");
      }
      if (!remains.messages().contains(open.notification())) {
        violated(Law.STUCK, open + " has no message");
      }
    }
    Set<String> known = new HashSet<>(endedOfNotification.keySet());
    remains.open().forEach(open -> known.add(open.notification()));
    remains.messages().stream()
        .filter(message -> !known.contains(message))
        .forEach(message -> violated(Law.STUCK, "message " + message + " has no delivery"));
    remains.nodes().forEach(node -> violated(Law.STUCK, "node " + node + " is still signed on"));
  }

  private Verdict verdict() {
    long accepted =
        history.sends().stream().filter(send -> send.notification().isPresent()).count();
    Map<String, Integer> ends = new TreeMap<>();
    remains
        .ended()
        .values()
        .forEach(end -> ends.merge((end.status() + " " + end.reason()).strip(), 1, Integer::sum));
    long held = remains.open().stream().filter(this::isHeld).count();
    return new Verdict(
        history,
        violations,
        new Verdict.Counts(
            history.sends().size(),
            accepted,
            history.calls().size(),
            retries,
            askedAgain,
            duplicates,
            seenTwice,
            underWay(),
            held),
        ends,
        recoveries(),
        lateness());
  }

  /** Calls whose outcome was not written when their process was killed, or lost its lease. */
  private long underWay() {
    return history.calls().stream()
        .filter(call -> call.written().isEmpty())
        .filter(
            call ->
                call.life().killed()
                    || lapsesOf(call.life()).stream()
                        .anyMatch(
                            lapse -> lapse.to() >= call.at() && call.life().wasHit(lapse, limits)))
        .count();
  }

  /**
   * For each delivery that a process had in its hands when it was killed: how long until another
   * process took it to the provider, but for times in which nobody could.
   */
  private List<Long> recoveries() {
    Obstructions obstructions = new Obstructions(history);
    List<Long> recoveries = new ArrayList<>();
    callsOfDelivery
        .values()
        .forEach(
            calls -> {
              for (int i = 1; i < calls.size(); i++) {
                Call first = calls.get(i - 1);
                if (wasKilledWith(first, calls.get(i))) {
                  recoveries.add(
                      obstructions.free(new Span(first.life().killing(), calls.get(i).at())));
                }
              }
            });
    for (Send send : history.sends()) {
      if (send.life().killed() && send.notification().isPresent() && send.due().isEmpty()) {
        firstCall(send)
            .filter(call -> call.at() > send.life().ended())
            .map(call -> new Span(send.life().killing(), call.at()))
            .ifPresent(time -> recoveries.add(obstructions.free(time)));
      }
    }
    return recoveries.stream().sorted().toList();
  }

  private Optional<Call> firstCall(Send send) {
    return send.notification().flatMap(id -> callsOf(id).stream().findFirst());
  }

  /** How long after they were due scheduled messages were first tried. */
  private List<Long> lateness() {
    return history.sends().stream()
        .filter(send -> send.due().isPresent())
        .flatMap(send -> firstCall(send).map(call -> call.at() - send.due().orElseThrow()).stream())
        .sorted()
        .toList();
  }
}
