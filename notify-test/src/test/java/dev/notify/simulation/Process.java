package dev.notify.simulation;

import dev.notify.NotificationDispatcher;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A process of the application with a dispatcher in it. It may crash, stand still for a while and
 * go on as if nothing had been, lose its way to the database, or have its clock set.
 */
final class Process {

  private static final Duration LOOK = Duration.ofMillis(5);

  final World world;
  final String name;

  /** Keys that it is just sending under; a second send of the same would wait for the first. */
  final Set<String> sending = new HashSet<>();

  private final int life;
  private final SplittableRandom chance;
  private final Manners manners;
  @Nullable NotificationDispatcher dispatcher;
  @Nullable SimulatedStore store;

  /** Until when it stands still, or cannot reach the database; or did last. */
  private long pausedUntil;

  private long cutOffUntil;
  private final List<Long> lostBeats = new ArrayList<>();
  private long skew;
  private long furthest;
  private boolean clockWasSet;
  private boolean dead;
  private boolean closing;
  private boolean closed;

  /** How likely things are that go wrong by themselves. */
  record Manners(double late, double refusal) {}

  Process(World world, String name, Manners manners) {
    this.world = world;
    this.name = name;
    this.manners = manners;
    chance = world.chance.split();
    life = world.settle(this);
  }

  final EngineClock clock =
      new EngineClock() {
        @Override
        public Instant instant() {
          long here = world.now() + skew;
          furthest = Math.max(furthest, here);
          return World.START.plusNanos(here);
        }

        @Override
        public Wakeup wakeUp(Duration delay, Runnable task) {
          if (dead) {
            return () -> {};
          }
          World.Turn turn = world.after(Process.this, delay.toNanos(), task);
          return turn::cancel;
        }

        @Override
        public long nanoTime() {
          return world.now();
        }

        @Override
        public boolean tryLock(Lock lock, Duration longest) {
          long end = world.now() + longest.toNanos();
          while (!lock.tryLock()) {
            if (world.now() >= end) {
              return false;
            }
            world.sleep(LOOK.toNanos());
          }
          return true;
        }

        @Override
        public void await(Lock lock, Condition signal, Duration longest) {
          lock.unlock();
          try {
            world.sleep(Math.min(longest.toNanos(), LOOK.toNanos()));
          } finally {
            lock.lock();
          }
        }
      };

  final Executor executor = this::execute;

  /** As a pool does that is busy at times, and refuses work at times. */
  private void execute(Runnable task) {
    if (dead || chance.nextDouble() < manners.refusal()) {
      throw new RejectedExecutionException("no thread");
    }
    boolean isLate = chance.nextDouble() < manners.late();
    long delay = isLate ? chance.nextLong(Duration.ofMillis(800).toNanos()) : 0;
    var unused = world.after(this, delay, task);
  }

  RandomGenerator random() {
    return chance::nextLong;
  }

  boolean isDead() {
    return dead;
  }

  /** The moment until which it can do nothing. */
  long pausedUntil() {
    return pausedUntil;
  }

  boolean isCutOff() {
    return world.now() < cutOffUntil;
  }

  /** Whether it could not say that it lives, by what befell itself alone, a moment ago. */
  boolean wasInTrouble(Duration ago) {
    long since = world.now() - ago.toNanos();
    return dead
        || pausedUntil > since
        || cutOffUntil > since
        || lostBeats.stream().filter(at -> at > since).count() > 1;
  }

  /** Chance alone kept it from saying that it lives. */
  void lostBeat() {
    lostBeats.add(world.now());
  }

  /** Its clock as it shows now, and the latest that it ever showed. */
  Instant shown() {
    return World.START.plusNanos(world.now() + skew);
  }

  Instant furthestShown() {
    return World.START.plusNanos(Math.max(furthest, world.now() + skew));
  }

  boolean isClockTrue() {
    return !clockWasSet;
  }

  boolean isUp() {
    return !dead && !closing && dispatcher != null;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isClosing() {
    return closing;
  }

  void pause(long nanos) {
    pausedUntil = Math.max(pausedUntil, world.now() + nanos);
  }

  void cutOff(long nanos) {
    cutOffUntil = Math.max(cutOffUntil, world.now() + nanos);
  }

  /** Whoever sets a clock has it wrong from then on; nobody's stopwatch changes. */
  void setClock(long wrong) {
    skew = wrong;
    clockWasSet = true;
  }

  /** All is well again. */
  void recover() {
    pausedUntil = Math.min(pausedUntil, world.now());
    cutOffUntil = Math.min(cutOffUntil, world.now());
  }

  void die() {
    dead = true;
  }

  void beginToClose() {
    closing = true;
  }

  void hasClosed() {
    closed = true;
  }

  @Override
  public String toString() {
    return name + "." + life;
  }
}
