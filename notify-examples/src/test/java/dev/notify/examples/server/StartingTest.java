package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.console.Sandbox;
import dev.notify.examples.server.NotifyServer.StandIns;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server is told, what it keeps over a restart, and how it is listened to. */
class StartingTest {

  @TempDir private Path folder;

  private NotifyServer start(Map<String, String> more) {
    return NotifyServer.start(RunningServer.settings(more, folder));
  }

  private static HttpResponse<String> call(
      HttpClient client, URI address, String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("X-API-Key", RunningServer.ADMIN)
            .header("Content-Type", "application/json")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whatWasSentAndChosenIsThereAfterARestart() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    String id;
    URI link;
    try (NotifyServer server = start(Map.of())) {
      assertThat(
              call(
                      client,
                      server.address(),
                      "PUT",
                      "/api/v1/users/jane",
                      "{\"email\": \"jane@example.com\"}")
                  .statusCode())
          .isEqualTo(201);
      String sent =
          call(
                  client,
                  server.address(),
                  "POST",
                  "/api/v1/notifications/schedule",
                  """
                  {"userId": "jane", "channel": "email", "title": "a", "body": "b", "scheduledAt": "%s"}"""
                      .formatted(Instant.now().plusSeconds(86_400)))
              .body();
      id = Reply.parse(sent).get("notificationId").asText();
      link = server.dispatcher().preferenceLink("jane");
    }

    try (NotifyServer server = start(Map.of())) {
      String status =
          call(client, server.address(), "GET", "/api/v1/notifications/" + id + "/status", "")
              .body();

      assertThat(Reply.parse(status).get("status").asText()).isEqualTo("SCHEDULED");
      assertThat(call(client, server.address(), "GET", "/api/v1/users/jane", "").body())
          .contains("jane@example.com");
      assertThat(call(client, server.address(), "GET", link.getPath(), "").statusCode())
          .as("links that went out before still work")
          .isEqualTo(200);
    }
  }

  @Test
  void theKeyOfLinksIsForTheServersEyesOnly() throws IOException {
    try (NotifyServer server = start(Map.of())) {
      assertThat(server.dispatcher().preferenceLink("jane")).isNotNull();
      Path key = folder.resolve("links.key");

      assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
    }
  }

