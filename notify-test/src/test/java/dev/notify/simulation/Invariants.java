package dev.notify.simulation;

import dev.notify.CancelReceipt;
import dev.notify.SendReceipt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Health.ChannelHealth;
import dev.notify.model.Health.ProviderHealth;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.routing.RetryPolicy;
import dev.notify.simulation.Tables.Change;
import dev.notify.simulation.Tables.Row;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What holds at every step and at the end, whatever happens. It sees what nobody in the simulation
 * sees: all tables, all calls and all processes at once.
 */
final class Invariants {

  private static final Duration JUST_NOW = Tables.LEASE.plus(Tables.HEARTBEAT.multipliedBy(3));

  private final World world;
  private final History history;
  private final Setting setting;
  private final Map<DeliveryId, Ledger> ledgers = new TreeMap<>();
  private final Map<NotificationId, Set<String>> acknowledged = new TreeMap<>();
  private final Map<String, NotificationId> keyed = new HashMap<>();
  private final Map<String, NotificationId> promised = new HashMap<>();
  private final Map<String, Integer> underWay = new HashMap<>();
  private final Map<String, List<Long>> begun = new HashMap<>();
  private final Map<String, Long> restsUntil = new HashMap<>();
  private @Nullable Tables tables;
  final Counts counts = new Counts();

  /** What the processes were set to. */
  record Setting(RetryPolicy retry, int inFlight, int perSecond, Duration attemptTimeout) {}

  /** What happened how often, over all seeds. */
  static final class Counts {
    long sends;
    long calls;
    long again;
    long taken;
    long crashes;
    long faults;
    long turns;

    void add(Counts other) {
      sends += other.sends;
      calls += other.calls;
      again += other.again;
      taken += other.taken;
      crashes += other.crashes;
      faults += other.faults;
      turns += other.turns;
    }

    @Override
    public String toString() {
      return "turns "
          + turns
          + ", sends "
          + sends
          + ", provider calls "
          + calls
          + ", repeated where they may be "
          + again
          + ", mishaps "
          + faults
          + ", crashes among them "
          + crashes
          + ", deliveries taken back "
          + taken;
    }
  }

  Invariants(World world, History history, Setting setting) {
    this.world = world;
    this.history = history;
    this.setting = setting;
  }

  void over(Tables all) {
    tables = all;
  }

  /** An invariant that does not hold. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;
    final String invariant;
    final String about;

    Violation(String invariant, String about) {
      super(invariant + ": " + about);
      this.invariant = invariant;
      this.about = about;
    }
  }

  /** A call of a provider for one delivery. */
  static final class Call {
    final Ledger ledger;
    final Process process;
    final Vendor vendor;
    final long lease;
    final boolean shared;
    boolean tookEffect;
    @Nullable Outcome answer;

    /** It was interrupted: what it answers counts only if nobody was out of patience with it. */
    boolean interrupted;

    /** It was given up by a process that closed: perhaps nobody heard what it answered. */
    boolean unheard;

    private Call(Ledger ledger, Process process, Vendor vendor, long lease, boolean shared) {
      this.ledger = ledger;
      this.process = process;
      this.vendor = vendor;
      this.lease = lease;
      this.shared = shared;
    }
  }

  /** All that happened to a delivery. */
  static final class Ledger {
    final DeliveryId id;
    final String name;
    final List<Call> calls = new ArrayList<>();

    /** Answers to look-ups, by the lease under which they were asked for. */
    final Map<Long, Outcome> found = new HashMap<>();

    /** Leases that were taken away before anything was written under them. */
    final Map<Long, String> taken = new HashMap<>();

    final Map<String, Integer> toldEnds = new HashMap<>();
    @Nullable Process inCharge;
    long asked;
    long orderedUnder = Long.MAX_VALUE;
    boolean calledOff;
    int attempts;

    /** Who wrote down how it ended, and should tell. */
    long endedBy;

    private Ledger(DeliveryId id, String name) {
      this.id = id;
      this.name = name;
    }
  }

  private Ledger ledger(DeliveryId id) {
    return ledgers.computeIfAbsent(id, any -> new Ledger(id, "d" + (ledgers.size() + 1)));
  }

  String name(DeliveryId id) {
    return ledger(id).name;
  }

  private void require(boolean holds, String invariant, String about) {
    if (!holds) {
      violated(invariant, about);
    }
  }

  void violated(String invariant, String about) {
    history.add("VIOLATED: " + invariant + ": " + about);
    world.fail(new Violation(invariant, about));
    throw new World.Crashed();
  }

  // Sending

