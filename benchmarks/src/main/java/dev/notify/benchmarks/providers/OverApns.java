package dev.notify.benchmarks.providers;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.push.ApnsProvider;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** APNs beside Pushy, which it is made of, at Pushy's own mock server. */
final class OverApns {

  private static final int CALLERS = 64;

  /** Fewer than the streams of a connection, which are a thousand at Apple's. */
  private static final int UNDER_WAY = 512;

  private static final String KEY_ID = "KEY1234567";
  private static final String TEAM_ID = "TEAM123456";
  private static final String TOPIC = "com.example.shop";
  private static final String TOKEN =
      "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";
  private static final Messages MESSAGES =
      new Messages(
          Address.apns(TOKEN),
          Content.builder()
              .title("Your order is on its way")
              .body("Parcel 1017 left our house today.")
              .build());

  private final Options options;
  private final Report report;
  private final Side ours = new Side("ours");
  private final Side theirs = new Side("Pushy");
  private final Side pipelined = new Side("Pushy without waiting");

  /** The headers and the payload of the latest notification that the server saw. */
  private volatile String seen = "";

  private volatile String payload = "";
  private volatile Instant expiration = Instant.EPOCH;

  /** Whether the server looks at what it is sent. */
  private volatile boolean looking = true;

  OverApns(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void measure() throws Exception {
    EventLoopGroup serving =
        new NioEventLoopGroup(1, new DefaultThreadFactory(StandIn.THREADS, true));
    EventLoopGroup calling = new NioEventLoopGroup(1, new DefaultThreadFactory("bare", true));
    MockApnsServer server =
        new MockApnsServerBuilder()
            .setServerCredentials(
                new X509Certificate[] {Keys.SERVER.certificate()},
                Keys.SERVER.keyPair().getPrivate(),
                null)
            .setUseAlpn(true)
            .setEventLoopGroup(serving)
            .setHandlerFactory(session -> this::look)
            .build();
    int port = server.start(0).get(20, TimeUnit.SECONDS);
    ApnsClient bare = bare(port, calling);
    try (ApnsProvider provider = provider(port)) {
      requireTheSame(provider, bare);
      for (int round = 0; round < options.rounds(); round++) {
        System.err.printf("apns, round %d of %d%n", round + 1, options.rounds());
        Load load = options.load(CALLERS, round);
        ours.add(load.run(number -> MESSAGES.deliver(provider, number)));
        theirs.add(load.run(number -> send(bare, number)));
        pipeline(bare, options.load(1, round));
      }
    } finally {
      bare.close().get(20, TimeUnit.SECONDS);
      server.shutdown().get(20, TimeUnit.SECONDS);
      serving.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      calling.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
    Series ratios = ours.by(theirs);
    report.add(Figure.higher("providers.apns.ratio", ratios.median(), "x", 0.8, 0.9));
    report.note(
        "providers.apns.ratio, a second, %d callers that wait: %s; %s; ratio %s; %s, %d under way, from one thread"
            .formatted(CALLERS, ours, theirs, ratios, pipelined, UNDER_WAY));
  }

  private static ApnsProvider provider(int port) {
    return ApnsProvider.builder()
        .signingKey(p8())
        .keyId(KEY_ID)
        .teamId(TEAM_ID)
        .topic(TOPIC)
        .baseUrl(URI.create("https://localhost:" + port))
        .trustedCertificates(Keys.SERVER.certificate())
        .build();
  }

  private static ApnsClient bare(int port, EventLoopGroup threads) throws Exception {
    return new ApnsClientBuilder()
        .setApnsServer("localhost", port)
        .setSigningKey(ApnsSigningKey.loadFromInputStream(p8(), TEAM_ID, KEY_ID))
        .setUseAlpn(true)
        .setConcurrentConnections(1)
        .setConnectionTimeout(Duration.ofSeconds(5))
        .setTrustedServerCertificateChain(Keys.SERVER.certificate())
        .setEventLoopGroup(threads)
        .build();
  }

  private static ByteArrayInputStream p8() {
    return new ByteArrayInputStream(Keys.P8.getBytes(StandardCharsets.US_ASCII));
  }

  private void look(Http2Headers headers, ByteBuf body) {
    if (looking) {
      payload = body.toString(StandardCharsets.UTF_8);
      expiration = Instant.ofEpochSecond(headers.getLong("apns-expiration", 0));
      StringBuilder all = new StringBuilder(payload);
      headers.forEach(
          header -> {
            // Signed by each at its own moment.
            if (!header.getKey().toString().equals("authorization")) {
              all.append('\n').append(header.getKey()).append(": ").append(header.getValue());
            }
          });
      seen = all.toString();
    }
  }

  /** Takes payload and expiration from ours, so that the other's are the same. */
  private void requireTheSame(ApnsProvider provider, ApnsClient bare) throws Exception {
    MESSAGES.deliver(provider, 0);
    String sent = seen;
    send(bare, 0);
    if (!sent.equals(seen)) {
      throw new IllegalStateException(sent + "\nis not\n" + seen);
    }
    looking = false;
  }

  private SimpleApnsPushNotification notification(int number) {
    return new SimpleApnsPushNotification(
        TOKEN,
        TOPIC,
        payload,
        expiration,
        DeliveryPriority.CONSERVE_POWER,
        PushType.ALERT,
        Messages.id(number).toString(),
        Messages.id(number));
  }

  private void send(ApnsClient client, int number) throws Exception {
    requireAccepted(client.sendNotification(notification(number)).get());
  }

  private static void requireAccepted(PushNotificationResponse<?> response) {
    if (!response.isAccepted()) {
      throw new IllegalStateException("Pushy: " + response.getRejectionReason());
    }
  }

  private void pipeline(ApnsClient client, Load load) throws Exception {
    Semaphore room = new Semaphore(UNDER_WAY);
    AtomicLong done = new AtomicLong();
    Load.Result result =
        load.run(
            number -> {
              room.acquire();
              client
                  .sendNotification(notification(number))
                  .whenComplete(
                      (response, fault) -> {
                        room.release();
                        if (fault == null && response.isAccepted()) {
                          done.incrementAndGet();
                        }
                      });
            },
            done::get);
    room.acquire(UNDER_WAY);
    pipelined.add(result, result.probed()[0]);
  }
}
