package dev.notify.examples.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** A vendor's HTTP interface on a free port of this machine. */
final class LoopbackHttp implements AutoCloseable {

  private final HttpServer server;

  /** What the vendor is asked. */
  record Request(String method, String path, Optional<String> authorization, String body) {}

  /** What the vendor says, in JSON. */
  record Response(int status, String json) {}

  private LoopbackHttp(HttpServer server) {
    this.server = server;
  }

  /** Starts a vendor that answers each request with this. */
  static LoopbackHttp answering(Function<Request, Response> vendor) {
    try {
      InetSocketAddress freePort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer server = HttpServer.create(freePort, 0);
      server.createContext("/", exchange -> answer(exchange, vendor));
      server.start();
      return new LoopbackHttp(server);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on this machine", e);
    }
  }

  private static void answer(HttpExchange exchange, Function<Request, Response> vendor)
      throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Response response = vendor.apply(request);
      byte[] body = response.json().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
      exchange.sendResponseHeaders(response.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  URI url() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