  void accepted(Submission submission) {
    for (Delivery born : submission.deliveries()) {
      Ledger ledger = ledger(born.id());
      history.add(
          ledger.name
              + " of "
              + submission.notification().recipientId()
              + " stored as "
              + born.status());
    }
    submission
        .key()
        .ifPresent(
            use -> {
              NotificationId other = keyed.putIfAbsent(use.key(), submission.id());
              require(
                  other == null,
                  "a key stands for one notification",
                  use.key() + " for two, by " + submission.notification().recipientId());
            });
  }

  void acknowledged(String sender, Optional<String> key, SendReceipt receipt) {
    counts.sends++;
    acknowledged.computeIfAbsent(receipt.id(), id -> new HashSet<>()).add(sender);
    require(tables.messages().containsKey(receipt.id()), "what is acknowledged is stored", sender);
    key.ifPresent(
        used -> {
          NotificationId earlier = promised.putIfAbsent(used, receipt.id());
          require(
              earlier == null || earlier.equals(receipt.id()),
              "a key repeated gives the same id",
              used);
        });
  }

  void cancelled(CancelReceipt receipt) {
    for (DeliveryId id : receipt.cancelled()) {
      DeliveryStatus status = tables.row(id).orElseThrow().delivery.status();
      ledger(id).calledOff = true;
      require(
          status == DeliveryStatus.CANCELLED,
          "what is answered to be cancelled is",
          name(id) + " is " + status);
    }
  }

  // Calling

  /** The store has told the engine that it may call. */
  void inCharge(Process process, Delivery delivery) {
    Ledger ledger = ledger(delivery.id());
    ledger.inCharge = process;
    ledger.asked = delivery.lease();
  }

  List<Call> begins(Process process, Vendor vendor, List<DeliveryId> together) {
    String place = process + "/" + vendor.name();
    int now = underWay.merge(place, 1, Integer::sum);
    require(
        now <= setting.inFlight(),
        "no more calls at a time than set",
        place + " has " + now + " under way");
    rate(process, vendor, place, together.size());
    List<Call> calls = new ArrayList<>();
    for (DeliveryId id : together) {
      calls.add(begins(process, vendor, ledger(id), together.size() > 1));
    }
    return calls;
  }

  private void rate(Process process, Vendor vendor, String place, int messages) {
    if (!vendor.name().equals(Vendor.RATED) || !process.isClockTrue()) {
      return;
    }
    List<Long> before = begun.computeIfAbsent(place, any -> new ArrayList<>());
    for (int i = 0; i < messages; i++) {
      before.add(world.now());
    }
    long since = world.now() - Duration.ofSeconds(1).toNanos();
    // A bucket that is full, and is filled once more within the second.
    require(
        before.stream().filter(at -> at > since).count() <= 2L * setting.perSecond(),
        "no more messages a second than set",
        place);
  }

  private Call begins(Process process, Vendor vendor, Ledger ledger, boolean shared) {
    Row row = tables.row(ledger.id).orElse(null);
    String who = process + " calls " + vendor.name() + " for " + ledger.name;
    history.add(who + " under lease " + ledger.asked);
    counts.calls++;
    require(row != null, "what is called was stored", who);
    require(
        ledger.inCharge == process, "nobody calls without having asked whether it still may", who);
    ledger.inCharge = null;
    require(
        row.isOpen(), "what has ended is not called", who + ", which is " + row.delivery.status());
    require(
        row.owner == process.store.node() && row.delivery.lease() == ledger.asked,
        "nobody calls for what others may hold",
        who + ", which " + row.owner + " holds under lease " + row.delivery.lease());
    require(!ledger.calledOff, "what was called off is not called", who);
    require(
        process.shown().isBefore(row.delivery.expiresAt()),
        "nothing is called after its end",
        who + ", which was of use until " + row.delivery.expiresAt());
    require(
        !process.furthestShown().isBefore(row.delivery.due()),
        "nothing is called before it is due",
        who + ", which is due " + row.delivery.due());
    Long rest = restsUntil.get(process + "/" + vendor.name());
    require(
        rest == null || world.now() >= rest || !process.isClockTrue(),
        "a provider that asked for rest is left alone",
        who);
    again(ledger, process, vendor, row);
    Call call = new Call(ledger, process, vendor, ledger.asked, shared);
    ledger.calls.add(call);
    return call;
  }

