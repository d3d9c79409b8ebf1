package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Chance;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void theTextFormAndTheBuiltFormAreTheSame() {
    assertThat(
            Segment.parse(
                "plan = 'pro' and visits >= 3 and country in ('DE','AT') and not locale = 'fr'"))
        .isEqualTo(
            Segment.attribute("plan")
                .is("pro")
                .and(Segment.attribute("visits").atLeast(3))
                .and(Segment.attribute("country").in("DE", "AT"))
                .and(Segment.attribute("locale").is("fr").not()));
    assertThat(Segment.parse("follows 'a' or follows 'b'")).isEqualTo(Segment.follows("a", "b"));
    assertThat(Segment.parse("everyone")).isEqualTo(Segment.everyone());
  }

  @Test
  void andBindsTighterThanOrAndNotTighterThanBoth() {
    assertThat(Segment.parse("a = 1 or b = 2 and not c = 3"))
        .isEqualTo(Segment.parse("a = 1 or (b = 2 and (not (c = 3)))"));
  }

  @Test
  void anAttributeMayBeCalledLikeAWord() {
    assertThat(Segment.parse("\"in\" = 1")).isEqualTo(Segment.attribute("in").is(1));
    assertThat(Segment.attribute("in").is(1)).hasToString("\"in\" = 1");
  }

  @Test
  void numbersCountToNinePlacesWhateverTheirType() {
    assertThat(Segment.value(3)).isEqualTo(Segment.value(3.0)).isEqualTo(Segment.value(3L));
    assertThat(Segment.value(new BigDecimal("0.0000000004"))).contains(BigDecimal.ZERO);
    assertThat(Segment.value(new BigDecimal("-1e-1000000000"))).contains(BigDecimal.ZERO);
    assertThat(Segment.value(new BigDecimal("1e1000000000"))).isEmpty();
    assertThat(Segment.value(new BigDecimal("999999999999999999.9999999999"))).isEmpty();
    assertThat(Segment.value(Double.NaN)).isEmpty();
    assertThat(Segment.value(Double.POSITIVE_INFINITY)).isEmpty();
  }

  @Test
  void whatIsUnknownComparesWithNothingAndItsOppositeHolds() {
    Map<String, Object> facts = Map.of("plan", "pro");

    assertThat(Segment.parse("visits >= 0").matches(facts)).isFalse();
    assertThat(Segment.parse("visits < 0").matches(facts)).isFalse();
    assertThat(Segment.parse("visits != 0").matches(facts)).isTrue();
    assertThat(Segment.parse("not has visits").matches(facts)).isTrue();
    assertThat(Segment.parse("plan > 3").matches(facts)).isFalse();
  }

  @Test
  void whatAPersonHasThemselvesIsNoAttribute() {
    RecipientEntry entry =
        RecipientEntry.of("jane")
            .with(Recipient.builder("jane").attribute("locale", "fr").attribute("a b", 1).build());

    assertThat(entry.facts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                      | 1 | condition",
        "plan                    | 5 | =, !=",
        "plan =                  | 7 | a text in single quotes",
        "plan = pro              | 8 | a text in single quotes",
        "plan = 'pro             | 8 | not closed",
        "plan = 'pro' visits = 3 | 14 | 'and', 'or'",
        "plan == 'pro'           | 7 | a text in single quotes",
        "(plan = 'pro'           | 14 | ')'",
        "plan = 'pro')           | 13 | 'and', 'or'",
        "visits > 'x'            | 1 | only numbers and times",
        "visits > true           | 1 | only numbers and times",
        "visits = 1e9            | 10 | no number",
        "visits = 1.             | 10 | no number",
        "visits = --1            | 10 | no number",
        "a = 1 ; drop            | 7 | no meaning",
        "since > time '2026'     | 14 | no time",
        "plan starts 'p'         | 13 | 'with'",
        "plan in ()              | 10 | a text in single quotes",
        "plan in ('a'            | 13 | ')'",
        "and = 1                 | 1 | condition",
        "follows 'no topic'      | 9 | no name",
        "reachable by 'E MAIL'   | 14 | no channel name",
        "\"a b\" = 1             | 1 | cannot be asked for",
        "visits = 1000000000000000000 | 1 | cannot be compared",
      })
  void whatIsWrongIsToldWithItsPlace(String text, int position, String problem) {
    assertThatThrownBy(() -> Segment.parse(text))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("at position " + position + ":")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "not ", "not ("})
  void depthIsBounded(String opening) {
    assertThatThrownBy(() -> Segment.parse(opening.repeat(1_500) + "a = 1"))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("deeper than 32");
  }

  @Test
  void lengthAndNumberOfComparisonsAreBounded() {
    assertThatThrownBy(() -> Segment.parse("a = 1 or ".repeat(201) + "b = 1"))
        .hasMessageContaining("more than 200 comparisons");
    assertThatThrownBy(() -> Segment.parse("a in (" + "1,".repeat(300) + "1)"))
        .hasMessageContaining("more than 200 comparisons");
    assertThatThrownBy(() -> Segment.parse(" ".repeat(10_001)))
        .hasMessageContaining("at most 10000");
    Segment one = Segment.attribute("a").is(1);
    assertThatThrownBy(() -> new Segment.Any(IntStream.range(0, 201).mapToObj(i -> one).toList()))
        .hasMessageContaining("201 comparisons");
    assertThatThrownBy(
            () ->
                IntStream.range(0, 40)
                    .mapToObj(i -> one)
                    .reduce(one, (inner, i) -> new Segment.Not(inner)))
        .hasMessageContaining("deeper than 32");
  }

  @Test
  void everyTextReadsAsTheSegmentItWasWrittenFrom() {
    Chance.forMany(
        2_000,
        random -> {
          Segment segment = segment(random, 4);

          assertThat(Segment.parse(segment.toString())).isEqualTo(segment);
        });
  }

  /** Any text either is a segment or is refused with a place, and nothing else happens. */
  @Test
  void nonsenseIsRefusedAndDoesNoHarm() {
    List<String> pieces =
        List.of(
            "and", "or", "not", "(", ")", "'", "\"", "in", ",", "=", "<=", "!", "a", "plan", "1",
            "-", ".", "'x'", "time", "has", "follows", "starts", "with", " ", "\u0000", "\ud800");
    Chance.forMany(
        5_000,
        random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
            text.append(random.nextBoolean() ? " " : "");
          }
          try {
            Segment segment = Segment.parse(text.toString());
            assertThat(Segment.parse(segment.toString())).isEqualTo(segment);
          } catch (InvalidNotificationException e) {
            assertThat(e).hasMessageContaining("at position ");
          }
        });
  }

  private static Segment segment(RandomGenerator random, int depth) {
    int kind = random.nextInt(depth == 0 ? 6 : 9);
    String name = Chance.oneOf(random, "a", "b.c", "in", "true", "_x", "time", "locale");
    return switch (kind) {
      case 0 ->
          Segment.attribute(name).is(Chance.oneOf(random, "", "it's", "\"", "\u00e4 \ud83d\ude00"));
      case 1 -> Segment.attribute(name).atLeast(Chance.oneOf(random, 0, -1.5, 1e-9, 100L));
      case 2 -> Segment.attribute(name).before(NOW.plusNanos(random.nextInt(1_000_000)));
      case 3 -> Segment.attribute(name).is(random.nextBoolean());
      case 4 -> Segment.follows(Chance.oneOf(random, "news", "team/4"));
      case 5 -> Segment.attribute(name).isKnown();
      case 6 -> segment(random, depth - 1).not();
      case 7 -> segment(random, depth - 1).and(segment(random, depth - 1));
      default -> segment(random, depth - 1).or(segment(random, depth - 1));
    };
  }
}
