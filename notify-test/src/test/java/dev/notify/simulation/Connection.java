package dev.notify.simulation;

import dev.notify.model.RefusedException;
import dev.notify.model.RefusedException.Why;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The way of a process to the tables. On it a call may take its time, be lost before it took
 * effect, or after.
 */
final class Connection {

  private static final Duration LONG = Duration.ofMillis(400);
  private static final Duration USUAL = Duration.ofMillis(12);
  private static final Duration UNTIL_TOLD = Duration.ofMillis(400);

  private final Process process;
  private final World world;
  private final Weather weather;
  private final History history;

  /** How it goes on the way, for all processes. */
  static final class Weather {
    final double loss;
    final double delay;
    long outageUntil;
    long slowUntil;
    boolean calm;
    long losses;

    Weather(double loss, double delay) {
      this.loss = loss;
      this.delay = delay;
    }
  }

  Connection(Process process, Weather weather, History history) {
    this.process = process;
    this.world = process.world;
    this.weather = weather;
    this.history = history;
  }

  /**
   * Runs a transaction.
   *
   * @throws RefusedException if it, or its answer, was lost
   */
  <R> R call(String name, Supplier<R> transaction) {
    lieDown();
    if (isAway()) {
      world.sleep(world.upTo(UNTIL_TOLD));
      throw lost(name, "finds nobody");
    }
    if (!weather.calm && world.happens(weather.loss)) {
      throw lost(name, "is lost");
    }
    R answer = transaction.get();
    lieDown();
    if (!weather.calm && world.happens(weather.loss)) {
      throw lost(name, "is done and its answer is lost");
    }
    return answer;
  }

  private boolean isAway() {
    return process.isCutOff() || world.now() < weather.outageUntil;
  }

  private RefusedException lost(String name, String how) {
    if (name.equals("beat") && !isAway()) {
      process.lostBeat();
    }
    weather.losses++;
    history.add(process + ": " + name + " " + how);
    return new RefusedException(Why.STORE_UNAVAILABLE, "the database cannot be reached");
  }

  /** Time goes by on the way, and others go on. */
  private void lieDown() {
    if (process.isDead()) {
      throw new World.Crashed();
    }
    if (weather.calm) {
      return;
    }
    if (world.now() < weather.slowUntil) {
      world.sleep(world.upTo(LONG));
    } else if (world.happens(weather.delay)) {
      world.sleep(world.upTo(USUAL));
    }
  }
}
