package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates, numbers, money and plurals as the reader writes them. */
class FiltersTest {

  private static final Instant EVENING = Instant.parse("2026-03-02T21:30:00Z");

  private static String render(String text, String locale, String zone, Object x) {
    return render(Map.of("hello/sms.text", text, "hello/de/sms.text", text), locale, zone, x);
  }

  private static String render(Map<String, String> texts, String locale, String zone, Object x) {
    Recipient person = Recipient.builder("jane").zone(ZoneId.of(zone)).build();
    return new Templates(TemplateSources.of(texts))
        .render(
            new TemplateRef("hello", Map.of("x", x, "currency", "USD", "n", 2)),
            Channel.SMS,
            Locale.forLanguageTag(locale),
            person)
        .body()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date        | de | UTC              | 02.03.2026",
        "date        | de | Asia/Tokyo       | 03.03.2026",
        "date:long   | de | UTC              | 2. März 2026",
        "date:full   | de | America/New_York | Montag, 2. März 2026",
        "date:short  | en-GB | UTC           | 02/03/2026",
        "date:long   | en-US | UTC           | March 2, 2026",
        "time        | de | America/New_York | 16:30",
        "time        | en-US | UTC           | 9:30 PM",
        "datetime    | de | Europe/Berlin    | 02.03.2026, 22:30",
        "weekday     | de | Asia/Tokyo       | Dienstag",
      })
  void anInstantIsToldInTheReadersZoneAndLanguage(
      String filter, String locale, String zone, String expected) {
    assertThat(render("{{x|" + filter.strip() + "}}", locale.strip(), zone.strip(), EVENING))
        .isEqualTo(expected.strip());
  }

  @Test
  void aDayWithoutAZoneStaysThatDay() {
    for (Object day : List.of(LocalDate.of(2026, 3, 2), LocalDateTime.of(2026, 3, 2, 23, 0))) {
      assertThat(render("{{x|date}}", "de", "Asia/Tokyo", day)).isEqualTo("02.03.2026");
    }
    assertThat(render("{{x|time}}", "de", "Asia/Tokyo", LocalTime.of(9, 5))).isEqualTo("09:05");
  }

  @Test
  void timesOfOtherZonesAndTimesAsTextAreToldInTheReadersZone() {
    for (Object time :
        List.of(
            ZonedDateTime.ofInstant(EVENING, ZoneId.of("Asia/Tokyo")),
            OffsetDateTime.parse("2026-03-02T22:30:00+01:00"),
            "2026-03-02T21:30:00Z")) {
      assertThat(render("{{x|datetime}}", "de", "Europe/Berlin", time))
          .isEqualTo("02.03.2026, 22:30");
    }
    assertThat(render("{{x|date}}", "de", "Asia/Tokyo", "2026-03-02")).isEqualTo("02.03.2026");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number     | de    | 1234567.891 | 1.234.567,891",
        "number:2   | en    | 1234.5      | 1,234.50",
        "number:0   | en    | 0.5         | 1",
        "percent    | en    | 0.25        | 25%",
        "percent:1  | de    | 0.255       | 25,5 %",
        "money:EUR  | de    | 1234.5      | 1.234,50 €",
        "money:EUR  | en-US | 1234.5      | €1,234.50",
        "money:JPY  | en-US | 1234.5      | ¥1,235",
        "money:currency | en-US | -3      | -$3.00",
      })
  void numbersAndMoneyHaveTheReadersSeparators(
      String filter, String locale, BigDecimal number, String expected) {
    assertThat(render("{{x|" + filter.strip() + "}}", locale.strip(), "UTC", number))
        .isEqualTo(expected.strip());
  }

  @Test
  void aTextInOneLanguageHasNoDatesOfAnother() {
    Map<String, String> texts = Map.of("hello/sms.text", "On {{x|date:long}}");

    assertThat(render(texts, "fi", "UTC", EVENING)).isEqualTo("On March 2, 2026");
    assertThat(render(texts, "en-GB", "UTC", EVENING)).isEqualTo("On 2 March 2026");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 items", "1, 1 item", "2, 2 items", "1.5, 1.5 items"})
  void aSectionIsShownForThePluralFormOfTheCount(BigDecimal count, String expected) {
    assertThat(
            render(
                "{{x}} {{#x|one}}item{{/x|one}}{{#x|other}}items{{/x|other}}", "en", "UTC", count))
        .isEqualTo(expected);
    assertThat(
            render("{{x}} {{#x|one}}item{{/x|one}}{{^x|one}}items{{/x|one}}", "en", "UTC", count))
        .isEqualTo(expected);
  }

  /** From the charts of Unicode CLDR. */
  @ParameterizedTest
  @CsvSource({
    "en, ONE, 1",
    "en, OTHER, 0 2 1.5 11 1000000",
    "de, ONE, 1",
    "de, OTHER, 0 2 1.5",
    "ja, OTHER, 0 1 2 1.5",
    "fr, ONE, 0 1 1.5",
    "fr, OTHER, 2 100",
    "fr, MANY, 1000000 5000000",
    "es, ONE, 1",
    "es, OTHER, 0 1.5 2",
    "es, MANY, 1000000 1000000000000",
    "pt, ONE, 0 1 1.5",
    "pt, OTHER, 2",
    "pt-PT, ONE, 1",
    "pt-PT, OTHER, 0 1.5",
    "it, ONE, 1",
    "it, MANY, 2000000",
    "da, ONE, 1 0.5 1.5",
    "da, OTHER, 0 2 2.5",
    "hi, ONE, 0 1 0.5",
    "hi, OTHER, 2 1.5",
    "ru, ONE, 1 21 101",
    "ru, FEW, 2 4 22 104",
    "ru, MANY, 0 5 11 14 111 112",
    "ru, OTHER, 1.5",
    "uk, ONE, 31",
    "uk, FEW, 3",
    "uk, MANY, 12",
    "pl, ONE, 1",
    "pl, FEW, 2 4 22 34",
    "pl, MANY, 0 5 11 12 21 31",
    "pl, OTHER, 1.5",
    "cs, ONE, 1",
    "cs, FEW, 2 3 4",
    "cs, MANY, 1.5",
    "cs, OTHER, 0 5 22",
    "hr, ONE, 1 21 0.1",
    "hr, FEW, 2 22 0.2",
    "hr, OTHER, 0 5 11 12",
    "sl, ONE, 1 101",
    "sl, TWO, 2 102",
    "sl, FEW, 3 4 103 1.5",
    "sl, OTHER, 0 5 100",
    "lt, ONE, 1 21",
    "lt, FEW, 2 9 22",
    "lt, OTHER, 0 10 11 19",
    "lt, MANY, 1.5",
    "lv, ZERO, 0 10 11 20",
    "lv, ONE, 1 21 0.1",
    "lv, OTHER, 2 9 22",
    "ro, ONE, 1",
    "ro, FEW, 0 2 19 101 1.5",
    "ro, OTHER, 20 100",
    "ar, ZERO, 0",
    "ar, ONE, 1",
    "ar, TWO, 2",
    "ar, FEW, 3 10 103",
    "ar, MANY, 11 99 111",
    "ar, OTHER, 100 102 1.5",
    "he, ONE, 1 0.5",
    "he, TWO, 2",
    "he, OTHER, 0 3 1.5",
    "is, ONE, 1 21 0.1",
    "is, OTHER, 0 2 11",
    "xx, ONE, 1",
    "xx, OTHER, 0 2"
  })
  void pluralFormsAreThoseOfCldr(String locale, Filter form, String numbers) {
    for (String number : numbers.split(" ")) {
      assertThat(Plural.of(Locale.forLanguageTag(locale), new BigDecimal(number)))
          .as("%s %s", locale, number)
          .isEqualTo(form);
    }
  }

  @Test
  void whatIsNotThereIsNotShownAndIsRequiredByItsName() {
    Map<String, String> texts = Map.of("hello/sms.text", "{{y|date}}.{{#z|one}}1{{/z|one}}");

    assertThat(render(texts, "en", "UTC", 1)).isEqualTo(".");
    Templates templates = new Templates(TemplateSources.of(texts));
    assertThat(templates.requiredVariables("hello", Channel.SMS, Locale.ENGLISH))
        .containsExactly("y");
    assertThatThrownBy(
            () ->
                templates.check(
                    new TemplateRef("hello", Map.of()),
                    Channel.SMS,
                    Locale.ENGLISH,
                    Recipient.builder("jane").build()))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("variables.y");
  }

  @Test
  void filtersWorkOnItemsAndFieldsAndWithSpaces() {
    assertThat(render("{{#x}}{{. | number:1}};{{/x}}", "de", "UTC", List.of(1, 2.25)))
        .isEqualTo("1,0;2,3;");
    assertThat(render("{{x.at|time}}", "de", "UTC", Map.of("at", EVENING))).isEqualTo("21:30");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{x|dates}}",
        "{{x|date:tiny}}",
        "{{x|}}",
        "{{x|date|time}}",
        "{{x|money}}",
        "{{x|number:12}}",
        "{{#x|one:two}}{{/x|one:two}}"
      })
  void aFilterThatDoesNotExistIsAnErrorOfTheTemplate(String text) {
    assertThatThrownBy(() -> render(text, "en", "UTC", 1))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("filter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{x|date}}", "{{x|number}}", "{{x|money:EUR}}", "{{x|one}}"})
  void aValueThatIsNotForTheFilterIsNamed(String text) {
    assertThatThrownBy(() -> render(text, "en", "UTC", "secret"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'x'")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> render(text, "en", "UTC", "9e999999999"))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> render("{{n|money:XXY}}", "en", "UTC", 1))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> render("{{x|date}}", "en", "UTC", LocalTime.NOON))
        .isInstanceOf(TemplateException.class);
  }
}
