package dev.notify.benchmarks.peers;

/**
 * One way to keep work in a database and do it. Made for one database, in which it creates its
 * tables if they are not there; closed after one measurement. Messages have numbers, by which the
 * {@link Tally} knows them.
 */
interface Contestant extends AutoCloseable {

  /**
   * Makes it ready for senders.
   *
   * @param works whether it also handles what is due
   */
  void start(boolean works) throws Exception;

  /** Accepts one that is due in an hour. */
  void sendLater(int number) throws Exception;

  /** Accepts many that are due in an hour, in one call. */
  void sendLater(int from, int count) throws Exception;

  /** Accepts one that is due now. */
  void send(int number) throws Exception;

  /** Puts rows into the tables that are due now, though nobody is there to handle them. */
  void fill(int count) throws Exception;

  /** How many rows are not finished. */
  long open();

  @Override
  void close();
}
