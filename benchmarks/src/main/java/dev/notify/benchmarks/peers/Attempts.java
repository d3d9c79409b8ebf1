package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import java.io.PrintStream;

/** Measurements that may fail: who fails is noted, and has no value; the others go on. */
final class Attempts {

  /** One value of one contestant. */
  interface Value {
    double take() throws Exception;
  }

  /** Something that takes figures. */
  interface Section {
    void run() throws Exception;
  }

  private final Report report;
  private final PrintStream log;
  private boolean failed;

  /**
   * Attempts whose failures are noted in a report.
   *
   * @param log gets the whole story of each failure
   */
  Attempts(Report report, PrintStream log) {
    this.report = report;
    this.log = log;
  }

  /** Adds a value to a series; if it cannot be taken, a place without one. */
  void take(Series series, String what, Value value) throws InterruptedException {
    try {
      series.add(value.take());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      series.add(Double.NaN);
      note(series.name() + ", " + what, e);
    }
  }

  /** Takes figures; if that fails, they are not in the report. */
  void run(Section section, String what) throws InterruptedException {
    try {
      section.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      note(what, e);
    }
  }

  boolean allSucceeded() {
    return !failed;
  }

  private void note(String what, Exception fault) {
    failed = true;
    report.note("FAILED: " + what + ": " + fault);
    log.println("failed: " + what);
    fault.printStackTrace(log);
  }
}
