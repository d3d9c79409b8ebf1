package dev.notify.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the local console that stop in the middle. */
@Timeout(60)
class SlowClientsTest {

  private static final int MANY = 40;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /console/sandbox/clear HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\ntok",
        "POST /console/sandbox/clear HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5",
        "GET /console/ HTTP/1.1\r\nHost: loc"
      })
  void whoStopsInTheMiddleIsLetGoAndHoldsUpNobodyForLong(String half) throws Exception {
    List<Socket> slow = new ArrayList<>();
    Sandbox sandbox = Sandbox.create();
    try (NotificationDispatcher dispatcher =
            NotificationDispatcher.builder().providers(sandbox.providers()).build();
        Console console = Console.builder().patience(Duration.ofMillis(300)).start(dispatcher)) {
      for (int i = 0; i < MANY; i++) {
        slow.add(opened(console.address(), half));
      }

      assertThat(get(console.address()).statusCode()).isEqualTo(200);
      for (Socket socket : slow) {
        assertThat(isClosedByServer(socket)).isTrue();
      }
      assertThat(get(console.address()).statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private static Socket opened(URI address, String text) throws IOException {
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Whether nothing more comes; the test's own time-out is for when it never ends. */
  private static boolean isClosedByServer(Socket socket) {
    try {
      socket.setSoTimeout(30_000);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      // Reset: closed while some of what was sent had not been read.
      return true;
    }
  }

  @Test
  void whoDoesNotTakeTheAnswerIsLetGoToo() throws Exception {
    Sandbox sandbox = Sandbox.create();
    try (NotificationDispatcher dispatcher =
            NotificationDispatcher.builder().providers(sandbox.providers()).build();
        Console console = Console.builder().patience(Duration.ofMillis(300)).start(dispatcher)) {
      List<Socket> deaf = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        // Far more than the buffers of a socket hold.
        String one = "GET /console/assets/chart.js HTTP/1.1\r\nHost: localhost\r\n\r\n";
        deaf.add(opened(console.address(), one.repeat(60)));
      }

      assertThat(get(console.address()).statusCode()).isEqualTo(200);
      for (Socket socket : deaf) {
        socket.close();
      }
    }
  }

  private static HttpResponse<String> get(URI address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build(),
            BodyHandlers.ofString());
  }
}
