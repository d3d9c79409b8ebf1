package dev.notify.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/**
 * Receives a reply on OkHttp's thread for a caller that waits on another. The caller could read the
 * socket itself, but a blocked socket does not react to interruption.
 */
final class PendingReply implements Callback {

  private final BlockingQueue<Reply> reply = new ArrayBlockingQueue<>(1);
  private final Departure departure;
  private final InstantSource clock;

  PendingReply(Departure departure, InstantSource clock) {
    this.departure = departure;
    this.clock = clock;
  }

  Reply take() throws InterruptedException {
    return reply.take();
  }

  @Override
  public void onFailure(Call call, IOException fault) {
    reply.add(Silences.failed(departure, fault));
  }

  @Override
  public void onResponse(Call call, Response response) {
    try (response) {
      String body = new String(firstBytes(response), StandardCharsets.UTF_8);
      String header = response.header("Retry-After");
      reply.add(
          new Reply.Answer(
              response.code(),
              RetryAfter.parse(header, clock.instant()),
              body,
              response.headers()));
    } catch (IOException | RuntimeException fault) {
      reply.add(Silences.failed(departure, fault));
    }
  }

  private static byte[] firstBytes(Response response) throws IOException {
    try (InputStream stream = response.body().byteStream()) {
      return stream.readNBytes(VendorHttp.LONGEST_ANSWER);
    }
  }
}
