package dev.notify.fuzz;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks after inputs that do not come to an end. Ten seconds are a thousand times what the slowest
 * honest input takes; what has not ended after a minute ends the process, since nothing else would.
 */
final class Watchdog {

  private static final long TOO_LONG = TimeUnit.SECONDS.toNanos(10);
  private static final long HUNG = TimeUnit.SECONDS.toNanos(60);

  private static volatile @Nullable Watch current;

  private static final class Watch {
    final Chance chance;
    final Thread thread = Thread.currentThread();
    final long since = System.nanoTime();
    volatile @Nullable String stack;

    Watch(Chance chance) {
      this.chance = chance;
    }
  }

  static {
    Thread looking = new Thread(Watchdog::look, "fuzz-watchdog");
    looking.setDaemon(true);
    looking.start();
  }

  private Watchdog() {}

  static void watch(Chance chance) {
    current = new Watch(chance);
  }

  /** The stack of what took too long, if it did. */
  static Optional<String> done() {
    Watch watch = current;
    current = null;
    return watch == null ? Optional.empty() : Optional.ofNullable(watch.stack);
  }

  private static void look() {
    while (true) {
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        return;
      }
      Watch watch = current;
      if (watch != null) {
        judge(watch, System.nanoTime() - watch.since);
      }
    }
  }

  private static void judge(Watch watch, long elapsed) {
    if (elapsed > TOO_LONG && watch.stack == null) {
      watch.stack =
          Arrays.stream(watch.thread.getStackTrace())
              .map(Object::toString)
              .collect(Collectors.joining("\n  "));
      System.err.println("took too long: " + watch.chance + "\n  " + watch.stack);
    }
    if (elapsed > HUNG) {
      System.err.println("hung: " + watch.chance);
      Runtime.getRuntime().halt(70);
    }
  }
}
