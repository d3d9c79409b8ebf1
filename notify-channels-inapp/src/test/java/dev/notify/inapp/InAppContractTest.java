package dev.notify.inapp;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.BatchProviderContract;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.util.List;

/** There is no vendor that could fail, so only the tests of acceptance and form apply. */
class InAppContractTest extends BatchProviderContract {

  @Override
  protected BatchProvider provider(Duration readTimeout) {
    return InAppProvider.create();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.inApp("jane-4711"),
        Content.builder().title("Your parcel").body("It arrives tomorrow").build());
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return behaviour == VendorBehaviour.ACCEPTS;
  }

  @Override
  protected void awaitRequest() {}

  @Override
  protected List<String> secrets() {
    return List.of();
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of();
  }
}
