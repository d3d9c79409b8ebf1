package dev.notify.benchmarks.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;

class RecordedTest {

  @Test
  void whatIsRepeatedIsTheSameOnTheWire() throws IOException {
    OkHttpClient client = new OkHttpClient();
    try (StandIn standIn = StandIn.answering("201 Created\r\nX-Id: 7", "{}")) {
      Request first =
          new Request.Builder()
              .url(standIn.url() + "/messages?all=1")
              .header("Authorization", "Basic abc:")
              .put(RequestBody.create("a=b", MediaType.get("text/plain; charset=utf-8")))
              .build();
      assertThat(client.newCall(first).execute().body().string()).isEqualTo("{}");
      Recorded sent = standIn.recorded(true);

      client.newCall(sent.request(standIn.url())).execute().close();
      Recorded repeated = standIn.recorded(true);

      assertThat(sent.method()).isEqualTo("PUT");
      assertThat(sent.target()).isEqualTo("/messages?all=1");
      assertThat(sent.body()).asString().isEqualTo("a=b");
      assertThat(repeated).isNotSameAs(sent);
      assertThat(repeated.isLike(sent)).isTrue();
    } finally {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }
}
