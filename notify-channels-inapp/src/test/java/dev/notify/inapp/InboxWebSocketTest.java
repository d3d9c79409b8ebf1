package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.test.SampleMessages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxWebSocketTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** The clock stands, so that nobody is allowed another frame by being slow. */
  private final Inbox inbox =
      Inbox.builder(MemoryInboxes.of(100, 500)).clock(InstantSource.fixed(Instant.now())).build();

  private final InAppProvider provider = InAppProvider.of(inbox);
  private final InboxStreams streams =
      InboxStreams.builder(inbox).perUser(2).heartbeat(Duration.ofMillis(300)).build();
  private JettyServer jetty;
  private URI uri;

  @BeforeEach
  void start() throws Exception {
    InboxWebSocket servlet =
        InboxWebSocket.of(streams, request -> ServerSentContract.user(request.getHeader("X-User")))
            .allowing("https://app.example.com");
    jetty = JettyServer.start(Map.of("/socket", servlet));
    uri = jetty.uri("ws", "/socket");
  }

  @AfterEach
  void stop() throws Exception {
    streams.close();
    jetty.close();
  }

  private String deliver(String user, String body) {
    var message = SampleMessages.to(Address.inApp(user), Content.ofBody(body));
    provider.deliver(message);
    return message.reference();
  }

  /** A page with a socket. */
  private static final class Page implements WebSocket.Listener {
    private final List<String> frames = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private int status = -1;
    private String why = "";

    @Override
    public synchronized CompletionStage<?> onText(
        WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        frames.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public synchronized CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      status = code;
      why = reason;
      return null;
    }

    synchronized List<String> events() {
      return frames.stream().filter(frame -> !frame.contains("heartbeat")).toList();
    }

    synchronized boolean hasHeartbeat() {
      return frames.contains("{\"event\":\"heartbeat\"}");
    }

    synchronized String reason() {
      return why;
    }

    synchronized int status() {
      return status;
    }
  }

  private WebSocket connect(Page page, String user, String query) {
    return HTTP.newWebSocketBuilder()
        .header("X-User", user)
        .buildAsync(URI.create(uri + query), page)
        .join();
  }

  private static void awaitEvents(Page page, int count) {
    await().untilAsserted(() -> assertThat(page.events()).hasSize(count));
  }

  @Test
  void whatIsDoneInOneTabIsSeenInTheOther() {
    Page one = new Page();
    Page two = new Page();
    WebSocket socket = connect(one, "jane", "");
    connect(two, "jane", "");
    awaitEvents(one, 1);
    awaitEvents(two, 1);
    String id = deliver("jane", "<i>hello</i>");
    awaitEvents(two, 2);

    socket.sendText("{\"read\":[\"" + id + "\"]}", true).join();

    awaitEvents(one, 3);
    awaitEvents(two, 3);
    assertThat(two.events().get(2))
        .startsWith("{\"event\":\"inbox\",\"revision\":")
        .contains("\"read\":true", "\"unread\":0", "<i>hello</i>");
    assertThat(inbox.unread("jane")).isZero();
  }

  @Test
  void everyMarkIsUnderstood() {
    Page page = new Page();
    WebSocket socket = connect(page, "jane", "");
    String id = deliver("jane", "1");
    String other = deliver("john", "2");

    socket.sendText("{\"seen\":\"all\"}", true).join();
    await().untilAsserted(() -> assertThat(inbox.unseen("jane")).isZero());
    socket.sendText("{\"read\":\"all\",\"category\":\"general\"}", true).join();
    await().untilAsserted(() -> assertThat(inbox.unread("jane")).isZero());
    socket.sendText("{\"unread\":[\"" + id + "\",\"" + other + "\",\"x\"]}", true).join();
    await().untilAsserted(() -> assertThat(inbox.unread("jane")).isEqualTo(1));
    socket.sendText("{\"archive\":[\"" + id + "\"]}", true).join();
    await().untilAsserted(() -> assertThat(inbox.archive("jane", 10)).hasSize(1));
    socket.sendText("{\"restore\":[\"" + id + "\"]}", true).join();
    await().untilAsserted(() -> assertThat(inbox.archive("jane", 10)).isEmpty());
    socket.sendText("{\"read\":[\"" + other + "\"]}", true).join();

    await().untilAsserted(() -> assertThat(page.hasHeartbeat()).isTrue());
    assertThat(inbox.unread("john")).as("somebody else's").isEqualTo(1);
  }

  @Test
  void whoComesAgainMissesNothing() {
    Page first = new Page();
    connect(first, "jane", "");
    awaitEvents(first, 1);
    long known = inbox.counts("jane").revision();
    deliver("jane", "missed");

    Page second = new Page();
    connect(second, "jane", "?revision=" + known);
    awaitEvents(second, 1);
    assertThat(second.events().get(0)).contains("missed");
  }

  @Test
  void aFrameThatMakesNoSenseEndsIt() {
    for (String frame :
        List.of(
            "hello",
            "[]",
            "{}",
            "{\"delete\":\"all\"}",
            "{\"read\":7}",
            "{\"read\":\"some\"}",
            "{\"read\":[7]}",
            "{\"read\":\"all\",\"seen\":\"all\"}",
            "{\"read\":[[[[[[[\"deep\"]]]]]]]}",
            "{\"restore\":\"all\"}",
            "{\"read\":[\"x\"]} more")) {
      Page page = new Page();
      WebSocket socket = connect(page, "jane", "");
      awaitEvents(page, 1);

      socket.sendText(frame, true).join();

      await(frame).untilAsserted(() -> assertThat(page.status()).isEqualTo(1008));
      await().untilAsserted(() -> assertThat(streams.open()).isZero());
    }
  }

  @Test
  void aFrameThatIsTooLongEndsIt() {
    Page page = new Page();
    WebSocket socket = connect(page, "jane", "");
    awaitEvents(page, 1);

    socket.sendText("{\"read\":[\"" + "x".repeat(20_000) + "\"]}", true);

    await().untilAsserted(() -> assertThat(page.status()).isEqualTo(1009));
    await().untilAsserted(() -> assertThat(streams.open()).isZero());
  }

  @Test
  void whoSendsTooManyFramesIsClosed() {
    Page page = new Page();
    WebSocket socket = connect(page, "jane", "");
    awaitEvents(page, 1);

    for (int sent = 0; sent <= InboxConversation.FRAMES_AT_ONCE; sent++) {
      socket.sendText("{\"seen\":\"all\"}", true).join();
    }

    await().untilAsserted(() -> assertThat(page.status()).isEqualTo(1008));
    assertThat(page.reason()).contains("too many frames");
    await().untilAsserted(() -> assertThat(streams.open()).isZero());
  }

  @Test
  void whoGoesOnSendingCannotKeepItOpen() {
    Page page = new Page();
    WebSocket socket = connect(page, "jane", "");
    awaitEvents(page, 1);

    await()
        .pollInterval(Duration.ZERO)
        .until(
            () -> {
              CompletableFuture<WebSocket> sent = socket.sendText("{\"seen\":\"all\"}", true);
              return sent.handle((done, fault) -> fault != null).join();
            });

    await().untilAsserted(() -> assertThat(streams.open()).isZero());
  }

  private int refusal(String user, String origin) {
    try {
      HTTP.newWebSocketBuilder()
          .header("X-User", user)
          .header("Origin", origin)
          .buildAsync(uri, new Page())
          .join();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  @Test
  void strangersAndOtherPeoplesPagesAreRefused() {
    assertThat(refusal("", "http://" + uri.getAuthority())).isEqualTo(401);
    assertThat(refusal("jane", "https://evil.example")).isEqualTo(403);
    assertThat(refusal("jane", "null")).isEqualTo(403);
    assertThat(streams.open()).isZero();
    assertThat(refusal("jane", "http://" + uri.getAuthority())).isEqualTo(101);
    assertThat(refusal("jane", "https://app.example.com")).isEqualTo(101);
    assertThat(refusal("jane", "https://app.example.com")).as("one too many").isEqualTo(429);
  }

  @Test
  void whatIsNoSocketIsToldSo() throws Exception {
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(jetty.uri("http", "/socket")).header("X-User", "jane").build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(426);
    assertThat(streams.open()).isZero();
  }

  @Test
  void whoLeavesIsForgotten() {
    Page page = new Page();
    WebSocket socket = connect(page, "jane", "");
    awaitEvents(page, 1);

    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

    await().untilAsserted(() -> assertThat(streams.open()).isZero());
  }

  @Test
  void closingEndsEverySocket() {
    Page page = new Page();
    connect(page, "jane", "");
    awaitEvents(page, 1);

    streams.close();

    await().untilAsserted(() -> assertThat(page.status()).isEqualTo(1001));
  }

  @Test
  void anOriginHasAForm() {
    assertThatThrownBy(() -> InboxWebSocket.of(streams, r -> Optional.empty()).allowing("x"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("origin");
  }
}
