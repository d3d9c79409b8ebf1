package dev.notify.email;

import dev.notify.spi.ChannelProvider;
import java.net.URI;
import java.time.Duration;

class SendGridContractTest extends HttpMailContract {
  SendGridContractTest() {
    super(SendGridProviderTest.TAKEN, HttpMailFixture.SECRET);
  }

  @Override
  ChannelProvider provider(URI url, Duration readTimeout) {
    return SendGridProvider.builder()
        .apiKey(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
