package dev.notify.email;

import dev.notify.spi.BatchProvider;
import dev.notify.test.HttpStandIn.Response;
import java.net.URI;
import java.time.Duration;

class ResendContractTest extends BatchMailContract {
  ResendContractTest() {
    super(
        ResendBatchTest::taken,
        Response.json(
            422,
            """
            {"statusCode":422,"name":"validation_error","message":"Invalid `to` field."}"""),
        HttpMailFixture.SECRET);
  }

  @Override
  BatchProvider provider(URI url, Duration readTimeout) {
    return ResendProvider.builder()
        .apiKey(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
