package dev.notify.push;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.ChannelProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class FcmContractTest extends ChannelProviderContract {

  private static final String ACCESS_TOKEN = "ya29.secret-access-token";

  private final HttpStandIn google =
      HttpStandIn.answering(
          Response.json(
              200,
              "{\"access_token\":\""
                  + ACCESS_TOKEN
                  + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}"));
  private final HttpStandIn fcm =
      HttpStandIn.answering(
          Response.json(200, "{\"name\":\"projects/shop-4711/messages/0:15%31\"}"));

  @AfterEach
  void close() {
    fcm.close();
    google.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return FcmProvider.builder()
        .serviceAccount(ServiceAccounts.json(google.url()))
        .baseUrl(fcm.url())
        // The token server shares this limit, and a first signature takes its time on a busy
        // machine.
        .connectTimeout(Duration.ofSeconds(20))
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.fcm("bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1"),
        Content.builder()
            .title("Order shipped")
            .body("Arrives tomorrow")
            .data("orderId", "order-4711")
            .build());
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return fcm.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    fcm.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(ACCESS_TOKEN, ServiceAccounts.PRIVATE_KEY.substring(0, 40), "key-1");
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.fcm("bk3RNwTe3H0 CI2k"),
        Address.fcm("bk3RNwTe3H0:ü"),
        Address.of(Channel.PUSH, "bk3RNwTe3H0:CI2k").ofType("apns"));
  }
}
