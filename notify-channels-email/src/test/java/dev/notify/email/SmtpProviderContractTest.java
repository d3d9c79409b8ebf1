package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.ChannelProviderContract;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class SmtpProviderContractTest extends ChannelProviderContract {

  private final ScriptedRelay relay = new ScriptedRelay();

  @AfterEach
  void closeRelay() throws Exception {
    relay.close();
  }

  @Override
  protected ChannelProvider provider(Duration readTimeout) {
    return Mails.plain(relay.port())
        .username(Mails.USERNAME)
        .password(Mails.PASSWORD)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }

  @Override
  protected OutboundMessage message() {
    return Mails.message();
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) throws Exception {
    switch (behaviour) {
      case ACCEPTS -> relay.answer(".", "250 2.0.0 Ok: queued as 4FD3A1");
      case FAILS -> relay.answer(".", "451 4.3.0 local error for <jane.doe@example.org>");
      case THROTTLES -> relay.answer(".", "421 4.7.0 too many messages for <jane.doe@example.org>");
      case HANGS -> relay.answer(".", ScriptedRelay.SILENCE);
      case CUTS -> relay.answer(".", ScriptedRelay.CUT);
      case TALKS_GARBAGE -> relay.answer(".", "<html>jane.doe@example.org</html>");
      case FLOODS -> relay.answer(".", ScriptedRelay.FLOOD);
      case REFUSES_CONNECTION -> relay.refuseConnections();
      // SMTP sends nobody on, and LostConnectionTest has what trickles.
      case TRICKLES, REDIRECTS -> {
        return false;
      }
    }
    return true;
  }

  @Override
  protected void awaitRequest() throws Exception {
    relay.await(".");
  }

  @Override
  protected boolean tellsWhenToComeBack() {
    return false;
  }

  @Override
  protected List<String> secrets() {
    String plain = "\0" + Mails.USERNAME + "\0" + Mails.PASSWORD;
    return List.of(Mails.PASSWORD, Base64.getEncoder().encodeToString(plain.getBytes()));
  }

  @Override
  protected List<Address> malformedAddresses() {
    return MailAddressesTest.MALFORMED.stream().map(Address::email).toList();
  }
}
