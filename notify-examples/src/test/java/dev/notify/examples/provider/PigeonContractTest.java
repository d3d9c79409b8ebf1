package dev.notify.examples.provider;

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

/** The example of {@code docs/writing-a-provider.md} is held to what every provider is held to. */
class PigeonContractTest extends ChannelProviderContract {

  static final Channel PIGEON = Channel.of("pigeon");
  static final Response TAKEN = new Response(201, Map.of("Note-Id", "flight-4711"), "{}");

  private final HttpStandIn vendor = HttpStandIn.answering(TAKEN);

  @AfterEach
  void close() {
    vendor.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return new PigeonProvider("pigeon-post", vendor.url(), "the-key", readTimeout);
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.of(PIGEON, "ring-0042"), Content.ofBody("Meet me at the old oak"));
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return vendor.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    vendor.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of("the-key");
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(Address.of(PIGEON, "owl-7"), Address.of(PIGEON, "ring-00421"));
  }
}
