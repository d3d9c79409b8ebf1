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
