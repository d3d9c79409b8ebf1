package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.JANE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.template.TemplateSources;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What a template does on its way through the dispatcher; the room's own tests say the rest. */
class TemplatesTest {

  private final Stage stage = new Stage();

  private NotificationDispatcher with(Map<String, String> texts) {
    return stage.builder().templates(TemplateSources.of(texts)).build();
  }

  private static Notification shipped(Recipient person, Channel... channels) {
    return Notification.to(person)
        .template("shipped", Map.of("order", "<1017>"))
        .channels(channels)
        .build();
  }

  private static Recipient speaking(String language) {
    return Recipient.builder("p-" + language)
        .email("p@example.com")
        .sms("+14155550142")
        .locale(Locale.forLanguageTag(language))
        .build();
  }

  @Test
  void eachPersonReadsTheNearestLanguage() {
    try (var dispatcher =
        with(
            Map.of(
                "shipped/sms.text", "Sent {{order}}",
                "shipped/pt/sms.text", "Enviado {{order}}",
                "shipped/pt-BR/sms.text", "Mandado {{order}}"))) {
      for (String language : new String[] {"pt-BR", "pt-PT", "fi"}) {
        dispatcher.send(shipped(speaking(language), SMS));
      }

      assertThat(stage.sms.messages())
          .extracting(message -> message.content().body().orElseThrow())
          .containsExactly("Mandado <1017>", "Enviado <1017>", "Sent <1017>");
    }
  }

  @Test
  void onlyHtmlIsEscapedAndGetsATextBesideIt() {
    try (var dispatcher =
        with(
            Map.of(
                "shipped/email.subject", "Order {{order}}",
                "shipped/email.html", "<p>Order <b>{{order}}</b></p>",
                "shipped/email.text", "Order {{order}}"))) {
      dispatcher.send(shipped(JANE, EMAIL));

      Content content = stage.email.messages().get(0).content();
      assertThat(content.title()).contains("Order <1017>");
      assertThat(content.html()).contains("<p>Order <b>&lt;1017&gt;</b></p>");
      assertThat(content.body()).contains("Order <1017>");
    }
  }

  @Test
  void aMissingTemplateIsAnErrorAtSend() {
    try (var dispatcher = with(Map.of("shipped/email.subject", "x", "shipped/email.text", "x"))) {
      assertThatThrownBy(() -> dispatcher.send(shipped(JANE, EMAIL, SMS)))
          .isInstanceOf(TemplateException.class)
          .hasMessageContainingAll("shipped", "sms");
      assertThatThrownBy(
              () -> dispatcher.send(Notification.to(JANE).template("sent").channels(EMAIL).build()))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("sent");
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void aBrokenTemplateIsAnErrorAtSendThatNamesTheFile() {
    try (var dispatcher = with(Map.of("shipped/sms.text", "one\n{{#order}} never closed"))) {
      assertThatThrownBy(() -> dispatcher.send(shipped(JANE, SMS)))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("shipped/sms.text");
    }
  }

  @Test
  void aMissingVariableIsAnErrorAtSendThatNamesIt() {
    try (var dispatcher = with(Map.of("shipped/sms.text", "{{order}} by {{carrier}}"))) {
      assertThatThrownBy(() -> dispatcher.send(shipped(JANE, SMS)))
          .isInstanceOf(NotifyException.class)
          .hasMessageContaining("carrier");
    }
  }

  @Test
  void aLineBreakInASubjectCannotBecomeAHeader() {
    try (var dispatcher =
        with(Map.of("shipped/email.subject", "Order {{order}}", "shipped/email.text", "x"))) {
      Notification hostile =
          Notification.to(JANE)
              .template("shipped", Map.of("order", "1\r\nBcc: all@example.com"))
              .channels(EMAIL)
              .build();
      assertThatThrownBy(() -> dispatcher.send(hostile))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("title");
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void aBrokenTemplateStopsNobodyElse() {
    try (var dispatcher =
        with(Map.of("shipped/sms.text", "{{#broken", "good/sms.text", "All is well"))) {
      assertThatThrownBy(() -> dispatcher.send(shipped(JANE, SMS)))
          .isInstanceOf(TemplateException.class);

      dispatcher.send(Notification.to(JANE).template("good").channels(SMS).build());

      assertThat(stage.sms.calls()).isEqualTo(1);
    }
  }

  @Test
  void aMailTemplateWithoutASubjectIsAnErrorAtSend() {
    try (var dispatcher = with(Map.of("shipped/de/email.html", "<p>x</p>"))) {
      assertThatThrownBy(() -> dispatcher.send(shipped(speaking("de"), EMAIL)))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("shipped/de/email.subject");
    }
  }

  @Test
  void changedTextsAreReadAfterAReload() {
    Map<String, String> texts = new ConcurrentHashMap<>(Map.of("shipped/sms.text", "old"));
    try (var dispatcher =
        stage.builder().templates(path -> Optional.ofNullable(texts.get(path))).build()) {
      dispatcher.send(shipped(JANE, SMS));
      texts.put("shipped/sms.text", "new");
      dispatcher.send(shipped(JANE, SMS));
      dispatcher.reloadTemplates();
      dispatcher.send(shipped(JANE, SMS));

      assertThat(stage.sms.messages())
          .extracting(message -> message.content().body().orElseThrow())
          .containsExactly("old", "old", "new");
    }
  }

  @Test
  void whateverIsWrongWithATemplateIsAnErrorAtSend() {
    try (var dispatcher =
        with(
            Map.of(
                "partials/loop", "{{>loop}}",
                "looping/sms.text", "{{>loop}}",
                "empty/sms.text", "{{#never}}x{{/never}}",
                "shipped/email.subject", "Order {{order}}",
                "shipped/email.text", "x"))) {
      for (String name : new String[] {"looping", "empty"}) {
        Notification broken =
            Notification.to(JANE).template(name, Map.of("never", false)).channels(SMS).build();
        assertThatThrownBy(() -> dispatcher.send(broken))
            .isInstanceOf(TemplateException.class)
            .hasMessageContaining(name);
      }
      assertThatThrownBy(
              () ->
                  dispatcher.send(
                      Notification.to(JANE)
                          .template("shipped", Map.of("order", "1\r\nBcc: all@example.com"))
                          .channels(EMAIL)
                          .build()))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("title");
      assertThat(stage.sms.calls() + stage.email.calls()).isZero();
    }
  }

  @Test
  void whatRendersTooLargeForTheChannelIsRefusedAtSend() {
    stage.sms.checkingContent(
        content -> content.textBytes() > 20 ? Optional.of("too long") : Optional.empty());
    try (var dispatcher = with(Map.of("shipped/sms.text", "{{order}}"))) {
      Notification large =
          Notification.to(JANE)
              .template("shipped", Map.of("order", "x".repeat(21)))
              .channels(SMS)
              .build();

      assertThatThrownBy(() -> dispatcher.send(large))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContainingAll("sms", "too long");
    }
  }
}
