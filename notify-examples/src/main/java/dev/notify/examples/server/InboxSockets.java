package dev.notify.examples.server;

import dev.notify.inapp.InboxConversation;
import dev.notify.inapp.InboxEvent;
import dev.notify.inapp.InboxStream.Sink;
import dev.notify.inapp.InboxStreams;
import io.javalin.config.RoutesConfig;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** A person's inbox over a WebSocket: what changes, and marks on the way back. */
final class InboxSockets {

  private static final String PATH = UserRoutes.ROOT + "/inbox/socket";
  private static final String CALLER = "notify.caller";

  /** Of programs that only read, none marks; of those that only send, none sees. */
  private static final Set<Role> OWNERS = EnumSet.of(Role.USER);

  private static final int UPGRADE_REQUIRED = 426;
  private static final int GOING_AWAY = 1_001;
  private static final int REFUSED = 1_008;
  private static final int COME_AGAIN = 1_013;

  private final InboxStreams streams;
  private final InstantSource clock;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  InboxSockets(InboxStreams streams, InstantSource clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /** For who comes without wanting a socket. */
  Route route() {
    return Route.of(
        "GET",
        PATH,
        OWNERS,
        call -> {
          throw Problem.ofStatus(UPGRADE_REQUIRED, "This is spoken over a WebSocket")
              .with("Upgrade", "websocket");
        });
  }

  /** Who may not is refused before there is a socket. */
  void install(RoutesConfig server, Pipeline pipeline) {
    Route route = route();
    server.wsBeforeUpgrade(
        PATH, request -> request.attribute(CALLER, pipeline.admitted(route, request)));
    server.ws(PATH, this::configure);
  }

  static void bound(JettyWebSocketServletFactory sockets) {
    sockets.setMaxTextMessageSize(InboxConversation.LONGEST_FRAME);
    // Heartbeats find out who is gone.
    sockets.setIdleTimeout(Duration.ZERO);
  }

  private void configure(WsConfig socket) {
    socket.onConnect(this::begin);
    socket.onMessage(frame -> received(frame, frame.message()));
    socket.onBinaryMessage(frame -> frame.closeSession(REFUSED, "text is understood"));
    socket.onClose(this::end);
    socket.onError(this::end);
  }

  private void begin(WsContext socket) {
    Caller caller = Objects.requireNonNull(socket.attribute(CALLER));
    Optional<Long> known =
        InboxStreams.revision(Optional.ofNullable(socket.queryParam("revision")));
    Optional<InboxConversation> begun =
        InboxConversation.open(
            streams, socket.pathParam("id"), known, new SocketEnd(socket.session));
    if (begun.isEmpty()) {
      socket.closeSession(COME_AGAIN, "there are too many");
      return;
    }
    Open own = new Open(begun.get());
    open.put(socket.sessionId(), own);
    // Nobody goes on seeing what a token does not open any more.
    caller
        .until()
        .map(until -> Duration.between(clock.instant(), until).toMillis())
        .ifPresent(left -> own.endWithin(Math.max(0, left)));
  }

  private void received(WsContext socket, String frame) {
    Open own = open.get(socket.sessionId());
    Optional<String> fault = own == null ? Optional.empty() : own.conversation().received(frame);
    fault.ifPresent(why -> socket.closeSession(REFUSED, why));
  }

  private void end(WsContext socket) {
    Optional.ofNullable(open.remove(socket.sessionId())).ifPresent(Open::end);
  }

  /** A conversation that goes on until it is over. */
  private record Open(InboxConversation conversation, CompletableFuture<Boolean> over) {

    Open(InboxConversation conversation) {
      this(conversation, new CompletableFuture<>());
      var ignored = over.whenCompleteAsync((done, late) -> conversation.close());
    }

    /** Whoever goes before takes the timer along, or it would keep the socket until then. */
    void endWithin(long millis) {
      var ignored = over.orTimeout(millis, TimeUnit.MILLISECONDS);
    }

    void end() {
      boolean ignored = over.complete(true);
    }
  }

  /** Our end of it. */
  private record SocketEnd(Session session) implements Sink {
    @Override
    public CompletionStage<?> write(InboxEvent event) {
      CompletableFuture<Boolean> sent = new CompletableFuture<>();
      session.sendText(
          event.message(), Callback.from(() -> sent.complete(true), sent::completeExceptionally));
      return sent;
    }

    @Override
    public void end() {
      session.close(GOING_AWAY, "", Callback.NOOP);
    }
  }
}
