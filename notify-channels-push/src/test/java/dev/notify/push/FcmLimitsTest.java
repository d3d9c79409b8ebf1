package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FcmLimitsTest {

  @Test
  void tokensWithAndWithoutTheTypeAreTaken() {
    assertThat(FcmLimits.problemWith(Address.fcm("abc:DEF_-1"))).isEmpty();
    assertThat(FcmLimits.problemWith(Address.of(Channel.PUSH, "abc:DEF_-1"))).isEmpty();
    assertThat(FcmLimits.problemWith(Address.fcm("x".repeat(4096)))).isEmpty();
  }

  @Test
  void tokensOfOtherProvidersAreRefused() {
    assertThat(FcmLimits.problemWith(Address.of(Channel.PUSH, "abc").ofType("apns"))).isPresent();
    assertThat(FcmLimits.problemWith(Address.sms("+14155550100"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from",
        "message_type",
        "google.c.a",
        "google",
        "gcm.n.e",
        "gcmX",
        "notify_reference",
        "notify_link",
        "notify_actions"
      })
  void reservedDataKeysAreRefusedByName(String key) {
    assertThat(FcmLimits.problemWith(Content.builder().body("x").data(key, "1").build()))
        .hasValueSatisfying(problem -> assertThat(problem).contains("'" + key + "'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fromage", "from_user", "my_google", "orderId", "messageType"})
  void dataKeysThatOnlyLookReservedAreTaken(String key) {
    assertThat(FcmLimits.problemWith(Content.builder().body("x").data(key, "1").build())).isEmpty();
  }

  @Test
  void contentForOtherChannelsAloneIsRefused() {
    assertThat(FcmLimits.problemWith(Content.builder().html("<p>Hello</p>").build())).isPresent();
  }

  @Test
  void fourKilobytesAsDeliveredAreTheLimit() {
    int rest = FcmLimits.PAYLOAD_BYTES - FcmMessage.payloadBytes(Content.ofBody("x")) + 1;

    assertThat(FcmLimits.problemWith(Content.ofBody("x".repeat(rest)))).isEmpty();
    assertThat(FcmLimits.problemWith(Content.ofBody("x".repeat(rest + 1))))
        .contains("has 4097 bytes as delivered, FCM carries at most 4096");
  }

  @Test
  void bytesCountNotCharacters() {
    assertThat(FcmLimits.problemWith(Content.ofBody("\uD83D\uDE80".repeat(1020)))).isPresent();
    assertThat(FcmLimits.problemWith(Content.ofBody("\"".repeat(2040))))
        .as("escaped in JSON")
        .isPresent();
    assertThat(FcmLimits.problemWith(Content.ofBody("x".repeat(2040)))).isEmpty();
  }
}
