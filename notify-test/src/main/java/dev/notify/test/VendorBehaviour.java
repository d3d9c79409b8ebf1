package dev.notify.test;

/**
 * How the stand-in for a vendor treats the calls that follow. The words are those of any protocol,
 * so that an HTTP interface and an SMTP server can both be stood in for.
 *
 * @since 0.1
 */
public enum VendorBehaviour {

  /** Takes the message and says so, with an id where the protocol has one. */
  ACCEPTS,

  /** Answers that it has a fault of its own: HTTP 503, SMTP 451. */
  FAILS,

  /**
   * Answers that there were too many requests and asks to come back after {@link
   * ChannelProviderContract#RETRY_AFTER}, where the protocol can say so.
   */
  THROTTLES,

  /** Takes the whole message and never answers, until the stand-in is told to behave otherwise. */
  HANGS,

  /** Takes the whole message and closes the connection without an answer. */
  CUTS,

  /** Takes the whole message and answers with bytes that are not of the protocol. */
  TALKS_GARBAGE,

  /** Takes the whole message and answers with twenty megabytes that are not of the protocol. */
  FLOODS,

  /**
   * Takes the whole message and answers byte by byte, with pauses, without ever coming to an end.
   */
  TRICKLES,

  /** Sends the caller on to another address, at which it takes the message. */
  REDIRECTS,

  /** Nobody listens at the address. */
  REFUSES_CONNECTION
}
