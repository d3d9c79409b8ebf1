package dev.notify.benchmarks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waiting, without the exception that never comes here. */
public final class Threads {

  private Threads() {}

  public static void join(@Nullable Thread thread) {
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
