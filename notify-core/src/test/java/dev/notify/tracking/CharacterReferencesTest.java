package dev.notify.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.Chance;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attribute's value says. */
class CharacterReferencesTest {

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "?a=1&amp;b=2, ?a=1&b=2",
    "?a=1&AMP;b=2, ?a=1&b=2",
    "?a=1&#38;b=2, ?a=1&b=2",
    "?a=1&#x26;b=2, ?a=1&b=2",
    "?a=1&#X0026;b=2, ?a=1&b=2",
    "?a=1&#38b=2, ?a=1&b=2",
    "?a&#61;1, ?a=1",
    "?a&equals;1, ?a=1",
    "&lt;&gt;&quot;&apos;, <>\"'",
    "&#x1F600;, 😀",
    "gr&ouml;&szlig;e, größe",
    "?a=1&amp;amp;b=2, ?a=1&amp;b=2",
    // Not escaped at all, which is how many write it.
    "?a=1&b=2, ?a=1&b=2",
    "?a=1&copy=2, ?a=1&copy=2",
    "?a=1&amp=2, ?a=1&amp=2",
    "?a=1&utm_source=x, ?a=1&utm_source=x",
    "?a=1&notify_id=x, ?a=1&notify_id=x",
    "?a&b, ?a&b",
    "?a&, ?a&",
    "?a&&b, ?a&&b",
    "?a&;b, ?a&;b",
    "?a&#, ?a&#",
    "?a&#x, ?a&#x",
    "?a&#;b, ?a&#;b",
    "?a=1&amp, ?a=1&",
    "?a=1&copy, ?a=1©",
  })
  void referencesAreRead(String written, String said) {
    assertThat(CharacterReferences.decoded(written)).contains(said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&hellip;",
        "?a&unheard;b",
        "&#0;",
        "&#128;",
        "&#xD800;",
        "&#x110000;",
        "&#99999999999999999999;"
      })
  void whatIsNotSureIsLeftAlone(String written) {
    assertThat(CharacterReferences.decoded(written)).isEmpty();
  }

  @Test
  void whateverIsReadIsReadAsAnHtmlParserReadsIt() {
    Chance.forMany(
        50_000,
        random -> {
          StringBuilder text = new StringBuilder();
          int many = random.nextInt(1, 7);
          for (int i = 0; i < many; i++) {
            text.append(
                Chance.oneOf(
                    random, "&", "#", "x", "X", ";", "=", "amp", "AMP", "lt", "quot", "copy", "REG",
                    "38", "61", "e9", "yuml", "nbsp", "ETH", "apos", "not", "in", "/", "?", "Ö"));
          }
          String written = text.toString();

          CharacterReferences.decoded(written)
              .ifPresent(
                  said ->
                      assertThat(said)
                          .as(written)
                          .isEqualTo(Parser.unescapeEntities(written, true)));
        });
  }
}
