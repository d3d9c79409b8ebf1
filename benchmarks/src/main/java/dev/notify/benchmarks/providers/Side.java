package dev.notify.benchmarks.providers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;

/**
 * What one side of a comparison did, round by round.
 *
 * @param rate messages a second
 * @param cpu microseconds that all processors together spent on a message, the stand-in's among
 *     them: it hardly moves on a machine that others use
 */
record Side(Series rate, Series cpu) {

  Side(String name) {
    this(new Series(name), new Series(name));
  }

  void add(Load.Result result) {
    add(result, result.operations());
  }

  /** Where the operations of the load are not the messages that were answered. */
  void add(Load.Result result, long messages) {
    rate.add(messages / result.seconds());
    cpu.add(result.cpuSeconds() * 1e6 / messages);
  }

  /** This one's rate by the other's. */
  Series by(Side other) {
    return rate.by(other.rate);
  }

  @Override
  public String toString() {
    return "%s, CPU %s us a message".formatted(rate, Figure.number(cpu.median()));
  }
}
