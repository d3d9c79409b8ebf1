package dev.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.WebhookRefusedException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What strangers send before anything is proved. */
class TokensInStrangeBytesTest {

  @Test
  void aHeaderInNoEncodingIsRefusedLikeAnyOther() {
    byte[] utf32 = {0, 0, 0, '{', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    String token = Base64.getUrlEncoder().encodeToString(utf32) + ".e30.AAAA";

    assertThatThrownBy(() -> WebhookToken.verified(token, "key".getBytes(UTF_8)))
        .isInstanceOf(WebhookRefusedException.class);
  }
}
