package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.PushOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApnsLimitsTest {

  @Test
  void tokensWithAndWithoutTheTypeAreTaken() {
    String token = "00FC13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";

    assertThat(ApnsLimits.problemWith(Address.apns(token))).isEmpty();
    assertThat(ApnsLimits.problemWith(Address.of(Channel.PUSH, token))).isEmpty();
    assertThat(ApnsLimits.problemWith(Address.apns(token + token))).isEmpty();
  }

  @Test
  void tokensOfOtherProvidersAreRefused() {
    assertThat(ApnsLimits.problemWith(Address.fcm("00fc13adff785122b4ad28809a342098"))).isPresent();
    assertThat(ApnsLimits.problemWith(Address.sms("+14155550100"))).isPresent();
    assertThat(ApnsLimits.problemWith(Address.of(Channel.PUSH, "abc:DEF_-1"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"aps", "notify_reference", "notify_link", "notify_image", "notify_actions"})
  void reservedDataKeysAreRefusedByName(String key) {
    assertThat(ApnsLimits.problemWith(Content.builder().body("x").data(key, "1").build()))
        .hasValueSatisfying(problem -> assertThat(problem).contains("'" + key + "'"));
  }

  @Test
  void contentForOtherChannelsAloneIsRefused() {
    Content html = Content.builder().html("<p>Hello</p>").build();

    assertThat(ApnsLimits.problemWith(html)).isPresent();
    assertThat(
            ApnsLimits.problemWith(
                html.toBuilder().push(PushOptions.builder().badge(1).build()).build()))
        .isEmpty();
  }

  @Test
  void fourKilobytesAreTheLimitAndOptionsCount() {
    int rest = ApnsLimits.PAYLOAD_BYTES - ApnsPush.payloadBytes(Content.ofBody("x")) + 1;
    Content longest = Content.ofBody("x".repeat(rest));

    assertThat(ApnsLimits.problemWith(longest)).isEmpty();
    assertThat(ApnsLimits.problemWith(Content.ofBody("x".repeat(rest + 1))))
        .contains("has 4097 bytes as sent, APNs carries at most 4096");
    assertThat(
            ApnsLimits.problemWith(
                longest.toBuilder().push(SamplePushOptions.subtitle("y")).build()))
        .isPresent();
  }

  @Test
  void bytesCountNotCharacters() {
    assertThat(ApnsLimits.problemWith(Content.ofBody("\uD83D\uDE80".repeat(1020)))).isPresent();
    assertThat(ApnsLimits.problemWith(Content.ofBody("x".repeat(2040)))).isEmpty();
  }
}
