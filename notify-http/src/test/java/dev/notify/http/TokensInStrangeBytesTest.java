package dev.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.WebhookRefusedException;
import java.net.InetAddress;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers send before anything is proved. */
class TokensInStrangeBytesTest {

  @Test
  void aHeaderInNoEncodingIsRefusedLikeAnyOther() {
    byte[] utf32 = {0, 0, 0, '{', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    String token = Base64.getUrlEncoder().encodeToString(utf32) + ".e30.AAAA";

    assertThatThrownBy(() -> WebhookToken.verified(token, "key".getBytes(UTF_8)))
        .isInstanceOf(WebhookRefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3fff::1", "192.88.99.1"})
  void documentationAndRelaysAreNotPublic(String address) throws Exception {
    assertThat(PublicHosts.isPublic(InetAddress.getByName(address))).isFalse();
  }
}
