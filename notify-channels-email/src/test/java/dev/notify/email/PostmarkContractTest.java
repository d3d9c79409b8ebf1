package dev.notify.email;

import dev.notify.spi.BatchProvider;
import dev.notify.test.HttpStandIn.Response;
import java.net.URI;
import java.time.Duration;

class PostmarkContractTest extends BatchMailContract {
  PostmarkContractTest() {
    super(
        PostmarkBatchTest::taken,
        Response.json(
            422,
            """
            {"ErrorCode":403,"Message":"Invalid JSON"}"""),
        HttpMailFixture.SECRET);
  }

  @Override
  BatchProvider provider(URI url, Duration readTimeout) {
    return PostmarkProvider.builder()
        .serverToken(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
