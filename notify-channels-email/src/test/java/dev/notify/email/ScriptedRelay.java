package dev.notify.email;

import dev.notify.test.RefusingPort;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A mail relay that answers what it is told to: by default it takes everything. A moment of the
 * dialogue is named by the client's command or its whole line, {@code CONNECT} for the greeting and
 * {@code .} for the content's end.
 */
final class ScriptedRelay implements Closeable {

  /** Says nothing until the relay closes. */
  static final String SILENCE = "<silence>";

  /** Closes the connection, with a reset, without an answer. */
  static final String CUT = "<cut>";

  /** Sends twenty megabytes of lines that promise another one. */
  static final String FLOOD = "<flood>";

  /** Sends one byte of an answer now and then, for ever. */
  static final String DRIP = "<drip>";

  private static final long PATIENCE_SECONDS = 30;

  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final List<String> commands = new CopyOnWriteArrayList<>();
  final List<String> mails = new CopyOnWriteArrayList<>();
  private final Map<String, String> script = new ConcurrentHashMap<>();
  private final Map<String, Semaphore> reached = new ConcurrentHashMap<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ServerSocket server;
  private final int port;
  private Optional<RefusingPort> refusing = Optional.empty();

  ScriptedRelay() {
    try {
      server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
      port = server.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    start("scripted-relay", this::accept);
    script.put("CONNECT", "220 relay ESMTP");
    script.put(
        "EHLO", "250-relay\r\n250-AUTH PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME");
    script.put("AUTH", "235 2.7.0 ok");
    script.put("DATA", "354 go on");
    script.put("QUIT", "221 bye");
    script.put(".", "250 2.0.0 Ok: queued as 4FD3A1");
  }

  int port() {
    return port;
  }

  /** From now on answers this at that moment; code and text, several lines joined by CR LF. */
  ScriptedRelay answer(String moment, String reply) {
    script.put(moment, reply);
    return this;
  }

  /** Returns when a connection has come to this moment, once for each time it did. */
  void await(String moment) throws InterruptedException {
    if (!reached(moment).tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody came to " + moment + ", only to " + commands);
    }
  }

  /** Stops listening, so that whoever comes is refused. */
  void refuseConnections() throws IOException {
    refusing = Optional.of(RefusingPort.insteadOf(server));
    dropConnections();
  }

  /** Closes the connections there are and goes on listening. */
  void dropConnections() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  long count(String verb) {
    return commands.stream().filter(command -> verb.equals(verb(command))).count();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    dropConnections();
    if (refusing.isPresent()) {
      refusing.get().close();
    }
  }

  private Semaphore reached(String moment) {
    return reached.computeIfAbsent(moment, any -> new Semaphore(0));
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        connections.incrementAndGet();
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        start("scripted-connection", () -> converse(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      answer(socket, "CONNECT");
      String line;
      while ((line = in.readLine()) != null) {
        String verb = verb(line);
        commands.add(line);
        answer(socket, script.containsKey(line) ? line : verb);
        if (verb.equals("DATA") && script.get("DATA").startsWith("354")) {
          readContent(socket, in);
        } else if (verb.equals("AUTH") && script.get("AUTH").startsWith("334")) {
          in.readLine();
          answer(socket, "AUTH RESPONSE");
        } else if (verb.equals("QUIT")) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, or the script says so.
    } finally {
      open.decrementAndGet();
    }
  }

  private void readContent(Socket socket, BufferedReader in)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    String line;
    while ((line = in.readLine()) != null && !line.equals(".")) {
      lines.add(line.startsWith(".") ? line.substring(1) : line);
      if (script.containsKey("CONTENT")) {
        answer(socket, "CONTENT");
      }
    }
    if (line != null) {
      mails.add(String.join("\r\n", lines));
      answer(socket, ".");
    }
  }

  private void answer(Socket socket, String moment) throws IOException, InterruptedException {
    reached(moment).release();
    String reply = script.getOrDefault(moment, "250 2.0.0 ok");
    OutputStream out = socket.getOutputStream();
    switch (reply) {
      case CUT -> {
        socket.setSoLinger(true, 0);
        socket.close();
        throw new IOException("cut");
      }
      case SILENCE -> {
        while (!closed.await(20, TimeUnit.MILLISECONDS) && SILENCE.equals(script.get(moment))) {
          // Told to be silent.
        }
        throw new IOException("closed");
      }
      case DRIP -> {
        out.write("250-".getBytes(StandardCharsets.US_ASCII));
        while (!closed.await(20, TimeUnit.MILLISECONDS)) {
          out.write('x');
        }
      }
      case FLOOD -> {
        byte[] lines =
            "250-and another line of nothing at all\r\n"
                .repeat(1000)
                .getBytes(StandardCharsets.US_ASCII);
        for (int sent = 0; sent < 20_000_000; sent += lines.length) {
          out.write(lines);
        }
      }
      default -> out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    out.flush();
    if (reply.startsWith("421")) {
      socket.close();
    }
  }

  private static String verb(String line) {
    return line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
  }
}
