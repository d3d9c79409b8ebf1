package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.console.Sandbox;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.test.RecordingProvider;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks, links of mails, health and metrics: what is called without a key. */
class EntryTest {

  private static final String TOKEN = "twilio-auth-token";
  private static final String PUBLIC = "https://notify.example.com";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            Map.of(
                "notify.server.webhook.twilio.auth-token", TOKEN,
                "notify.server.public-url", PUBLIC,
                "notify.server.categories", "orders:transactional, newsletter:optional"));
    server.person("jane");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String signature(String url, Map<String, String> fields)
      throws GeneralSecurityException {
    StringBuilder text = new StringBuilder(url);
    fields.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(field -> text.append(field.getKey()).append(field.getValue()));
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    return Base64.getEncoder()
        .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static Reply twilio(String signature) {
    return server.call(
        "POST",
        "/api/v1/webhooks/twilio",
        "MessageSid=SM123&MessageStatus=delivered",
        "Content-Type",
        "application/x-www-form-urlencoded",
        "X-Twilio-Signature",
        signature);
  }

  @Test
  void aSignedReportIsTakenAndAForgedOneIsNot() throws GeneralSecurityException {
    String url = PUBLIC + "/api/v1/webhooks/twilio";
    Map<String, String> fields = Map.of("MessageSid", "SM123", "MessageStatus", "delivered");

    assertThat(twilio(signature(url, fields)).json().get("unknown").asInt()).isEqualTo(1);
    assertThat(twilio("bm9uc2Vuc2U=").status()).isEqualTo(403);
    assertThat(server.call("POST", "/api/v1/webhooks/twilio", "", "X-Nothing", "x").status())
        .isIn(400, 403);
    assertThat(server.call("POST", "/api/v1/webhooks/nobody", "{}", "X-Nothing", "x").status())
        .isEqualTo(404);
  }

  @Test
  @Timeout(60)
  void aVendorSendsManyReportsAtOnceAndNoneIsTurnedAway() throws Exception {
    String signed =
        signature(
            PUBLIC + "/api/v1/webhooks/twilio",
            Map.of("MessageSid", "SM123", "MessageStatus", "delivered"));
    assertThat(twilio(signed).status()).isEqualTo(200);
    String body = "MessageSid=SM123&MessageStatus=delivered";
    String head =
        "POST /api/v1/webhooks/twilio HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: "
            + signed
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    List<Socket> sockets = new ArrayList<>();
    URI address = server.server().address();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = new Socket(address.getHost(), address.getPort());
        sockets.add(socket);
        socket.getOutputStream().write((head + body.charAt(0)).getBytes(StandardCharsets.US_ASCII));
      }
      // All are under way: the last one has been turned away by now, or is waited for.
      assertThat(server.call("GET", "/healthz", "", "Accept", "*/*").status()).isEqualTo(200);
      for (Socket socket : sockets) {
        socket.getOutputStream().write(body.substring(1).getBytes(StandardCharsets.US_ASCII));
      }

      for (Socket socket : sockets) {
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 200");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aLinkLeadsToAPersonsOwnPageAndAForgedOneNowhere() {
    URI link = server.server().dispatcher().preferenceLink("jane");
    assertThat(link.toString()).startsWith(PUBLIC + "/u/");

    Reply page = server.call("GET", link.getPath(), "", "Accept", "text/html");
    Reply forged = server.call("GET", link.getPath() + "x", "", "Accept", "text/html");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.contentType()).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy")).contains("style-src 'sha256-");
    assertThat(forged.status()).isEqualTo(404);
  }

  @Test
  void aMailHasALinkToUnsubscribeThatWorks() {
    Sandbox captured = Sandbox.create();
    try (RunningServer own =
        RunningServer.start(Map.of("notify.server.public-url", PUBLIC), captured.providers())) {
      own.person("ana");
      Reply sent =
          own.post(
              "/api/v1/notifications",
              """
              {"userId": "ana", "channel": "email", "title": "a", "body": "b"}""");
      Reply done =
          own.until(
              "/api/v1/notifications/" + sent.at("/notificationId") + "/status",
              reply -> reply.at("/status").equals("DELIVERED"));
      assertThat(done.status()).isEqualTo(200);
      URI link = captured.messages().get(0).message().content().email().unsubscribe().orElseThrow();

      Reply unsubscribed =
          own.call(
              "POST",
              link.getPath(),
              "List-Unsubscribe=One-Click",
              "Content-Type",
              "application/x-www-form-urlencoded");

      assertThat(unsubscribed.status()).isEqualTo(200);
      assertThat(
              own.get("/api/v1/users/ana/preferences").json().at("/choices/0/wanted").asBoolean())
          .isFalse();
    }
  }

  @Test
  void healthIsToldToEverybody() {
    Reply health = server.call("GET", "/healthz", "", "Accept", "*/*");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.at("/status")).isEqualTo("UP");
    assertThat(server.call("HEAD", "/healthz", "", "Accept", "*/*").status()).isEqualTo(200);
  }

  @Test
  void prometheusFindsWhatItIsPromised() {
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "jane", "channel": "inapp", "title": "a", "body": "b", "category": "orders"}""");
    Reply inbox =
        server.until("/api/v1/users/jane/inbox", reply -> reply.json().get("items").size() == 1);
    Reply seen =
        server.post("/api/v1/users/jane/inbox/marks", "{\"mark\": \"SEEN\", \"all\": true}");
    assertThat(seen.status()).isEqualTo(200);
    Reply done =
        server.until(
            "/api/v1/notifications/" + sent.at("/notificationId") + "/status",
            reply -> reply.at("/status").equals("DELIVERED"));
    assertThat(done.status()).isEqualTo(200);

    String text =
        server
            .until(
                "/metrics",
                reply ->
                    reply.body().contains("notifications_delivered_total{channel=\"inapp\"} 1.0"))
            .body();

    assertThat(inbox.status()).isEqualTo(200);
    assertThat(text)
        .contains("notifications_sent_total{channel=\"inapp\"} 1.0")
        .contains("notification_processing_duration_bucket{channel=\"inapp\",outcome=\"accepted\"")
        .contains(
            "notification_processing_duration_count{channel=\"inapp\",outcome=\"accepted\"} 1")
        .contains("notification_queue_size{channel=\"inapp\"} 0.0")
        .contains("channel_failure_rate{channel=\"inapp\"} 0.0")
        .doesNotContain("jane");
  }

  @Test
  void whoIsAskedToComeAgainLaterHasNotFailed() {
    RecordingProvider texts = RecordingProvider.of(Channel.SMS, "texts");
    try (RunningServer own = RunningServer.start(Map.of(), List.of(texts))) {
      own.person("jane");
      texts.next(Outcome.throttled("slow", Duration.ofMillis(1)));
      Reply sent =
          own.post(
              "/api/v1/notifications",
              """
              {"userId": "jane", "channel": "sms", "body": "b"}""");
      Reply done =
          own.until(
              "/api/v1/notifications/" + sent.at("/notificationId") + "/status",
              reply -> reply.at("/status").equals("SENT"));

      assertThat(done.status()).isEqualTo(200);
      assertThat(own.get("/metrics").body())
          .contains(
              "notification_processing_duration_count{channel=\"sms\",outcome=\"throttled\"} 1")
          .contains("channel_failure_rate{channel=\"sms\"} 0.0");
    }
  }

  @Test
  void theFailureRateIsThatOfTheLastFiveMinutes() {
    long[] now = {0};
    FailureRate rate = new FailureRate(() -> now[0]);

    assertThat(rate.share()).isZero();
    rate.count(true);
    now[0] = 200_000_000_000L;
    rate.count(false);
    assertThat(rate.share()).isEqualTo(0.5);
    now[0] = 400_000_000_000L;
    assertThat(rate.share()).isZero();
    rate.count(true);
    assertThat(rate.share()).isEqualTo(0.5);
    now[0] = 600_000_000_000L;
    assertThat(rate.share()).isEqualTo(1);
  }
}
