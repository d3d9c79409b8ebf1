package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.JANE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.BroadcastReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Status;
import dev.notify.model.StoredTemplate.Type;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import dev.notify.routing.Audiences;
import dev.notify.spi.Audience;
import dev.notify.spi.OutboundMessage;
import dev.notify.template.TemplateLibrary;
import dev.notify.template.TemplateSources;
import dev.notify.template.Templates;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Templates that are edited while the application runs. */
class StoredTemplatesTest {

  private static final Draft SHIPPED =
      Draft.of("shipped", "sms.text", "Order {{order}} left us on {{at|date}}.")
          .text("de/sms.text", "Bestellung {{order}} ging am {{at|date}} ab.")
          .required("order", Type.NUMBER, 1017)
          .required("at", Type.TIME, Instant.parse("2026-03-02T21:30:00Z"));

  private final Stage stage = new Stage();
  private final NotificationDispatcher dispatcher =
      stage
          .builder()
          .templates(
              TemplateSources.of(
                  Map.of(
                      "shipped/sms.text", "From a file: {{order}}",
                      "other/sms.text", "Other {{>foot}}",
                      "partials/foot", "file")))
          .build();
  private final TemplateLibrary library = dispatcher.templates();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private String send(String template) {
    dispatcher.send(
        Notification.to(JANE)
            .template(template, Map.of("order", 1, "at", Instant.parse("2026-03-02T21:30:00Z")))
            .channels(SMS)
            .build());
    List<OutboundMessage> sent = stage.sms.messages();
    return sent.get(sent.size() - 1).content().body().orElseThrow();
  }

  @Test
  void aDraftIsNotSentUntilItIsActivatedAndARollBackIsAnotherActivation() {
    library.save(SHIPPED, "ann");
    assertThat(send("shipped")).isEqualTo("From a file: 1");

    library.activate("shipped", 1, "ann");
    assertThat(send("shipped")).isEqualTo("Order 1 left us on Mar 2, 2026.");

    library.save(SHIPPED.text("sms.text", "{{order}}: {{at|date}}"), "bob");
    assertThat(send("shipped")).isEqualTo("Order 1 left us on Mar 2, 2026.");
    library.activate("shipped", 2, "bob");
    assertThat(send("shipped")).isEqualTo("1: Mar 2, 2026");

    library.activate("shipped", 1, "bob");
    assertThat(send("shipped")).isEqualTo("Order 1 left us on Mar 2, 2026.");
    library.archive("shipped", 1, "bob");
    assertThat(send("shipped")).isEqualTo("From a file: 1");
    assertThat(library.find("shipped", 2).orElseThrow().status()).isEqualTo(Status.ARCHIVED);
    assertThat(library.history("shipped")).hasSize(8);
  }

  @Test
  void whatWaitsIsSentInTheVersionThatWasActiveWhenItWasAccepted() {
    library.save(SHIPPED.text("sms.text", "one {{order}}"), "ann");
    library.activate("shipped", 1, "ann");
    Notification later =
        Notification.to(JANE)
            .template("shipped", Map.of("order", 1, "at", "2026-03-02"))
            .channels(SMS)
            .idempotencyKey("k")
            .build();
    SendReceipt receipt =
        dispatcher.schedule(later, stage.clock.instant().plus(Duration.ofHours(1)));
    library.save(SHIPPED.text("sms.text", "two {{order}}"), "ann");
    library.activate("shipped", 2, "ann");

    stage.clock.advance(Duration.ofHours(2));

    assertThat(stage.sms.messages())
        .extracting(message -> message.content().body().orElseThrow())
        .containsExactly("one 1");
    Notification kept = dispatcher.status(receipt.id()).orElseThrow().notification();
    assertThat(kept.template().orElseThrow().name()).isEqualTo("shipped@1");
    assertThat(kept.kind()).isEqualTo("shipped");
    assertThat(send("shipped")).isEqualTo("two 1");
  }

  @Test
  void aBroadcastIsSentInTheVersionThatWasActiveWhenItWasBegun() {
    library.save(SHIPPED.text("sms.text", "one {{order}}"), "ann");
    library.activate("shipped", 1, "ann");
    Notification news =
        Notification.to("all")
            .template("shipped", Map.of("order", 1, "at", "2026-03-02"))
            .channels(SMS)
            .idempotencyKey("k")
            .build();
    Audience jane = Audiences.of("all", List.of(JANE.id()));
    BroadcastReceipt receipt = dispatcher.broadcast(jane, news);
    library.save(SHIPPED.text("sms.text", "two {{order}}"), "ann");
    library.activate("shipped", 2, "ann");

    stage.clock.advance(Duration.ofMinutes(1));

    assertThat(stage.sms.messages())
        .extracting(message -> message.content().body().orElseThrow())
        .containsExactly("one 1");
    assertThat(dispatcher.broadcast(jane, news).id()).isEqualTo(receipt.id());
    assertThatThrownBy(
            () ->
                dispatcher.broadcast(
                    jane, news.toBuilder().template("shipped@2", Map.of("order", 1)).build()))
        .hasMessageContaining("idempotencyKey");
  }

