package dev.notify.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One address in the spellings in which it comes back. */
class SpellingTest {

  @ParameterizedTest
  @CsvSource({
    "bob@bücher.example, bob@xn--bcher-kva.example",
    "Bob@BÜCHER.example, bob@XN--BCHER-KVA.EXAMPLE",
    "bob@日本語。jp, bob@xn--wgv71a119e.jp",
    "bob@mail.bücher.example, bob@mail.xn--bcher-kva.example",
    "jane@example.com, JANE@Example.com",
    "+14155550100, +14155550100"
  })
  void theSameAddressIsTheSame(String one, String other) {
    assertThat(Spelling.isSame(one, other)).isTrue();
    assertThat(Spelling.isSame(other, one)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "bob@bücher.example, jane@xn--bcher-kva.example",
    "bob@bücher.example, bob@bucher.example",
    "bob@bücher.example, bob@xn--bcher-kvb.example",
    "bücher.example, xn--bcher-kva.example",
    "bob@ü..example, bob@xn--tda.example",
    "+14155550100, +14155550101"
  })
  void anotherAddressIsAnother(String one, String other) {
    assertThat(Spelling.isSame(one, other)).isFalse();
    assertThat(Spelling.isSame(other, one)).isFalse();
  }
}
