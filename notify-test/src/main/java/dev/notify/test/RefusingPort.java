package dev.notify.test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A port of the loopback interface where nobody listens, and nobody else can: it is taken, by a
 * socket that refuses every connection. A port that was merely given up may be somebody's the next
 * moment.
 *
 * @since 0.1
 */
public final class RefusingPort implements AutoCloseable {

  private final Socket taken;

  private RefusingPort(Socket taken) {
    this.taken = taken;
  }

  /** A free port. */
  public static RefusingPort any() throws IOException {
    return at(0);
  }

  /**
   * Ends a server and takes its port. A thread that waits for a connection keeps the port open for
   * a moment after the closing, and may even get one yet; this waits until that is over.
   */
  public static RefusingPort insteadOf(ServerSocket server) throws IOException {
    int port = server.getLocalPort();
    server.close();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
    while (true) {
      try {
        return at(port);
      } catch (BindException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  private static RefusingPort at(int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new RefusingPort(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Its number. */
  public int number() {
    return taken.getLocalPort();
  }

  /** Gives the port up. */
  @Override
  public void close() throws IOException {
    taken.close();
  }
}
