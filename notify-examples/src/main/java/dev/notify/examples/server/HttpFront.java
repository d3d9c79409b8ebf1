package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

/**
 * How Jetty listens: where, for how long it waits for a slow client, and with which certificate.
 */
final class HttpFront implements AutoCloseable {

  private static final Duration USUAL_IDLE = Duration.ofSeconds(30);

  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");
  private static final int LONGEST_HEADERS = 16 << 10;

  private final String host;
  private final int port;
  private final Duration idle;
  private final Optional<SslContextFactory.Server> tls;
  private @Nullable ServerSocketChannel socket;

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

  /**
   * Takes the port, so that its number is known, or that it is taken, before anything is opened.
   */
  void bind() {
    try {
      ServerSocketChannel made = ServerSocketChannel.open();
      socket = made;
      made.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      made.bind(new InetSocketAddress(InetAddress.getByName(bare(host)), port));
    } catch (UnknownHostException e) {
      throw new ConfigurationException(
          Settings.SERVER + "host: this machine knows no '" + host + "'", e);
    } catch (IOException e) {
      throw new ConfigurationException(
          Settings.SERVER
              + "port: "
              + port
              + " of "
              + host
              + " cannot be listened on ("
              + e.getMessage()
              + "); another process may have it, and 0 takes a free one",
          e);
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private ServerSocketChannel socket() {
    return Objects.requireNonNull(socket, "it is not bound");
  }

  /** Where it listens. */
  URI address() {
    return at(host);
  }

  /** By which it is reached from this machine, if it listens everywhere, and else by its host. */
  URI ownUrl() {
    return at(EVERYWHERE.contains(host) ? "127.0.0.1" : host);
  }

  private URI at(String name) {
    String bracketed = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    return URI.create(
        (isSecure() ? "https" : "http")
            + "://"
            + bracketed
            + ":"
            + socket().socket().getLocalPort());
  }

  /** Gives the port back, also if nothing ever listened. */
  @Override
  public void close() throws IOException {
    ServerSocketChannel bound = socket;
    if (bound != null) {
      bound.close();
    }
  }

  Connector connector(Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(LONGEST_HEADERS);
    ServerConnector connector =
        tls.map(context -> secure(server, http, context))
            .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(http)));
    try {
      connector.open(socket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
