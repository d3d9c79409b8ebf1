package dev.notify.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  /** One slow answer at a time: a client that waited for it would see nothing but that. */
  @Test
  void whoWaitsBehindASlowAnswerShowsTheWait() throws IOException, InterruptedException {
    try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      URI address = URI.create("http://127.0.0.1:" + server.getLocalPort());
      Object oneAtATime = new Object();

      OpenLoop.Result result =
          new OpenLoop(
                  () -> new Wire(address, "key"),
                  (wire, number) -> {
                    synchronized (oneAtATime) {
                      LockSupport.parkNanos(20_000_000);
                      return number % 2 == 0;
                    }
                  })
              .run(100, 1);

      // A hundred times 20 ms, one after the other, asked for within a second.
      assertThat(result.millis(100)).isGreaterThan(800);
      assertThat(result.accepted()).isEqualTo(50);
      assertThat(result.refused()).isEqualTo(50);
    }
  }
}
