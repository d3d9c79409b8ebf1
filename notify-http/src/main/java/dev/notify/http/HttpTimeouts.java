package dev.notify.http;

import dev.notify.model.ConfigurationException;
import java.time.Duration;

/**
 * How long a vendor may take.
 *
 * @param connect for the connection to stand, TLS included
 * @param read for the next bytes of an answer
 * @since 0.1
 */
public record HttpTimeouts(Duration connect, Duration read) {

  // Before DEFAULT, which is checked against them.
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Five seconds to connect, fifteen for an answer. */
  public static final HttpTimeouts DEFAULT =
      new HttpTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(15));

  /** Checks that both are from a millisecond to an hour. */
  public HttpTimeouts {
    check("connectTimeout", connect);
    check("readTimeout", read);
  }

  /** The same with another time to connect. */
  public HttpTimeouts withConnect(Duration newConnect) {
    return new HttpTimeouts(newConnect, read);
  }

  /** The same with another time to answer. */
  public HttpTimeouts withRead(Duration newRead) {
    return new HttpTimeouts(connect, newRead);
  }

  /**
   * For a whole call; bounds an answer that trickles in and never stalls long enough to time out.
   */
  Duration call() {
    return connect.plus(read.multipliedBy(2));
  }

  private static void check(String option, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new ConfigurationException(option + ": must be from 1 millisecond to 1 hour");
    }
  }
}
