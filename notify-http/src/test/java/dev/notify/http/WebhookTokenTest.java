package dev.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookRefusedException.Why;
import java.time.Instant;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTokenTest {

  /** The key of the example in RFC 7515, appendix A.1. */
  private static final byte[] RFC_KEY =
      Base64.getUrlDecoder()
          .decode(
              "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

  private static final byte[] KEY = "hush-hush".getBytes(UTF_8);

  private static String token(String header, String claims) {
    String signed = encoded(header.getBytes(UTF_8)) + "." + encoded(claims.getBytes(UTF_8));
    return signed + "." + encoded(WebhookProof.hmac("HmacSHA256", KEY, signed.getBytes(UTF_8)));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void theExampleOfTheStandardIsBelieved() {
    WebhookToken token =
        WebhookToken.verified(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            RFC_KEY);

    assertThat(token.text("iss")).isEqualTo("joe");
    assertThat(token.moment("exp")).isEqualTo(Instant.ofEpochSecond(1300819380));
    assertThat(token.has("iat")).isFalse();
    assertThat(token).hasToString("WebhookToken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.b",
        "a.b.c.d",
        "..",
        "not base64!.e30.AAAA",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
        "WzFd.e30.AAAA",
      })
  void whatIsNoTokenIsForged(String token) {
    forged(() -> WebhookToken.verified(token, KEY));
  }

  @Test
  void theTokenDoesNotChooseItsAlgorithm() {
    forged(() -> WebhookToken.verified(token("{\"alg\":\"HS512\"}", "{}"), KEY));
    forged(() -> WebhookToken.verified(token("{\"alg\":\"HS256\"}", "no json"), KEY));
  }

  @Test
  void claimsThatAreMissingOrOfAnotherKindProveNothing() {
    WebhookToken token =
        WebhookToken.verified(token("{\"alg\":\"HS256\"}", "{\"iat\":\"now\",\"hash\":7}"), KEY);

    forged(() -> token.moment("iat"));
    forged(() -> token.moment("exp"));
    forged(() -> token.text("hash"));
    forged(() -> token.requireSha256("hash", new byte[0]));
  }

  @Test
  void contentIsProvedByItsHash() {
    WebhookToken token =
        WebhookToken.verified(
            token(
                "{\"alg\":\"HS256\"}",
                "{\"hash\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"x\":\"zz\"}"),
            KEY);

    token.requireSha256("hash", "abc".getBytes(UTF_8));
    forged(() -> token.requireSha256("hash", "abd".getBytes(UTF_8)));
    forged(() -> token.requireSha256("x", "abc".getBytes(UTF_8)));
  }

  private static void forged(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WebhookRefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.FORGED));
  }
}
