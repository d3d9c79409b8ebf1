package dev.notify.simulation;

/**
 * Known mistakes, planted to see whether the simulation finds them: a test of the test. Each is one
 * that real queues have been shipped with.
 */
enum Bug {
  /** What a node wrote late overwrites what its successor did. */
  COMPLETION_NOT_FENCED,
  /** A lease has no number, so a change from an earlier hold of the same node counts. */
  LEASE_DOES_NOT_GROW,
  /** A paused node goes on with what it held, without asking whether it still does. */
  ZOMBIE_GOES_ON,
  /** What another node holds may be claimed. */
  CLAIM_TAKES_WHAT_IS_HELD,
  /** A claim looks ahead. */
  CLAIM_COMES_EARLY,
  /** A node is taken for dead that is only a little late. */
  DEAD_TOO_SOON,
  /** After an outage the first to come back takes all others for dead. */
  JUDGES_AFTER_AN_OUTAGE,
  /** The same after an outage just short of a lease. The JDBC store had this one. */
  JUDGES_AFTER_A_SHORT_OUTAGE,
  /**
   * A process that begins when the database is back takes all others for dead. The JDBC store had
   * it.
   */
  NEWCOMER_JUDGES,
  /** Nobody takes back what a dead node held. */
  DEAD_NEVER_RELEASED,
  /** Nobody looks for what was committed though its answer was lost. */
  STRAYS_NEVER_SWEPT,
  /** A change is taken for void because it was there already: its commit's answer was lost. */
  LOST_COMMIT_NOT_CONFIRMED,
  /**
   * A cancel that ended what was put back, by a commit whose answer was lost, is taken for an order
   * that was carried out with it. The JDBC store had this one.
   */
  LATER_CANCEL_TAKEN_FOR_AN_ORDER,
  /** A change that could not be written at the first try is forgotten. */
  OUTCOME_DROPPED_IN_AN_OUTAGE,
  /** A retry begins to count anew. */
  RETRY_FORGETS_ATTEMPTS,
  /** The calls that led to a change are not written down. */
  CALLS_NOT_LOGGED,
  /** An order to cancel is forgotten when the delivery is put back. */
  CANCEL_ORDER_FORGOTTEN,
  /** A cancel ends what a node is just sending. */
  CANCEL_ENDS_WHAT_IS_HELD,
  /** What has ended can be ended again. */
  END_IS_NOT_FINAL,
  /** Two sends with one key at a time are both stored. */
  KEY_NOT_UNIQUE,
  /** The deliveries of a notification are stored after it, in a transaction of their own. */
  ACCEPTED_BEFORE_IT_IS_STORED,
  /** A provider takes a lost answer for a failure. */
  LOST_ANSWER_TAKEN_FOR_FAILURE,
  /** A provider takes a lost answer for success. */
  LOST_ANSWER_TAKEN_FOR_SUCCESS
}
