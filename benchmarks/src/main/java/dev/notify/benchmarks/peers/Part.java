package dev.notify.benchmarks.peers;

/** One shape of work that everyone does in turn, once in each round. */
interface Part {

  /** Figures that it adds to the report, if they are asked for. */
  String[] figures();

  /** Everyone's turn. */
  void round(int round) throws InterruptedException;

  /** Adds what was found. */
  void report();
}
