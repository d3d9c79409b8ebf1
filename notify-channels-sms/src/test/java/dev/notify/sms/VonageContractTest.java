package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.ChannelProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class VonageContractTest extends ChannelProviderContract {

  private final HttpStandIn vonage = HttpStandIn.answering(VonageFixture.TAKEN);

  @AfterEach
  void close() {
    vonage.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return VonageFixture.builder(vonage)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.sms("+14155550142"), Content.ofBody("Your parcel arrives tomorrow"));
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return vonage.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    vonage.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(VonageFixture.APPLICATION, VonageFixture.PEM.lines().skip(1).findFirst().get());
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.sms("4155550142"),
        Address.sms("+1 415 555 0142"),
        Address.sms("+141555"),
        Address.sms("whatsapp:+14155550142"),
        Address.sms("+14155550142").ofType("whatsapp"));
  }
}
