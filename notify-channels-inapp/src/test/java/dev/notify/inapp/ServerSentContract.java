package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.test.SampleMessages;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of server-sent events must do on its server, over real connections. */
abstract class ServerSentContract {

  final Inbox inbox = Inbox.builder(MemoryInboxes.of(3_000, 500)).build();
  private final InAppProvider provider = InAppProvider.of(inbox);
  InboxStreams streams =
      InboxStreams.builder(inbox)
          .perUser(3)
          .heartbeat(Duration.ofMillis(200))
          .patience(Duration.ofSeconds(1))
          .build();
  private URI uri;

  /** Starts a server; who asks is who {@code X-User} says, and nobody if that is empty. */
  abstract URI start() throws Exception;

  abstract void stop() throws Exception;

  @BeforeEach
  void open() throws Exception {
    uri = start();
  }

  @AfterEach
  void close() throws Exception {
    streams.close();
    stop();
  }

  static Optional<String> user(String header) {
    return Optional.ofNullable(header).filter(name -> !name.isBlank());
  }

  private void deliver(String user, String body) {
    provider.deliver(SampleMessages.to(Address.inApp(user), Content.ofBody(body)));
  }

  private SseClient client(String user) throws Exception {
    return SseClient.open(uri, user, Optional.empty());
  }

  private static void awaitEvents(SseClient client, int count) {
    await().untilAsserted(() -> assertThat(client.events()).hasSize(count));
  }

  @Test
  void everyTabHearsOfWhatComes() throws Exception {
    try (SseClient one = client("jane");
        SseClient two = client("jane")) {
      awaitEvents(one, 1);
      awaitEvents(two, 1);

      deliver("jane", "<b>hello</b>");

      awaitEvents(one, 2);
      awaitEvents(two, 2);
      assertThat(one.events()).isEqualTo(two.events());
      SseClient.Event event = one.events().get(1);
      assertThat(event.type()).isEqualTo("inbox");
      assertThat(event.data()).contains("\"body\":\"<b>hello</b>\"", "\"unread\":1");
      assertThat(event.id()).isEqualTo("" + inbox.counts("jane").revision());
    }
  }

  @Test
  void nothingOnTheWayMayKeepIt() throws Exception {
    try (SseClient client = client("jane")) {
      var headers = client.response().headers();
      assertThat(headers.firstValue("Content-Type").orElseThrow())
          .startsWithIgnoringCase("text/event-stream");
      assertThat(headers.firstValue("Cache-Control")).contains("no-store");
      assertThat(headers.firstValue("X-Accel-Buffering")).contains("no");
    }
  }

  @Test
  void whoComesAgainMissesNothing() throws Exception {
    String last;
    try (SseClient client = client("jane")) {
      deliver("jane", "1");
      await()
          .untilAsserted(() -> assertThat(client.events().toString()).contains("\"body\":\"1\""));
      last = client.lastId();
    }
    deliver("jane", "2");

    try (SseClient again = SseClient.open(uri, "jane", Optional.of(last))) {
      awaitEvents(again, 1);
      assertThat(again.events().get(0).data()).contains("\"body\":\"2\"");
      assertThat(again.events().get(0).data()).doesNotContain("\"body\":\"1\"");
    }
  }

  @Test
  void aForgedPlaceIsReset() throws Exception {
    deliver("jane", "1");
    for (String forged : List.of("99999999999999999", "-3", "%00<script>")) {
      try (SseClient client = SseClient.open(uri, "jane", Optional.of(forged))) {
        awaitEvents(client, 1);
        assertThat(client.events().get(0).type()).isEqualTo("reset");
      }
    }
  }

  @Test
  void strangersAreRefused() throws Exception {
    assertThat(SseClient.send(SseClient.request(uri, "")).statusCode()).isEqualTo(401);
    assertThat(streams.open()).isZero();
  }

  @Test
  void onlyGetIsUnderstood() throws Exception {
    var request = SseClient.request(uri, "jane").POST(BodyPublishers.ofString("{}"));

    assertThat(SseClient.send(request).statusCode()).isEqualTo(405);
    var head = SseClient.request(uri, "jane").method("HEAD", BodyPublishers.noBody());
    assertThat(SseClient.send(head).statusCode()).isEqualTo(405);
    assertThat(streams.open()).isZero();
  }

  @Test
  void tooManyStreamsAreRefused() throws Exception {
    List<SseClient> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(client("jane"));
    }
    var refused = SseClient.send(SseClient.request(uri, "jane"));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    for (SseClient client : open) {
      client.close();
    }
  }

  @Test
  void silenceIsBrokenByHeartbeats() throws Exception {
    try (SseClient client = client("jane")) {
      await().untilAsserted(() -> assertThat(client.heartbeats()).isPositive());
    }
  }

  @Test
  void whoLeavesIsNoticed() throws Exception {
    SseClient client = client("jane");
    awaitEvents(client, 1);

    client.close();

    await().untilAsserted(() -> assertThat(streams.open()).isZero());
  }

  @Test
  void closingEndsEveryStream() throws Exception {
    try (SseClient client = client("jane")) {
      awaitEvents(client, 1);

      streams.close();

      await().untilAsserted(() -> assertThat(client.isOver()).isTrue());
    }
  }

  @Test
  void whoDoesNotReadHarmsNobodyAndIsDropped() throws Exception {
    try (Socket stuck = new Socket();
        SseClient quick = client("jane")) {
      stuck.setReceiveBufferSize(4 * 1024);
      stuck.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      OutputStream out = stuck.getOutputStream();
      out.write(
          ("GET " + uri.getPath() + " HTTP/1.1\r\nHost: x\r\nX-User: jane\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      awaitEvents(quick, 1);
      await().untilAsserted(() -> assertThat(streams.open()).isEqualTo(2));

      // More than the buffers of both sides hold, in events of a megabyte and a half.
      String much = "x".repeat(50_000);
      for (int i = 0; i < 400; i++) {
        deliver("jane", i + much);
      }

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(quick.events().toString()).contains("\"399xx"));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(streams.open()).isEqualTo(1));
      deliver("jane", "and on it goes");
      await().untilAsserted(() -> assertThat(quick.events().toString()).contains("and on it goes"));
    }
  }
}
