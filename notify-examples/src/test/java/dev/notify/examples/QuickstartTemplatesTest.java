package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateRef;
import dev.notify.template.TemplateSources;
import dev.notify.template.Templates;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartTemplatesTest {

  private static final Recipient JANE =
      Recipient.builder("jane").attribute("name", "Jane & Co").build();
  private static final TemplateRef ORDER =
      new TemplateRef(
          "order-shipped",
          Map.of("number", 7L, "item", "<cup>", "trackingUrl", "https://shop.example/7"));

  private final Templates templates =
      new Templates(TemplateSources.directory(ExampleFiles.find("quickstart/templates")));

  @ParameterizedTest
  @CsvSource({
    "en-US, Hello Jane, 1 Bean Street",
    "fr-FR, Hello Jane, 1 Bean Street",
    "de-AT, Guten Tag Jane, Bohnenstraße",
    "pt-PT, a sua encomenda, Rua do Grão",
    "pt-BR, seu pedido, Rua do Grão"
  })
  void aMailIsInOneLanguageInsideTheLayoutAndSigned(String locale, String text, String signature) {
    Content mail = render(Channel.EMAIL, locale);

    assertThat(mail.title().orElseThrow()).contains("7").endsWith("☕");
    assertThat(mail.body().orElseThrow()).contains(text, "<cup>", signature);
    assertThat(mail.html().orElseThrow())
        .startsWith("<!doctype html>")
        .contains("<h1>The Coffee Shop</h1>", "Jane &amp; Co", "&lt;cup&gt;", signature);
  }

  @ParameterizedTest
  @CsvSource({"en", "de", "pt", "pt-BR"})
  void everyLanguageHasTheShortMessagesToo(String locale) {
    assertThat(render(Channel.SMS, locale).body().orElseThrow()).contains("https://shop.example/7");
    assertThat(render(Channel.PUSH, locale).body().orElseThrow()).contains("<cup>");
    assertThat(render(Channel.IN_APP, locale).title().orElseThrow()).contains("7");
  }

  private Content render(Channel channel, String locale) {
    return templates.render(ORDER, channel, Locale.forLanguageTag(locale), JANE);
  }
}
