package dev.notify.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/** {@code benchmarks/run micro}: measures everything in turn and prints the figures. */
public final class Micro {

  private static final Path FIGURES = Path.of("benchmarks/target/micro.jsonl");
  private static final String MANY = "1000000";

  private final Trials trials;
  private final Report report = new Report();

  private Micro(Trials trials) {
    this.trials = trials;
  }

  /** Measures; {@code --quick} only shows that everything runs. */
  public static void main(String... args) {
    Program.run(
        "usage: benchmarks/run micro [--quick]",
        Program::isQuick,
        quick -> new Micro(quick ? Trials.QUICK : Trials.FULL).run(quick),
        args);
  }

  private boolean run(boolean quick) throws RunnerException, IOException, InterruptedException {
    send();
    templates();
    policies();
    lanes();
    if (quick) {
      report.note("--quick: too short to mean anything");
    }
    report.print(System.out);
    report.write(FIGURES);
    return true;
  }

  private void send() throws RunnerException, IOException, InterruptedException {
    double[] bytes = new double[trials.rounds()];
    double[] one = new double[trials.rounds()];
    double[] two = new double[trials.rounds()];
    double[] bare = new double[trials.rounds()];
    double[] ratio = new double[trials.rounds()];
    for (int round = 0; round < trials.rounds(); round++) {
      progress("send", round);
      RunResult sent =
          Trials.run(
              trials
                  .of(Sending.class, "send", Mode.Throughput)
                  .threads(1)
                  .addProfiler(GCProfiler.class));
      one[round] = sent.getPrimaryResult().getScore();
      bytes[round] = Trials.bytes(sent);
      two[round] = Trials.score(trials.of(Sending.class, "send", Mode.Throughput).threads(2));
      bare[round] =
          Trials.score(trials.of(HandingOver.class, "handOver", Mode.Throughput).threads(2));
      ratio[round] = two[round] / bare[round];
    }
    double perDelivery = Trials.median(bytes);
    report.add(Figure.lower("send.bytes", perDelivery, "B", 700, 350));
    report.add(Figure.higher("send.rate", Trials.median(two), "1/s", 50_000, 200_000));
    report.add(Figure.higher("send.rate.1thread", Trials.median(one), "1/s", 50_000, 200_000));
    report.add(Figure.higher("send.rate.ratio", Trials.median(ratio), "x", 0.025, 0.1));
    report.note(
        "send.rate.ratio: to handing a record to a bounded ThreadPoolExecutor, %s/s in this run"
            .formatted(Figure.number(Trials.median(bare))));
    report.note("send.bytes, object by object:\n" + Allocations.count());
  }

  private void templates() throws RunnerException {
    double[] ratio = new double[trials.rounds()];
    List<String> times = new ArrayList<>();
    for (int round = 0; round < trials.rounds(); round++) {
      progress("templates", round);
      double ours = nanos(Rendering.class, "throughTemplates");
      double theirs = nanos(Rendering.class, "directly");
      ratio[round] = ours / theirs;
      times.add(Figure.number(ours) + "/" + Figure.number(theirs));
    }
    report.add(Figure.lower("template.ratio", Trials.median(ratio), "x", 1.15, 1.05));
    report.note("template.ratio: ours/mustache.java, ns an e-mail: " + String.join(", ", times));
  }

  private void policies() throws RunnerException {
    double[] nanos = new double[trials.rounds()];
    for (int round = 0; round < trials.rounds(); round++) {
      progress("policies", round);
      nanos[round] = nanos(Deciding.class, "decide");
    }
    report.add(Figure.lower("policy.ns", Trials.median(nanos), "ns", 5000, 1000));
  }

  private double nanos(Class<?> subject, String method) throws RunnerException {
    return Trials.score(
        trials.of(subject, method, Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS));
  }

  private void lanes() throws RunnerException {
    double[] ratio = new double[trials.rounds()];
    List<String> times = new ArrayList<>();
    for (int round = 0; round < trials.rounds(); round++) {
      progress("lanes", round);
      double idle = criticalP99("0");
      double busy = criticalP99(MANY);
      ratio[round] = busy / idle;
      times.add(Figure.number(busy) + "/" + Figure.number(idle));
    }
    report.add(Figure.lower("lanes.critical.p99.ratio", Trials.median(ratio), "x", 4, 2));
    report.note(
        "lanes.critical.p99.ratio: with "
            + MANY
            + " LOW waiting/idle, us: "
            + String.join(", ", times));
  }

  /** One iteration, since percentiles cannot be added up. */
  private double criticalP99(String waiting) throws RunnerException {
    RunResult run =
        Trials.run(
            trials
                .of(CriticalLane.class, "untilProviderIsCalled", Mode.AverageTime)
                .param("waiting", waiting)
                .measurementIterations(1)
                .measurementTime(trials.whole())
                .jvmArgs("-Xms4g", "-Xmx4g"));
    return Trials.secondary(run, "p99");
  }

  private void progress(String what, int round) {
    System.err.printf("%s, round %d of %d%n", what, round + 1, trials.rounds());
  }
}