  @Test
  void withACertificateItSpeaksTls()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keystore = folder.resolve("server.p12");
    int made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start()
            .waitFor();
    assertThat(made).isZero();
    KeyStore trusted = KeyStore.getInstance(keystore.toFile(), "changeit".toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("server", trusted.getCertificate("server"));
    trust.init(certificates);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    HttpClient client = HttpClient.newBuilder().sslContext(tls).build();

    try (NotifyServer server =
        start(
            Map.of(
                "notify.server.tls.keystore",
                keystore.toString(),
                "notify.server.tls.password",
                "changeit"))) {
      HttpResponse<String> answer = call(client, server.address(), "GET", "/healthz", "");

      assertThat(server.address().getScheme()).isEqualTo("https");
      assertThat(server.dispatcher().preferenceLink("jane").getScheme()).isEqualTo("https");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          notify.server.prot           | 8080          | notify.server.prot
          notify.server.port           | many          | notify.server.port
          notify.server.port           | 70000         | notify.server.port
          notify.server.rate           | 0             | notify.server.rate
          notify.server.max-body       | 1             | notify.server.max-body
          notify.server.idle-timeout   | 5 minutes     | notify.server.idle-timeout
          notify.server.host           | no such host  | notify.server.host
          notify.server.public-url     | ftp://x       | notify.server.public-url
          notify.server.public-url     | not an address | notify.server.public-url
          notify.server.public-url     | http://n.example.com | notify.server.public-url
          notify.server.proxies        | proxy.example | notify.server.proxies
          notify.server.api-keys       | nonsense      | notify.server.api-keys
          notify.server.jwt.secret     | x             | notify.server.jwt.algorithm
          notify.server.jwt.algorithm  | none          | notify.server.jwt.algorithm
          notify.server.jwt.algorithm  | HS256         | notify.server.jwt.secret
          notify.server.tls.keystore   | nowhere.p12   | notify.server.tls.keystore
          notify.server.links.key      | not base64!   | notify.server.links.key
          notify.server.categories     | a:advertising | notify.server.categories
          notify.server.categories     | a:marketing   | notify.server.marketing.sender
          notify.server.webhook.nobody.key    | x      | notify.server.webhook.nobody
          notify.server.webhook.twilio.secret | x      | notify.server.webhook.twilio
          notify.store.url             | jdbc:no:such  | notify.store.url
          notify.store.urll            | x             | notify.store.urll
          notify.email.smtp.hosst      | x             | notify.email.smtp.hosst
          """)
  void aSettingThatIsWrongIsNamed(String key, String value, String named) {
    Map<String, String> settings = new HashMap<>();
    settings.put(key, value);

    assertThatThrownBy(() -> start(settings).close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(named);
    // Nothing is left open: the same folder can be used at once.
    start(Map.of()).close();
  }

  @Test
  void aLinkLeadsToThePortThatWasTakenByChance() {
    try (NotifyServer server = start(Map.of())) {
      URI link = server.dispatcher().preferenceLink("jane");

      assertThat(link.getPort()).isEqualTo(server.address().getPort()).isPositive();
      assertThat(link.getHost()).isEqualTo("127.0.0.1");
    }
    try (NotifyServer server = start(Map.of("notify.server.host", "localhost"))) {
      assertThat(server.dispatcher().preferenceLink("jane").getHost()).isEqualTo("localhost");
    }
    try (NotifyServer server = start(Map.of("notify.server.host", "0.0.0.0"))) {
      assertThat(server.dispatcher().preferenceLink("jane").getHost()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void aPortThatIsTakenIsNamedAndNothingStaysOpen() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());

      assertThatThrownBy(() -> start(Map.of("notify.server.port", port)).close())
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("notify.server.port: " + port);
    }
    start(Map.of()).close();
  }

  @ParameterizedTest
  @CsvSource({
    "notify.store.url, jdbc:no:such, before there is a database",
    "notify.server.links.key, not base64!, before there is a dispatcher",
    "notify.server.webhook.nobody.key, x, after it",
    "notify.server.rate, 100, not at all"
  })
  void aProviderIsClosedOnceHoweverFarTheStartCame(String key, String value, String fails) {
    AtomicInteger closed = new AtomicInteger();
    ChannelProvider texts =
        new ChannelProvider() {
          @Override
          public String name() {
            return "texts";
          }

          @Override
          public Channel channel() {
            return Channel.SMS;
          }

          @Override
          public Outcome deliver(OutboundMessage message) {
            return Outcome.rejected("it is not for sending");
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    StandIns standIns = new StandIns(Sandbox.create(), List.of(texts), InstantSource.system());
    boolean isStarted;

    try (NotifyServer server =
        NotifyServer.start(RunningServer.settings(Map.of(key, value), folder), standIns)) {
      isStarted = server.isCaptured();
    } catch (ConfigurationException e) {
      isStarted = false;
    }

    assertThat(isStarted).isEqualTo(fails.equals("not at all"));
    assertThat(closed).hasValue(1);
  }

  @Test
  void whatCannotBeClosedKeepsNothingElseOpen() {
    List<String> closed = new ArrayList<>();
    Opened opened = new Opened();
    AutoCloseable first = opened.add(() -> closed.add("first"));
    AutoCloseable stuck =
        opened.add(
            () -> {
              throw new IOException("stuck");
            });
    AutoCloseable last = opened.add(() -> closed.add("last"));

    assertThatThrownBy(opened::close).hasRootCauseMessage("stuck");

    assertThat(closed).containsExactly("last", "first");
    assertThat(List.of(first, stuck, last)).hasSize(3);
  }

  @Test
  void theConsoleHasASandboxOnlyAsLongAsNothingLeaves() {
    try (NotifyServer captured = start(Map.of())) {
      assertThat(captured.isCaptured()).isTrue();
    }
    try (NotifyServer real =
        start(
            Map.of(
                "notify.email.smtp.from", "shop@example.com",
                "notify.email.smtp.host", "127.0.0.1",
                "notify.email.smtp.port", "2525"))) {
      assertThat(real.isCaptured()).isFalse();
    }
  }

  @Test
  void aMarketingCategoryNeedsASenderAndThenIsThere() {
    try (NotifyServer server =
        start(
            Map.of(
                "notify.server.categories", "news:marketing",
                "notify.server.marketing.sender", "Shop Ltd",
                "notify.server.marketing.address", "1 Main Street, Springfield, IL 62701, USA"))) {
      assertThat(server.address()).isNotNull();
    }
  }

  @Test
  void settingsNeverShowTheirValues() {
    assertThat(RunningServer.settings(Map.of(), folder).toString())
        .doesNotContain(RunningServer.ADMIN);
  }
}
