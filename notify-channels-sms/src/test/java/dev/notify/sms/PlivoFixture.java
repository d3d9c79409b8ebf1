package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Plivo and a provider for it, at the moment the samples are accepted. */
final class PlivoFixture implements AutoCloseable {

  static final String ACCOUNT = "MAZTQ1ZJIYOTAXYZ0123";
  static final String TOKEN = "hush-hush-token";
  static final String POWERPACK = "01234567-89ab-cdef-0123-456789abcdef";
  static final Instant NOW = SampleMessages.CREATED_AT;
  static final Response TAKEN =
      Response.json(
          202,
          """
          {"message": "message(s) queued", "message_uuid": ["db3ce55a-7f1d"], "api_id": "db342550"}""");

  final HttpStandIn plivo = HttpStandIn.answering(TAKEN);
  private final PlivoProvider provider = builder(plivo).from("+15550100").build();

  static PlivoProvider.Builder builder(HttpStandIn plivo) {
    return PlivoProvider.builder()
        .authId(ACCOUNT)
        .authToken(TOKEN)
        .baseUrl(plivo.url())
        .clock(InstantSource.fixed(NOW));
  }

  static OutboundMessage message(String body, Instant expiresAt) {
    return SampleMessages.to(
        Address.sms("+14155550142"), Content.ofBody(body), Priority.NORMAL, expiresAt);
  }

  /** Messages to a number each, which end in 0100, 0101 and so on. */
  static List<OutboundMessage> several(int count, String body) {
    return IntStream.range(0, count)
        .mapToObj(i -> SampleMessages.to(number(100 + i), Content.ofBody(body)))
        .toList();
  }

  static Address number(int line) {
    return Address.sms("+1415555%04d".formatted(line));
  }

  /** What Plivo answers when it takes all: an id for each number, which ends as the number does. */
  static Response taken(HttpStandIn.Request request) {
    return Response.json(
        202,
        Stream.of(request.body().replaceAll(".*\"dst\":\"([0-9<]*)\".*", "$1").split("<"))
            .map(number -> "\"id-" + number.substring(7) + "\"")
            .collect(
                Collectors.joining(
                    ",", "{\"message\":\"message(s) queued\",\"message_uuid\":[", "]}")));
  }

  List<Outcome> deliver(List<OutboundMessage> messages) {
    return provider.deliver(messages);
  }

  Outcome deliver(OutboundMessage message) {
    return provider.deliver(message);
  }

  Outcome deliverAnswered(Response response) {
    plivo.answer(response);
    return deliver(message("Hi", NOW.plusSeconds(60)));
  }

  @Override
  public void close() {
    provider.close();
    plivo.close();
  }
}
