package dev.notify.webhook;

import dev.notify.model.Address;
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

class WebhookContractTest extends ChannelProviderContract {

  static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  private final HttpStandIn receiver = HttpStandIn.answering(Response.json(200, "{}"));

  @AfterEach
  void close() {
    receiver.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return WebhookProvider.builder()
        .signingSecret(SECRET)
        .trustedHosts("127.0.0.1")
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.of(WebhookProvider.CHANNEL, receiver.url() + "/hook"), Content.ofBody("Hello"));
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return receiver.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    receiver.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(SECRET, SECRET.substring("whsec_".length()));
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.of(WebhookProvider.CHANNEL, "example.com/hook"),
        Address.of(WebhookProvider.CHANNEL, "http://example.com/hook"),
        Address.of(WebhookProvider.CHANNEL, "https://localhost/hook"),
        Address.of(WebhookProvider.CHANNEL, "https://10.0.0.1/hook"),
        Address.of(WebhookProvider.CHANNEL, "https://169.254.169.254/latest/meta-data"),
        Address.of(WebhookProvider.CHANNEL, "https://[::1]/hook"),
        Address.of(WebhookProvider.CHANNEL, "https://user:word@example.com/hook"),
        Address.of(WebhookProvider.CHANNEL, "ftp://example.com/hook"));
  }
}
