package dev.notify.inapp;

import java.net.URI;
import java.util.Map;

class InboxServletTest extends ServerSentContract {

  private JettyServer jetty;

  @Override
  URI start() throws Exception {
    jetty =
        JettyServer.start(
            Map.of(
                "/inbox", InboxServlet.of(streams, request -> user(request.getHeader("X-User")))));
    return jetty.uri("http", "/inbox");
  }

  @Override
  void stop() throws Exception {
    jetty.close();
  }
}
