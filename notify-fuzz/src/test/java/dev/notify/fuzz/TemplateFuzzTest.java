package dev.notify.fuzz;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import dev.notify.template.TemplateSources;
import dev.notify.template.Templates;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;

/** Templates that anybody wrote, and data that anybody sent. */
class TemplateFuzzTest extends FuzzTargets {

  private static final List<String> PIECES =
      List.of(
          "Hello {{a}}", "{{{b}}}", "{{&c}}", "{{#a}}", "{{/a}}", "{{^b}}", "{{/b}}", "{{#b}}", "{{>p}}", "{{> q}}",
          "{{<l}}", "{{/l}}", "{{$x}}", "{{/x}}", "{{.}}", "{{#.}}", "{{/.}}", "{{a.b.c}}", "{{! no }}",
          "{{=<% %>=}}", "<%={{ }}=%>", "<%a%>", "{{a | date}}", "{{a | number: 9}}", "{{b | money: EUR}}",
          "{{c | money: a}}", "{{a | percent: 2}}", "{{a | plural: one, many}}", "{{a | upper}}", "{{a | time: short}}",
          "{{a | datetime: full}}", "{{a | weekday}}", "{{a | number | upper}}", "{{a | }}", "{{ | a}}", "{{a |nope}}",
          "{{a | plural: one=item, other=items}}", "{{recipient.id}}", "{{recipient.name}}", "\n", "  ", "{{a", "}}",
          "{{{a}}", "{{#a}}{{b}}{{/a}}", "{{#a}}{{#a}}{{#a}}{{.}}{{/a}}{{/a}}{{/a}}", "<a href=\"{{a}}\">",
          "<script>{{a}}</script>", "{{#a | number}}x{{/a}}", "{{*a}}", "{{#*a}}", "{{>*a}}", "{{>{{a}}}}", "{{>../a}}");

  private static final List<String> PATHS =
      List.of(
          "t/email.subject", "t/email.text", "t/email.html", "t/sms.text", "t/push.title", "t/push.text",
          "partials/p", "partials/q", "partials/l", "t/de/email.text", "partials/de/p");

  private static final List<Locale> LOCALES =
      List.of(
          Locale.ENGLISH, Locale.GERMAN, Locale.forLanguageTag("ar-EG"), Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai"),
          Locale.ROOT, Locale.forLanguageTag("tr"), Locale.forLanguageTag("zz-ZZ"), new Locale("no", "NO", "NY"));

  @Fuzz(share = 100)
  void templates(@ForAll("inputs") Chance chance) {
    Map<String, String> texts = new HashMap<>();
    long size = 0;
    for (String path : PATHS) {
      if (!chance.oneIn(3)) {
        String text = text(chance);
        texts.put(path, text);
        size += text.length();
      }
    }
    long length = size;
    Map<String, Object> data = new HashMap<>();
    for (String name : List.of("a", "b", "c")) {
      data.put(name, HostileValues.of(chance));
    }
    data.put("name", Canary.WORD);
    Trial.of(
        chance,
        trial -> {
          trial.begins(length + 4_096);
          Recipient jane =
              Recipient.builder("user-42").attribute("name", Canary.WORD).locale(chance.of(LOCALES)).build();
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

  private static String text(Chance chance) {
    StringBuilder text = new StringBuilder();
    for (int i = chance.below(8); i > 0; i--) {
      text.append(chance.oneIn(12) ? chance.of(PIECES).repeat(Hostile.times(chance)) : chance.of(PIECES));
    }
    return chance.oneIn(3) ? Spoiled.text(chance, text.toString()) : text.toString();
  }
}
