package dev.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTextsTest {

  private static Properties texts(String language) throws Exception {
    Properties texts = new Properties();
    try (var in = PageTexts.class.getResourceAsStream("pages/" + language + ".properties")) {
      texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"de", "fr", "es"})
  void everyLanguageSaysWhatEnglishSays(String language) throws Exception {
    Properties english = texts("en");
    Properties theirs = texts(language);

    assertThat(theirs.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(theirs.getProperty(key)).as(key).isNotBlank();
      assertThat(theirs.getProperty(key).contains("{0}"))
          .as(key)
          .isEqualTo(english.getProperty(key).contains("{0}"));
    }
  }
}
