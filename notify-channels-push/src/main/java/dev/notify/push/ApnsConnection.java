package dev.notify.push;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import dev.notify.http.HttpTimeouts;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.StreamBufferingEncoder.Http2ChannelClosedException;
import io.netty.handler.codec.http2.StreamBufferingEncoder.Http2GoAwayException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls APNs through Pushy and says what silence means. Pushy keeps the connections, makes new ones
 * by itself and signs the tokens.
 *
 * <p>Thread-safe. Never throws on delivery; an interrupted caller gets its reply at once and its
 * interrupt flag back.
 */
final class ApnsConnection implements AutoCloseable {

  // The calls have ended when this is closed; what is left is to say goodbye.
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final NioEventLoopGroup threads;
  private final ApnsClient client;
  private final HttpTimeouts timeouts;

  private ApnsConnection(NioEventLoopGroup threads, ApnsClient client, HttpTimeouts timeouts) {
    this.threads = threads;
    this.client = client;
    this.timeouts = timeouts;
  }

  /** Opens no connection yet. The builder knows server and key. */
  static ApnsConnection open(String name, HttpTimeouts timeouts, ApnsClientBuilder builder) {
    // Pushy's own threads would keep a host alive that forgot to close the provider.
    NioEventLoopGroup threads =
        new NioEventLoopGroup(1, new DefaultThreadFactory("notify-apns-" + name, true));
    try {
      ApnsClient client =
          builder
              .setEventLoopGroup(threads)
              .setConnectionTimeout(timeouts.connect())
              .setGracefulShutdownTimeout(GOODBYE)
              .build();
      return new ApnsConnection(threads, client, timeouts);
    } catch (SSLException e) {
      threads.shutdownGracefully();
      throw new ConfigurationException("trustedCertificates: no TLS with them", e);
    }
  }

  /** Sends a request and waits for what comes of it. */
  ApnsReply exchange(ApnsPush push) {
    long begin = System.nanoTime();
    CompletableFuture<PushNotificationResponse<ApnsPush>> reply = client.sendNotification(push);
    try {
      for (long left = left(push, begin); left > 0; left = left(push, begin)) {
        try {
          return ApnsReply.Answer.of(reply.get(left, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
          // It may have left in the meantime, and has its time from then on.
        }
      }
      return silence(push, "no connection in time", "no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return silence(push, "interrupted", "interrupted before the answer");
    } catch (ExecutionException e) {
      return broken(push, e.getCause());
    }
  }

  /**
   * How long to wait before one looks again. To be woken when it leaves would cost a change of
   * threads for every message; what leaves after this has at least as long for its answer.
   */
  private long left(ApnsPush push, long begin) {
    long now = System.nanoTime();
    OptionalLong leftAt = push.leftAt();
    return leftAt.isPresent()
        ? leftAt.getAsLong() + timeouts.read().toNanos() - now
        : Math.min(begin + timeouts.connect().toNanos() - now, timeouts.read().toNanos());
  }

  /** What it means that Pushy has no answer but this. */
  static ApnsReply broken(ApnsPush push, @Nullable Throwable fault) {
    // Said of a request that waited for a free stream and never got one.
    if (fault instanceof Http2GoAwayException || fault instanceof Http2ChannelClosedException) {
      return new ApnsReply.Silence(Outcome.retryable("not sent: the connection closed before"));
    }
    // Not the exception's own words: they can hold what was sent.
    String kind = fault == null ? "" : " (" + fault.getClass().getSimpleName() + ")";
    return silence(push, "no connection" + kind, "the answer broke off" + kind);
  }

  private static ApnsReply silence(ApnsPush push, String whyNotSent, String whyNotAnswered) {
    return new ApnsReply.Silence(
        push.callOff()
            ? Outcome.retryable("not sent: " + whyNotSent)
            : Outcome.unknown("sent, but " + whyNotAnswered));
  }

  /** Cuts what is still under way and releases connections and threads. */
  @Override
  public void close() {
    client
        .close()
        .whenComplete(
            (done, fault) ->
                threads.shutdownGracefully(0, GOODBYE.toMillis(), TimeUnit.MILLISECONDS));
  }
}
