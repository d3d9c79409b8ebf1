package dev.notify.email;

/**
 * How the connection to a mail relay is protected. No mode ever falls back to a weaker one.
 *
 * @since 0.1
 */
public enum TlsMode {

  /** Plain text, for a relay on the same host or a test; a password would travel in clear. */
  NONE(25),

  /**
   * Begins in clear and changes to TLS before anything is said (RFC 3207); refused if not offered.
   */
  STARTTLS(587),

  /** TLS from the first byte (RFC 8314). */
  IMPLICIT(465);

  private final int defaultPort;

  TlsMode(int defaultPort) {
    this.defaultPort = defaultPort;
  }

  /** The port that relays use for this mode. */
  public int defaultPort() {
    return defaultPort;
  }
}
