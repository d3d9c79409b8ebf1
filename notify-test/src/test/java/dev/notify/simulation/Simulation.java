package dev.notify.simulation;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;

import dev.notify.CancelReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotifyException;
import dev.notify.model.Priority;
import dev.notify.model.Rate;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.routing.RetryPolicy;
import dev.notify.simulation.Connection.Weather;
import dev.notify.simulation.Invariants.Setting;
import dev.notify.simulation.Process.Manners;
import dev.notify.simulation.Vendor.Kind;
import dev.notify.simulation.Vendor.Premises;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;

/**
 * One seed: two or three processes with a real dispatcher each, one database and four vendors that
 * they share, a minute of traffic and mishaps, and then peace, until everything has come to its
 * end.
 */
final class Simulation {

  private static final Duration TROUBLE = Duration.ofSeconds(60);
  private static final Duration TRAFFIC = Duration.ofSeconds(45);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration LONGEST_PEACE = Duration.ofMinutes(15);
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(75);
  private static final Duration LIFE = Duration.ofMinutes(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST_RESTART = Duration.ofSeconds(25);
  private static final int TAIL = 60;

  private final long seed;
  private final Set<Bug> bugs;
  private final World world;
  private final History history;
  private final Weather weather;
  private final Setting setting;
  private final Manners manners;
  private final Invariants invariants;
  private final Tables tables;
  private final Map<Kind, Premises> vendors = new EnumMap<>(Kind.class);
  private final List<Process> processes = new ArrayList<>();
  private final List<NotificationId> sent = new ArrayList<>();
  private final boolean seesHoldsEnd;
  private boolean calm;
  private int people;

  Simulation(long seed, Set<Bug> bugs) {
    this.seed = seed;
    this.bugs = bugs;
    world = new World(new SplittableRandom(seed));
    history = new History(world);
    weather = new Weather(one(0, 0.02, 0.05), one(0.2, 0.6));
    RetryPolicy retry =
        RetryPolicy.DEFAULT
            .withMaxAttempts(2 + world.chance.nextInt(4))
            .withDelays(Duration.ofMillis(500), Duration.ofSeconds(6))
            .onUnknown(world.happens(0.2) ? RetryPolicy.Unknown.RETRY : RetryPolicy.Unknown.HOLD);
    setting = new Setting(retry, 1 + world.chance.nextInt(4), 1 + world.chance.nextInt(3), TIMEOUT);
    manners = new Manners(one(0, 0.1), one(0, 0.02));
    invariants = new Invariants(world, history, setting);
    tables = new Tables(world, bugs, invariants);
    invariants.over(tables);
    double trouble = one(0.05, 0.2, 0.5);
    for (Kind kind : Kind.values()) {
      vendors.put(kind, new Premises(trouble));
    }
    seesHoldsEnd = world.chance.nextInt(64) == 0;
  }

  private double one(double... several) {
    return several[world.chance.nextInt(several.length)];
  }

  /** What a run of a seed came to. */
  record Run(long hash, int turns, Invariants.Counts counts) {}

  /**
   * Runs to the end.
   *
   * @throws AssertionError that tells how to repeat it, if an invariant does not hold
   */
  Run run() {
    int nodes = 2 + world.chance.nextInt(2);
    for (int i = 0; i < nodes; i++) {
      String name = "node-" + (char) ('a' + i);
      begin(new Process(world, name, manners), 0);
    }
    planTraffic();
    planMishaps();
    var unused = world.after(null, TROUBLE.toNanos(), this::peace);
    try {
      world.run();
    } catch (Throwable e) {
      throw new AssertionError(report(e), e);
    }
    invariants.counts.turns = world.turns();
    return new Run(history.hash(), world.turns(), invariants.counts);
  }

  /** All that happened. */
  List<String> history() {
    return history.tail(Integer.MAX_VALUE);
  }

  private String report(Throwable fault) {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(seed).append(": ").append(fault).append('\n');
    text.append("repeat it with -Dsimulation.seed=").append(seed).append('\n');
    text.append(setting).append('\n');
    history.tail(TAIL).forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  // Processes

  private void begin(Process process, long delay) {
    processes.add(process);
    var unused = world.after(process, delay, () -> build(process));
  }

  private void build(Process process) {
    SimulatedStore store = null;
    while (store == null) {
      try {
        store =
            new SimulatedStore(
                process, tables, new Connection(process, weather, history), invariants, bugs);
      } catch (NotifyException e) {
        world.sleep(Duration.ofMillis(100).toNanos());
      }
    }
    process.store = store;
    var builder =
        NotificationDispatcher.builder()
            .store(store)
            .clock(process.clock)
            .executor(process.executor)
            .random(process.random())
            .recipients(Simulation::person)
            .retry(setting.retry())
            .inFlight(setting.inFlight())
            .attemptTimeout(setting.attemptTimeout())
            .circuitBreaker(4, Duration.ofSeconds(5))
            .defaultExpiry(LIFE)
            .rateLimit(Vendor.RATED, Rate.perSecond(setting.perSecond()))
            .listener(
                event -> {
                  if (!process.isDead()) {
                    invariants.told(process, event);
                  }
                });
    for (Kind kind : Kind.values()) {
      builder.provider(Vendor.of(kind, process, vendors.get(kind), invariants, bugs));
    }
    history.add(process + " begins as node " + store.node());
    process.dispatcher = builder.build();
  }

  private static Optional<Recipient> person(String id) {
    String number = id.substring(1);
    return Optional.of(
        Recipient.builder(id)
            .email(id + "@example.com")
            .sms("+1415555" + "0".repeat(4 - number.length()) + number)
            .fcm("device-" + id)
            .build());
  }

  /** Another machine tells the hash of each seed from one to another. */
  public static void main(String[] arguments) {
    Logger.getLogger("dev.notify").setLevel(Level.OFF);
    LongStream.rangeClosed(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]))
        .forEach(seed -> System.out.println(new Simulation(seed, Set.of()).run().hash()));
  }

