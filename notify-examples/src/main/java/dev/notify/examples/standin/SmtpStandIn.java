package dev.notify.examples.standin;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server: a real one, only that it keeps every mail to itself. */
public final class SmtpStandIn implements AutoCloseable {

  private final List<ReceivedMail> received = new CopyOnWriteArrayList<>();
  private final SMTPServer server;

  /** Starts on a free port. */
  SmtpStandIn() {
    server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler(
                (session, from, to, mail) -> received.add(ReceivedMail.parse(from, to, mail)))
            .build();
    server.start();
  }

  /** The host it listens on. */
  public String host() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }

  /** The port it listens on. */
  public int port() {
    return server.getPortAllocated();
  }

  /** What came so far. */
  public List<ReceivedMail> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    server.stop();
  }
}
