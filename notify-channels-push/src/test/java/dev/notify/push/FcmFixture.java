package dev.notify.push;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;

/** FCM and a provider with a ready access token, at the moment the samples are accepted. */
final class FcmFixture implements AutoCloseable {

  static final Instant NOW = SampleMessages.CREATED_AT;
  static final Response TAKEN =
      Response.json(200, "{\"name\":\"projects/shop-4711/messages/0:1\"}");
  static final Content CONTENT =
      Content.builder().title("Order shipped").body("Arrives tomorrow").build();

  final HttpStandIn fcm = HttpStandIn.answering(TAKEN);
  final FcmProvider provider =
      FcmProvider.builder()
          .serviceAccount(
              GoogleCredentials.create(
                  new AccessToken("ready", Date.from(NOW.plus(Duration.ofDays(1))))))
          .projectId("shop-4711")
          .baseUrl(fcm.url())
          .clock(InstantSource.fixed(NOW))
          .build();

  static OutboundMessage message(Content content, Priority priority, Instant expiresAt) {
    return SampleMessages.to(Address.fcm("token-1"), content, priority, expiresAt);
  }

  Outcome deliver() {
    return provider.deliver(message(CONTENT, Priority.NORMAL, NOW.plusSeconds(3600)));
  }

  Outcome deliverAnswered(Response response) {
    fcm.answer(response);
    return deliver();
  }

  @Override
  public void close() {
    provider.close();
    fcm.close();
  }
}
