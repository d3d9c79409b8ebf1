package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.ChannelProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class TwilioContractTest extends ChannelProviderContract {

  private final HttpStandIn twilio = HttpStandIn.answering(TwilioFixture.TAKEN);

  @AfterEach
  void close() {
    twilio.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return TwilioFixture.builder(twilio)
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
    return twilio.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    twilio.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    String basic = TwilioFixture.ACCOUNT + ":" + TwilioFixture.TOKEN;
    return List.of(
        TwilioFixture.ACCOUNT,
        TwilioFixture.TOKEN,
        Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  protected List<Address> malformedAddresses() {
    return List.of(
        Address.sms("4155550142"),
        Address.sms("+04155550142"),
        Address.sms("+1 415 555 0142"),
        Address.sms("+1415555x142"),
        Address.sms("+141555"),
        Address.sms("+1415555014212345"),
        Address.sms("whatsapp:+14155550142"),
        Address.sms("+14155550142").ofType("whatsapp"));
  }
}
