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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class WebPushContractTest extends ChannelProviderContract {

  private static final VapidKeys KEYS = VapidKeys.generate();

  private final HttpStandIn service = HttpStandIn.answering(new Response(201, Map.of(), ""));

  @AfterEach
  void close() {
    service.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return WebPushProvider.builder()
        .vapidKeys(KEYS)
        .subject("mailto:push@example.com")
        .trustedHosts("127.0.0.1")
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.webPush(Browser.subscription(service.url() + "/wpush/v2/gAAAAAB")),
        Content.builder()
            .title("Order shipped")
            .body("Arrives tomorrow")
            .data("orderId", "order-4711")
            .build());
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return service.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    service.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(KEYS.privateKey(), Browser.AUTH, "gAAAAAB");
  }

  @Override
  protected List<Address> malformedAddresses() {
    String good = Browser.subscription("https://push.example.net/a");
    return List.of(
        Address.webPush("https://push.example.net/a"),
        Address.webPush("{}"),
        Address.webPush("null"),
        Address.webPush(good + "{}"),
        Address.webPush(good.replace(Browser.AUTH, "AAAA")),
        Address.webPush(good.replace(Browser.AUTH, "not base64")),
        Address.webPush(good.replace(Browser.P256DH, "A".repeat(87))),
        Address.webPush(good.replace("https:", "http:")),
        Address.webPush(good.replace("push.example.net", "user:pw@push.example.net")),
        Address.webPush(good.replace("push.example.net", "localhost")),
        Address.webPush(good.replace("push.example.net", "10.0.0.1")),
        Address.webPush(good.replace("push.example.net", "[::1]")),
        Address.webPush(good.replace("push.example.net", "metadata.google.internal")),
        Address.of(Channel.PUSH, good).ofType("fcm"));
  }
}
