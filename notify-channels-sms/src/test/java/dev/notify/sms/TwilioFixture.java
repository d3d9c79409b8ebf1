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

/** Twilio and a provider for it, at the moment the samples are accepted. */
final class TwilioFixture implements AutoCloseable {

  static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";
  static final String SERVICE = "MG0123456789abcdef0123456789abcdef";
  static final String TOKEN = "hush-hush-token";
  static final Instant NOW = SampleMessages.CREATED_AT;
  static final Response TAKEN =
      Response.json(
          201,
          """
          {"sid": "SM4242", "status": "queued", "to": "+14155550142", "body": "Hi", "error_code": null}""");

  final HttpStandIn twilio = HttpStandIn.answering(TAKEN);
  private TwilioProvider provider = builder(twilio).build();

  static TwilioProvider.Builder builder(HttpStandIn twilio) {
    return TwilioProvider.builder()
        .accountSid(ACCOUNT)
        .authToken(TOKEN)
        .from("+15550100")
        .baseUrl(twilio.url())
        .clock(InstantSource.fixed(NOW));
  }

  static OutboundMessage message(String body, Instant expiresAt) {
    return SampleMessages.to(
        Address.sms("+14155550142"), Content.ofBody(body), Priority.NORMAL, expiresAt);
  }

  void use(TwilioProvider another) {
    provider.close();
    provider = another;
  }

  Outcome deliver(OutboundMessage message) {
    return provider.deliver(message);
  }

  Outcome deliverAnswered(Response response) {
    twilio.answer(response);
    return deliver(message("Hi", NOW.plusSeconds(60)));
  }

  @Override
  public void close() {
    provider.close();
    twilio.close();
  }
}
