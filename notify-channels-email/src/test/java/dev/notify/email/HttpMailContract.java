package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.ChannelProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.VendorBehaviour;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract of providers over a vendor of mail that speaks HTTP. */
abstract class HttpMailContract extends ChannelProviderContract {

  private final HttpStandIn vendor;
  private final List<String> secrets;

  HttpMailContract(Response taken, String... secrets) {
    this.vendor = HttpStandIn.answering(taken);
    this.secrets = List.of(secrets);
  }

  /** The vendor's provider at this address. */
  abstract ChannelProvider provider(URI url, Duration readTimeout);

  @AfterEach
  void close() {
    vendor.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return provider(vendor.url(), readTimeout);
  }

  @Override
  protected OutboundMessage message() {
    return Mails.message();
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
    return secrets;
  }

  @Override
  protected List<Address> malformedAddresses() {
    return MailAddressesTest.MALFORMED.stream().map(Address::email).toList();
  }
}
