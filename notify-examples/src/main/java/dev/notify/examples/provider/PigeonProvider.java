package dev.notify.examples.provider;

import dev.notify.model.*;
import dev.notify.spi.*;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.*;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sends notes by carrier pigeon over the HTTP interface of Pigeon Post. Thread-safe. */
public record PigeonProvider(String name, URI url, String key, Duration timeout)
    implements ChannelProvider {
  private static final Pattern UNSAFE = Pattern.compile("[\"\\\\\\p{Cntrl}]");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Override
  public Channel channel() {
    return Channel.of("pigeon");
  }

  @Override
  public Optional<String> problemWith(Address address) {
    boolean isRing = address.channel().equals(channel()) && address.value().matches("ring-\\d{4}");
    return isRing ? Optional.empty() : Optional.of("must be a ring's number, ring-0042");
  }

  @Override
  public boolean isIdempotent() {
    return true; // Pigeon Post drops a note whose Idempotency-Key it has seen
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    try {
      var answer = HTTP.send(request(message), HttpResponse.BodyHandlers.ofInputStream());
      answer.body().close(); // the headers have said it all; a body may never end
      Optional<String> id = answer.headers().firstValue("Note-Id");
      var wait = answer.headers().firstValue("Retry-After").filter(s -> s.matches("\\d{1,6}"));
      return switch (answer.statusCode()) {
        case 201 -> id.map(Outcome::accepted).orElse(Outcome.unknown("taken, but without an id"));
        case 400, 404, 413, 422 -> Outcome.rejected("the note is refused");
        case 401, 403 -> Outcome.misconfigured("the key is not accepted");
        case 410 -> Outcome.invalidAddress("the pigeon has retired");
        case 429 ->
            Outcome.throttled("too many notes", wait.map(s -> Duration.parse("PT" + s + "S")));
        default -> Outcome.unknown("HTTP " + answer.statusCode());
      };
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
    String body = message.content().body().orElse("");
    String note =
        UNSAFE.matcher(body).replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)));
    String json = "{\"ring\":\"%s\",\"note\":\"%s\"}".formatted(message.address().value(), note);
    return HttpRequest.newBuilder(url.resolve("/notes"))
        .timeout(timeout)
        .headers("Authorization", "Bearer " + key, "Idempotency-Key", message.reference())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  @Override
  public String toString() {
    return "PigeonProvider[" + name + ", " + url.getHost() + "]";
  }
}
