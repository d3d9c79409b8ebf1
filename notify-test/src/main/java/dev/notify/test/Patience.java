package dev.notify.test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs work on other threads and waits for it, but not for ever: a hanging provider fails its test.
 */
final class Patience {

  /** Far longer than anything takes, far shorter than a build server's own limit. */
  static final long SECONDS = 30;

  private Patience() {}

  /** Starts the same work on many threads at one moment and answers what each of them got. */
  static <T> List<T> together(int threads, Callable<T> work) throws Exception {
    return together(Collections.nCopies(threads, work));
  }

  /** Starts each work on a thread of its own, all at one moment, and answers what they got. */
  static <T> List<T> together(List<Callable<T>> works) throws Exception {
    int threads = works.size();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> work : works) {
        futures.add(
            pool.submit(
                () -> {
                  start.await(SECONDS, TimeUnit.SECONDS);
                  return work.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(await(future));
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** What a future brings, or an error that says what did not come. */
  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no result within " + SECONDS + " seconds", e);
    } catch (ExecutionException e) {
      throw new AssertionError("threw " + e.getCause(), e.getCause());
    }
  }
}
