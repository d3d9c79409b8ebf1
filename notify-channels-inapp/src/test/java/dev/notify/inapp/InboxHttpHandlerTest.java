package dev.notify.inapp;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

class InboxHttpHandlerTest extends ServerSentContract {

  private HttpServer server;
  private InboxHttpHandler handler;

  @Override
  URI start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    handler =
        InboxHttpHandler.of(
            streams, exchange -> user(exchange.getRequestHeaders().getFirst("X-User")));
    server.createContext("/inbox", handler);
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/inbox");
  }

  @Override
  void stop() {
    server.stop(0);
    handler.close();
  }
}
