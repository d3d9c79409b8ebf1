package dev.notify.email;

import dev.notify.spi.BatchProvider;
import dev.notify.test.HttpStandIn.Response;
import java.net.URI;
import java.time.Duration;

class SendGridContractTest extends BatchMailContract {
  SendGridContractTest() {
    super(
        request -> SendGridProviderTest.TAKEN,
        Response.json(
            400,
            """
            {"errors":[{"message":"no","field":"personalizations.1.to.0.email"}]}"""),
        HttpMailFixture.SECRET);
  }

  @Override
  BatchProvider provider(URI url, Duration readTimeout) {
    return SendGridProvider.builder()
        .apiKey(HttpMailFixture.SECRET)
        .from("shop@example.com")
        .baseUrl(url)
        .connectTimeout(readTimeout)
        .readTimeout(readTimeout)
        .build();
  }
}
