package dev.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.http.Reply.Answer;
import dev.notify.http.Reply.Silence;
import dev.notify.model.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2Test {

  private static final int REFUSED_STREAM = 0x7;

  private final MockWebServer server = new MockWebServer();
  private VendorHttp http;

  @BeforeEach
  void start() throws IOException {
    HeldCertificate own =
        new HeldCertificate.Builder()
            .addSubjectAlternativeName("localhost")
            .addSubjectAlternativeName("127.0.0.1")
            .build();
    server.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(own).build().sslSocketFactory());
    server.start();
    HandshakeCertificates trust =
        new HandshakeCertificates.Builder().addTrustedCertificate(own.certificate()).build();
    http =
        VendorHttp.open(
            "test",
            HttpTimeouts.DEFAULT,
            client ->
                client
                    .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                    .dns(host -> List.of(InetAddress.getLoopbackAddress())));
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @Test
  void twentyCallsShareOneConnection() throws Exception {
    server.enqueue(new MockResponse.Builder().build());
    http.exchange(post());
    CountDownLatch allThere = new CountDownLatch(20);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            allThere.countDown();
            return new MockResponse.Builder()
                .code(allThere.await(20, TimeUnit.SECONDS) ? 200 : 500)
                .build();
          }
        });

    for (Reply reply : together(20)) {
      assertThat(((Answer) reply).status()).isEqualTo(200);
    }

    server.takeRequest();
    for (int i = 0; i < 20; i++) {
      assertThat(server.takeRequest().getConnectionIndex()).isZero();
    }
  }

  @Test
  void anInterruptedCallEndsAtOnceAndLeavesTheConnectionToTheOthers() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            if (request.getUrl().encodedPath().equals("/hangs")) {
              never.await(20, TimeUnit.SECONDS);
            }
            return new MockResponse.Builder().build();
          }
        });
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Thread caller = new Thread(() -> reply.complete(http.exchange(post("/hangs"))));
    caller.start();
    server.takeRequest();

    caller.interrupt();

    assertThat(((Silence) reply.get(10, TimeUnit.SECONDS)).outcome())
        .isEqualTo(Outcome.unknown("sent, but interrupted before the answer"));
    assertThat(((Answer) http.exchange(post())).status()).isEqualTo(200);
    assertThat(server.takeRequest().getConnectionIndex()).isZero();
    never.countDown();
  }

  @Test
  void aStreamThatTheServerRefusedIsRetryable() {
    server.enqueue(
        new MockResponse.Builder()
            .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
            .build());
    server.enqueue(new MockResponse.Builder().body("to a second request").build());

    Silence silence = (Silence) http.exchange(post());

    assertThat(silence.outcome()).isInstanceOf(Outcome.Retryable.class);
  }

  @Test
  void aStreamThatIsResetForAnotherReasonIsUnknown() {
    server.enqueue(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseStream(0x2)).build());

    Silence silence = (Silence) http.exchange(post());

    assertThat(silence.outcome()).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aServerWhoseCertificateNobodySignedGetsNothing() {
    http.close();
    http = VendorHttp.open("test", HttpTimeouts.DEFAULT, InstantSource.system());

    assertNothingIsSentTo("localhost");
  }

  @Test
  void aServerWithTheCertificateOfAnotherGetsNothing() {
    assertNothingIsSentTo("vendor.example");
  }

  private void assertNothingIsSentTo(String host) {
    Reply reply =
        http.exchange(
            new Request.Builder()
                .url(server.url("/").newBuilder().host(host).build())
                .post(RequestBody.create("secret", null))
                .build());

    assertThat(((Silence) reply).outcome()).isInstanceOf(Outcome.Retryable.class);
    assertThat(reply.toString()).doesNotContain("no connection in time");
    assertThat(server.getRequestCount()).isZero();
  }

  private List<Reply> together(int calls) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(calls);
    try {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        replies.add(pool.submit(() -> http.exchange(post())));
      }
      List<Reply> all = new ArrayList<>();
      for (Future<Reply> reply : replies) {
        all.add(reply.get(30, TimeUnit.SECONDS));
      }
      return all;
    } finally {
      pool.shutdownNow();
    }
  }

  private Request post() {
    return post("/");
  }

  private Request post(String path) {
    return new Request.Builder()
        .url(server.url(path))
        .post(RequestBody.create(new byte[] {1}, null))
        .build();
  }
}
