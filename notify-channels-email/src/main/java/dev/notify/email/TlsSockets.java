package dev.notify.email;

import dev.notify.email.Relay.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLSocketFactory;

/** Lays TLS over connections that keep the limits of {@link RelaySocket}. */
final class TlsSockets extends SSLSocketFactory {

  private final SSLSocketFactory tls;
  private final Timeouts timeouts;
  private final ScheduledExecutorService timer;

  TlsSockets(SSLSocketFactory tls, Timeouts timeouts, ScheduledExecutorService timer) {
    this.tls = tls;
    this.timeouts = timeouts;
    this.timer = timer;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    // For implicit TLS Angus opens the plain connection itself; after STARTTLS it is one of ours
    // already.
    Socket bounded =
        socket instanceof RelaySocket ? socket : new RelaySocket(socket, timeouts, timer);
    return tls.createSocket(bounded, host, port, autoClose);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unbounded();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unbounded();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unbounded();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unbounded();
  }

  private static IOException unbounded() {
    return new IOException("TLS is laid over an existing connection only");
  }

  @Override
  public String toString() {
    // Angus puts a factory's text into its errors.
    return "TlsSockets";
  }
}
