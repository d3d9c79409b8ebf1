package dev.notify.email;

import dev.notify.spi.ChannelProvider;
import java.net.URI;
import java.time.Duration;

class PostmarkContractTest extends HttpMailContract {
  PostmarkContractTest() {
    super(PostmarkProviderTest.TAKEN, HttpMailFixture.SECRET);
  }

  @Override
  ChannelProvider provider(URI url, Duration readTimeout) {
    return PostmarkProvider.builder()
        .serverToken(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
