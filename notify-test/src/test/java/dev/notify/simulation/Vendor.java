package dev.notify.simulation;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.simulation.Invariants.Call;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A provider as one process has it, with every answer that a vendor can give, in its own time. */
class Vendor implements ChannelProvider {

  static final int LONGEST_CHAIN = 2;

  /** The one whose rate is limited. */
  static final String RATED = "alpha";

  private static final Duration USUAL = Duration.ofMillis(60);
  private static final Duration SLOW = Duration.ofSeconds(4);
  private static final Duration LONGEST_HANGING = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Kind kind;
  private final Process process;
  private final World world;
  private final Premises premises;
  private final Invariants invariants;
  private final Set<Bug> bugs;

  /** What kind of vendor it is. */
  enum Kind {
    /** The first for mail: knows no keys. */
    ALPHA(Channel.EMAIL, false, false),
    /** The second for mail: recognises what it has seen before. */
    BETA(Channel.EMAIL, true, false),
    /** For text messages: can be asked what became of one. */
    GAMMA(Channel.SMS, false, true),
    /** For push: takes several in a call. */
    DELTA(Channel.PUSH, false, false);

    final Channel channel;
    final boolean idempotent;
    final boolean looksUp;

    Kind(Channel channel, boolean idempotent, boolean looksUp) {
      this.channel = channel;
      this.idempotent = idempotent;
      this.looksUp = looksUp;
    }
  }

  /** The vendor itself, which all processes reach. */
  static final class Premises {
    /** How often each message has gone out. */
    final Map<String, Integer> sent = new HashMap<>();

    /** Calls that may have an effect still. */
    final Map<String, Integer> underWay = new HashMap<>();

    final double trouble;
    long brownOutUntil;
    boolean calm;
    long answers;

    Premises(double trouble) {
      this.trouble = trouble;
    }
  }

  Vendor(Kind kind, Process process, Premises premises, Invariants invariants, Set<Bug> bugs) {
    this.kind = kind;
    this.process = process;
    this.world = process.world;
    this.premises = premises;
    this.invariants = invariants;
    this.bugs = bugs;
  }

  static Vendor of(
      Kind kind, Process process, Premises premises, Invariants invariants, Set<Bug> bugs) {
    return kind == Kind.DELTA
        ? new Several(kind, process, premises, invariants, bugs)
        : new Vendor(kind, process, premises, invariants, bugs);
  }

  /** One that takes several in a call. */
  private static final class Several extends Vendor implements BatchProvider {
    Several(Kind kind, Process process, Premises premises, Invariants invariants, Set<Bug> bugs) {
      super(kind, process, premises, invariants, bugs);
    }

    @Override
    public int batchLimit() {
      return 3;
    }

    @Override
    public Optional<Object> batchKey(OutboundMessage message) {
      return Optional.of("push");
    }

    @Override
    public List<Outcome> deliver(List<OutboundMessage> messages) {
      return call(messages);
    }
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public Channel channel() {
    return kind.channel;
  }

  @Override
  public boolean isIdempotent() {
    return kind.idempotent;
  }

  @Override
  public boolean canLookUp() {
    return kind.looksUp;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    return call(List.of(message)).get(0);
  }

  /** What is to become of a call. */
  private enum Plan {
    TAKEN,
    DOWN,
    BUSY,
    LOST_AFTER,
    LOST_BEFORE,
    REFUSED,
    DEAD_ADDRESS,
    NO_CREDIT,
    HANGS,
    HANGS_AFTER,
    THROWS_AFTER,
    SLOW
  }

  private Plan plan() {
    if (premises.calm) {
      return Plan.TAKEN;
    }
    double trouble = world.now() < premises.brownOutUntil ? 0.9 : premises.trouble;
    if (!world.happens(trouble)) {
      return Plan.TAKEN;
    }
    // What passes comes often, what ends a message seldom.
    int lot = world.chance.nextInt(100);
    if (lot < 24) {
      return Plan.DOWN;
    } else if (lot < 34) {
      return Plan.BUSY;
    } else if (lot < 46) {
      return Plan.LOST_AFTER;
    } else if (lot < 52) {
      return Plan.LOST_BEFORE;
    } else if (lot < 56) {
      return Plan.REFUSED;
    } else if (lot < 60) {
      return Plan.DEAD_ADDRESS;
    } else if (lot < 63) {
      return Plan.NO_CREDIT;
    } else if (lot < 68) {
      return Plan.HANGS;
    } else if (lot < 75) {
      return Plan.HANGS_AFTER;
    } else if (lot < 82) {
      return Plan.THROWS_AFTER;
    }
    return Plan.SLOW;
  }

