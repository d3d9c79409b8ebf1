package dev.notify.push;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.ConfigurationException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VapidTest {

  /** RFC 8292, section 2.4. */
  private static final String RFC_TOKEN =
      "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0"
          + "NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlM"
          + "uCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA";

  private static final String RFC_KEY =
      "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

  private static final Pattern HEADER =
      Pattern.compile("vapid t=(([^.]+\\.[^.]+)\\.([^.,]+)), k=(.+)");

  private final VapidKeys keys = VapidKeys.generate();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1453523768).minus(Vapid.LIFE));
  private final Vapid vapid = new Vapid(keys, "mailto:push@example.com", now::get);

  @Test
  void theTokenIsThatOfTheRfcUnderAKeyOfOurOwn() throws Exception {
    Matcher header = HEADER.matcher(vapid.authorization("https://push.example.net"));

    assertThat(header.matches()).isTrue();
    assertThat(header.group(2)).isEqualTo(RFC_TOKEN.substring(0, RFC_TOKEN.lastIndexOf('.')));
    assertThat(header.group(4)).isEqualTo(keys.publicKey());
    assertThat(isSigned(header.group(1), keys.publicKey())).isTrue();
    assertThat(isSigned(RFC_TOKEN, RFC_KEY)).as("as the RFC's own").isTrue();
  }

  @Test
  void aTokenServesItsServiceUntilAnHourBeforeItEnds() {
    String first = vapid.authorization("https://push.example.net");

    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(659)));
    assertThat(vapid.authorization("https://push.example.net")).isEqualTo(first);
    assertThat(vapid.authorization("https://push.example.org")).isNotEqualTo(first);

    now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(1)));
    assertThat(vapid.authorization("https://push.example.net")).isNotEqualTo(first);
  }

  @Test
  void thePortIsPartOfTheOriginUnlessItIsTheUsualOne() {
    assertThat(origin("https://push.example.net:443/a/b?c=d#e"))
        .isEqualTo("https://push.example.net");
    assertThat(origin("https://push.example.net:8443/a"))
        .isEqualTo("https://push.example.net:8443");
  }

  @Test
  void keysAreCheckedAndThePrivateOneIsNeverShown() {
    VapidKeys other = VapidKeys.generate();

    assertThat(keys).asString().doesNotContain(keys.privateKey());
    assertThat(new VapidKeys(keys.publicKey() + "=", keys.privateKey())).isEqualTo(keys);
    refused(other.publicKey(), keys.privateKey(), "publicKey: does not belong to the private key");
    refused("x", keys.privateKey(), "publicKey: must be a point of P-256 in base64url");
    refused(keys.publicKey(), "hush", "privateKey: must be 32 bytes in base64url");
    refused(keys.publicKey(), "not base64", "privateKey: must be 32 bytes in base64url");
  }

  private static void refused(String open, String secret, String message) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new VapidKeys(open, secret))
        .withMessage(message);
  }

  private static String origin(String endpoint) {
    return WebPushSubscription.parse(Browser.subscription(endpoint)).origin();
  }

  private static boolean isSigned(String token, String key) throws Exception {
    int dot = token.lastIndexOf('.');
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(P256.publicKey(Browser.bytes(key)));
    signature.update(token.substring(0, dot).getBytes(US_ASCII));
    return signature.verify(Browser.bytes(token.substring(dot + 1)));
  }
}
