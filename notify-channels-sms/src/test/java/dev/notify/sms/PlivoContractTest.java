package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.BatchProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PlivoContractTest extends BatchProviderContract {

  private final HttpStandIn plivo = HttpStandIn.answering(PlivoFixture::taken);

  @AfterEach
  void close() {
    plivo.close();
  }

  @Override
  protected BatchProvider provider(Duration readTimeout) {
    return PlivoFixture.builder(plivo)
        .from("Shop")
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
  protected List<OutboundMessage> messages(int count) {
    return PlivoFixture.several(count, "Your parcel arrives tomorrow");
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return plivo.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    plivo.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    String basic = PlivoFixture.ACCOUNT + ":" + PlivoFixture.TOKEN;
    return List.of(
        PlivoFixture.ACCOUNT,
        PlivoFixture.TOKEN,
        Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)));
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
