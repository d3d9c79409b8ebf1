package dev.notify.examples.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.test.SampleMessages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The example that others copy ends in time though its vendor's answer does not. */
class PigeonTrickleTest {

  @Test
  void anAnswerWhoseBodyNeverEndsDoesNotHoldTheCallForEver() throws IOException {
    try (ServerSocket vendor = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread pigeon =
          new Thread(
              () -> {
                try (Socket call = vendor.accept()) {
                  call.getOutputStream()
                      .write(
                          "HTTP/1.1 201 Created\r\nNote-Id: f-1\r\nContent-Length: 100\r\n\r\n{"
                              .getBytes(StandardCharsets.US_ASCII));
                  call.getOutputStream().flush();
                  call.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                  // The test has ended.
                }
              });
      pigeon.setDaemon(true);
      pigeon.start();
      PigeonProvider provider =
          new PigeonProvider(
              "pigeon-post",
              URI.create("http://127.0.0.1:" + vendor.getLocalPort()),
              "the-key",
              Duration.ofMillis(500));

      Outcome outcome =
          assertTimeoutPreemptively(
              Duration.ofSeconds(5),
              () ->
                  provider.deliver(
                      SampleMessages.to(
                          Address.of(Channel.of("pigeon"), "ring-0042"), Content.ofBody("Hello"))));

      assertThat(outcome).isInstanceOfAny(Outcome.Accepted.class, Outcome.Unknown.class);
    }
  }
}
