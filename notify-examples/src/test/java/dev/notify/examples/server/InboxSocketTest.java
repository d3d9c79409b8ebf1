package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.notify.examples.server.NotifyServer.StandIns;
import dev.notify.inapp.InboxConversation;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An inbox over a WebSocket. */
@Timeout(60)
class InboxSocketTest {

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start(SampleTokens.TAKEN);
    server.person("jane");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String token(String person, Instant until) throws Exception {
    return SampleTokens.of(
        new JWTClaimsSet.Builder()
            .subject(person)
            .claim("role", "user")
            .issuer("https://login.example.com")
            .audience("notify")
            .expirationTime(Date.from(until))
            .build());
  }

  /** What came, as lines; the last one is the code with which the server closed it. */
  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<String> came = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean isLast) {
      part.append(text);
      if (isLast) {
        came.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      came.add("closed " + code);
      return null;
    }

    String next(String having) throws InterruptedException {
      String frame = came.take();
      while (!frame.contains(having)) {
        frame = came.take();
      }
      return frame;
    }
  }

  private static WebSocket open(RunningServer server, String person, String token, Frames frames) {
    URI address =
        URI.create(
            server
                .uri("/api/v1/users/" + person + "/inbox/socket")
                .toString()
                .replace("http", "ws"));
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .subprotocols("notify.inbox", "bearer." + token)
        .buildAsync(address, frames)
        .join();
  }

  @Test
  void whatChangesComesAndMarksGoBack() throws Exception {
    Frames frames = new Frames();
    WebSocket socket = open(server, "jane", token("jane", Instant.now().plusSeconds(300)), frames);
    assertThat(socket.getSubprotocol()).isEqualTo("notify.inbox");
    assertThat(frames.next("inbox")).contains("\"unread\":0");

    Reply sent =
        server.post(
            "/api/v1/notifications",
            "{\"userId\": \"jane\", \"channel\": \"inapp\", \"title\": \"Hello\"}");
    assertThat(sent.status()).isEqualTo(202);
    String id = Reply.parse(frames.next("Hello")).at("/items/0/id").asText();
    socket.sendText("{\"read\":[\"" + id + "\"]}", true).join();

    assertThat(frames.next("\"read\":true")).contains(id).contains("\"unread\":0");
    socket.sendText("{\"burn\":\"all\"}", true).join();
    assertThat(frames.next("closed")).isEqualTo("closed 1008");
  }

  @Test
  void nobodyElseGetsASocket() throws Exception {
    String other = token("ana", Instant.now().plusSeconds(300));

    for (String token : new String[] {other, "nonsense", RunningServer.READ, RunningServer.SEND}) {
      assertThatThrownBy(() -> open(server, "jane", token, new Frames()))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(WebSocketHandshakeException.class)
          .satisfies(
              refused ->
                  assertThat(
                          ((WebSocketHandshakeException) refused.getCause())
                              .getResponse()
                              .statusCode())
                      .isIn(401, 403));
    }
  }

  @Test
  void aSocketEndsWithItsToken() throws Exception {
    // The clock of sockets is ahead of the end of the token.
    InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10));
    StandIns usual = StandIns.usual();
    try (RunningServer own =
        RunningServer.start(
            SampleTokens.TAKEN, new StandIns(usual.sandbox(), usual.vendors(), clock))) {
      Frames frames = new Frames();

      WebSocket socket = open(own, "jane", token("jane", Instant.now().plusSeconds(300)), frames);

      assertThat(frames.next("closed")).isEqualTo("closed 1001");
      assertThat(socket.isInputClosed()).isTrue();
    }
  }

  @Test
  void aSocketThatIsClosedIsNotKeptUntilTheEndOfItsToken() throws Exception {
    String token = token("jane", Instant.now().plus(Duration.ofDays(300)));
    for (int i = 0; i < 5; i++) {
      Frames frames = new Frames();
      WebSocket socket = open(server, "jane", token, frames);
      assertThat(frames.next("inbox")).contains("unread");
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    Instant end = Instant.now().plusSeconds(20);
    while (isAnyConversationInMemory() && Instant.now().isBefore(end)) {
      Thread.onSpinWait();
    }
    assertThat(isAnyConversationInMemory()).isFalse();
  }

  /** After a collection of garbage. */
  private static boolean isAnyConversationInMemory() throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    String name = InboxConversation.class.getName();
    return histogram.toString().lines().anyMatch(line -> (line + " ").contains(name + " "));
  }

  @Test
  void whoComesWithoutASocketIsToldToBringOne() {
    assertThat(server.get("/api/v1/users/jane/inbox/socket").status()).isEqualTo(426);
  }
}
