package dev.notify.inapp;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.notify.inapp.InboxStream.Sink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Streams of inboxes as <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>, on
 * the JDK's own {@link com.sun.net.httpserver.HttpServer}.
 *
 * <pre>{@code
 * server.createContext("/inbox/stream", InboxHttpHandler.of(streams, this::userOf));
 * }</pre>
 *
 * <p>An open stream holds a connection and no thread. What that server writes it writes blocking,
 * so a few threads write for all: a client that has stopped reading holds one of them until it is
 * dropped after the {@linkplain InboxStreams.Builder#patience patience} of the hub. With the system
 * property {@code sun.net.httpserver.maxRspTime} set, the server itself ends streams after that
 * time; with {@code sun.net.httpserver.nodelay=true} events do not wait for packets under way. A
 * client that is gone is noticed at the next event or heartbeat. Close it after the server.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class InboxHttpHandler implements HttpHandler, AutoCloseable {

  private static final int WRITERS = 16;

  private final InboxStreams streams;
  private final Function<HttpExchange, Optional<String>> users;
  private final ThreadPoolExecutor writers;

  private InboxHttpHandler(InboxStreams streams, Function<HttpExchange, Optional<String>> users) {
    this.streams = streams;
    this.users = users;
    AtomicInteger made = new AtomicInteger();
    // A stream has one write at a time, so there are no more tasks than streams.
    writers =
        new ThreadPoolExecutor(
            WRITERS,
            WRITERS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "notify-inbox-writer-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    writers.allowCoreThreadTimeOut(true);
  }

  /**
   * A handler for these streams.
   *
   * @param users whose inbox a request is for, as the application knows from its session or token;
   *     empty is answered with 401
   */
  public static InboxHttpHandler of(
      InboxStreams streams, Function<HttpExchange, Optional<String>> users) {
    return new InboxHttpHandler(streams, users);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      exchange.getResponseHeaders().set("Allow", "GET");
      refuse(exchange, 405);
      return;
    }
    Optional<String> user = users.apply(exchange);
    if (user.isEmpty()) {
      refuse(exchange, 401);
      return;
    }
    Optional<String> last =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst(ServerSent.LAST_EVENT_ID));
    ServerSink sink = new ServerSink(exchange, writers);
    Optional<InboxStream> stream = streams.open(user.get(), InboxStreams.revision(last), sink);
    if (stream.isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", ServerSent.RETRY_AFTER);
      refuse(exchange, 429);
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    ServerSent.HEADERS.forEach(headers::set);
    try {
      exchange.sendResponseHeaders(200, 0);
      sink.begin();
    } catch (IOException | RuntimeException e) {
      stream.get().close();
      throw e;
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Ends the threads that write. */
  @Override
  public void close() {
    writers.shutdownNow();
  }

  /** Writes on one of the writers' threads, and is interrupted there if it takes too long. */
  private static final class ServerSink implements Sink {

    private final HttpExchange exchange;
    private final ExecutorService writers;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private @Nullable Thread writer;
    private boolean isEnded;

    ServerSink(HttpExchange exchange, ExecutorService writers) {
      this.exchange = exchange;
      this.writers = writers;
    }

    /** The answer's head is out; from now on, events follow. */
    void begin() throws IOException {
      exchange.getResponseBody().write(ServerSent.BEGINNING);
      exchange.getResponseBody().flush();
      begun.complete(null);
    }

    @Override
    public CompletionStage<?> write(InboxEvent event) {
      CompletableFuture<Void> written = new CompletableFuture<>();
      var ignored = begun.thenRun(() -> submit(event, written));
      return written;
    }

    private void submit(InboxEvent event, CompletableFuture<Void> written) {
      try {
        writers.execute(
            () -> {
              try {
                write(event.serverSent());
                written.complete(null);
              } catch (IOException | RuntimeException e) {
                written.completeExceptionally(e);
              }
            });
      } catch (RejectedExecutionException e) {
        written.completeExceptionally(e);
      }
    }

    private void write(byte[] bytes) throws IOException {
      synchronized (this) {
        if (isEnded) {
          throw new IOException("ended");
        }
        writer = Thread.currentThread();
      }
      try {
        OutputStream out = exchange.getResponseBody();
        out.write(bytes);
        out.flush();
      } finally {
        boolean isLast;
        synchronized (this) {
          writer = null;
          isLast = isEnded;
          // An interruption was meant for this write alone.
          boolean ignored = Thread.interrupted();
        }
        if (isLast) {
          exchange.close();
        }
      }
    }

    @Override
    public void end() {
      synchronized (this) {
        isEnded = true;
        if (writer != null) {
          // Closing would wait for the client as well; an interrupted write closes the connection.
          writer.interrupt();
          return;
        }
      }
      try {
        writers.execute(exchange::close);
      } catch (RejectedExecutionException e) {
        exchange.close();
      }
    }
  }
}
