package dev.notify.fuzz;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import dev.notify.template.TemplateSources;
import dev.notify.template.Templates;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;

/** Templates that anybody wrote, and data that anybody sent. */
class TemplateFuzzTest extends FuzzTargets {

  private static final List<String> PIECES =
      List.of(
          "Hello {{a}}",
          "{{{b}}}",
          "{{&c}}",
          "{{#a}}",
          "{{/a}}",
          "{{^b}}",
          "{{/b}}",
          "{{#b}}",
          "{{>p}}",
          "{{> q}}",
          "{{<l}}",
          "{{/l}}",
          "{{$x}}",
          "{{/x}}",
          "{{.}}",
          "{{#.}}",
          "{{/.}}",
          "{{a.b.c}}",
          "{{! no }}",
          "{{=<% %>=}}",
          "<%={{ }}=%>",
          "<%a%>",
          "{{a | date}}",
          "{{a | number: 9}}",
          "{{b | money: EUR}}",
          "{{c | money: a}}",
          "{{a | percent: 2}}",
          "{{a | plural: one, many}}",
          "{{a | upper}}",
          "{{a | time: short}}",
          "{{a | datetime: full}}",
          "{{a | weekday}}",
          "{{a | number | upper}}",
          "{{a | }}",
          "{{ | a}}",
          "{{a |nope}}",
          "{{a | plural: one=item, other=items}}",
          "{{recipient.id}}",
          "{{recipient.name}}",
          "\n",
          "  ",
          "{{a",
          "}}",
          "{{{a}}",
          "{{#a}}{{b}}{{/a}}",
          "{{#a}}{{#a}}{{#a}}{{.}}{{/a}}{{/a}}{{/a}}",
          "<a href=\"{{a}}\">",
          "<script>{{a}}</script>",
          "{{#a | number}}x{{/a}}",
          "{{*a}}",
          "{{#*a}}",
          "{{>*a}}",
          "{{>{{a}}}}",
          "{{>../a}}");

  private static final List<String> PLAIN =
      List.of(
          "Hello {{recipient.id}}",
          "{{recipient.name}}",
          "text",
          "\n",
          " {{! no }} ",
          "{{$x}}y{{/x}}",
          "{{=<% %>=}}<%a%><%={{ }}=%>",
          "{{a}}",
          "{{{b}}}",
          "{{c}}",
          "{{n | number: 2}}",
          "{{t | date: full}}",
          "{{n | money: EUR}}",
          "{{n | percent}}",
          "{{t | weekday}}",
          "{{>p}}",
          "<a href=\"https://example.com/{{a}}\">x</a>");

  private static final List<String> PATHS =
      List.of(
          "t/email.subject",
          "t/email.text",
          "t/email.html",
          "t/sms.text",
          "t/push.title",
          "t/push.text",
          "partials/p",
          "partials/q",
          "partials/l",
          "t/de/email.text",
          "partials/de/p");

  private static final List<Locale> LOCALES =
      List.of(
          Locale.ENGLISH,
          Locale.GERMAN,
          Locale.forLanguageTag("ar-EG"),
          Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai"),
          Locale.ROOT,
          Locale.forLanguageTag("tr"),
          Locale.forLanguageTag("zz-ZZ"),
          new Locale("no", "NO", "NY"));

  @Fuzz(share = 80)
  void templates(@ForAll("inputs") Chance chance) {
    Map<String, String> texts = new HashMap<>();
    long size = 0;
    for (String path : PATHS) {
      if (!chance.oneIn(20)) {
        String text = text(chance);
        texts.put(path, text);
        size += text.length();
      }
    }
    long length = size;
    Map<String, Object> data = new HashMap<>();
    for (String name : List.of("a", "b", "c")) {
      data.put(name, chance.oneIn(6) ? HostileValues.of(chance) : sane(chance));
    }
    data.put("n", chance.oneIn(9) ? HostileValues.of(chance) : 12.5);
    data.put("t", chance.oneIn(9) ? HostileValues.of(chance) : Instant.EPOCH);
    data.put("name", Canary.WORD);
    Trial.of(
        chance,
        trial -> {
          // What no more than five million steps and four million characters can take.
          trial.begins(length + (256 << 10));
          Recipient jane =
              Recipient.builder("user-42")
                  .attribute("name", Canary.WORD)
                  .locale(chance.of(LOCALES))
                  .build();
          TemplateRef ref = new TemplateRef("t", data);
          Templates templates = new Templates(TemplateSources.of(texts));
          Locale locale = jane.locale().orElse(Locale.ENGLISH);
          Channel channel = chance.of(Channel.EMAIL, Channel.SMS, Channel.PUSH);
          templates.check(ref, channel, locale, jane);
          Content content = templates.render(ref, channel, locale, jane);
          trial.require(
              content.body().orElse("").length() + content.html().orElse("").length() <= 9 << 20,
              "size",
              "rendered too much");
        },
        TemplateException.class,
        InvalidNotificationException.class);
  }

  private static Object sane(Chance chance) {
    return chance.of(
        "Jane",
        7,
        12.5,
        true,
        false,
        List.of("x", "y"),
        Map.of("b", "inner", "c", 1),
        Instant.EPOCH,
        List.of(Map.of("a", List.of(1, 2, 3)), Map.of("b", true)));
  }

  private static String text(Chance chance) {
    StringBuilder text = new StringBuilder();
    if (chance.oneIn(4)) {
      for (int i = chance.below(8); i > 0; i--) {
        text.append(
            chance.oneIn(12) ? chance.of(PIECES).repeat(Hostile.times(chance)) : chance.of(PIECES));
      }
    } else {
      grow(chance, text, chance.oneIn(20) ? 60 : 4);
    }
    return chance.oneIn(8) ? Spoiled.text(chance, text.toString()) : text.toString();
  }

  /** Sections, blocks and layouts that are closed again. */
  private static void grow(Chance chance, StringBuilder text, int depth) {
    for (int i = chance.between(1, 3); i > 0; i--) {
      String name = chance.of("a", "b", "c", "a.b", ".", "recipient");
      int kind = chance.below(depth > 0 ? 8 : 4);
      if (kind < 4) {
        text.append(chance.of(PLAIN));
      } else if (kind == 7 && chance.oneIn(3)) {
        text.append("{{<l}}{{$x}}");
        grow(chance, text, Math.min(depth - 1, 3));
        text.append("{{/x}}{{/l}}");
      } else {
        text.append(kind == 4 ? "{{^" : "{{#").append(name).append("}}");
        grow(chance, text, depth > 10 && i > 1 ? 0 : depth - 1);
        text.append("{{/").append(name).append("}}");
      }
    }
  }
}
