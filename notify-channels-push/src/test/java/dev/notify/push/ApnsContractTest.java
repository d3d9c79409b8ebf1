package dev.notify.push;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.ChannelProviderContract;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ApnsContractTest extends ChannelProviderContract {

  private ApnsStandIn apns;

  @BeforeEach
  void start() throws Exception {
    apns = ApnsStandIn.start();
  }

  @AfterEach
  void close() throws Exception {
    apns.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return ApnsKeys.provider(apns.port())
        .connectTimeout(Duration.ofSeconds(20))
        .readTimeout(
            readTimeout.compareTo(Duration.ofHours(1)) > 0 ? Duration.ofHours(1) : readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return SampleMessages.to(
        Address.apns("00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"),
        Content.builder()
            .title("Order shipped")
            .body("Arrives tomorrow")
            .data("orderId", "order-4711")
            .build());
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return apns.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    apns.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(ApnsKeys.PRIVATE_KEY.substring(0, 40));
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.apns("bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1"),
        Address.apns("00fc13adff785122b4ad28809a342098 "),
        Address.apns("../3/device/00fc13adff785122b4ad2880"),
        Address.of(Channel.PUSH, "00fc13adff785122b4ad28809a342098").ofType("fcm"));
  }

  /** APNs knows no {@code Retry-After}. */
  @Override
  protected boolean tellsWhenToComeBack() {
    return false;
  }
}
