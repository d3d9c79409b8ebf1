package dev.notify.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH, one benchmark in one fresh JVM at a time. What is compared runs in turn, several rounds
 * of each, so that a slow minute of the machine hits both sides.
 *
 * @param rounds how often everything runs
 * @param warmup iterations that do not count
 * @param iterations iterations that count
 * @param iteration length of each
 */
record Trials(int rounds, int warmup, int iterations, TimeValue iteration) {

  static final Trials FULL = new Trials(3, 4, 3, TimeValue.seconds(1));
  static final Trials QUICK = new Trials(1, 1, 1, TimeValue.milliseconds(300));

  /** One benchmark method, with the options that every run of it has. */
  ChainedOptionsBuilder of(Class<?> subject, String method, Mode mode) {
    return new OptionsBuilder()
        .include("^" + subject.getName().replace(".", "\\.") + "\\." + method + "$")
        .mode(mode)
        .forks(1)
        .warmupIterations(warmup)
        .warmupTime(iteration)
        .measurementIterations(iterations)
        .measurementTime(iteration)
        .jvmArgs("-Xms1g", "-Xmx1g")
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  /** The time of all iterations that count. */
  TimeValue whole() {
    return TimeValue.milliseconds(iterations * iteration.convertTo(TimeUnit.MILLISECONDS));
  }

  /** Runs it now. */
  static RunResult run(ChainedOptionsBuilder options) throws RunnerException {
    Collection<RunResult> results = new Runner(options.build()).run();
    if (results.size() != 1) {
      throw new IllegalStateException("one benchmark expected, not " + results.size());
    }
    return results.iterator().next();
  }

  static double score(ChainedOptionsBuilder options) throws RunnerException {
    return run(options).getPrimaryResult().getScore();
  }

  /** Bytes that all threads together allocated for one operation. */
  static double bytes(RunResult run) {
    return secondary(run, "gc.alloc.rate.norm");
  }

  /** What a benchmark or profiler counted besides. */
  static double secondary(RunResult run, String name) {
    Result<?> result = run.getSecondaryResults().get(name);
    return result == null ? Double.NaN : result.getScore();
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
