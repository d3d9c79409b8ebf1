package dev.notify.email;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * The mail relay and how to reach it.
 *
 * @param host its name, which its certificate must bear
 * @param port its port
 * @param tls how the connection is protected
 * @param login who we are, if it wants to know
 * @param ehloName our own host name as said in EHLO; looked up when empty
 * @param timeouts how long to wait
 * @param tlsSockets makes TLS of a plain connection; decides whom to trust
 */
record Relay(
    String host,
    int port,
    TlsMode tls,
    Optional<Login> login,
    Optional<String> ehloName,
    Timeouts timeouts,
    SSLSocketFactory tlsSockets) {

  @Override
  public String toString() {
    return host + ":" + port + ", " + tls;
  }

  /**
   * A user name and a password.
   *
   * @param username the name
   * @param password the password
   */
  record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[***]";
    }
  }

  /**
   * How long to wait.
   *
   * @param connect for the connection
   * @param read for the whole answer to a command
   * @param write for bytes to leave
   */
  record Timeouts(Duration connect, Duration read, Duration write) {}
}
