package dev.notify.examples.pigeon;

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

/** The example of {@code docs/extending.md} is held to what every provider is held to. */
class PigeonContractTest extends ChannelProviderContract {

  private final HttpStandIn loft =
      HttpStandIn.answering(new Response(201, Map.of(), "flight-4711"));

  @AfterEach
  void close() {
    loft.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return new PigeonProvider(loft.url(), "the-loft-key", readTimeout);
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.of(Channel.of("pigeon"), "ring-0042"), Content.ofBody("Meet me at the old oak"));
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return loft.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    loft.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of("the-loft-key");
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.of(Channel.of("pigeon"), "owl-7"), Address.of(Channel.of("pigeon"), "ring-00421"));
  }
}