  private Optional<Process> anyUp() {
    List<Process> up = processes.stream().filter(Process::isUp).toList();
    return up.isEmpty() ? Optional.empty() : Optional.of(up.get(world.chance.nextInt(up.size())));
  }

  // Traffic

  private void planTraffic() {
    int sends = 6 + world.chance.nextInt(20);
    for (int i = 0; i < sends; i++) {
      after(world.upTo(TRAFFIC), this::newSend);
    }
    int cancels = world.chance.nextInt(8);
    for (int i = 0; i < cancels; i++) {
      after(world.upTo(TROUBLE), this::cancelOne);
    }
    if (world.happens(0.3)) {
      // A crowd, so that lanes and places fill up.
      long when = world.upTo(TRAFFIC);
      int crowd = 10 + world.chance.nextInt(25);
      for (int i = 0; i < crowd; i++) {
        after(when + world.upTo(Duration.ofMillis(300)), this::newSend);
      }
    }
  }

  private void after(long delay, Runnable task) {
    var unused = world.after(null, delay, task);
  }

  private void newSend() {
    String person = "u" + ++people;
    Notification.Builder asked =
        Notification.to(person)
            .title("Hello")
            .body("How are you?")
            .routing(routing())
            .priority(Priority.values()[world.chance.nextInt(4)]);
    switch (world.chance.nextInt(7)) {
      case 0 -> asked.at(world.instant().plusNanos(world.upTo(Duration.ofSeconds(40))));
      case 1 -> asked.expiresIn(Duration.ofNanos(1 + world.upTo(Duration.ofSeconds(20))));
      case 2 -> asked.expiresIn(Duration.ofNanos(1 + world.upTo(Duration.ofSeconds(2))));
      default -> {}
    }
    boolean hasKey = world.happens(0.5);
    Notification notification =
        hasKey ? asked.idempotencyKey("key-" + person).build() : asked.build();
    trySend(person, notification, 0);
    if (hasKey && world.happens(0.3)) {
      // Somebody clicked twice, or a proxy tried again.
      after(world.upTo(Duration.ofSeconds(3)), () -> trySend(person, notification, 0));
    }
  }

