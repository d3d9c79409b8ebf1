package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressesTest {

  static final List<String> MALFORMED =
      List.of(
          "jane",
          "@example.org",
          "jane@",
          "jane@example",
          "jane@.example.org",
          "jane@example..org",
          "jane@-example.org",
          "jane@exa_mple.org",
          "jane@[127.0.0.1]",
          "jane@127.0.0.1",
          ".jane@example.org",
          "jane.@example.org",
          "ja..ne@example.org",
          "ja ne@example.org",
          " jane@example.org",
          "jane@example.org ",
          "jane@example.org,joe@example.org",
          "jane@example.org;joe@example.org",
          "jane@example.org joe@example.org",
          "joe@example.org@example.org",
          "Jane <jane@example.org>",
          "<jane@example.org>",
          "jane@example.org> SIZE=1",
          "jane@example.org>,<joe@example.org",
          "jane(comment)@example.org",
          "jane@example.org (Jane)",
          "\"jane doe\"@example.org",
          "\"a> NOTIFY=NEVER <b\"@example.org",
          "@relay.example.org:jane@example.org",
          "friends: jane@example.org;",
          "jané@example.org",
          "a".repeat(65) + "@example.org",
          "jane@" + "a".repeat(64) + ".org",
          "jane@" + "abcdefghi.".repeat(25) + "org");

  static Stream<String> malformed() {
    return MALFORMED.stream();
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void anythingButNameAtDomainIsRefused(String address) {
    assertThat(MailAddresses.problemWith(address)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jane@example.org",
        "j@localhost",
        "jane.doe+news@mail.example.org",
        "o'hara/dep=1@example.org",
        "jane@bücher.example",
        "jane@xn--bcher-kva.example",
        "JANE@EXAMPLE.ORG",
        "jane@例え.テスト",
        "1@2.example"
      })
  void ordinaryAddressesAreTaken(String address) {
    assertThat(MailAddresses.problemWith(address)).isEmpty();
  }

  @Test
  void internationalDomainsBecomeAscii() throws Exception {
    assertThat(MailAddresses.of("jane@bücher.example", Optional.empty()).getAddress())
        .isEqualTo("jane@xn--bcher-kva.example");
  }

  @Test
  void theLongestAddressIsTaken() {
    String domain = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(57) + ".ab";

    assertThat(MailAddresses.problemWith("x".repeat(64) + "@" + domain)).isEmpty();
    assertThat(MailAddresses.problemWith("x".repeat(64) + "@d" + domain)).isPresent();
  }

  @Test
  void problemsDoNotShowTheAddress() {
    MALFORMED.forEach(
        address ->
            assertThat(MailAddresses.problemWith(address).orElseThrow())
                .doesNotContain(address.strip()));
  }

  @Test
  void aLineBreakDoesNotEvenBecomeAnAddress() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> Address.email("jane@example.org\r\nDATA")))
        .hasMessageContaining("control character");
  }
}
