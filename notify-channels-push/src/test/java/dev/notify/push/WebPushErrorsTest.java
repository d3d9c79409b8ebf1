package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPushErrorsTest {

  private final HttpStandIn service = HttpStandIn.answering(new Response(201, Map.of(), ""));
  private final WebPushProvider provider =
      WebPushProvider.builder()
          .vapidKeys(VapidKeys.generate())
          .subject("mailto:push@example.com")
          .trustedHosts("127.0.0.1")
          .clock(InstantSource.fixed(SampleMessages.CREATED_AT))
          .build();

  @AfterEach
  void close() {
    provider.close();
    service.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | '' | Accepted",
        "200 | <html> | Unknown",
        "201 | '' | Accepted",
        "202 | '' | Accepted",
        "204 | '' | Accepted",
        "301 | '' | Rejected",
        "400 | {\"code\":400,\"errno\":112,\"error\":\"Bad Request\"} | Rejected",
        "400 | {\"reason\":\"VapidPkHashMismatch\"} | Rejected",
        "401 | {\"code\":401,\"errno\":109,\"error\":\"Unauthorized\"} | Misconfigured",
        "403 | {\"reason\":\"BadJwtToken\"} | Misconfigured",
        "403 | {\"reason\":\"VapidPkHashMismatch\"} | Rejected",
        "403 | the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions. | Rejected",
        "404 | {\"code\":404,\"errno\":102} | InvalidAddress",
        "408 | '' | Unknown",
        "410 | {\"code\":410,\"errno\":106} | InvalidAddress",
        "413 | {\"code\":413,\"errno\":104} | Rejected",
        "429 | {\"code\":429,\"errno\":201} | Throttled",
        "500 | {\"code\":500,\"errno\":999} | Unknown",
        "502 | {\"code\":502,\"errno\":900} | Retryable",
        "502 | {\"code\":502,\"errno\":901} | Retryable",
        "502 | {\"code\":502,\"errno\":902} | Retryable",
        "502 | {\"code\":502,\"errno\":903} | Unknown",
        "502 | <html> | Unknown",
        "503 | {\"code\":503,\"errno\":202} | Retryable",
        "504 | '' | Unknown"
      })
  void aStatusDecides(int status, String body, String expected) {
    assertThat(deliverAnswered(new Response(status, Map.of(), body)).getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"30 | PT30S", "Fri, 02 Jan 2026 03:05:05 GMT | PT1M", "nonsense | PT1M"})
  void throttlingKeepsTheTimeThatTheServiceAsksFor(String header, Duration expected) {
    Outcome outcome = deliverAnswered(new Response(429, Map.of("Retry-After", header), ""));

    assertThat(((Throttled) outcome).retryAfter()).contains(expected);
  }

  @Test
  void aPassingFaultKeepsTheTimeThatTheServiceAsksFor() {
    Outcome outcome = deliverAnswered(new Response(503, Map.of("Retry-After", "7"), ""));

    assertThat(((Retryable) outcome).retryAfter()).contains(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource({"401, Rejected", "403, Rejected", "429, Retryable", "410, InvalidAddress"})
  void whatAStrangerSaysOfUsStopsNobodyElse(int status, String expected) {
    Outcome outcome =
        WebPushErrors.outcome(
            new Answer(status, Optional.of(Duration.ofDays(1)), ""), false, "reference");

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
  }

  private Outcome deliverAnswered(Response response) {
    service.answer(response);
    return provider.deliver(
        SampleMessages.to(
            Address.webPush(Browser.subscription(service.url() + "/push/1")),
            Content.ofBody("Arrives tomorrow")));
  }
}
