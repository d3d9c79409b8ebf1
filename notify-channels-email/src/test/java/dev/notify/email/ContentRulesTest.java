package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Attachment;
import dev.notify.model.Content;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ContentRulesTest {

  private final ContentRules rules = new ContentRules(false, 100_000);

  @Test
  void anEMailNeedsASubject() {
    assertThat(rules.problemWith(Content.ofBody("b")).orElseThrow()).startsWith("title:");
    assertThat(new ContentRules(true, 100_000).problemWith(Content.ofBody("b"))).isEmpty();
  }

  @Test
  void dataAloneIsNothingToRead() {
    Content data = Content.builder().data("orderId", "7").build();

    assertThat(rules.problemWith(data)).isPresent();
    assertThat(new ContentRules(true, 100_000).problemWith(data).orElseThrow()).startsWith("body:");
  }

  @Test
  void titleBodyOrHtmlIsEnough() {
    assertThat(rules.problemWith(Content.builder().title("T").build())).isEmpty();
    assertThat(rules.problemWith(Content.builder().title("T").body("b").build())).isEmpty();
    assertThat(rules.problemWith(Content.builder().title("T").html("<p>b</p>").build())).isEmpty();
  }

  @Test
  void aWordThatCannotBeFoldedIsRefused() {
    assertThat(
            rules
                .problemWith(Content.builder().title("x".repeat(901)).body("b").build())
                .orElseThrow())
        .startsWith("title:");
    assertThat(rules.problemWith(Content.builder().title("x ".repeat(450)).body("b").build()))
        .isEmpty();
  }

  @Test
  void attachmentsNeedAMediaType() {
    for (String type :
        List.of("pdf", "application/", "/pdf", "application/pdf/x", "application pdf")) {
      Content content =
          Content.builder()
              .title("T")
              .body("b")
              .attach(Attachment.of("a.pdf", type, new byte[1]))
              .build();
      assertThat(rules.problemWith(content)).as(type).isPresent();
    }
  }

  @Test
  void theWholeMailMustFit() {
    Content fits =
        Content.builder()
            .title("T")
            .body("b")
            .attach(Attachment.of("a", "a/b", new byte[60_000]))
            .build();
    Content tooBig =
        Content.builder()
            .title("T")
            .body("b")
            .attach(Attachment.of("a", "a/b", new byte[80_000]))
            .build();

    assertThat(rules.problemWith(fits)).isEmpty();
    assertThat(rules.problemWith(tooBig).orElseThrow()).startsWith("content:");
    assertThat(rules.problemWith(Content.builder().title("T").html("x".repeat(50_000)).build()))
        .isPresent();
  }

  @Test
  void theEstimateIsNeverFarBelowTheMail() throws Exception {
    for (String text :
        List.of(
            "plain words\n".repeat(3000),
            "=".repeat(30_000),
            "ä".repeat(15_000),
            "aaaaaä".repeat(5000),
            "")) {
      Content content =
          Content.builder()
              .title("T")
              .body(text)
              .html("<p>" + text + "</p>")
              .attach(Attachment.of("a.bin", "application/octet-stream", new byte[10_000]))
              .build();
      ByteArrayOutputStream mail = new ByteArrayOutputStream();
      Sender sender =
          new Sender(
              MailAddresses.configured("from", "a@example.com"),
              Optional.empty(),
              Optional.empty());
      new MailComposer(Session.getInstance(new Properties()), InstantSource.system())
          .compose(Letter.of(Mails.message(content), sender))
          .writeTo(mail);

      assertThat(new ContentRules(false, mail.size() - 1).problemWith(content))
          .as("%d bytes", mail.size())
          .isPresent();
    }
  }

  @Test
  void theEstimateHoldsForATextThatIsMadeOfTheHtmlToo() throws Exception {
    for (String part : List.of("<ol><li>ä", "<hr>", "<p>=", "<a href='https://x.example/ä'>x<p>")) {
      Content content = Content.builder().title("T").html(part.repeat(2_000)).build();
      ByteArrayOutputStream mail = new ByteArrayOutputStream();
      Sender sender =
          new Sender(
              MailAddresses.configured("from", "a@example.com"),
              Optional.empty(),
              Optional.empty());
      new MailComposer(Session.getInstance(new Properties()), InstantSource.system())
          .compose(Letter.of(Mails.message(content), sender))
          .writeTo(mail);

      assertThat(new ContentRules(false, mail.size() - 1).problemWith(content))
          .as(part)
          .isPresent();
    }
  }
}
