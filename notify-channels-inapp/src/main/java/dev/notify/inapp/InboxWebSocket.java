package dev.notify.inapp;

import dev.notify.inapp.InboxStream.Sink;
import dev.notify.model.ConfigurationException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@linkplain InboxConversation Conversations} over WebSockets, in a servlet container that has
 * Jakarta WebSocket 2.1 too. A servlet, so that who comes is known, or refused, before there is a
 * socket.
 *
 * <pre>{@code
 * context.addServlet("inbox-socket", InboxWebSocket.of(streams, this::userOf))
 *     .addMapping("/inbox/socket");
 * }</pre>
 *
 * <p>Browsers let any page open a socket with the person's cookies, so a request from another
 * origin than the one it is sent to is refused with 403 unless that origin is allowed. A client
 * that comes again says {@code ?revision=} with what it got last. One that sends what is not
 * understood, or too much, is closed with 1008; if it goes on sending, the connection may break
 * before it reads so. Thread-safe.
 *
 * @since 0.1
 */
public final class InboxWebSocket extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final int UPGRADE_REQUIRED = 426;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Duration LONGEST_GOOD_BYE = Duration.ofSeconds(5);
  private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

  /**
   * Saying good-bye to a client that is gone may take a while, and is nothing for other threads.
   */
  private static final ThreadPoolExecutor CLOSERS = closers();

  private final transient InboxStreams streams;
  private final transient Function<HttpServletRequest, Optional<String>> users;
  private final transient Set<String> origins;

  private InboxWebSocket(
      InboxStreams streams,
      Function<HttpServletRequest, Optional<String>> users,
      Set<String> origins) {
    this.streams = streams;
    this.users = users;
    this.origins = Set.copyOf(origins);
  }

  private static ThreadPoolExecutor closers() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            4,
            4,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "notify-inbox-closer");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * A servlet for these streams.
   *
   * @param users whose inbox a request is for, as the application knows from its session or token;
   *     empty is answered with 401
   */
  public static InboxWebSocket of(
      InboxStreams streams, Function<HttpServletRequest, Optional<String>> users) {
    return new InboxWebSocket(streams, users, Set.of());
  }

  /**
   * The same, for pages of another origin as well.
   *
   * @param origin for example {@code https://app.example.com}
   */
  public InboxWebSocket allowing(String origin) {
    if (authority(origin).isEmpty()) {
      throw new ConfigurationException(
          "origin: must be like https://app.example.com, not '" + origin + "'");
    }
    Set<String> more = new LinkedHashSet<>(origins);
    more.add(origin);
    return new InboxWebSocket(streams, users, more);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setHeader("Cache-Control", "no-store");
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      response.setHeader("Upgrade", "websocket");
      response.setStatus(UPGRADE_REQUIRED);
      return;
    }
    if (!isWelcome(request)) {
      response.setStatus(HttpServletResponse.SC_FORBIDDEN);
      return;
    }
    Optional<String> user = users.apply(request);
    if (user.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
    if (!(getServletContext().getAttribute(CONTAINER) instanceof ServerContainer container)) {
      throw new ServletException("this servlet context has no support for WebSockets");
    }
    Optional<Long> known =
        InboxStreams.revision(Optional.ofNullable(request.getParameter("revision")));
    SocketEnd end = new SocketEnd();
    Optional<InboxConversation> conversation =
        InboxConversation.open(streams, user.get(), known, end);
    if (conversation.isEmpty()) {
      response.setHeader("Retry-After", ServerSent.RETRY_AFTER);
      response.setStatus(TOO_MANY_REQUESTS);
      return;
    }
    end.conversation = conversation.get();
    boolean isUpgraded = false;
    try {
      container.upgradeHttpToWebSocket(request, response, config(end), Map.of());
      isUpgraded = response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS;
    } catch (DeploymentException e) {
      throw new ServletException(e);
    } finally {
      if (!isUpgraded) {
        conversation.get().close();
      }
    }
  }

  private static ServerEndpointConfig config(SocketEnd end) {
    return ServerEndpointConfig.Builder.create(SocketEnd.class, "/")
        .configurator(
            new ServerEndpointConfig.Configurator() {
              @Override
              public <T> T getEndpointInstance(Class<T> type) {
                return type.cast(end);
              }
            })
        .build();
  }

  /** Programs send no origin; of pages, those of this server and the allowed ones are welcome. */
  private boolean isWelcome(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    if (origin == null || origins.contains(origin)) {
      return true;
    }
    String host = request.getHeader("Host");
    return host != null && authority(origin).filter(host::equalsIgnoreCase).isPresent();
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    throw new NotSerializableException("InboxWebSocket");
  }

  private void readObject(ObjectInputStream in) throws IOException {
    throw new NotSerializableException("InboxWebSocket");
  }

  /**
   * Our end of a socket; public because containers want it so.
   *
   * @since 0.1
   */
  public static final class SocketEnd extends Endpoint implements Sink {

    private final CompletableFuture<Session> opened = new CompletableFuture<>();
    private final AtomicBoolean isEnding = new AtomicBoolean();
    private volatile @Nullable InboxConversation conversation;

    /** For containers, which check that it is there. */
    public SocketEnd() {}

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.setMaxTextMessageBufferSize(InboxConversation.LONGEST_FRAME);
      // Heartbeats find out who is gone.
      session.setMaxIdleTimeout(0);
      session.addMessageHandler(
          String.class,
          new MessageHandler.Whole<String>() {
            @Override
            public void onMessage(String text) {
              received(session, text);
            }
          });
      opened.complete(session);
    }

    private void received(Session session, String text) {
      if (isEnding.get()) {
        // Sent before the client could know.
        return;
      }
      InboxConversation own = conversation;
      Optional<String> fault = own == null ? Optional.of("too early") : own.received(text);
      if (fault.isPresent()) {
        end(session, new CloseReason(CloseCodes.VIOLATED_POLICY, fault.get()));
        if (own != null) {
          // At once, for the good-bye may never arrive.
          own.close();
        }
      }
    }

    @Override
    public CompletionStage<?> write(InboxEvent event) {
      return opened.thenCompose(session -> send(session, event.message()));
    }

    private static CompletableFuture<Void> send(Session session, String text) {
      CompletableFuture<Void> sent = new CompletableFuture<>();
      session.getAsyncRemote().sendText(text, result -> settle(sent, result));
      return sent;
    }

    private static void settle(CompletableFuture<Void> sent, SendResult result) {
      if (result.isOK()) {
        sent.complete(null);
      } else {
        sent.completeExceptionally(new IOException("not sent", result.getException()));
      }
    }

    @Override
    public void end() {
      // Not yet open, it never will be of use.
      var ignored =
          opened.thenAccept(session -> end(session, new CloseReason(CloseCodes.GOING_AWAY, "")));
    }

    private void end(Session session, CloseReason reason) {
      if (isEnding.getAndSet(true)) {
        return;
      }
      CLOSERS.execute(
          () -> {
            try {
              session.setMaxIdleTimeout(LONGEST_GOOD_BYE.toMillis());
              session.close(reason);
            } catch (IOException | RuntimeException e) {
              // Gone already.
            }
          });
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      InboxConversation own = conversation;
      if (own != null) {
        own.close();
      }
    }

    @Override
    public void onError(Session session, Throwable fault) {
      InboxConversation own = conversation;
      if (own != null) {
        own.close();
      }
    }
  }
}
