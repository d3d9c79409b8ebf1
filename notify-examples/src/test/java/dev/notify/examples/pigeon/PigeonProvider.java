package dev.notify.examples.pigeon;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends by carrier pigeon, through a loft's HTTP interface. The example of {@code
 * docs/extending.md}; this is all that a provider has to do.
 */
public final class PigeonProvider implements ChannelProvider {

  private static final Channel PIGEON = Channel.of("pigeon");
  private static final int LONGEST_NOTE = 300;
  private static final int LONGEST_ANSWER = 1024;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI loft;
  private final String key;
  private final Duration readTimeout;

  /** A provider for this loft. */
  public PigeonProvider(URI loft, String key, Duration readTimeout) {
    this.loft = loft;
    this.key = key;
    this.readTimeout = readTimeout;
  }

  @Override
  public String name() {
    return "pigeon";
  }

  @Override
  public Channel channel() {
    return PIGEON;
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return address.channel().equals(PIGEON) && address.value().matches("ring-\\d{4}")
        ? Optional.empty()
        : Optional.of("must be a ring's number, ring-0042");
  }

  @Override
  public Optional<String> problemWith(Content content) {
    int length = content.body().map(String::length).orElse(0);
    return length > 0 && length <= LONGEST_NOTE
        ? Optional.empty()
        : Optional.of("a pigeon carries from 1 to " + LONGEST_NOTE + " characters");
  }

  /** The loft drops a note whose Idempotency-Key it has seen. */
  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    try {
      HttpResponse<InputStream> answer = http.send(request(message), BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        return outcome(answer, new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8));
      }
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return Outcome.retryable("no connection"); // the note has surely not left
    } catch (IOException e) {
      return Outcome.unknown("no answer (" + e.getClass().getSimpleName() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.unknown("interrupted before the answer");
    }
  }

  private HttpRequest request(OutboundMessage message) {
    String note = message.content().body().orElse("");
    return HttpRequest.newBuilder(loft.resolve("/notes"))
        .timeout(readTimeout)
        .header("Authorization", "Bearer " + key)
        .header("Idempotency-Key", message.reference())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            BodyPublishers.ofString(
                "ring="
                    + message.address().value()
                    + "&note="
                    + URLEncoder.encode(note, StandardCharsets.UTF_8)))
        .build();
  }

  /** The table of the loft's errors. What it does not name is unknown, never accepted. */
  private static Outcome outcome(HttpResponse<?> answer, String body) {
    return switch (answer.statusCode()) {
      case 201 ->
          body.matches("flight-\\d+")
              ? Outcome.accepted(body)
              : Outcome.unknown("taken, but without a flight number");
      case 400, 422 -> Outcome.rejected("the loft refused the note");
      case 401, 403 -> Outcome.misconfigured("the loft does not accept the key");
      case 410 -> Outcome.invalidAddress("the pigeon has retired");
      case 429 -> Outcome.throttled("too many notes", retryAfter(answer));
      case 503 -> Outcome.retryable("no pigeon is free");
      default -> Outcome.unknown("HTTP " + answer.statusCode());
    };
  }

  private static Duration retryAfter(HttpResponse<?> answer) {
    String seconds = answer.headers().firstValue("Retry-After").orElse("");
    return Duration.ofSeconds(seconds.matches("\\d{1,5}") ? Long.parseLong(seconds) : 60);
  }

  @Override
  public String toString() {
    return "PigeonProvider[" + loft.getHost() + "]";
  }
}
