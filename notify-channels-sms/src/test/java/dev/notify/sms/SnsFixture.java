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
import java.util.Map;

/** SNS and a provider for it, at the moment the samples are accepted. */
final class SnsFixture implements AutoCloseable {

  static final String KEY = "AKIDEXAMPLEEXAMPLE12";
  static final String SECRET = "hush-hush-secret";
  static final Instant NOW = SampleMessages.CREATED_AT;
  static final Response TAKEN =
      new Response(
          200,
          Map.of("Content-Type", "text/xml"),
          """
          <PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
          <MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult>
          <ResponseMetadata><RequestId>d74b8436</RequestId></ResponseMetadata></PublishResponse>""");

  final HttpStandIn sns = HttpStandIn.answering(TAKEN);
  private final SnsProvider provider = builder(sns).build();

  static SnsProvider.Builder builder(HttpStandIn sns) {
    return SnsProvider.builder()
        .region("eu-central-1")
        .accessKeyId(KEY)
        .secretAccessKey(SECRET)
        .baseUrl(sns.url())
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
    sns.answer(response);
    return deliver(message("Hi", NOW.plusSeconds(60)));
  }

  @Override
  public void close() {
    provider.close();
    sns.close();
  }
}
