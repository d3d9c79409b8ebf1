package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the tests of vendors' reports share. */
final class Reports {

  /** Bodies that no vendor sends; each has to be refused in an orderly way. */
  static final List<byte[]> SENSELESS =
      List.of(
          bytes(""),
          bytes("{"),
          bytes("[{\"event\""),
          bytes("null"),
          bytes("\"text\""),
          bytes("12"),
          bytes("<html>"),
          bytes("[".repeat(5_000)),
          // Looks like UTF-32, and is not.
          new byte[] {0, 0, 0, '{', 0x7f, 0x7f, 0x7f, 0x7f},
          new byte[] {0, 0, (byte) 0xff, (byte) 0xfe},
          new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0});

  private Reports() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A JSON document, written with the quotes that Java does not need to escape. */
  static String json(String text) {
    return text.replace('\'', '"');
  }

  static WebhookRequest request(byte[] body, Map<String, String> headers) {
    return WebhookRequest.of(lists(headers), body);
  }

  /** The headers in the form in which a request has them. */
  static Map<String, List<String>> lists(Map<String, String> headers) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return lists;
  }

  static void refused(ProviderWebhook webhook, Why why, WebhookRequest request) {
    assertThatThrownBy(() -> webhook.read(request))
        .isInstanceOfSatisfying(
            WebhookRefusedException.class, e -> assertThat(e.why()).isEqualTo(why));
  }
}
