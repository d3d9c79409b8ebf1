package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a template's name, a channel, a locale and variables to what a person reads. */
class TemplatesTest {

  private static final Locale EN = Locale.ENGLISH;
  private static final Recipient JANE =
      Recipient.builder("user-42").attribute("name", "Jane & Co").build();

  private final Map<String, String> texts = new HashMap<>();
  private final CountingSource source = new CountingSource(texts);
  private final Templates templates = new Templates(source);

  @Test
  void eachChannelHasTextsOfItsOwn() {
    texts.put("shipped/email.subject", "Order {{order}}\n");
    texts.put("shipped/email.text", "Dear {{recipient.name}}");
    texts.put("shipped/email.html", "<p>Dear {{recipient.name}}</p>");
    texts.put("shipped/push.title", "Shipped");
    texts.put("shipped/push.text", "Order {{order}}");
    texts.put("shipped/push.link", "https://shop.example/{{order}}");
    texts.put("shipped/push.image", "https://shop.example/{{order}}.png");
    texts.put("shipped/sms.text", "{{recipient.name}}: order {{order}}");

    Content email = render("shipped", Channel.EMAIL, EN, Map.of("order", 1017));
    Content push = render("shipped", Channel.PUSH, EN, Map.of("order", 1017));
    Content sms = render("shipped", Channel.SMS, EN, Map.of("order", 1017));

    assertThat(email.title()).contains("Order 1017");
    assertThat(email.body()).contains("Dear Jane & Co");
    assertThat(email.html()).contains("<p>Dear Jane &amp; Co</p>");
    assertThat(push.title()).contains("Shipped");
    assertThat(push.body()).contains("Order 1017");
    assertThat(push.link()).contains("https://shop.example/1017");
    assertThat(push.image()).contains("https://shop.example/1017.png");
    assertThat(push.html()).isEmpty();
    assertThat(sms.body()).contains("Jane & Co: order 1017");
    assertThat(sms.title()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pt-BR, pt-BR",
    "pt-PT, pt",
    "pt, pt",
    "de-AT, none",
    "en, none",
    "und, none",
    "pt-Latn-BR, pt-BR",
    "pt-BR-u-ca-buddhist, pt-BR"
  })
  void aLocaleFallsBackFromRegionToLanguageToNone(String locale, String found) {
    texts.put("hello/pt-BR/sms.text", "pt-BR");
    texts.put("hello/pt/sms.text", "pt");
    texts.put("hello/sms.text", "none");

    Content content = render("hello", Channel.SMS, Locale.forLanguageTag(locale), Map.of());

    assertThat(content.body()).contains(found);
  }

  @Test
  void languagesNeverMixInOneMessage() {
    texts.put("hello/email.subject", "Hello");
    texts.put("hello/email.text", "Hello, text");
    texts.put("hello/pt/email.subject", "Oi");
    texts.put("hello/pt/email.html", "<p>Oi</p>");

    Content content = render("hello", Channel.EMAIL, Locale.forLanguageTag("pt-BR"), Map.of());

    assertThat(content.html()).contains("<p>Oi</p>");
    assertThat(content.title()).contains("Oi");
    assertThat(content.body()).isEmpty();
  }

