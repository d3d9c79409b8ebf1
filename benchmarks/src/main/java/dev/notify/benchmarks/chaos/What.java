package dev.notify.benchmarks.chaos;

/** What stands in a journal. */
enum What {
  /** A worker is there. */
  STARTED,
  /** A message is about to be sent: send, and key, due and expiresIn where it has them. */
  INTENT,
  /** It was accepted: send, notification. */
  RECEIPT,
  /** It was not, or nobody knows: send, why. */
  REFUSED,
  /** The provider is called, and has done nothing yet: call, delivery, notification, and more. */
  CALL,
  /** What the provider says: call, answer. */
  ANSWER,
  /** What became of a delivery is committed: delivery, status. */
  WRITTEN,
  /** A heartbeat went through: since, when it began. */
  BEAT,
  /** The process stood still without being told to: since. */
  STALLED,
  /** Its pool is used up by somebody. */
  POOL_TAKEN,
  /** No longer. */
  POOL_FREE,
  /** Its pool gave no connection, or only after a long while: since. */
  WAITED,
  /** It has closed in good order. */
  CLOSED,
  /** It is about to be killed: life. */
  KILLING,
  /** It is dead: life. */
  KILLED,
  /** It is about to be paused: life. */
  PAUSING,
  /** It goes on: life. */
  RESUMED,
  /** A fault begins: kind, target. */
  FAULT,
  /** And has passed: kind, target. */
  PASSED
}
