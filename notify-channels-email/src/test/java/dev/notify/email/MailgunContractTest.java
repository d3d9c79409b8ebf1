package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.BatchProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MailgunContractTest extends BatchProviderContract {

  private final HttpStandIn mailgun = HttpStandIn.answering(MailgunProviderTest.TAKEN);

  @AfterEach
  void close() {
    mailgun.close();
  }

  @Override
  protected BatchProvider provider(Duration readTimeout) {
    return MailgunProvider.builder()
        .domain("mg.example.com")
        .apiKey(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(mailgun.url())
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return Mails.message();
  }

  @Override
  protected List<OutboundMessage> messages(int count) {
    return MailgunBatchTest.several(count);
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return mailgun.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    mailgun.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return List.of(HttpMailFixture.SECRET, "YXBpOmh1c2gtaHVzaC1rZXk=");
  }

  @Override
  protected List<Address> malformedAddresses() {
    return MailAddressesTest.MALFORMED.stream().map(Address::email).toList();
  }
}
