package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.notify.examples.server.NotifyServer.StandIns;
import dev.notify.model.ConfigurationException;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

  private static final String HASHED = "kept-as-a-hash-only";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start(SampleTokens.TAKEN);
    server.person("jane");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply with(String key, String method, String path) {
    return server.call(method, path, "", "X-API-Key", key);
  }

  private static Reply bearing(String token, String method, String path) {
    return server.call(method, path, "", "Authorization", "Bearer " + token);
  }

  /** Whatever a route does with an empty request: it must not come to that. */
  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"SEND", "READ", "USER"})
  void nobodyGetsPastTheirRole(Role role) throws JOSEException {
    String token = role == Role.USER ? token(claims("jane", "user").build()) : "";
    int refused = 0;
    for (Route route : server.server().routes()) {
      if (route.isOpen() || route.roles().contains(role)) {
        continue;
      }
      String path = route.path().replace("{id}", "jane").replaceAll("\\{[a-z]+}", "x");
      Reply reply =
          role == Role.USER
              ? bearing(token, route.method(), path)
              : with(
                  role == Role.SEND ? RunningServer.SEND : RunningServer.READ,
                  route.method(),
                  path);

      assertThat(reply.status()).as("%s %s as %s", route.method(), path, role).isEqualTo(403);
      refused++;
    }
    assertThat(refused).isGreaterThan(10);
  }

  @Test
  void everyRoleGetsWhatIsTheirs() {
    assertThat(with(RunningServer.READ, "GET", "/api/v1/users/jane").status()).isEqualTo(200);
    assertThat(with(RunningServer.SEND, "GET", "/api/v1/templates").status()).isEqualTo(200);
    assertThat(with(RunningServer.READ, "GET", "/api/v1/analytics/delivery").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "wrong", "admin-key-for-test", "admin-key-for-tests_", "null", "%C3%A4"})
  void aWrongKeyIsRefused(String key) {
    Reply refused = server.call("GET", "/api/v1/users/jane", "", "Authorization", "Bearer " + key);

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(refused.body()).doesNotContain(RunningServer.ADMIN);
  }

  @Test
  void aKeyMayBeConfiguredAsItsHash() throws GeneralSecurityException {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(HASHED.getBytes(StandardCharsets.UTF_8));
    ApiKeys keys = ApiKeys.parse("sha256:" + HexFormat.of().formatHex(hash) + ":send");

    assertThat(keys.find(HASHED).orElseThrow().role()).isEqualTo(Role.SEND);
    assertThat(keys.find("sha256:" + HexFormat.of().formatHex(hash))).isEmpty();
    assertThat(keys.find(HASHED).orElseThrow().name()).doesNotContain(HASHED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key",
        ":admin",
        "long-enough:root",
        "long-enough:user",
        "short:admin",
        "sha256:12:admin",
        "a,b"
      })
  void keysThatCannotBeAreRefusedWithoutShowingThem(String text) {
    assertThatThrownBy(() -> ApiKeys.parse(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("notify.server.api-keys: ")
        .hasMessageNotContaining("long-enough");
  }

  private static JWTClaimsSet.Builder claims(String subject, String role) {
    return new JWTClaimsSet.Builder()
        .subject(subject)
        .claim("role", role)
        .issuer("https://login.example.com")
        .audience("notify")
        .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))));
  }

  private static String token(JWTClaimsSet claims) throws JOSEException {
    return SampleTokens.of(claims);
  }

  private static String token(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims);
    token.sign(signer);
    return token.serialize();
  }

  @Test
  void aPersonSeesTheirOwnAndNobodyElses() throws JOSEException {
    String token = token(claims("jane", "user").build());

    assertThat(bearing(token, "GET", "/api/v1/users/jane/inbox").status()).isEqualTo(200);
    assertThat(bearing(token, "GET", "/api/v1/users/jane/preferences").status()).isEqualTo(200);
    for (String other :
        List.of("ana", "ghost", "jane%20", "JANE", "..%2fjane", "jane%2f..%2fana", "%6aana")) {
      for (String what : List.of("inbox", "preferences")) {
        assertThat(bearing(token, "GET", "/api/v1/users/" + other + "/" + what).status())
            .as(other)
            .isIn(400, 403, 404);
      }
    }
    assertThat(bearing(token, "GET", "/api/v1/users/jane").status()).isEqualTo(403);
  }

  @Test
  void aPersonDoesNotSeeTheNotesOfTheApplication() throws JOSEException {
    server.person("noted");
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "noted", "channel": "inapp", "body": "b", "metadata": {"risk": "watched"}}""");
    assertThat(sent.status()).isEqualTo(202);
    String inbox = "/api/v1/users/noted/inbox";
    Reply ofProgram = server.until(inbox, reply -> reply.json().get("items").size() == 1);

    Reply own = bearing(token(claims("noted", "user").build()), "GET", inbox);

    assertThat(ofProgram.at("/items/0/metadata/risk")).isEqualTo("watched");
    assertThat(own.at("/items/0/body")).isEqualTo("b");
    assertThat(own.body()).doesNotContain("watched");
  }

  @ParameterizedTest
  @ValueSource(ints = {28, 40})
  @Timeout(60)
  void aStreamEndsWithTheTokenThatOpenedIt(int seconds) throws Exception {
    // The clock of streams is ahead by nearly all that is left of the token, or by more: five
    // minutes, and the 30 seconds for which it is taken afterwards, as clocks differ.
    Duration ahead = Duration.ofMinutes(5).plusSeconds(seconds);
    StandIns usual = StandIns.usual();
    InstantSource clock = InstantSource.offset(InstantSource.system(), ahead);
    try (RunningServer own =
        RunningServer.start(
            SampleTokens.TAKEN, new StandIns(usual.sandbox(), usual.vendors(), clock))) {
      own.person("jane");
      String token = token(claims("jane", "user").build());
      HttpRequest request =
          HttpRequest.newBuilder(own.uri("/api/v1/users/jane/inbox/stream"))
              .header("Authorization", "Bearer " + token)
              .build();

      HttpResponse<String> all =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(all.statusCode()).isEqualTo(200);
      assertThat(all.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
    }
  }

  @Test
  void aProgramMayHaveATokenToo() throws JOSEException {
    String token = token(claims("billing", "admin").build());

    assertThat(bearing(token, "GET", "/api/v1/dead-letters").status()).isEqualTo(200);
  }

  @Test
  void tokensThatCannotBeBelievedAreRefused() throws JOSEException, GeneralSecurityException {
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    JWTClaimsSet good = claims("jane", "admin").build();
    String signed = token(good);
    String otherHead =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    Map<String, String> tokens =
        Map.ofEntries(
            Map.entry("alg none", new PlainJWT(good).serialize()),
            Map.entry("alg none in place", otherHead + signed.substring(signed.indexOf('.'))),
            Map.entry(
                "another secret",
                token(
                    good,
                    JWSAlgorithm.HS256,
                    new MACSigner(SampleTokens.SECRET.toUpperCase(Locale.ROOT)))),
            Map.entry(
                "another algorithm",
                token(good, JWSAlgorithm.RS256, new RSASSASigner(rsa.getPrivate()))),
            Map.entry(
                "a longer hash",
                token(
                    good,
                    JWSAlgorithm.HS512,
                    new MACSigner(SampleTokens.SECRET + SampleTokens.SECRET))),
            Map.entry(
                "expired",
                token(
                    claims("jane", "admin")
                        .expirationTime(Date.from(Instant.now().minusSeconds(60)))
                        .build())),
            Map.entry(
                "without an end", token(claims("jane", "admin").expirationTime(null).build())),
            Map.entry(
                "not yet",
                token(
                    claims("jane", "admin")
                        .notBeforeTime(Date.from(Instant.now().plusSeconds(120)))
                        .build())),
            Map.entry("of another issuer", token(claims("jane", "admin").issuer("evil").build())),
            Map.entry(
                "for another audience", token(claims("jane", "admin").audience("shop").build())),
            Map.entry("without a role", token(claims("jane", null).build())),
            Map.entry("with a role there is not", token(claims("jane", "root").build())),
            Map.entry("without a subject", token(claims(null, "admin").build())),
            Map.entry("with a changed claim", tampered(signed)),
            Map.entry("cut off", signed.substring(0, signed.lastIndexOf('.') + 1)),
            Map.entry("nonsense", "a.b.c"));

    tokens.forEach(
        (what, token) ->
            assertThat(bearing(token, "GET", "/api/v1/dead-letters").status())
                .as("a token %s", what)
                .isEqualTo(401));
    assertThat(bearing(signed, "GET", "/api/v1/dead-letters").status()).isEqualTo(200);
  }

  private static String tampered(String token) {
    String[] parts = token.split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.replace("jane", "eve1").getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  @Test
  void aSessionOfTheConsoleEndsWithTheTokenByWhichItBegan() throws Exception {
    // The clock of sessions is ahead of the end of one of the tokens.
    InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(10));
    StandIns usual = StandIns.usual();
    try (RunningServer own =
        RunningServer.start(
            SampleTokens.TAKEN, new StandIns(usual.sandbox(), usual.vendors(), clock))) {
      assertThat(consoleBy(ofAdmin(Duration.ofMinutes(5)), own)).isEqualTo(303);
      assertThat(consoleBy(ofAdmin(Duration.ofMinutes(20)), own)).isEqualTo(200);
    }
  }

  private static String ofAdmin(Duration lasting) throws JOSEException {
    Date until = Date.from(Instant.now().plus(lasting));
    return token(
        claims("ann", "admin").expirationTime(until).build(),
        JWSAlgorithm.HS256,
        new MACSigner(SampleTokens.SECRET));
  }

  /** What the console answers to who has logged in like this. */
  private static int consoleBy(String token, RunningServer own) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest login =
        HttpRequest.newBuilder(own.uri("/console/login"))
            .POST(HttpRequest.BodyPublishers.ofString("key=" + token))
            .build();
    HttpResponse<Void> done = client.send(login, HttpResponse.BodyHandlers.discarding());
    String cookie = done.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    HttpRequest page =
        HttpRequest.newBuilder(own.uri("/console/")).header("Cookie", cookie).build();
    return client.send(page, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** Whoever knows the public key must not be able to sign with it. */
  @Test
  void tokensOfAPublicKeyAreCheckedByIt(@TempDir Path folder)
      throws GeneralSecurityException, IOException, JOSEException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    Path file = Files.writeString(folder.resolve("key.pem"), pem);
    Tokens tokens =
        Tokens.of(
                RunningServer.settings(
                    Map.of(
                        "notify.server.jwt.algorithm", "ES256",
                        "notify.server.jwt.public-key", file.toString(),
                        "notify.server.jwt.issuer", "https://login.example.com",
                        "notify.server.jwt.audience", "notify"),
                    folder))
            .orElseThrow();
    JWTClaimsSet claims = claims("jane", "user").build();

    assertThat(
            tokens.find(
                token(
                    claims, JWSAlgorithm.ES256, new ECDSASigner((ECPrivateKey) pair.getPrivate()))))
        .isPresent();
    assertThat(tokens.find(token(claims, JWSAlgorithm.HS256, new MACSigner(pem)))).isEmpty();
  }

  private static Reply guessed(RunningServer own) {
    Reply reply = own.call("GET", "/api/v1/dead-letters", "", "X-API-Key", "guess-0");
    for (int i = 1; i < 1_000 && reply.status() == 401; i++) {
      reply = own.call("GET", "/api/v1/dead-letters", "", "X-API-Key", "guess-" + i);
    }
    return reply;
  }

  @Test
  void whoGuessesKeysIsSlowedDownAndTheOthersAtTheAddressGoOn() {
    try (RunningServer own = RunningServer.start()) {
      assertThat(own.get("/api/v1/dead-letters").status()).isEqualTo(200);

      Reply reply = guessed(own);

      assertThat(reply.status()).isEqualTo(429);
      assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
      assertThat(own.get("/api/v1/dead-letters").status())
          .as("what was right at this address goes on")
          .isEqualTo(200);
      assertThat(
              own.until("/api/v1/dead-letters", RunningServer.READ, next -> next.status() == 200)
                  .status())
          .as("another right key gets in after a while")
          .isEqualTo(200);
    }
  }

  @Test
  void aGuessThatIsRightIsToldFromAWrongOneNoSoonerThanItIsTried() {
    AtomicLong now = new AtomicLong();
    TimeMeter time =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return now.get();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        };
    Access access =
        new Access(
            ApiKeys.parse("key-at-work:send,key-of-another:read"),
            Optional.empty(),
            ClientAddresses.of(Settings.of(Map.of())),
            time);
    assertThat(access.known("here", "key-at-work")).isPresent();
    for (int i = 0; i < 49; i++) {
      assertThat(access.known("here", "guess-" + i)).isEmpty();
    }

    assertThatThrownBy(() -> access.known("here", "wrong")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> access.known("here", "key-of-another")).isInstanceOf(Problem.class);
    assertThat(access.known("here", "key-at-work")).isPresent();
    assertThat(access.known("elsewhere", "key-of-another")).isPresent();
    now.addAndGet(Duration.ofMillis(200).toNanos());
    assertThat(access.known("here", "key-of-another")).isPresent();
    assertThatThrownBy(() -> access.known("here", "wrong")).isInstanceOf(Problem.class);
    assertThat(access.known("here", "key-of-another")).isPresent();
  }

  @Test
  void aTokenIsNotSlowedByWhoGuessesKeys() throws JOSEException {
    try (RunningServer own = RunningServer.start(SampleTokens.TAKEN)) {
      assertThat(guessed(own).status()).isEqualTo(429);
      String token = token(claims("billing", "admin").build());

      Reply reply = own.call("GET", "/api/v1/dead-letters", "", "Authorization", "Bearer " + token);

      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          198.51.100.7 |                             | 198.51.100.7
          198.51.100.7 | 203.0.113.9                 | 198.51.100.7
          10.0.0.1     |                             | 10.0.0.1
          10.0.0.1     | 203.0.113.9                 | 203.0.113.9
          10.0.0.1     | 192.0.2.1, 203.0.113.9      | 203.0.113.9
          10.0.0.1     | 203.0.113.9, 10.0.0.2       | 203.0.113.9
          10.0.0.1     | nonsense                    | 10.0.0.1
          10.0.0.1     | evil.example, 10.0.0.2      | 10.0.0.2
          [2001:db8:1:2::5] |                        | 20010db800010002::/64
          2001:db8:1:2:ffff::9 |                     | 20010db800010002::/64
          """)
  void aProxyIsBelievedWhereARequestComesFromAndNobodyElse(
      String peer, String forwarded, String client) {
    ClientAddresses addresses =
        ClientAddresses.of(Settings.of(Map.of("notify.server.proxies", "10.0.0.1, 10.0.0.2")));

    assertThat(addresses.of(peer, forwarded == null ? List.of() : List.of(forwarded)))
        .isEqualTo(client);
  }

  @Test
  void whoCallsTooOftenWaitsAndTheOthersDoNot() {
    try (RunningServer own = RunningServer.start(Map.of("notify.server.rate", "5"))) {
      Reply reply = own.call("GET", "/api/v1/dead-letters", "", "X-API-Key", RunningServer.READ);
      for (int i = 0; i < 100 && reply.status() == 200; i++) {
        reply = own.call("GET", "/api/v1/dead-letters", "", "X-API-Key", RunningServer.READ);
      }

      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(own.get("/api/v1/dead-letters").status()).isEqualTo(200);
    }
  }

  @Test
  void withoutKeysOneIsMadeByChance(@TempDir Path one, @TempDir Path other) {
    try (NotifyServer first = NotifyServer.start(keyless(one));
        NotifyServer second = NotifyServer.start(keyless(other))) {
      assertThat(first.firstKey().orElseThrow())
          .hasSizeGreaterThan(40)
          .isNotEqualTo(second.firstKey().orElseThrow());
    }
  }

  private static Settings keyless(Path folder) {
    return Settings.of(Map.of("notify.server.port", "0", "notify.server.data", folder.toString()));
  }
}
