package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No template and no data can hang or exhaust the host. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileTemplatesTest {

  private static final Recipient JANE = Recipient.builder("user-42").build();

  private final Map<String, String> texts = new HashMap<>();

  private Content render(Map<String, Object> variables) {
    return new Templates(TemplateSources.of(texts))
        .render(new TemplateRef("bomb", variables), Channel.SMS, Locale.ENGLISH, JANE);
  }

  private void assertRefused(Map<String, Object> variables, String why) {
    assertThatThrownBy(() -> render(variables))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'bomb'")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{#a}}{{#a}}{{#a}}{{#a}}{{/a}}{{/a}}{{/a}}{{/a}}",
        "{{#a}}{{#a}}{{#a}}{{#a}}{{nothing}}{{/a}}{{/a}}{{/a}}{{/a}}",
        "{{#a}}{{#a}}{{#a}}{{^a}}x{{/a}}{{^b}}{{#a}}{{/a}}{{/b}}{{/a}}{{/a}}{{/a}}",
        "{{#a}}{{#a}}{{#a}}{{#a}}{{>empty}}{{/a}}{{/a}}{{/a}}{{/a}}"
      })
  void loopsInLoopsEndThoughTheyWriteNothing(String text) {
    texts.put("bomb/sms.text", text);
    texts.put("partials/empty", "");

    assertRefused(Map.of("a", Collections.nCopies(1_000, 1)), "steps to render");
  }

  @Test
  void whatIsWrittenOverAndOverEndsAtTheMostCharacters() {
    texts.put("bomb/sms.text", "{{#a}}{{x}}{{/a}}");

    assertRefused(
        Map.of("a", Collections.nCopies(100_000, 1), "x", "x".repeat(100_000)),
        "4194304 characters");
  }

  @Test
  void partialsThatDoubleEachOtherEnd() {
    for (int i = 0; i < 40; i++) {
      texts.put("partials/p" + i, "{{>p" + (i + 1) + "}}{{>p" + (i + 1) + "}}");
    }
    texts.put("partials/p40", "");
    texts.put("bomb/sms.text", "{{>p0}}");

    assertRefused(Map.of(), "more than 200 partials");
  }

  @Test
  void aPartialThatUsesItselfManyTimesEnds() {
    texts.put("partials/p", "{{#yes}}{{>p}}{{>p}}{{>p}}{{>p}}{{/yes}}");
    texts.put("bomb/sms.text", "{{>p}}");

    assertRefused(Map.of("yes", true), "nested deeper than 20");
  }

  @Test
  void partialsThatWalkATreeOfThemselvesEnd() {
    texts.put("partials/p", "{{#a}}{{#a}}{{>q}}{{>q}}{{/a}}{{/a}}");
    texts.put("partials/q", "{{#a}}{{>r}}{{>r}}{{/a}}");
    texts.put("partials/r", "{{#a}}{{#a}}{{/a}}{{/a}}");
    texts.put("bomb/sms.text", "{{>p}}");

    assertRefused(Map.of("a", Collections.nCopies(100, 1)), "steps to render");
  }

  @Test
  void layoutsThatMultiplyTheirBlocksEnd() {
    texts.put("partials/layout", "{{$x}}{{/x}}".repeat(4_900));
    texts.put("bomb/sms.text", "{{<layout}}{{$x}}" + "{{y}}".repeat(4_900) + "{{/x}}{{/layout}}");

    assertRefused(Map.of("y", 1), "steps to render");
  }

  @Test
  void layoutsInLayoutsEnd() {
    for (int i = 0; i < 40; i++) {
      texts.put("partials/l" + i, ("{{<l" + (i + 1) + "}}{{/l" + (i + 1) + "}}").repeat(2));
    }
    texts.put("partials/l40", "");
    texts.put("bomb/sms.text", "{{<l0}}{{/l0}}");

    assertRefused(Map.of(), "more than 200 partials");
  }

  @Test
  void aTextOfVeryManyLinesIsReadInTime() {
    texts.put("bomb/sms.text", "{{x}}" + "\n".repeat(1_000_000) + "end");

    assertThat(render(Map.of("x", 1)).body().orElseThrow()).hasSize(1_000_004);
  }

  @Test
  void aTextThatIsTooLongOrHasTooManyTagsIsRefused() {
    texts.put("bomb/sms.text", "x".repeat((1 << 20) + 1));
    assertRefused(Map.of(), "more than 1048576 characters");

    texts.put("bomb/sms.text", "{{x}}".repeat(10_001));
    assertRefused(Map.of("x", 1), "more than 10000 tags");
  }

  @Test
  void aPartialThatIsTooLongIsRefused() {
    texts.put("bomb/sms.text", "{{>p}}{{>p}}");
    texts.put("partials/p", "x".repeat(1 << 19));

    assertRefused(Map.of(), "more than 1048576 characters");
  }

  @Test
  void sectionsAreNestedFiftyDeepAtMost() {
    texts.put("bomb/sms.text", "{{#a}}".repeat(49) + "x" + "{{/a}}".repeat(49));
    assertThat(render(Map.of("a", true)).body()).contains("x");

    texts.put("bomb/sms.text", "{{#a}}".repeat(50) + "x" + "{{/a}}".repeat(50));
    assertRefused(Map.of("a", true), "nested too deeply");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{*x}}", "{{#*x}}y{{/*x}}", "{{?x}}{{/x}}", "{{%x}}", "{{=a b=}}ax"})
  void whatIsNotMustacheIsAnErrorOfTheTemplate(String text) {
    texts.put("bomb/sms.text", "Hello " + text);

    assertThatThrownBy(() -> render(Map.of("x", "y")))
        .as(text)
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void aNameThatIsNoNameIsRefused() {
    texts.put("bomb/sms.text", "{{" + "a.".repeat(500) + "a}}");

    assertRefused(Map.of(), "too long");
  }

  @Test
  void tenMillionItemsAreRefusedBeforeTheyAreCopied() {
    List<Integer> endless =
        new AbstractList<>() {
          @Override
          public Integer get(int index) {
            throw new AssertionError("nobody should read this");
          }

          @Override
          public int size() {
            return 10_000_000;
          }
        };

    assertThatThrownBy(() -> new TemplateRef("bomb", Map.of("items", endless)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContainingAll("variables.items", "10000000 items");
  }

  @Test
  void oneThingThatIsReferredToOverAndOverIsRefused() {
    Object tree = "leaf";
    for (int i = 0; i < 12; i++) {
      tree = Collections.nCopies(10, tree);
    }
    Object bomb = tree;

    assertThatThrownBy(() -> new TemplateRef("bomb", Map.of("tree", bomb)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("values");
    assertThatThrownBy(
            () ->
                new TemplateRef(
                    "bomb", Map.of("a", Collections.nCopies(1_000, "x".repeat(1 << 20)))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("16777216 characters");
  }

  @Test
  void aListThatHoldsItselfIsRefused() {
    List<Object> loop = new ArrayList<>();
    loop.add(loop);
    loop.add(loop);

    assertThatThrownBy(() -> new TemplateRef("bomb", Map.of("loop", loop)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  void numbersOfAMillionDigitsAreRefused() {
    for (Number huge :
        List.of(
            new BigDecimal("1e1000000000"),
            new BigDecimal("1e-1000000000"),
            BigInteger.ONE.shiftLeft(10_000_000))) {
      assertThatThrownBy(() -> new TemplateRef("bomb", Map.of("n", huge)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("variables.n");
    }
  }

  @Test
  void layoutsAndPartialsThatUseEachOtherManyTimesEnd() {
    texts.put(
        "partials/p", "{{<l}}{{$x}}{{a}}{{/x}}{{/l}}{{#c}}{{>p}}{{b}}{{>p}}{{/c}}{{<l}}{{/l}}");
    texts.put("partials/l", "{{$x}}{{/x}}" + "{{>p}}".repeat(10));
    texts.put("bomb/sms.text", "{{#a}}{{>p}}{{/a}}{{<l}}{{$x}}y{{/x}}{{/l}}");

    assertThatThrownBy(() -> render(Map.of("a", 1))).isInstanceOf(TemplateException.class);
  }

  @Test
  void aLayoutOfManyPartialsIsNoBomb() {
    texts.put("partials/cell", "<{{a}}>".repeat(20));
    texts.put("partials/layout", "{{$x}}{{/x}}" + "{{>cell}}".repeat(20));
    texts.put("bomb/sms.text", "{{<layout}}{{$x}}y{{/x}}{{/layout}}".repeat(5));

    assertThat(render(Map.of("a", 1)).body().orElseThrow())
        .startsWith("y<1><1>")
        .hasSize(5 * 1_201);
  }
}
