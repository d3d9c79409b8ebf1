package dev.notify.sms;

import static dev.notify.sms.SmsSegments.Encoding.GSM_7;
import static dev.notify.sms.SmsSegments.Encoding.UCS_2;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsSegmentsTest {

  private static final String ROCKET = "\uD83D\uDE80";
  private static final String EURO = "\u20ac";

  @Test
  void anEmptyTextTakesNothing() {
    assertThat(SmsSegments.of("")).isEqualTo(new SmsSegments(GSM_7, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "160, 1", "161, 2", "306, 2", "307, 3", "459, 3", "460, 4", "1600, 11"})
  void plainTextIsCountedInSevenBitUnits(int length, int segments) {
    assertThat(SmsSegments.of("a".repeat(length)))
        .isEqualTo(new SmsSegments(GSM_7, length, segments));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "70, 1", "71, 2", "134, 2", "135, 3", "201, 3", "202, 4"})
  void otherTextIsCountedInSixteenBitUnits(int length, int segments) {
    assertThat(SmsSegments.of("\u4f60".repeat(length)))
        .isEqualTo(new SmsSegments(UCS_2, length, segments));
  }

  @Test
  void theWholeDefaultAlphabetIsSevenBit() {
    String alphabet =
        "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8"
            + "\u03a3\u0398\u039e\u00c6\u00e6\u00df\u00c9 !\"#\u00a4%&'()*+,-./0123456789:;<=>?\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            + "\u00c4\u00d6\u00d1\u00dc\u00a7\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0";

    assertThat(alphabet).hasSize(127);
    assertThat(SmsSegments.of(alphabet)).isEqualTo(new SmsSegments(GSM_7, 127, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\f", "^", "{", "}", "\\", "[", "~", "]", "|", "\u20ac"})
  void charactersOfTheExtensionTableCountTwice(String character) {
    assertThat(SmsSegments.of(character)).isEqualTo(new SmsSegments(GSM_7, 2, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00e7", "`", "\u2019", "\u2026", "\t", "\u00a0", "\u001b", "\u00c0", "\u043f", "\u200b"
      })
  void oneForeignCharacterMakesTheWholeTextSixteenBit(String character) {
    assertThat(SmsSegments.of("a".repeat(70) + character)).isEqualTo(new SmsSegments(UCS_2, 71, 2));
  }

  @Test
  void eightyExtendedCharactersFillOneSegment() {
    assertThat(SmsSegments.of(EURO.repeat(80))).isEqualTo(new SmsSegments(GSM_7, 160, 1));
    assertThat(SmsSegments.of(EURO.repeat(80) + "a")).isEqualTo(new SmsSegments(GSM_7, 161, 2));
  }

  @Test
  void anExtendedCharacterIsNeverSplit() {
    // 76 fit into 153 units and leave one empty, so that 153 of them do not fit into two segments.
    assertThat(SmsSegments.of(EURO.repeat(152)).count()).isEqualTo(2);
    assertThat(SmsSegments.of(EURO.repeat(153))).isEqualTo(new SmsSegments(GSM_7, 306, 3));
    assertThat(SmsSegments.of("a".repeat(152) + EURO + "a".repeat(151)).count()).isEqualTo(2);
    assertThat(SmsSegments.of("a".repeat(152) + EURO + "a".repeat(152)))
        .isEqualTo(new SmsSegments(GSM_7, 306, 3));
  }

  @Test
  void aSurrogatePairIsNeverSplit() {
    assertThat(SmsSegments.of(ROCKET.repeat(35))).isEqualTo(new SmsSegments(UCS_2, 70, 1));
    assertThat(SmsSegments.of(ROCKET.repeat(66)).count()).isEqualTo(2);
    assertThat(SmsSegments.of(ROCKET.repeat(67))).isEqualTo(new SmsSegments(UCS_2, 134, 3));
    assertThat(SmsSegments.of("\u4f60".repeat(66) + ROCKET + "\u4f60".repeat(66)))
        .isEqualTo(new SmsSegments(UCS_2, 134, 3));
  }

  @Test
  void halfASurrogatePairCountsAsOneUnit() {
    assertThat(SmsSegments.of("\uD83Da")).isEqualTo(new SmsSegments(UCS_2, 2, 1));
    assertThat(SmsSegments.of("a\uDE80")).isEqualTo(new SmsSegments(UCS_2, 2, 1));
  }

  @Test
  void extendedCharactersCountOnceInSixteenBitText() {
    assertThat(SmsSegments.of("\u4f60{}")).isEqualTo(new SmsSegments(UCS_2, 3, 1));
  }

  /**
   * Over texts of every mixture: never fewer segments than the units need, at most one unit lost in
   * each.
   */
  @Test
  void theCountStaysWithinItsBounds() {
    Random random = new Random(4711);
    String[] pieces = {"a", "z", EURO, "{", "\u00e4", ROCKET, "\u4f60", "\n"};
    for (int round = 0; round < 5_000; round++) {
      int kinds = 1 + random.nextInt(pieces.length);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(700); i > 0; i--) {
        text.append(pieces[random.nextInt(kinds)]);
      }

      SmsSegments segments = SmsSegments.of(text.toString());

      int one = segments.encoding().unitsInOne();
      int each = segments.encoding().unitsInEach();
      if (segments.units() <= one) {
        assertThat(segments.count()).isEqualTo(text.isEmpty() ? 0 : 1);
      } else {
        assertThat(segments.count())
            .isBetween(ceil(segments.units(), each), ceil(segments.units(), each - 1));
      }
    }
  }

  private static int ceil(int units, int size) {
    return (units + size - 1) / size;
  }
}
