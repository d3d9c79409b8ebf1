package dev.notify.inapp;

import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A real servlet container. */
final class JettyServer implements AutoCloseable {

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  static JettyServer start(Map<String, HttpServlet> servlets) throws Exception {
    JettyServer jetty = new JettyServer();
    jetty.connector.setHost("127.0.0.1");
    jetty.connector.setIdleTimeout(5_000);
    jetty.server.addConnector(jetty.connector);
    ServletContextHandler context = new ServletContextHandler("/");
    servlets.forEach(
        (path, servlet) -> {
          ServletHolder holder = new ServletHolder(servlet);
          holder.setAsyncSupported(true);
          context.addServlet(holder, path);
        });
    JakartaWebSocketServletContainerInitializer.configure(context, null);
    jetty.server.setHandler(context);
    jetty.server.start();
    return jetty;
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + connector.getLocalPort() + path);
  }

  /** Cuts every connection that is open, as when a network goes away. */
  void cut() {
    connector.getConnectedEndPoints().forEach(EndPoint::close);
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
