package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * How Jetty listens: where, for how long it waits for a slow client, and with which certificate.
 */
final class HttpFront {

  private static final Duration USUAL_IDLE = Duration.ofSeconds(30);
  private static final int LONGEST_HEADERS = 16 << 10;

  private final String host;
  private final int port;
  private final Duration idle;
  private final Optional<SslContextFactory.Server> tls;

  HttpFront(Settings settings) {
    host = settings.get("host").orElse("127.0.0.1");
    port = settings.number("port", 8080, 0, 65_535);
    idle = settings.duration("idle-timeout", USUAL_IDLE);
    tls = settings.get("tls.keystore").map(file -> tls(file, settings));
  }

  private static SslContextFactory.Server tls(String file, Settings settings) {
    File keystore = new File(file);
    if (!keystore.isFile()) {
      throw new ConfigurationException(Settings.SERVER + "tls.keystore: there is no such file");
    }
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStorePath(keystore.getAbsolutePath());
    context.setKeyStorePassword(settings.required("tls.password"));
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return context;
  }

  boolean isSecure() {
    return tls.isPresent();
  }

  String host() {
    return host;
  }

  Connector connector(Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(LONGEST_HEADERS);
    ServerConnector connector =
        tls.map(context -> secure(server, http, context))
            .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(idle.toMillis());
    return connector;
  }

  private static ServerConnector secure(
      Server server, HttpConfiguration http, SslContextFactory.Server context) {
    // Any name that leads here will do: who calls checks the certificate.
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ServerConnector(
        server, new SslConnectionFactory(context, "http/1.1"), new HttpConnectionFactory(http));
  }

  /** What Jetty refuses before anything of ours is asked: broken or ambiguous addresses. */
  static boolean refuse(Request request, Response response, Callback callback) {
    int status = response.getStatus() >= 400 ? response.getStatus() : 400;
    Problem problem = Problem.ofStatus(status, "The request was refused");
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    // Jetty closes it, and a client that did not know would lose its next request.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Content.Sink.write(
        response, true, new String(Json.write(problem.fields()), StandardCharsets.UTF_8), callback);
    return true;
  }
}
