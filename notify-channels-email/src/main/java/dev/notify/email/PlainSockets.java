package dev.notify.email;

import dev.notify.email.Relay.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.SocketFactory;

/**
 * Makes connections that end when their thread is interrupted. A classic socket does not notice;
 * the socket of a {@link SocketChannel} is closed by the interruption and leaves the thread's flag
 * set.
 */
final class PlainSockets extends SocketFactory {

  private final Timeouts timeouts;
  private final ScheduledExecutorService timer;

  PlainSockets(Timeouts timeouts, ScheduledExecutorService timer) {
    this.timeouts = timeouts;
    this.timer = timer;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new RelaySocket(SocketChannel.open().socket(), timeouts, timer);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new IOException("a local address is not supported");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new IOException("a local address is not supported");
  }

  private Socket connected(InetSocketAddress remote) throws IOException {
    Socket socket = createSocket();
    socket.connect(remote, Math.toIntExact(timeouts.connect().toMillis()));
    return socket;
  }

  @Override
  public String toString() {
    // Angus puts a factory's text into its errors.
    return "PlainSockets";
  }
}