  /** Whether there may be another call after those before. */
  private void again(Ledger ledger, Process process, Vendor vendor, Row row) {
    boolean inDoubt =
        row.delivery.reason().map(Reason::code).filter(Reason.UNCONFIRMED::equals).isPresent();
    require(
        ledger.asked <= ledger.orderedUnder || inDoubt,
        "what was called off while it was held is not tried again",
        ledger.name);
    boolean repeats = false;
    for (Call before : ledger.calls) {
      if (!before.tookEffect) {
        continue;
      }
      repeats = true;
      String why = ledger.taken.get(before.lease);
      boolean mayAsk =
          (before.answer instanceof Outcome.Unknown || before.interrupted)
              && (setting.retry().unknown() == RetryPolicy.Unknown.RETRY
                  || (before.vendor.isIdempotent()
                      && before.vendor.name().equals(vendor.name())
                      && !before.shared));
      require(
          why != null || mayAsk || (before.answer == null && before.process.isDead()),
          "what a provider took is not sent again while that is known",
          ledger.name
              + " was taken by "
              + before.vendor.name()
              + " for "
              + before.process
              + ", which heard "
              + before.answer);
      require(
          why == null || !why.equals("a stray"), "what a provider took is no stray", ledger.name);
    }
    if (repeats) {
      counts.again++;
    }
  }

  void ends(Process process, Vendor vendor, List<Call> calls) {
    underWay.merge(process + "/" + vendor.name(), -1, Integer::sum);
    for (Call call : calls) {
      history.add(
          vendor.name() + " answers " + process + " for " + call.ledger.name + ": " + call.answer);
      call.unheard = call.interrupted && process.isClosing();
      // What is said after its time does not count.
      if (!call.interrupted
          && call.answer instanceof Outcome.Throttled throttled
          && throttled.retryAfter().isPresent()) {
        long until = world.now() + throttled.retryAfter().get().toNanos();
        var unused = restsUntil.merge(process + "/" + vendor.name(), until, Math::max);
      }
    }
  }

  void found(DeliveryId id, Outcome answer) {
    Ledger ledger = ledger(id);
    tables.row(id).ifPresent(row -> ledger.found.put(row.delivery.lease(), answer));
  }

  // Writing

  /** A row is taken from its node. */
  void taken(Row row, String why) {
    Ledger ledger = ledger(row.delivery.id());
    counts.taken++;
    history.add(ledger.name + " is taken back, " + why);
    ledger.taken.put(row.delivery.lease(), why);
  }

  void takenForDead(Process process) {
    history.add(process + " is taken for dead");
    require(
        process.wasInTrouble(JUST_NOW) || process.isClosing(),
        "nobody is taken for dead who could say that it lives",
        process.name);
  }

  /** A change that a node made is about to take effect. */
  void written(Row row, Change change, long node) {
    Delivery next = change.next();
    Ledger ledger = ledger(next.id());
    String about = ledger.name + " to " + next.status() + " by node " + node;
    require(
        row.isOpen(), "what has ended stays as it is", about + " from " + row.delivery.status());
    require(
        row.owner == node && row.delivery.lease() == next.lease(),
        "nobody changes what others hold",
        about + " under lease " + next.lease() + ", held by " + row.owner);
    require(
        next.attempts() >= ledger.attempts,
        "attempts are not forgotten",
        about + " with " + next.attempts() + " after " + ledger.attempts);
    ledger.attempts = next.attempts();
    int most = setting.retry().maxAttempts() - 1 + Vendor.LONGEST_CHAIN;
    require(next.attempts() <= most, "no more attempts than set", about + " " + next.attempts());
    long answered =
        ledger.calls.stream()
            .filter(call -> call.lease == next.lease() && call.answer != null)
            .count();
    long logged = row.attempts.size() - answeredBefore(ledger, next, false);
    long unsure = answeredBefore(ledger, next, true);
    // A close gives up what does not come back; that may come back all the same.
    boolean givenUp =
        ledger.calls.stream()
            .anyMatch(call -> call.lease == next.lease() && call.process.isClosing());
    require(
        logged <= answered + unsure && (logged >= answered || givenUp),
        "every call that was answered is written down",
        about + " with " + logged + " in the log, of " + answered);
    if (next.reason().map(Reason::code).filter(Reason.RETRY::equals).isPresent()) {
      Duration wait = Duration.between(next.updatedAt(), next.due());
      require(
          wait.compareTo(waitAsked(ledger, next)) >= 0,
          "what is tried again waits as long as it should",
          about + " for " + wait);
    }
    if (next.status() == DeliveryStatus.SENT) {
      require(
          ledger.calls.stream().anyMatch(call -> call.lease == next.lease() && took(call, next))
              || ledger.found.get(next.lease()) instanceof Outcome.Accepted,
          "sent is what a provider took",
          about);
    }
    if (next.status().isOpen()) {
      require(
          next.status() == DeliveryStatus.UNCONFIRMED || next.due().isBefore(next.expiresAt()),
          "what waits has a moment to come up again",
          about + " due " + next.due());
    }
  }

