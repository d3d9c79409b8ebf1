package dev.notify;

import dev.notify.model.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** What pages behind links say, in one language. */
final class PageTexts {

  private static final List<String> LANGUAGES = List.of("en", "de", "fr", "es");

  private final Locale locale;
  private final Properties texts;

  private PageTexts(Locale locale, Properties texts) {
    this.locale = locale;
    this.texts = texts;
  }

  /** Those that are there. */
  static final class All {

    /** Of an Accept-Language: people read less than that. */
    private static final int LONGEST_WISH = 1_000;

    private final Map<Locale, PageTexts> known = new LinkedHashMap<>();
    private final Locale usual;

    /**
     * Reads them.
     *
     * @param usual the language of those who do not say theirs
     */
    All(Locale usual) {
      this.usual = usual;
      for (String language : LANGUAGES) {
        Locale locale = Locale.forLanguageTag(language);
        known.put(locale, new PageTexts(locale, read(language)));
      }
    }

    /**
     * The best one for a browser.
     *
     * @param acceptLanguage as in RFC 9110, section 12.5.4; may be anything
     */
    PageTexts in(String acceptLanguage) {
      Locale best =
          Optional.ofNullable(Locale.lookup(ranges(acceptLanguage), known.keySet()))
              .or(() -> Optional.ofNullable(Locale.lookup(ranges(usual), known.keySet())))
              .orElse(Locale.ENGLISH);
      return known.getOrDefault(best, known.values().iterator().next());
    }

    private static List<LanguageRange> ranges(Locale locale) {
      return List.of(new LanguageRange(locale.toLanguageTag()));
    }

    private static List<LanguageRange> ranges(String acceptLanguage) {
      if (acceptLanguage.length() > LONGEST_WISH) {
        return List.of();
      }
      try {
        return LanguageRange.parse(acceptLanguage);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        // The JDK has no better word for a hyphen alone.
        return List.of();
      }
    }

    private static Properties read(String language) {
      Properties texts = new Properties();
      try (InputStream in =
          PageTexts.class.getResourceAsStream("pages/" + language + ".properties")) {
        texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        return texts;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Locale locale() {
    return locale;
  }

  String get(String key) {
    return texts.getProperty(key, key);
  }

  String get(String key, String value) {
    return get(key).replace("{0}", value);
  }

  /** Name of a channel; what an application has named itself stays as it is. */
  String label(Channel channel) {
    return get(channel.name());
  }
}
