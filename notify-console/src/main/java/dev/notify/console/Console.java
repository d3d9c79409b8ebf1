package dev.notify.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.notify.NotificationDispatcher;
import dev.notify.model.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console on this machine, for local development, in one line:
 *
 * <pre>{@code
 * var console = Console.start(dispatcher); // logs its address, and console.address() has it
 * }</pre>
 *
 * <p>It listens on 127.0.0.1 only, and has no login: whoever has an account on this machine can
 * open it. In production, mount a {@link ConsoleHandler} behind your own login. Thread-safe.
 *
 * @since 0.1
 */
public final class Console implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(Console.class);

  private final ConsoleHandler handler;
  private final HttpServer server;
  private final ImpatientThreads threads;

  private Console(ConsoleHandler handler, HttpServer server, ImpatientThreads threads) {
    this.handler = handler;
    this.server = server;
    this.threads = threads;
  }

  /** Starts the console of a dispatcher on a free port. */
  public static Console start(NotificationDispatcher dispatcher) {
    return builder().start(dispatcher);
  }

  /** Starts a console in a manner of its own. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where it is, for a browser. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + handler.base() + "/");
  }

  /** Ends it; the dispatcher stays open. */
  @Override
  public void close() {
    server.stop(0);
    threads.close();
    handler.close();
  }

  @Override
  public String toString() {
    return "Console[" + address() + "]";
  }

  /** Builds a {@link Console}; not thread-safe. */
  public static final class Builder {
    private @Nullable Sandbox sandbox;
    private int port;
    private Duration patience = PATIENCE;

    private Builder() {}

    /** Sets the sandbox whose messages are shown; none unless set. */
    public Builder sandbox(Sandbox value) {
      sandbox = value;
      return this;
    }

    /** Sets the port; a free one unless set. */
    public Builder port(int value) {
      if (value < 0 || value > 65_535) {
        throw new ConfigurationException("port: " + value + " is not in 0 to 65535");
      }
      port = value;
      return this;
    }

    /** Sets how long a client may take to say what it wants, and to take the answer. */
    Builder patience(Duration value) {
      patience = value;
      return this;
    }

    /**
     * Starts it.
     *
     * @throws ConfigurationException if the port is taken
     */
    public Console start(NotificationDispatcher dispatcher) {
      HttpServer server = bind(port);
      ConsoleHandler.Builder handler = ConsoleHandler.builder(dispatcher);
      if (sandbox != null) {
        handler.sandbox(sandbox);
      }
      ImpatientThreads threads = new ImpatientThreads("notify-console-", patience);
      Console console = new Console(handler.build(), server, threads);
      server.setExecutor(threads);
      server.createContext("/", console::exchange);
      server.start();
      log.info("console at {}", console.address());
      return console;
    }

    private static HttpServer bind(int port) {
      try {
        InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return HttpServer.create(new InetSocketAddress(here, port), 0);
      } catch (IOException e) {
        throw new ConfigurationException("port: " + port + " cannot be used: " + e.getMessage());
      }
    }
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(ConsoleHandler.LONGEST_BODY + 1);
      String target = exchange.getRequestURI().toString();
      ConsoleAnswer answer =
          threads.inOwnTime(
              () ->
                  handler.handle(
                      exchange.getRequestMethod(),
                      target.equals("/") ? handler.base() : target,
                      exchange.getRequestHeaders(),
                      body));
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      boolean empty = answer.body().length == 0;
      exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
      if (!empty) {
        exchange.getResponseBody().write(answer.body());
      }
    }
  }
}
