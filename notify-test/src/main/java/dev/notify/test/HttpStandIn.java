package dev.notify.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Stands in for a vendor's HTTP interface: a small HTTP/1.1 server on a free port of the loopback
 * interface that keeps what it was sent and can misbehave in every way of {@link VendorBehaviour}.
 *
 * <p>Thread-safe. Reads request bodies of a declared length only, which is how providers send
 * theirs.
 *
 * @since 0.1
 */
public final class HttpStandIn implements AutoCloseable {

  /**
   * What a provider sent.
   *
   * @param method HTTP method
   * @param target path and query as they were on the wire
   * @param headers by lower-case name
   * @param body its text
   */
  public record Request(String method, String target, Map<String, String> headers, String body) {}

  /**
   * What the vendor answers.
   *
   * @param status HTTP status
   * @param headers by name; a {@code Content-Length} beyond the body's makes an answer that breaks
   *     off
   * @param body its text
   */
  public record Response(int status, Map<String, String> headers, String body) {

    /** An answer in JSON. */
    public static Response json(int status, String body) {
      return new Response(status, Map.of("Content-Type", "application/json"), body);
    }

    /** The same answer with one more header. */
    public Response with(String name, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(name, value);
      return new Response(status, Map.copyOf(more), body);
    }
  }

  private static final String ELSEWHERE = "/elsewhere";

  private final ServerSocket server;
  private final int port;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Request> arrivals = new LinkedBlockingQueue<>();
  private volatile Function<Request, Response> answers;
  private volatile VendorBehaviour behaviour = VendorBehaviour.ACCEPTS;
  private volatile CountDownLatch hanging = new CountDownLatch(1);
  private Optional<RefusingPort> refusing = Optional.empty();

  private HttpStandIn(ServerSocket server, Function<Request, Response> answers) {
    this.server = server;
    this.port = server.getLocalPort();
    this.answers = answers;
  }

  /** Starts a vendor that accepts with this answer. */
  public static HttpStandIn answering(Response answer) {
    return answering(request -> answer);
  }

  /** Starts a vendor that accepts with the answer to each request. */
  public static HttpStandIn answering(Function<Request, Response> answers) {
    try {
      HttpStandIn standIn =
          new HttpStandIn(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), answers);
      standIn.run("stand-in", standIn::acceptConnections);
      return standIn;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://" + server.getInetAddress().getHostAddress() + ":" + port);
  }

  /** Answers what follows with this. */
  public void answer(Response answer) {
    answers = request -> answer;
    behave(VendorBehaviour.ACCEPTS);
  }

  /** Answers what follows with this function's answers. */
  public void answer(Function<Request, Response> newAnswers) {
    answers = newAnswers;
    behave(VendorBehaviour.ACCEPTS);
  }

  /**
   * Behaves like this from now on and ends what hangs.
   *
   * @return {@code false} if it has stopped listening and is to do anything else
   */
  public boolean behave(VendorBehaviour newBehaviour) {
    behaviour = newBehaviour;
    CountDownLatch released = hanging;
    hanging = new CountDownLatch(1);
    released.countDown();
    if (newBehaviour == VendorBehaviour.REFUSES_CONNECTION) {
      refuseConnections();
      return true;
    }
    return !server.isClosed();
  }

  /** Everything it was sent so far, in order of arrival. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The next request that was not taken yet; waits for it. */
  public Request takeRequest() throws InterruptedException {
    Request request = arrivals.poll(Patience.SECONDS, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request within " + Patience.SECONDS + " seconds");
    }
    return request;
  }

  private void acceptConnections() throws IOException {
    while (!server.isClosed()) {
      Socket socket = server.accept();
      connections.add(socket);
      run("stand-in-connection", () -> serve(socket));
    }
  }

  private void serve(Socket socket) throws IOException {
    try (socket) {
      HttpWire wire = new HttpWire(socket);
      boolean open = true;
      while (open) {
        Request request = wire.readRequest();
        CountDownLatch release = hanging;
        VendorBehaviour now = behaviour;
        requests.add(request);
        arrivals.add(request);
        open = respond(wire, request, now, release);
      }
    } finally {
      connections.remove(socket);
    }
  }

  private boolean respond(
      HttpWire wire, Request request, VendorBehaviour now, CountDownLatch release)
      throws IOException {
    return switch (now) {
      case ACCEPTS -> wire.write(answers.apply(request));
      case FAILS -> wire.write(new Response(503, Map.of(), ""));
      case THROTTLES ->
          wire.write(
              new Response(
                  429,
                  Map.of("Retry-After", "" + ChannelProviderContract.RETRY_AFTER.toSeconds()),
                  ""));
      case HANGS -> hang(release);
      case CUTS, REFUSES_CONNECTION -> false;
      case TALKS_GARBAGE -> wire.writeGarbage();
      case FLOODS -> wire.writeFlood();
      case TRICKLES -> wire.writeTrickle(release);
      case REDIRECTS ->
          wire.write(
              request.target().equals(ELSEWHERE)
                  ? answers.apply(request)
                  : new Response(307, Map.of("Location", ELSEWHERE), ""));
    };
  }

  private static boolean hang(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private interface Work {
    void run() throws IOException;
  }

  /**
   * A connection that ends is nothing to report: clients that time out or hang up are what we test.
   */
  private void run(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException ignored) {
                // See above.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void refuseConnections() {
    try {
      refusing = Optional.of(RefusingPort.insteadOf(server));
      closeConnections();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void closeConnections() throws IOException {
    for (Socket socket : connections) {
      socket.close();
    }
  }

  private void stop() {
    try {
      server.close();
      closeConnections();
      if (refusing.isPresent()) {
        refusing.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops listening and ends all connections. */
  @Override
  public void close() {
    hanging.countDown();
    stop();
  }
}