  private Duration waitAsked(Ledger ledger, Delivery next) {
    return ledger.calls.stream()
        .filter(call -> call.lease == next.lease())
        .map(call -> call.answer)
        .filter(answer -> answer instanceof Outcome.Retryable)
        .flatMap(answer -> ((Outcome.Retryable) answer).retryAfter().stream())
        .reduce(
            setting.retry().firstDelay(), (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private static long answeredBefore(Ledger ledger, Delivery next, boolean unheard) {
    return ledger.calls.stream()
        .filter(call -> call.lease < next.lease() && call.answer != null)
        .filter(call -> !ledger.taken.containsKey(call.lease))
        .filter(call -> call.unheard == unheard)
        .count();
  }

  private static boolean took(Call call, Delivery next) {
    return call.tookEffect
        && call.answer instanceof Outcome.Accepted accepted
        && next.provider().equals(Optional.of(call.vendor.name()))
        && next.providerMessageId().equals(Optional.of(accepted.providerMessageId()));
  }

  /** A delivery is about to come to its end. */
  void ended(Row row, Delivery end, @Nullable Long node) {
    Ledger ledger = ledger(end.id());
    history.add(
        ledger.name + " ends as " + end.status() + end.reason().map(why -> " " + why).orElse(""));
    require(row.isOpen(), "what has ended stays as it is", ledger.name);
    require(
        node != null || row.owner == 0,
        "nobody ends what others hold",
        ledger.name + ", which " + row.owner + " holds");
    if (end.status() == DeliveryStatus.CANCELLED) {
      ledger.calledOff = true;
    }
    ledger.endedBy = node == null ? 0 : node;
  }

  /** An order to cancel is noted in the row of what somebody holds. */
  void ordered(Row row) {
    Ledger ledger = ledger(row.delivery.id());
    history.add(ledger.name + " is to be cancelled as soon as it would wait");
    ledger.orderedUnder = row.delivery.lease();
  }

  // Telling

  void told(Process process, DeliveryEvent event) {
    Optional<DeliveryStatus> status = event.type().status();
    if (status.filter(now -> !now.isOpen()).isEmpty()) {
      return;
    }
    Ledger ledger = ledger(event.deliveryId());
    history.add(process + " tells that " + ledger.name + " is " + status.get());
    int times = ledger.toldEnds.merge(status.get().name(), 1, Integer::sum);
    require(
        times == 1 && ledger.toldEnds.size() == 1,
        "an end is told once",
        ledger.name + " " + ledger.toldEnds);
    DeliveryStatus now = tables.row(ledger.id).orElseThrow().delivery.status();
    require(
        now == status.get(),
        "what is told is true",
        ledger.name + " " + status.get() + " is " + now);
  }

  // The end

  /** Whether all is settled; not if a process has yet to find something out. */
  boolean isSettled(boolean heldCountsAsOpen) {
    for (Row row : tables.rows()) {
      boolean isHeld =
          row.delivery.reason().map(Reason::code).filter(Reason.HELD::equals).isPresent();
      if (row.isOpen() && (heldCountsAsOpen || !isHeld || row.owner != 0)) {
        return false;
      }
    }
    return true;
  }

  /** The faults have stopped, and time has run on. */
  void atTheEnd(List<Process> up, boolean heldCountsAsOpen) {
    Instant now = world.instant();
    for (Row row : tables.rows()) {
      Delivery delivery = row.delivery;
      String about = name(delivery.id()) + " is " + delivery.status() + " " + delivery.reason();
      boolean isHeld = delivery.reason().map(Reason::code).filter(Reason.HELD::equals).isPresent();
      require(
          !row.isOpen() || (isHeld && !heldCountsAsOpen && row.owner == 0),
          "everything comes to its end",
          about + ", held by " + row.owner + ", due " + delivery.due() + " at " + now);
      Ledger ledger = ledger(delivery.id());
      for (Call call : ledger.calls) {
        boolean isKnown =
            call.answer instanceof Outcome.Accepted
                && !call.interrupted
                && !ledger.taken.containsKey(call.lease);
        require(
            !isKnown || delivery.status() == DeliveryStatus.SENT,
            "what a provider took is known to be sent",
            about);
      }
    }
    acknowledged.forEach(
        (id, senders) ->
            require(
                tables.messages().containsKey(id),
                "what is acknowledged is stored",
                senders.toString()));
    for (Process process : up) {
      for (Ledger ledger : ledgers.values()) {
        require(
            ledger.endedBy != process.store.node() || !ledger.toldEnds.isEmpty(),
            "an end is told",
            process + " ended " + ledger.name);
      }
      for (ChannelHealth channel : process.dispatcher.health().channels()) {
        require(
            channel.queued() == 0
                && channel.inFlight() == 0
                && channel.room() == LANE_CAPACITY * Priority.values().length,
            "no place in a lane is lost",
            process + " " + channel);
      }
      for (ProviderHealth provider : process.dispatcher.health().providers()) {
        require(
            provider.inFlight() == 0, "no place at a provider is lost", process + " " + provider);
      }
    }
  }

  private static final int LANE_CAPACITY = 1_000;
}
