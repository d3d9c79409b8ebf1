package dev.notify.email;

import dev.notify.spi.ChannelProvider;
import java.net.URI;
import java.time.Duration;

class SesContractTest extends HttpMailContract {
  SesContractTest() {
    super(SesProviderTest.TAKEN, HttpMailFixture.SECRET, SesProviderTest.KEY, "hush-hush-token");
  }

  @Override
  ChannelProvider provider(URI url, Duration readTimeout) {
    return SesProviderTest.credentials()
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
