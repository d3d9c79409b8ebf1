package dev.notify.email;

import dev.notify.spi.ChannelProvider;
import java.net.URI;
import java.time.Duration;

class ResendContractTest extends HttpMailContract {
  ResendContractTest() {
    super(ResendProviderTest.TAKEN, HttpMailFixture.SECRET);
  }

  @Override
  ChannelProvider provider(URI url, Duration readTimeout) {
    return ResendProvider.builder()
        .apiKey(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
