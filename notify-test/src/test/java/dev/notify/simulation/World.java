package dev.notify.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time and turns. Whatever happens in a simulation happens in a turn: a task of an executor, a
 * wake-up, a heartbeat, something that the application does, a mishap. One turn runs at a time; at
 * each call of a store or provider it {@linkplain #sleep lies down}, and chance says which of those
 * that are ready goes on. Time moves only when nobody is ready. So the seed decides everything.
 *
 * <p>A turn that lies down keeps its thread, for the engine is written for threads: its locks,
 * interrupts and stacks are the real ones. The threads hand each other one baton.
 */
final class World {

  static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

  /** Far more than any seed needs: whoever gets there runs in circles. */
  private static final int MOST_TURNS = 400_000;

  /** A turn that takes so long waits for something that cannot happen while it has the baton. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  private static final List<Runner> IDLE = new ArrayList<>();

  final SplittableRandom chance;
  private final List<Turn> waiting = new ArrayList<>();
  private final List<Turn> ready = new ArrayList<>();
  private final Semaphore over = new Semaphore(0);
  private long now;
  private int turns;
  private int turnsSeen = -1;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable Turn current;
  private final List<Process> inhabitants = new ArrayList<>();

  World(SplittableRandom chance) {
    this.chance = chance;
  }

  /** Ends the stacks of a process that crashed. */
  static final class Crashed extends Error {
    private static final long serialVersionUID = 1L;

    Crashed() {
      super("crashed", null, false, false);
    }
  }

  /** Something that is to go on at a moment. */
  final class Turn {
    final @Nullable Process process;
    final long at;
    private final @Nullable Runnable task;
    private final @Nullable Runner asleep;

    private Turn(
        @Nullable Process process, long at, @Nullable Runnable task, @Nullable Runner asleep) {
      this.process = process;
      this.at = at;
      this.task = task;
      this.asleep = asleep;
    }

    private long from() {
      return process == null || process.isDead() ? at : Math.max(at, process.pausedUntil());
    }

    void cancel() {
      waiting.remove(this);
    }
  }

  /** Nanoseconds since the simulation began: what no clock shows and all of them follow. */
  long now() {
    return now;
  }

  Instant instant() {
    return START.plusNanos(now);
  }

  int turns() {
    return turns;
  }

  boolean happens(double probability) {
    return chance.nextDouble() < probability;
  }

  /** A time up to this one. */
  long upTo(Duration longest) {
    return chance.nextLong(longest.toNanos() + 1);
  }

  long between(Duration shortest, Duration longest) {
    return shortest.toNanos() + chance.nextLong(longest.minus(shortest).toNanos() + 1);
  }

  /** Has something happen after a while; of a process, or of nobody's. */
  Turn after(@Nullable Process process, long delay, Runnable task) {
    Turn turn = new Turn(process, now + Math.max(0, delay), task, null);
    waiting.add(turn);
    return turn;
  }

  /** What a process had not begun is gone with it; what it had begun finds out when it goes on. */
  void forget(Process dead) {
    waiting.removeIf(turn -> turn.process == dead && turn.asleep == null);
  }

  /** Lets others go on for at least so long; this turn then goes on where it is. */
  void sleep(long nanos) {
    Turn turn = current;
    Process process = turn == null ? null : turn.process;
    Runner me = (Runner) Thread.currentThread();
    Turn mine = new Turn(process, now + nanos, null, me);
    requireAlive(process);
    waiting.add(mine);
    Turn next = choose();
    if (next != mine) {
      handOver(next);
      me.await();
    }
    current = mine;
    requireAlive(process);
  }

  private void requireAlive(@Nullable Process process) {
    if (ended || (process != null && process.isDead())) {
      throw new Crashed();
    }
  }

  /** Runs until {@link #end} or a failure; throws that. */
  void run() throws Throwable {
    Turn first = choose();
    handOver(first);
    while (!over.tryAcquire(STUCK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (isStuck()) {
        throw new AssertionError("a turn does not come to its end:\n" + Runner.stacks());
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private boolean isStuck() {
    boolean stuck = turnsSeen == turns;
    turnsSeen = turns;
    return stuck;
  }

  /** Nothing more happens, but that stacks come to their end. */
  void end() {
    ended = true;
    inhabitants.forEach(Process::die);
    waiting.removeIf(turn -> turn.asleep == null);
  }

  /** Somebody has seen what must not be. */
  void fail(Throwable fault) {
    if (failure == null) {
      failure = fault;
    }
    end();
  }

  /** A process begins; answers how many of its name there were by then. */
  int settle(Process process) {
    inhabitants.add(process);
    return (int) inhabitants.stream().filter(one -> one.name.equals(process.name)).count();
  }

  private void handOver(@Nullable Turn next) {
    if (next == null) {
      over.release();
    } else if (next.asleep != null) {
      next.asleep.goOn();
    } else {
      Runner.free().begin(this, next);
    }
  }

  /** Whose turn it is; nobody's when all is over. */
  private @Nullable Turn choose() {
    turns++;
    if (turns > MOST_TURNS && !ended) {
      fail(new AssertionError("more than " + MOST_TURNS + " turns: something runs in circles"));
    }
    if (waiting.isEmpty()) {
      return null;
    }
    long soonest = Long.MAX_VALUE;
    ready.clear();
    for (Turn turn : waiting) {
      long from = turn.from();
      if (from <= now) {
        ready.add(turn);
      } else {
        soonest = Math.min(soonest, from);
      }
    }
    if (ready.isEmpty()) {
      now = soonest;
      for (Turn turn : waiting) {
        if (turn.from() <= now) {
          ready.add(turn);
        }
      }
    }
    Turn next = ready.get(ready.size() == 1 ? 0 : chance.nextInt(ready.size()));
    waiting.remove(next);
    return next;
  }

  /** A thread that runs turns while it has the baton, and is kept for the next simulation. */
  private static final class Runner extends Thread {
    private final Semaphore baton = new Semaphore(0);
    private @Nullable World world;
    private @Nullable Turn turn;

    private Runner() {
      super("simulation");
      setDaemon(true);
      start();
    }

    static Runner free() {
      synchronized (IDLE) {
        return IDLE.isEmpty() ? new Runner() : IDLE.remove(IDLE.size() - 1);
      }
    }

    static String stacks() {
      StringBuilder text = new StringBuilder();
      Thread.getAllStackTraces()
          .forEach(
              (thread, stack) -> {
                if (thread instanceof Runner) {
                  text.append(thread).append('\n');
                  for (StackTraceElement line : stack) {
                    text.append("    ").append(line).append('\n');
                  }
                }
              });
      return text.toString();
    }

    void begin(World of, Turn first) {
      world = of;
      turn = first;
      baton.release();
    }

    void goOn() {
      baton.release();
    }

    /** Keeps an interrupt for whoever it was meant for. */
    void await() {
      baton.acquireUninterruptibly();
    }

    @Override
    public void run() {
      while (true) {
        await();
        World mine = world;
        Turn next = turn;
        while (next != null) {
          mine.run(next);
          boolean ignored = Thread.interrupted();
          Turn following = mine.choose();
          if (following != null && following.asleep == null) {
            next = following;
          } else {
            next = null;
            synchronized (IDLE) {
              IDLE.add(this);
            }
            mine.handOver(following);
          }
        }
      }
    }
  }

  private void run(Turn turn) {
    if (ended) {
      return;
    }
    current = turn;
    try {
      turn.task.run();
    } catch (Crashed e) {
      // So ends what a dead process had begun.
    } catch (Throwable e) {
      fail(e);
    }
  }
}