  @Test
  void aMailNeedsASubjectInItsOwnLanguage() {
    texts.put("hello/email.subject", "Hello");
    texts.put("hello/email.text", "Hello, text");
    texts.put("hello/pt/email.html", "<p>Oi</p>");

    assertThatThrownBy(
            () -> render("hello", Channel.EMAIL, Locale.forLanguageTag("pt-BR"), Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("hello/pt/email.subject");
  }

  @Test
  void aSubjectAloneIsNoMessageSoTheNextLanguageIsTaken() {
    texts.put("hello/pt/email.subject", "Oi");
    texts.put("hello/email.subject", "Hello");
    texts.put("hello/email.text", "Hello, text");

    Content content = render("hello", Channel.EMAIL, Locale.forLanguageTag("pt"), Map.of());

    assertThat(content.title()).contains("Hello");
  }

  @Test
  void aLocaleCannotLeadOutOfTheFolder() {
    texts.put("hello/sms.text", "fine");
    @SuppressWarnings("deprecation") // as a host might make it from a header
    Locale hostile = new Locale("../../secret/", "../x");

    assertThat(render("hello", Channel.SMS, hostile, Map.of()).body()).contains("fine");
    assertThat(source.asked()).noneMatch(path -> path.contains(".."));
  }

  @Test
  void onlyHtmlIsEscaped() {
    String nasty = "<b>\"Tom\" & 'Jerry'</b>";
    texts.put("hello/email.subject", "{{x}}");
    texts.put("hello/email.text", "{{x}}");
    texts.put("hello/email.html", "<i title=\"{{x}}\">{{x}}</i>{{{x}}}");

    Content content = render("hello", Channel.EMAIL, EN, Map.of("x", nasty));

    assertThat(content.title()).contains(nasty);
    assertThat(content.body()).contains(nasty);
    assertThat(content.html().orElseThrow())
        .startsWith("<i title=\"&lt;b&gt;&quot;Tom&quot; &amp; ")
        .doesNotContain("title=\"<b>")
        .endsWith("</i>" + nasty);
  }

  @Test
  void aTemplateIsReadOnceForEachLocaleAndNotForEachMessage() {
    texts.put("hello/sms.text", "Hello {{>name}}");
    texts.put("partials/name", "you");

    for (int i = 0; i < 50; i++) {
      check("hello", Channel.SMS, EN, Map.of());
      render("hello", Channel.SMS, EN, Map.of());
    }

    assertThat(source.loads("hello/sms.text")).isEqualTo(1);
    assertThat(source.loads("partials/name")).isEqualTo(1);
  }

  @Test
  void manyWhoNeedItFirstAtTheSameTimeReadItOnce() throws Exception {
    CountDownLatch twoAreReading = new CountDownLatch(2);
    AtomicInteger loads = new AtomicInteger();
    Templates slow =
        new Templates(
            path -> {
              if (!path.equals("hello/sms.text")) {
                return Optional.empty();
              }
              loads.incrementAndGet();
              twoAreReading.countDown();
              awaitShortly(twoAreReading);
              return Optional.of("Hello {{x}}");
            });
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Content>> rendered =
          IntStream.range(0, 8)
              .mapToObj(
                  n ->
                      pool.submit(
                          () -> slow.render(ref("hello", Map.of("x", n)), Channel.SMS, EN, JANE)))
              .toList();

      for (int n = 0; n < 8; n++) {
        assertThat(rendered.get(n).get().body()).contains("Hello " + n);
      }
      assertThat(loads).hasValue(1);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Gives a second reader the time to show up, if there is one. */
  private static void awaitShortly(CountDownLatch latch) {
    try {
      latch.await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSourceThatFailsFailsForAllWhoWaitedAndIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    Templates shaky =
        new Templates(
            path -> {
              asked.incrementAndGet();
              throw new UncheckedIOException(new IOException("disk"));
            });

    for (int i = 1; i <= 2; i++) {
      assertThatThrownBy(() -> shaky.render(ref("hello", Map.of()), Channel.SMS, EN, JANE))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(asked).hasValue(i);
    }
  }

  @Test
  void aFaultIsNotRememberedAndAReloadReadsAnew() {
    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of()))
        .isInstanceOf(TemplateException.class);
    texts.put("hello/sms.text", "one");
    assertThat(render("hello", Channel.SMS, EN, Map.of()).body()).contains("one");
    texts.put("hello/sms.text", "two");
    assertThat(render("hello", Channel.SMS, EN, Map.of()).body()).contains("one");

    templates.reload();

    assertThat(render("hello", Channel.SMS, EN, Map.of()).body()).contains("two");
  }

  @Test
  void aVariableThatIsMissingIsNamedBeforeAnythingIsSent() {
    texts.put(
        "shipped/sms.text",
        "{{greeting}} {{recipient.name}} {{order.id}} {{#items}}{{sku}}{{/items}}"
            + "{{^paid}}{{due}}{{/paid}}{{>foot}}");
    texts.put("partials/foot", "{{shop}}");

    assertThat(templates.requiredVariables("shipped", Channel.SMS, EN))
        .containsExactlyInAnyOrder("greeting", "recipient.name", "order.id", "shop");
    assertThatThrownBy(
            () ->
                check(
                    "shipped",
                    Channel.SMS,
                    EN,
                    Map.of("greeting", "Hi", "shop", "S", "order", Map.of("no", 1))))
        .isInstanceOfSatisfying(
            InvalidNotificationException.class,
            refused -> assertThat(refused.field()).isEqualTo("variables.order.id"))
        .hasMessageContaining("shipped")
        .hasMessageContaining("sms");
    check(
        "shipped",
        Channel.SMS,
        EN,
        Map.of("greeting", "Hi", "shop", "S", "order", Map.of("id", 1)));
  }

  @Test
  void aLayoutWrapsWhatEachTemplateFillsIn() {
    texts.put(
        "partials/layout", "<html>{{$body}}empty{{/body}}<hr>{{$foot}}{{shop}}{{/foot}}</html>");
    texts.put("a/email.subject", "A");
    texts.put("b/email.subject", "B");
    texts.put("a/email.html", "{{<layout}}{{$body}}<p>{{x}}</p>{{/body}}{{/layout}}");
    texts.put("b/email.html", "{{<layout}}{{$foot}}bye{{/foot}}{{/layout}}");

    assertThat(render("a", Channel.EMAIL, EN, Map.of("x", "<", "shop", "S")).html())
        .contains("<html><p>&lt;</p><hr>S</html>");
    assertThat(render("b", Channel.EMAIL, EN, Map.of()).html())
        .contains("<html>empty<hr>bye</html>");
    assertThat(templates.requiredVariables("a", Channel.EMAIL, EN))
        .containsExactlyInAnyOrder("x", "shop");
    assertThat(templates.requiredVariables("b", Channel.EMAIL, EN)).isEmpty();
  }

  @Test
  void aLayoutUsedTwiceNeedsWhatEitherUseNeeds() {
    texts.put("partials/box", "[{{$in}}{{/in}}]");
    texts.put(
        "two/sms.text", "{{<box}}{{$in}}{{x}}{{/in}}{{/box}}{{<box}}{{$in}}{{y}}{{/in}}{{/box}}");

    assertThat(templates.requiredVariables("two", Channel.SMS, EN))
        .containsExactlyInAnyOrder("x", "y");
    assertThat(render("two", Channel.SMS, EN, Map.of("x", 1, "y", 2)).body()).contains("[1][2]");
  }

  @Test
  void partialsFallBackWithTheLocaleToo() {
    texts.put("hello/sms.text", "{{>greeting}}");
    texts.put("partials/greeting", "Hello");
    texts.put("partials/pt/greeting", "Oi");

    assertThat(render("hello", Channel.SMS, Locale.forLanguageTag("pt-BR"), Map.of()).body())
        .contains("Oi");
    assertThat(render("hello", Channel.SMS, EN, Map.of()).body()).contains("Hello");
  }

  @Test
  void aMissingTemplateIsNamedWithChannelLocaleAndWhereItShouldBe() {
    texts.put("hello/sms.text", "Hello");

    assertThatThrownBy(
            () -> render("hello", Channel.EMAIL, Locale.forLanguageTag("pt-BR"), Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class, fault -> assertThat(fault.template()).isEqualTo("hello"))
        .hasMessageContaining("'hello'")
        .hasMessageContaining("email")
        .hasMessageContaining("pt-BR")
        .hasMessageContaining("hello/email.text or .html");
  }

  @Test
  void aBrokenTemplateIsNamedWithItsFileAndLine() {
    texts.put("hello/pt/sms.text", "Oi\n{{#open}}\nnever closed");

    assertThatThrownBy(() -> render("hello", Channel.SMS, Locale.forLanguageTag("pt"), Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("template 'hello'")
        .hasMessageContaining("hello/pt/sms.text:2");
  }

  @Test
  void aBrokenPartialIsNamedWithItsFileAndLine() {
    texts.put("hello/sms.text", "Hello {{>foot}}");
    texts.put("partials/foot", "\n\n{{/nothing}}");

    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("template 'hello'")
        .hasMessageContaining("foot:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere", "../secret", "/etc/passwd", "a/../../b", "a\\b"})
  void aPartialThatDoesNotExistOrLeadsOutIsNamed(String partial) {
    texts.put("hello/sms.text", "Hello {{>" + partial + "}}");

    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'" + partial + "'");
    assertThat(source.asked()).noneMatch(path -> path.contains("..") || path.contains("etc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{y}}", "{{{y}}}", "{{#y}}a{{/y}}", "{{>foot}}", "{{=<% %>=}}", "{{!"})
  void whatAVariableSaysIsNeverReadAsATemplate(String value) {
    texts.put("hello/sms.text", "{{x}}|{{{x}}}|{{&x}}");
    texts.put("partials/foot", "LEAK");

    Content content = render("hello", Channel.SMS, EN, Map.of("x", value, "y", "LEAK"));

    assertThat(content.body()).contains(value + "|" + value + "|" + value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{x.class}}",
        "{{x.getClass}}",
        "{{x.bytes}}",
        "{{x.length}}",
        "{{x.hashCode}}",
        "{{x.toUpperCase}}",
        "{{n.intValue}}",
        "{{list.size}}",
        "{{map.entrySet}}",
        "{{map.size}}",
        "{{#x}}{{getClass}}{{toUpperCase}}{{/x}}",
        "{{recipient.addresses}}",
        "{{getClass}}",
        "{{#map}}{{keySet}}{{/map}}",
        "{{when.year}}",
        "{{#when}}{{getYear}}{{/when}}"
      })
  void aTemplateSeesPlainDataAndNoMethods(String text) {
    texts.put("hello/sms.text", "[" + text + "]");
    Map<String, Object> variables =
        Map.of(
            "x",
            "text",
            "n",
            1,
            "list",
            List.of(1, 2),
            "map",
            Map.of("a", 1),
            "when",
            java.time.LocalDate.EPOCH);

    assertThat(render("hello", Channel.SMS, EN, variables).body()).contains("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nBcc: everyone@example.com", "a\nb", "a\rb", "a\0b", "a\u2028b"})
  void aVariableCannotAddALineToASubject(String value) {
    texts.put("hello/email.subject", "Hello {{x}} and more");
    texts.put("hello/email.text", "Hello");

    if (value.contains("\0")) {
      assertThatThrownBy(() -> new TemplateRef("hello", Map.of("x", value)))
          .isInstanceOf(InvalidNotificationException.class);
      return;
    }
    assertThatThrownBy(() -> render("hello", Channel.EMAIL, EN, Map.of("x", value)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("hello")
        .hasMessageContaining("title")
        .hasMessageNotContaining("everyone@example.com");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{>loop}}", "{{#yes}}{{>loop}}{{/yes}}", "{{<loop}}{{/loop}}"})
  void aPartialThatUsesItselfEndsInAnError(String use) {
    texts.put("hello/sms.text", use);
    texts.put("partials/loop", "x" + use);

    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of("yes", true)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'hello'");
  }

  @Test
  void aPartialMayWalkDownATreeThatEnds() {
    texts.put("tree/sms.text", "{{#node}}{{>node}}{{/node}}");
    texts.put("partials/node", "{{name}}{{#children}}({{>node}}){{/children}}");
    Map<String, Object> leaf = Map.of("name", "c", "children", List.of());
    Map<String, Object> root =
        Map.of(
            "name", "a", "children", List.of(Map.of("name", "b", "children", List.of(leaf)), leaf));

    assertThat(render("tree", Channel.SMS, EN, Map.of("node", root)).body()).contains("a(b(c))(c)");
  }

  @Test
  void whatATemplateRendersToIsBounded() {
    texts.put("big/sms.text", "{{#a}}{{#a}}{{#a}}{{#a}}{{x}}{{/a}}{{/a}}{{/a}}{{/a}}");
    List<Integer> hundred = IntStream.range(0, 100).boxed().toList();

    assertThatThrownBy(
            () -> render("big", Channel.SMS, EN, Map.of("a", hundred, "x", "0123456789")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'big'")
        .hasMessageContaining("4194304 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{{<layout}}{{x}}{{/layout}}", "{{>*x}}", "{{#a}}{{/b}}", "{{a", "{{=x}}"})
  void whatIsNoTemplateIsAnErrorOfTheTemplate(String text) {
    texts.put("hello/sms.text", "Hello\n" + text);
    texts.put("partials/layout", "{{$a}}{{/a}}");

    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of("x", "layout")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'hello'")
        .hasMessageContaining("hello/sms.text");
  }

  @Test
  void sectionsNestedWithoutEndAreAnErrorAndNoOverflow() {
    texts.put("hello/sms.text", "{{#a}}".repeat(50_000) + "{{/a}}".repeat(50_000));

    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void anEmptyMessageIsAnErrorOfTheTemplate() {
    texts.put("hello/sms.text", "{{#x}}Hello{{/x}}");

    assertThatThrownBy(() -> render("hello", Channel.SMS, EN, Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nothing to read");
  }

  @Test
  void aVariableCalledRecipientHidesThePerson() {
    texts.put("hello/sms.text", "{{recipient}}");

    assertThat(render("hello", Channel.SMS, EN, Map.of("recipient", "the buyer")).body())
        .contains("the buyer");
  }

  private void check(String name, Channel channel, Locale locale, Map<String, ?> variables) {
    templates.check(ref(name, variables), channel, locale, JANE);
  }

  private Content render(String name, Channel channel, Locale locale, Map<String, ?> variables) {
    return templates.render(ref(name, variables), channel, locale, JANE);
  }

  private static TemplateRef ref(String name, Map<String, ?> variables) {
    return new TemplateRef(name, new HashMap<>(variables));
  }
}