  private Routing routing() {
    Channel[] channels = {EMAIL, SMS, PUSH};
    Channel one = channels[world.chance.nextInt(3)];
    return switch (world.chance.nextInt(8)) {
      case 0 -> Routing.all(EMAIL, SMS, PUSH);
      case 1 -> Routing.first(SMS, PUSH);
      case 2 -> Routing.escalate(PUSH).then(EMAIL, Duration.ofSeconds(3 + world.chance.nextInt(9)));
      default -> Routing.all(one);
    };
  }

  private void trySend(String person, Notification notification, int tries) {
    Optional<Process> node = anyUp();
    Optional<String> key = notification.idempotencyKey();
    boolean isBusyWithIt =
        node.isPresent() && key.isPresent() && node.get().sending.contains(key.get());
    if (node.isEmpty() || isBusyWithIt) {
      again(person, notification, tries);
      return;
    }
    Process process = node.get();
    key.ifPresent(process.sending::add);
    var unused =
        world.after(
            process,
            0,
            () -> {
              try {
                SendReceipt receipt = process.dispatcher.send(notification);
                history.add(process + " acknowledges " + person + " as " + receipt.answer());
                invariants.acknowledged(person, key, receipt);
                sent.add(receipt.id());
                if (world.happens(0.2)) {
                  Duration soon = Duration.ofMillis(world.happens(0.5) ? 150 : 1_500);
                  after(world.upTo(soon), () -> cancel(receipt.id()));
                }
              } catch (NotifyException e) {
                history.add(process + " refuses " + person);
                again(person, notification, tries);
              } finally {
                key.ifPresent(process.sending::remove);
              }
            });
    if (key.isPresent() && tries < 3) {
      // Whoever gets no answer at all asks somebody else.
      after(
          Duration.ofSeconds(4).toNanos(),
          () -> {
            if (process.isDead()) {
              again(person, notification, tries);
            }
          });
    }
  }

  /** Only who has a key may ask again. */
  private void again(String person, Notification notification, int tries) {
    if (notification.idempotencyKey().isPresent() && tries < 6) {
      after(
          world.between(Duration.ofMillis(200), Duration.ofSeconds(4)),
          () -> trySend(person, notification, tries + 1));
    }
  }

  private void cancelOne() {
    if (!sent.isEmpty()) {
      cancel(sent.get(world.chance.nextInt(sent.size())));
    }
  }

  private void cancel(NotificationId which) {
    Optional<Process> node = anyUp();
    if (node.isEmpty()) {
      return;
    }
    Process process = node.get();
    var unused =
        world.after(
            process,
            0,
            () -> {
              try {
                CancelReceipt receipt = process.dispatcher.cancel(which);
                history.add(
                    process
                        + " cancels: "
                        + receipt.cancelled().size()
                        + ", in flight "
                        + receipt.inFlight().size());
                invariants.cancelled(receipt);
              } catch (NotifyException e) {
                history.add(process + " cannot cancel");
              }
            });
  }

  // Mishaps

  private void planMishaps() {
    int mishaps = world.chance.nextInt(7);
    for (int i = 0; i < mishaps; i++) {
      long when = world.between(Duration.ofSeconds(1), TROUBLE);
      after(when, this::mishap);
    }
  }

