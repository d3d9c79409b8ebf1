package dev.notify.email;

import dev.notify.spi.ChannelProvider;
import java.net.URI;
import java.time.Duration;

class MailgunContractTest extends HttpMailContract {
  MailgunContractTest() {
    super(MailgunProviderTest.TAKEN, HttpMailFixture.SECRET, "YXBpOmh1c2gtaHVzaC1rZXk=");
  }

  @Override
  ChannelProvider provider(URI url, Duration readTimeout) {
    return MailgunProvider.builder()
        .domain("mg.example.com")
        .apiKey(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
