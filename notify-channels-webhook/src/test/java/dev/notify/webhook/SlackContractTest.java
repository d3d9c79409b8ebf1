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

class SlackContractTest extends ChannelProviderContract {

  static final String TOKEN = "xoxb-0123456789-abcdefABCDEF";
  static final Response TAKEN =
      Response.json(
          200, "{\"ok\": true, \"channel\": \"C0123456789\", \"ts\": \"1503435956.000247\"}");

  private final HttpStandIn slack = HttpStandIn.answering(TAKEN);

  @AfterEach
  void close() {
    slack.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return SlackProvider.builder()
        .botToken(TOKEN)
        .baseUrl(slack.url())
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.of(SlackProvider.CHANNEL, "C0123456789"), Content.ofBody("Hello"));
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return slack.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    slack.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(TOKEN);
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.of(SlackProvider.CHANNEL, "#general"),
        Address.of(SlackProvider.CHANNEL, "c0123456789"),
        Address.of(SlackProvider.CHANNEL, "C01"),
        Address.of(SlackProvider.CHANNEL, "X0123456789"));
  }
}