  private void mishap() {
    if (calm) {
      return;
    }
    invariants.counts.faults++;
    Optional<Process> one = anyUp();
    switch (world.chance.nextInt(10)) {
      case 0, 1 -> one.ifPresent(process -> crash(process, world.upTo(LONGEST_RESTART)));
      case 2 -> one.ifPresent(this::freeze);
      case 3 ->
          one.ifPresent(
              process -> {
                process.cutOff(world.between(Duration.ofSeconds(1), Duration.ofSeconds(25)));
                history.add(process + " cannot reach the database");
              });
      case 4, 8 -> {
        // Most is decided when it is about as long as a lease.
        long length =
            world.happens(0.5)
                ? world.between(Duration.ofSeconds(7), Duration.ofSeconds(12))
                : world.between(Duration.ofSeconds(1), Duration.ofSeconds(30));
        weather.outageUntil = world.now() + length;
        history.add("the database is away for " + Duration.ofNanos(length));
        if (world.happens(0.4)) {
          one.ifPresent(process -> crash(process, world.chance.nextLong(length)));
        }
      }
      case 5 -> {
        weather.slowUntil = world.now() + world.upTo(Duration.ofSeconds(15));
        history.add("the database is slow");
      }
      case 6 ->
          one.ifPresent(
              process -> {
                long wrong = world.between(Duration.ofSeconds(-30), Duration.ofSeconds(30));
                process.setClock(wrong);
                history.add(process + "'s clock is set, and wrong by " + Duration.ofNanos(wrong));
              });
      case 7 -> {
        Kind kind = Kind.values()[world.chance.nextInt(Kind.values().length)];
        vendors.get(kind).brownOutUntil = world.now() + world.upTo(Duration.ofSeconds(20));
        history.add(kind + " has a bad time");
      }
      default -> one.ifPresent(this::close);
    }
  }

  private void freeze(Process process) {
    process.pause(world.between(Duration.ofSeconds(1), Duration.ofSeconds(25)));
    history.add(process + " stands still until " + process.pausedUntil() / 1_000 + " us");
  }

  private void crash(Process process, long down) {
    history.add(process + " crashes");
    invariants.counts.crashes++;
    process.die();
    world.forget(process);
    // The same machine comes back, or another one in its place.
    String name = world.happens(0.5) ? process.name : "node-" + (char) ('a' + processes.size());
    begin(new Process(world, name, manners), down);
  }

  private void close(Process process) {
    history.add(process + " closes");
    process.beginToClose();
    Duration limit = Duration.ofNanos(world.upTo(Duration.ofSeconds(12)));
    var unused =
        world.after(
            process,
            0,
            () -> {
              boolean all = process.dispatcher.close(limit);
              history.add(process + " has closed, " + (all ? "done" : "not done"));
              process.hasClosed();
              begin(new Process(world, process.name, manners), world.upTo(Duration.ofSeconds(5)));
            });
  }

  // Peace

  private void peace() {
    history.add("peace");
    calm = true;
    weather.calm = true;
    weather.outageUntil = 0;
    vendors.values().forEach(vendor -> vendor.calm = true);
    processes.forEach(Process::recover);
    lookWhetherDone();
  }

  private void lookWhetherDone() {
    long end = (seesHoldsEnd ? LONGEST_HOLD : LONGEST_PEACE).plus(TROUBLE).toNanos();
    List<Process> up = processes.stream().filter(Process::isUp).toList();
    boolean allThere =
        processes.stream().allMatch(one -> one.isDead() || one.isClosed() || one.isUp());
    if (!(allThere && invariants.isSettled(seesHoldsEnd)) && world.now() < end) {
      after(LOOK.toNanos(), this::lookWhetherDone);
      return;
    }
    // What was just written is told a moment later.
    after(
        LOOK.toNanos(),
        () -> {
          if (!invariants.isSettled(seesHoldsEnd) && world.now() < end) {
            lookWhetherDone();
            return;
          }
          invariants.atTheEnd(up, seesHoldsEnd);
          history.add("all is done");
          world.end();
        });
  }
}