  List<Outcome> call(List<OutboundMessage> messages) {
    if (process.isDead()) {
      throw new World.Crashed();
    }
    List<Call> calls =
        invariants.begins(
            process, this, messages.stream().map(OutboundMessage::deliveryId).toList());
    Plan plan = plan();
    messages.forEach(message -> premises.underWay.merge(message.reference(), 1, Integer::sum));
    List<Outcome> answers;
    try {
      answers = carryOut(plan, messages, calls);
    } finally {
      messages.forEach(message -> premises.underWay.merge(message.reference(), -1, Integer::sum));
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    boolean thrown = plan == Plan.THROWS_AFTER;
    for (int i = 0; i < calls.size(); i++) {
      calls.get(i).interrupted = interrupted;
      calls.get(i).answer = thrown ? Outcome.unknown("thrown") : answers.get(i);
    }
    premises.answers++;
    invariants.ends(process, this, calls);
    if (thrown) {
      throw new IllegalStateException("connection reset");
    }
    return answers;
  }

  private List<Outcome> carryOut(Plan plan, List<OutboundMessage> messages, List<Call> calls) {
    Duration time = plan == Plan.SLOW ? SLOW : USUAL;
    world.sleep(world.upTo(time));
    if (plan == Plan.HANGS) {
      hang();
      return all(messages, Outcome.unknown("gave up"));
    }
    List<Outcome> answers = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      // In a call of several each has its own fate, unless the whole call has one.
      Plan its = messages.size() == 1 || world.happens(0.6) ? plan : Plan.TAKEN;
      if (isWholeCall(plan)) {
        its = plan;
      }
      answers.add(answer(its, messages.get(i), calls.get(i)));
    }
    world.sleep(world.upTo(time));
    if (plan == Plan.HANGS_AFTER) {
      hang();
    }
    return answers;
  }

  private static boolean isWholeCall(Plan plan) {
    return switch (plan) {
      case LOST_AFTER, LOST_BEFORE, HANGS_AFTER, THROWS_AFTER, SLOW, NO_CREDIT -> true;
      default -> false;
    };
  }

  private Outcome answer(Plan plan, OutboundMessage message, Call call) {
    return switch (plan) {
      case SLOW -> world.happens(0.3) ? Outcome.retryable("overloaded") : take(message, call);
      case TAKEN, HANGS_AFTER -> take(message, call);
      case DOWN ->
          world.happens(0.3)
              ? Outcome.retryable("down", Duration.ofNanos(world.upTo(Duration.ofSeconds(6))))
              : Outcome.retryable("down");
      case BUSY -> Outcome.throttled("busy", Duration.ofNanos(world.upTo(Duration.ofSeconds(8))));
      case LOST_AFTER -> {
        Outcome ignored = take(message, call);
        yield lost();
      }
      case LOST_BEFORE -> lost();
      case THROWS_AFTER -> take(message, call);
      case REFUSED -> Outcome.rejected("no");
      case DEAD_ADDRESS -> Outcome.invalidAddress("nobody there");
      case NO_CREDIT -> Outcome.misconfigured("no credit");
      case HANGS -> throw new IllegalStateException("hangs before");
    };
  }

  private Outcome lost() {
    if (bugs.contains(Bug.LOST_ANSWER_TAKEN_FOR_FAILURE)) {
      return Outcome.retryable("no answer");
    }
    return bugs.contains(Bug.LOST_ANSWER_TAKEN_FOR_SUCCESS)
        ? Outcome.accepted("surely")
        : Outcome.unknown("no answer");
  }

  private Outcome take(OutboundMessage message, Call call) {
    call.tookEffect = true;
    premises.sent.merge(name() + "/" + message.reference(), 1, Integer::sum);
    return Outcome.accepted(name() + "-" + message.reference());
  }

  private static List<Outcome> all(List<OutboundMessage> messages, Outcome one) {
    return messages.stream().map(message -> one).toList();
  }

  /** Until somebody interrupts, as a read without a time-out does. */
  private void hang() {
    long end = world.now() + LONGEST_HANGING.toNanos();
    while (!Thread.currentThread().isInterrupted()) {
      if (world.now() > end) {
        invariants.violated("a call that takes too long is interrupted", process + " " + name());
      }
      world.sleep(LOOK.toNanos());
    }
  }

  @Override
  public Optional<Outcome> lookUp(OutboundMessage message) {
    world.sleep(world.upTo(USUAL));
    if (!premises.calm && world.happens(0.2)) {
      throw new IllegalStateException("the look-up is away");
    }
    Optional<Outcome> answer = lookedUp(message.reference());
    answer.ifPresent(found -> invariants.found(message.deliveryId(), found));
    return answer;
  }

  private Optional<Outcome> lookedUp(String reference) {
    if (premises.sent.containsKey(name() + "/" + reference)) {
      return Optional.of(Outcome.accepted(name() + "-" + reference));
    }
    // Nobody can say that a message never came as long as it may be on its way.
    return premises.underWay.getOrDefault(reference, 0) == 0 && world.happens(0.7)
        ? Optional.of(Outcome.retryable("never came"))
        : Optional.empty();
  }
}
