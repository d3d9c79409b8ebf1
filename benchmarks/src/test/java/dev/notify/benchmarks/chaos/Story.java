package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.chaos.Remains.Ended;
import dev.notify.benchmarks.chaos.Remains.Open;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A made-up history, told in milliseconds. A delivery is called as its notification. */
final class Story {

  private static final long FAR = 1_000_000_000;

  private final List<Entry> run = new ArrayList<>();
  private final Map<String, List<Entry>> workers = new TreeMap<>();
  private final List<Open> open = new ArrayList<>();
  private final Map<String, Ended> ended = new HashMap<>();
  private final Set<String> messages = new HashSet<>();
  private final Set<Long> nodes = new HashSet<>();
  private int calls;

  /** A process that sends a heartbeat every 300 ms until then. */
  Story lives(String life, long from, long to) {
    note(life, from, What.STARTED, "life", life);
    for (long at = from; at <= to; at += 300) {
      note(life, at, What.BEAT, "since", at * 1_000);
    }
    return this;
  }

  Story note(String life, long at, What what, Object... pairs) {
    workers.computeIfAbsent(life, any -> new ArrayList<>()).add(Entry.of(at * 1_000, what, pairs));
    return this;
  }

  Story killed(String life, long at) {
    run.add(Entry.of(at * 1_000, What.KILLING, "life", life));
    run.add(Entry.of(at * 1_000 + 500, What.KILLED, "life", life));
    return this;
  }

  Story paused(String life, long from, long to) {
    run.add(Entry.of(from * 1_000, What.PAUSING, "life", life));
    run.add(Entry.of(to * 1_000, What.RESUMED, "life", life));
    return this;
  }

  Story harmed(Kind kind, String target, long from, long to) {
    run.add(Entry.of(from * 1_000, What.FAULT, "kind", kind.word(), "target", target));
    run.add(Entry.of(to * 1_000, What.PASSED, "kind", kind.word(), "target", target));
    return this;
  }

  Story accepted(String life, long at, String notification, Object... more) {
    return acceptedAs("send-of-" + notification, life, at, notification, more);
  }

  Story acceptedAs(String send, String life, long at, String notification, Object... more) {
    Object[] pairs = new Object[more.length + 2];
    pairs[0] = "send";
    pairs[1] = send;
    System.arraycopy(more, 0, pairs, 2, more.length);
    note(life, at, What.INTENT, pairs);
    note(life, at, What.RECEIPT, "send", send, "notification", notification);
    messages.add(notification);
    return this;
  }

  /** A call of a provider that knows repetitions by their keys. */
  Story called(String life, long at, String notification, Answer answer) {
    return called(life, at, notification, answer, true, FAR);
  }

  Story called(
      String life, long at, String notification, Answer answer, boolean keyed, long expires) {
    long call = calledWithoutAnswer(life, at, notification, keyed, expires);
    return note(life, at + 1, What.ANSWER, "call", call, "answer", answer);
  }

  Story calledWithoutAnswer(String life, long at, String notification) {
    long ignored = calledWithoutAnswer(life, at, notification, true, FAR);
    return this;
  }

  private long calledWithoutAnswer(
      String life, long at, String notification, boolean keyed, long expires) {
    note(
        life,
        at,
        What.CALL,
        "call",
        ++calls,
        "delivery",
        notification,
        "notification",
        notification,
        "send",
        "send-of-" + notification,
        "expires",
        expires * 1_000,
        "keyed",
        keyed);
    return calls;
  }

  Story written(String life, long at, String notification, String status) {
    return note(
        life, at, What.WRITTEN, "delivery", notification, "status", status, "reason", "none");
  }

  Story ended(String notification, String status, String reason, int attempts) {
    messages.add(notification);
    ended.put(notification, new Ended(notification, notification, status, reason, attempts));
    return this;
  }

  Story isSent(String notification) {
    return ended(notification, "SENT", "", 1);
  }

  Story isOpen(String notification, Optional<Long> owner, String reason) {
    open.add(new Open(notification, notification, owner, reason));
    return this;
  }

  Story hasMessage(String notification) {
    messages.add(notification);
    return this;
  }

  Story hasNode(long node) {
    nodes.add(node);
    return this;
  }

  Verdict check() {
    return Checker.check(
        History.of(run, workers),
        new Remains(open, ended, messages, nodes),
        Limits.of(Options.Profile.FAST));
  }
}
