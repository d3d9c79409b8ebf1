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

/** MessageBird and a provider for it, at the moment the samples are accepted. */
final class MessageBirdFixture implements AutoCloseable {

  static final String KEY = "hush-hush-access-key";
  static final Instant NOW = SampleMessages.CREATED_AT;
  static final Response TAKEN =
      Response.json(
          201,
          """
          {"id": "e8077d803532c0b5937c639b60216938", "reference": "r-1", "recipients":
           {"totalSentCount": 1, "items": [{"recipient": 14155550142, "status": "sent"}]}}""");

  final HttpStandIn bird = HttpStandIn.answering(TAKEN);
  private final MessageBirdProvider provider = builder(bird).build();

  static MessageBirdProvider.Builder builder(HttpStandIn bird) {
    return MessageBirdProvider.builder()
        .accessKey(KEY)
        .from("+15550100")
        .baseUrl(bird.url())
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
    bird.answer(response);
    return deliver(message("Hi", NOW.plusSeconds(60)));
  }

  @Override
  public void close() {
    provider.close();
    bird.close();
  }
}
