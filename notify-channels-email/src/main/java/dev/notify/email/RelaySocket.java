package dev.notify.email;

import dev.notify.email.Relay.Timeouts;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.util.WriteTimeoutSocket;

/**
 * A connection whose answers are bounded in size and, as a whole, in time: a socket's own timeout
 * holds for one read only and would let a relay send a byte a minute, or lines without end, for
 * ever. An answer is what arrives since the last byte was sent.
 */
final class RelaySocket extends WriteTimeoutSocket {

  /**
   * Room for a TLS handshake with a long certificate chain, which is far more than any SMTP answer.
   */
  private static final int LONGEST_ANSWER = 256 * 1024;

  private final long patience;
  private volatile long asked = System.nanoTime();
  private volatile int received;

  RelaySocket(Socket socket, Timeouts timeouts, ScheduledExecutorService timer) throws IOException {
    super(socket, Math.toIntExact(timeouts.write().toMillis()), timer);
    this.patience = timeouts.read().toNanos();
  }

  @Override
  public void connect(SocketAddress remote, int timeout) throws IOException {
    super.connect(remote, timeout);
    asked();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Answers(super.getInputStream());
  }

  @Override
  public synchronized OutputStream getOutputStream() throws IOException {
    return new Questions(super.getOutputStream());
  }

  private void asked() {
    asked = System.nanoTime();
    received = 0;
  }

  private void beforeRead() throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(patience - (System.nanoTime() - asked));
    if (left <= 0) {
      throw new SocketTimeoutException("no complete answer in time");
    }
    setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
  }

  private void afterRead(int count) throws IOException {
    received += Math.max(count, 0);
    if (received > LONGEST_ANSWER) {
      throw new IOException("answer of more than " + LONGEST_ANSWER + " bytes");
    }
  }

  private final class Answers extends FilterInputStream {
    Answers(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      beforeRead();
      int value = super.read();
      afterRead(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      beforeRead();
      int count = super.read(bytes, offset, length);
      afterRead(count);
      return count;
    }
  }

  private final class Questions extends FilterOutputStream {
    Questions(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      asked();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      asked();
    }
  }
}
