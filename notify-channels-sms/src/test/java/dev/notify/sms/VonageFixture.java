package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

/** Vonage and a provider for it, at the moment the samples are accepted. */
final class VonageFixture implements AutoCloseable {

  static final String APPLICATION = "01234567-89ab-cdef-0123-456789abcdef";
  static final KeyPair KEYS = keys();
  static final String PEM =
      "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(KEYS.getPrivate().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";
  static final Instant NOW = SampleMessages.CREATED_AT;
  static final Response TAKEN =
      Response.json(202, "{\"message_uuid\": \"aaaaaaaa-bbbb-cccc-dddd-0123456789ab\"}");

  final HttpStandIn vonage = HttpStandIn.answering(TAKEN);
  private final VonageProvider provider = builder(vonage).build();

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static VonageProvider.Builder builder(HttpStandIn vonage) {
    return VonageProvider.builder()
        .applicationId(APPLICATION)
        .privateKey(PEM)
        .from("+15550100")
        .baseUrl(vonage.url())
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
    vonage.answer(response);
    return deliver(message("Hi", NOW.plusSeconds(60)));
  }

  @Override
  public void close() {
    provider.close();
    vonage.close();
  }
}
