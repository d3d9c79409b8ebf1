package dev.notify.benchmarks.providers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A vendor that answers every request with the same bytes: HTTP/1.1 by Content-Length, a thread for
 * each connection, next to no work and no allocation, so that a client's own cost is what shows.
 */
final class StandIn implements AutoCloseable {

  /** What its threads' names begin with: what they do is nobody's cost. */
  static final String THREADS = "stand-in";

  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_REQUEST = 64 * 1024;

  private final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
  private final byte[] answer;
  private final AtomicReference<@Nullable Recorded> last = new AtomicReference<>();
  private volatile boolean recording = true;

  private StandIn(byte[] answer) throws IOException {
    this.answer = answer;
  }

  /**
   * Starts one.
   *
   * @param head status and headers, without the length
   */
  static StandIn answering(String head, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String text = "HTTP/1.1 " + head + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body;
    try {
      StandIn standIn = new StandIn(text.getBytes(StandardCharsets.UTF_8));
      standIn.thread("accept", standIn::accept);
      return standIn;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** The latest request; from then on none is kept any more unless {@code goOn}. */
  Recorded recorded(boolean goOn) {
    recording = goOn;
    Recorded request = last.get();
    if (request == null) {
      throw new IllegalStateException("no request came");
    }
    return request;
  }

  private void thread(String name, Runnable work) {
    Thread thread = new Thread(work, THREADS + "-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        thread("connection", () -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    byte[] request = new byte[LONGEST_REQUEST];
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream(), LONGEST_REQUEST)) {
      while (true) {
        int head = readHead(in, request);
        if (head < 0) {
          return;
        }
        int length = contentLength(request, head);
        if (in.readNBytes(request, head, length) < length) {
          return;
        }
        if (recording) {
          last.set(Recorded.of(request, head, length));
        }
        socket.getOutputStream().write(answer);
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  /** How long the head is, its empty line included; negative where no request comes. */
  private static int readHead(InputStream in, byte[] into) throws IOException {
    int length = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      into[length++] = (byte) next;
      if (next == '\n' && length >= 4 && into[length - 3] == '\n') {
        return length;
      }
    }
  }

  private static int contentLength(byte[] request, int head) {
    for (int line = 0; line < head; line = nextLine(request, line)) {
      if (begins(request, line)) {
        int length = 0;
        for (int i = line + LENGTH.length; request[i] != '\r'; i++) {
          length = request[i] == ' ' ? length : 10 * length + request[i] - '0';
        }
        return length;
      }
    }
    throw new IllegalStateException("a request without Content-Length");
  }

  private static int nextLine(byte[] request, int from) {
    int i = from;
    while (request[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  private static boolean begins(byte[] request, int line) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((request[line + i] | 0x20) != (LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "StandIn[%d]", server.getLocalPort());
  }
}
