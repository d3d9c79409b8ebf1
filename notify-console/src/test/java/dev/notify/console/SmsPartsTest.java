package dev.notify.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsPartsTest {

  @ParameterizedTest
  @CsvSource({"0, 1", "160, 1", "161, 2", "306, 2", "307, 3", "459, 3", "460, 4"})
  void plainTextHas160CharactersOr153InEachPart(int characters, int parts) {
    assertThat(SmsParts.of("a".repeat(characters)))
        .isEqualTo(new SmsParts(parts, characters, true));
  }

  @ParameterizedTest
  @CsvSource({"70, 1", "71, 2", "134, 2", "135, 3"})
  void otherAlphabetsHave70CharactersOr67InEachPart(int characters, int parts) {
    assertThat(SmsParts.of("я".repeat(characters)))
        .isEqualTo(new SmsParts(parts, characters, false));
  }

  @Test
  void charactersOfTheExtensionCountTwiceAndAreNotTorn() {
    assertThat(SmsParts.of("€".repeat(80))).isEqualTo(new SmsParts(1, 160, true));
    assertThat(SmsParts.of("a".repeat(152) + "€" + "a".repeat(152)).parts()).isEqualTo(3);
  }

  @Test
  void anEmojiIsNotTorn() {
    assertThat(SmsParts.of("я".repeat(66) + "😀" + "я".repeat(66)).parts()).isEqualTo(3);
  }
}