  @Test
  void aVersionCanBeNamed() {
    library.save(SHIPPED, "ann");

    assertThat(send("shipped@1")).startsWith("Order 1 left us");
    assertThatThrownBy(() -> send("shipped@9")).isInstanceOf(TemplateException.class);
  }

  @Test
  void aPreviewIsInTheReadersLanguageAndZoneAndSendsNothing() {
    library.save(SHIPPED, "ann");
    Recipient reader =
        Recipient.builder("x").locale(Locale.GERMANY).zone(ZoneId.of("Asia/Tokyo")).build();

    Content content = library.preview("shipped", 1, SMS, reader);

    assertThat(content.body()).contains("Bestellung 1017 ging am 03.03.2026 ab.");
    assertThat(stage.sms.calls()).isZero();
    assertThatThrownBy(() -> library.preview("shipped", 2, SMS, reader))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("no version 2");
  }

  @Test
  void whatCouldNotBeSentIsNotSaved() {
    assertThatThrownBy(() -> library.save(SHIPPED.text("de/sms.text", "{{#broken"), "ann"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("shipped/de/sms.text");
    assertThatThrownBy(() -> library.save(SHIPPED.text("sms.text", "{{carrier}}"), "ann"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContainingAll("carrier", "not declared");
    assertThatThrownBy(() -> library.save(SHIPPED.text("sms.text", "{{order|date}}"), "ann"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContainingAll("'order'", "a time");
    assertThatThrownBy(() -> library.save(SHIPPED.text("email.text", "no subject"), "ann"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("email.subject");
    assertThatThrownBy(() -> library.save(SHIPPED.text("sms.body", "x"), "ann"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("sms.body");
    assertThatThrownBy(() -> library.save(SHIPPED.text("sms.text", "{{>nowhere}}"), "ann"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(
            () ->
                library.save(
                    Draft.of("x", "sms.text", "{{n}}").required("n", Type.LIST, "text"), "ann"))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("samples.n");
    assertThatThrownBy(() -> SHIPPED.text("../x", "y"))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("../x");
    assertThatThrownBy(() -> library.save(SHIPPED, " "))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("by");
    assertThat(library.versions("shipped")).isEmpty();
  }

  @Test
  void partialsAreATemplateOfThatNameAndThoseItHasNotAreFiles() {
    assertThat(send("other")).isEqualTo("Other file");
    library.save(Draft.of("partials", "foot", "stored {{>end}}").text("end", "!"), "ann");

    library.activate("partials", 1, "ann");
    assertThat(send("other")).isEqualTo("Other stored !");

    library.save(Draft.of("partials", "end", "?"), "ann");
    library.activate("partials", 2, "ann");
    assertThat(send("other")).isEqualTo("Other file");
    assertThatThrownBy(() -> library.save(Draft.of("partials", "foot", "{{/x}}"), "ann"))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void aFileTreeAndTheStoreSayTheSame() {
    Map<String, String> texts =
        Map.of(
            "email.subject", "Order {{order}}",
            "email.html", "<p>{{order}} & {{#at}}{{at|datetime}}{{/at}}</p>",
            "de/email.subject", "Bestellung {{order}}",
            "de/email.text", "{{>foot}} {{order|money:EUR}}");
    Draft draft = SHIPPED;
    for (Map.Entry<String, String> text : texts.entrySet()) {
      draft = draft.text(text.getKey(), text.getValue());
    }
    library.save(draft, "ann");
    Map<String, String> files = new HashMap<>(Map.of("partials/foot", "file"));
    texts.forEach((path, text) -> files.put("shipped/" + path, text));
    Templates tree = new Templates(TemplateSources.of(files));

    for (Locale locale : List.of(Locale.ENGLISH, Locale.GERMANY, Locale.FRANCE)) {
      Recipient reader = Recipient.builder("x").locale(locale).build();
      assertThat(library.preview("shipped", 1, EMAIL, reader))
          .isEqualTo(
              tree.render(new TemplateRef("shipped", SHIPPED.samples()), EMAIL, locale, reader));
    }
  }
}
