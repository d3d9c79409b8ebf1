package dev.notify.push;

import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.PushNotificationHandler;
import com.eatthepath.pushy.apns.server.PushNotificationHandlerFactory;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import dev.notify.test.RefusingPort;
import dev.notify.test.VendorBehaviour;
import io.netty.buffer.ByteBuf;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Pushy's own stand-in for APNs, over TLS and HTTP/2, that keeps what it was sent. */
final class ApnsStandIn implements AutoCloseable {

  /** What a provider sent; headers by name, those of HTTP/2 with their colon. */
  record Request(Map<String, String> headers, String body) {}

  private final NioEventLoopGroup threads =
      new NioEventLoopGroup(4, new DefaultThreadFactory("apns-stand-in", true));
  private final MockApnsServer server;
  private final int port;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Request> arrivals = new LinkedBlockingQueue<>();
  private volatile PushNotificationHandler answers = (headers, payload) -> {};
  private volatile VendorBehaviour behaviour = VendorBehaviour.ACCEPTS;
  private volatile CountDownLatch hanging = new CountDownLatch(1);
  private RefusingPort refusing;

  private ApnsStandIn(PushNotificationHandlerFactory behind) throws Exception {
    server =
        new MockApnsServerBuilder()
            .setServerCredentials(
                new X509Certificate[] {ApnsKeys.SERVER.certificate()},
                ApnsKeys.SERVER.keyPair().getPrivate(),
                null)
            .setUseAlpn(true)
            .setEventLoopGroup(threads)
            .setHandlerFactory(
                session -> {
                  PushNotificationHandler next = behind.buildHandler(session);
                  return (headers, payload) -> {
                    handle(headers, payload);
                    next.handlePushNotification(headers, payload);
                  };
                })
            .build();
    port = server.start(0).get(20, TimeUnit.SECONDS);
  }

  static ApnsStandIn start() throws Exception {
    return new ApnsStandIn(session -> (headers, payload) -> {});
  }

  /** With a check behind what it was told to answer. */
  static ApnsStandIn checkedBy(PushNotificationHandlerFactory behind) throws Exception {
    return new ApnsStandIn(behind);
  }

  /** Where it listens, or where nobody does. */
  int port() {
    return refusing == null ? port : refusing.number();
  }

  void answer(PushNotificationHandler newAnswers) {
    answers = newAnswers;
    behave(VendorBehaviour.ACCEPTS);
  }

  /** Pushy's mock server speaks Apple's language only. */
  private static final Set<VendorBehaviour> SHOWN =
      EnumSet.of(
          VendorBehaviour.ACCEPTS,
          VendorBehaviour.FAILS,
          VendorBehaviour.THROTTLES,
          VendorBehaviour.HANGS,
          VendorBehaviour.CUTS,
          VendorBehaviour.REFUSES_CONNECTION);

  boolean behave(VendorBehaviour newBehaviour) {
    if (!SHOWN.contains(newBehaviour)) {
      return false;
    }
    behaviour = newBehaviour;
    CountDownLatch released = hanging;
    hanging = new CountDownLatch(1);
    released.countDown();
    if (newBehaviour == VendorBehaviour.REFUSES_CONNECTION) {
      try {
        refusing = RefusingPort.any();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return true;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  Request takeRequest() throws InterruptedException {
    Request request = arrivals.poll(30, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request");
    }
    return request;
  }

  private void handle(Http2Headers headers, ByteBuf payload) throws RejectedNotificationException {
    Map<String, String> byName = new TreeMap<>();
    headers.forEach(entry -> byName.put(entry.getKey().toString(), entry.getValue().toString()));
    Request request =
        new Request(byName, payload == null ? "" : payload.toString(StandardCharsets.UTF_8));
    CountDownLatch release = hanging;
    VendorBehaviour now = behaviour;
    requests.add(request);
    arrivals.add(request);
    switch (now) {
      case FAILS -> throw new RejectedNotificationException(RejectionReason.SERVICE_UNAVAILABLE);
      case THROTTLES -> throw new RejectedNotificationException(RejectionReason.TOO_MANY_REQUESTS);
      case HANGS -> hang(release);
      // Not an exception, so not answered: the connection ends.
      case CUTS -> throw new AssertionError("cut");
      default -> answers.handlePushNotification(headers, payload);
    }
  }

  private static void hang(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("hung");
  }

  @Override
  public void close() throws Exception {
    hanging.countDown();
    server.shutdown().get(20, TimeUnit.SECONDS);
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    if (refusing != null) {
      refusing.close();
    }
  }
}
