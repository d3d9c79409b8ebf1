package dev.notify.sms;

import static dev.notify.sms.VonageFixture.APPLICATION;
import static dev.notify.sms.VonageFixture.NOW;
import static dev.notify.sms.VonageFixture.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import java.net.URI;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VonageWireTest {

  private final VonageFixture fixture = new VonageFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedAsJsonWithOurReference() throws Exception {
    OutboundMessage message = message("Hi \"you\" \u20ac\n", NOW.plusSeconds(3600));

    Outcome outcome = fixture.deliver(message);

    Request request = fixture.vonage.takeRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/messages");
    assertThat(request.headers())
        .containsEntry("content-type", "application/json; charset=utf-8")
        .containsEntry("accept", "application/json");
    assertThat(request.body())
        .isEqualTo(
            "{\"message_type\":\"text\",\"channel\":\"sms\",\"to\":\"14155550142\",\"from\":\"15550100\","
                + "\"text\":\"Hi \\\"you\\\" \u20ac\\n\",\"ttl\":3600,\"client_ref\":\""
                + message.reference()
                + "\"}");
    assertThat(outcome).isEqualTo(Outcome.accepted("aaaaaaaa-bbbb-cccc-dddd-0123456789ab"));
  }

  @Test
  void theApplicationSignsATokenOfItsOwnAndTheTime() throws Exception {
    fixture.deliver(message("Hi", NOW.plusSeconds(60)));

    String token = token(fixture.vonage.takeRequest());
    assertThat(Tokens.part(token, 0)).isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    assertThat(Tokens.part(token, 1))
        .matches(
            "\\{\"application_id\":\""
                + APPLICATION
                + "\",\"iat\":"
                + NOW.getEpochSecond()
                + ",\"exp\":"
                + (NOW.getEpochSecond() + 900)
                + ",\"jti\":\"[0-9a-f-]{36}\"}");
    assertThat(isSigned(token)).isTrue();
  }

  @Test
  void aTokenServesForFiveMinutes() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    try (VonageProvider provider = VonageFixture.builder(fixture.vonage).clock(now::get).build()) {
      List<String> tokens = new ArrayList<>();
      for (int seconds : new int[] {0, 299, 300, -1}) {
        now.set(NOW.plusSeconds(seconds));
        provider.deliver(message("Hi", NOW.plusSeconds(3600)));
        tokens.add(token(fixture.vonage.takeRequest()));
      }

      assertThat(tokens.get(1)).isEqualTo(tokens.get(0));
      assertThat(tokens.subList(1, 4)).doesNotHaveDuplicates();
      assertThat(isSigned(tokens.get(2))).isTrue();
    }
  }

  private static String token(Request request) {
    String authorization = request.headers().get("authorization");
    assertThat(authorization).startsWith("Bearer ");
    return authorization.substring("Bearer ".length());
  }

  private static boolean isSigned(String token) throws Exception {
    int dot = token.lastIndexOf('.');
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(VonageFixture.KEYS.getPublic());
    signature.update(token.substring(0, dot).getBytes(UTF_8));
    return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
  }

  @Test
  void aNameIsASenderTooAndASandboxHasAPath() throws Exception {
    try (VonageProvider provider =
        VonageFixture.builder(fixture.vonage)
            .from("My Shop")
            .baseUrl(URI.create(fixture.vonage.url() + "/sandbox/"))
            .clock(InstantSource.fixed(NOW))
            .build()) {
      provider.deliver(message("Hi", NOW.plusSeconds(60)));
    }

    Request request = fixture.vonage.takeRequest();
    assertThat(request.target()).isEqualTo("/sandbox/v1/messages");
    assertThat(request.body()).contains("\"from\":\"My Shop\"");
  }

  @ParameterizedTest
  @CsvSource({"PT-1M, 20", "PT19S, 20", "PT21S, 21", "PT72H, 259200", "P30D, 259200"})
  void theValidityEndsWithTheMessageAndAfterThreeDaysAtMost(Duration left, long seconds)
      throws Exception {
    fixture.deliver(message("Hi", NOW.plus(left)));

    assertThat(fixture.vonage.takeRequest().body()).contains("\"ttl\":" + seconds + ",");
  }

  @ParameterizedTest
  @CsvSource({
    "401, unauthorized, Misconfigured",
    "403, forbidden, Misconfigured",
    "403, unprovisioned, Misconfigured",
    "403, account-suspended, Misconfigured",
    "401, jwt-expired, Misconfigured",
    "401, jwt-revoked, Misconfigured",
    "401, invalid-api-key, Misconfigured",
    "401, invalid-signature, Misconfigured",
    "402, low-balance, Misconfigured",
    "422, 1060, Misconfigured",
    "402, 1070, Misconfigured",
    "422, 1080, Misconfigured",
    "401, 1110, Misconfigured",
    "422, 1140, Misconfigured",
    "429, throttled, Throttled",
    "429, 1000, Throttled",
    "422, 1170, InvalidAddress",
    "422, 1190, InvalidAddress",
    "422, 1430, InvalidAddress",
    "422, 1240, InvalidAddress",
    "422, 1050, Rejected",
    "422, 1120, Rejected",
    "422, 1160, Rejected",
    "422, 1010, Rejected",
    "422, 1020, Rejected",
    "422, 1021, Rejected",
    "422, 1022, Rejected",
    "422, 1040, Rejected",
    "422, 1090, Rejected",
    "422, 1130, Rejected",
    "422, 1150, Rejected",
    "422, invalid-params, Rejected",
    "422, 1999, Rejected",
    "429, 1241, Retryable",
    "500, 1100, Retryable",
    "500, 1030, Unknown",
    "422, 1320, Unknown",
    "500, internal-error, Unknown",
  })
  void anErrorCodeDecides(int http, String code, String expected) {
    Outcome outcome = fixture.deliverAnswered(error(http, code));

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).contains("error " + code).doesNotContain("4155550142");
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "401, Misconfigured",
    "402, Misconfigured",
    "403, Misconfigured",
    "404, Misconfigured",
    "408, Unknown",
    "422, Rejected",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Unknown",
    "504, Unknown"
  })
  void withoutACodeTheHttpStatusDecides(int http, String expected) {
    for (String body :
        new String[] {
          "",
          "<html>Oops</html>",
          "[]",
          "{\"type\":7}",
          "{\"type\":\"https://x/y#<z>\"}",
          "{\"type\":"
        }) {
      Outcome outcome = fixture.deliverAnswered(new Response(http, Map.of(), body));

      assertThat(outcome.getClass().getSimpleName()).as(body).isEqualTo(expected);
      assertThat(outcome.cause()).contains("HTTP " + http);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"3 | PT3S", "Fri, 02 Jan 2026 03:05:05 GMT | PT1M"})
  void theTimeThatVonageAsksForIsKept(String header, Duration expected) {
    Outcome throttled =
        fixture.deliverAnswered(error(429, "throttled").with("Retry-After", header));

    assertThat(((Outcome.Throttled) throttled).retryAfter()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "{\"message_uuid\":\"\"}", "{\"message_uuid\":{}}", "<html>", "null"})
  void successWithoutAnIdIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(new Response(202, Map.of(), body)))
        .isInstanceOf(Unknown.class);
  }

  private static Response error(int http, String code) {
    return Response.json(
        http,
        """
        {"type": "https://developer.vonage.com/api-errors/messages#%s", "title": "At fault",
         "detail": "14155550142 is at fault", "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"}"""
            .formatted(code));
  }
}
