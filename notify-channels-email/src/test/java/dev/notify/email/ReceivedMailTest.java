package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.SampleMessages;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What arrives at a real mail server and comes out of a MIME reader there. */
@Timeout(60)
class ReceivedMailTest {

  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void headersNameSenderRecipientSubjectAndTime() throws Exception {
    OutboundMessage message = Mails.message();

    MimeMessage mail = receive(message);

    assertThat(mail.getFrom()).containsExactly(new InternetAddress("shop@example.com", "Shop"));
    assertThat(mail.getRecipients(RecipientType.TO))
        .containsExactly(new InternetAddress("jane.doe@example.org", "Jane Doe"));
    assertThat(mail.getSubject()).isEqualTo("Your parcel");
    assertThat(mail.getSentDate()).isEqualTo(Date.from(SampleMessages.CREATED_AT));
    assertThat(mail.getMessageID()).isEqualTo("<" + message.reference() + "@example.com>");
    assertThat(mail.getHeader("X-Notify-Delivery")).containsExactly(message.reference());
    assertThat(mail.getHeader("MIME-Version")).containsExactly("1.0");
    assertThat(mail.getHeader("Reply-To")).isNull();
    assertThat(mail.getHeader("Auto-Submitted")).isNull();
  }

  @Test
  void aMessageWithoutHtmlIsPlainText() throws Exception {
    MimeMessage mail =
        receive(
            Mails.message(
                Content.builder().title("T").body("One\nTwo\r\n\r\n.\nGrüße 🎉").build()));

    assertThat(mail.isMimeType("text/plain")).isTrue();
    assertThat(mail.getContent()).isEqualTo("One\r\nTwo\r\n\r\n.\r\nGrüße 🎉");
  }

  @Test
  void subjectsNamesAndDomainsMayBeInAnyScript() throws Exception {
    Address address = Address.email("jane@bücher.example").named("Jané \"J\" Dœ, 東京");
    String title = "Grüße 🎉 aus Köln: " + "ein sehr langer Betreff mit Ümläuten ".repeat(10);

    MimeMessage mail =
        receive(
            SampleMessages.to(address, Content.builder().title(title).body("b").build()),
            plain().from("Käse & Co <info@käse.example>"));

    assertThat(mail.getSubject()).isEqualTo(title);
    assertThat(mail.getRecipients(RecipientType.TO))
        .containsExactly(
            new InternetAddress("jane@xn--bcher-kva.example", "Jané \"J\" Dœ, 東京", "UTF-8"));
    assertThat(((InternetAddress) mail.getFrom()[0]).getPersonal()).isEqualTo("Käse & Co");
    assertThat(((InternetAddress) mail.getFrom()[0]).getAddress())
        .isEqualTo("info@xn--kse-qla.example");
    assertThat(mail.getMessageID()).endsWith("@xn--kse-qla.example>");
    assertThat(((InternetAddress) mail.getRecipients(RecipientType.TO)[0]).getPersonal())
        .isEqualTo("Jané \"J\" Dœ, 東京");
  }

  @Test
  void htmlComesAfterTheTextThatItReplaces() throws Exception {
    MimeMessage mail =
        receive(
            Mails.message(
                Content.builder().title("T").body("plain ä").html("<p>rich ä</p>").build()));

    MimeMultipart parts = multipart(mail, "multipart/alternative");
    assertThat(parts.getCount()).isEqualTo(2);
    assertThat(parts.getBodyPart(0).isMimeType("text/plain")).isTrue();
    assertThat(parts.getBodyPart(0).getContent()).isEqualTo("plain ä");
    assertThat(parts.getBodyPart(1).isMimeType("text/html")).isTrue();
    assertThat(parts.getBodyPart(1).getContent()).isEqualTo("<p>rich ä</p>");
  }

  @Test
  void htmlAloneGetsATextOfItsOwn() throws Exception {
    MimeMessage mail =
        receive(
            Mails.message(
                Content.builder()
                    .title("T")
                    .html("<p>See <a href='https://x.example/1'>it</a></p>")
                    .build()));

    assertThat(multipart(mail, "multipart/alternative").getBodyPart(0).getContent())
        .isEqualTo("See it (https://x.example/1)");
  }

  @Test
  void filesFollowTheText() throws Exception {
    byte[] bytes = new byte[100_000];
    new Random(7).nextBytes(bytes);
    Content content =
        Content.builder()
            .title("T")
            .body("plain")
            .html("<p>rich</p>")
            .attach(Attachment.of("Rechnung Nº 7 – März 🎉.pdf", "application/pdf", bytes))
            .attach(
                Attachment.of(
                    "../notes.txt",
                    "text/plain; charset=utf-8",
                    "ä\nb".getBytes(StandardCharsets.UTF_8)))
            .attach(
                Attachment.of(
                    "mail.eml",
                    "message/rfc822",
                    "Subject: x\n\ny".getBytes(StandardCharsets.UTF_8)))
            .build();

    MimeMultipart parts = multipart(receive(Mails.message(content)), "multipart/mixed");

    assertThat(parts.getCount()).isEqualTo(4);
    assertThat(parts.getBodyPart(0).isMimeType("multipart/alternative")).isTrue();
    BodyPart pdf = parts.getBodyPart(1);
    assertThat(pdf.getFileName()).isEqualTo("Rechnung Nº 7 – März 🎉.pdf");
    assertThat(pdf.isMimeType("application/pdf")).isTrue();
    assertThat(pdf.getDisposition()).isEqualTo(Part.ATTACHMENT);
    assertThat(pdf.getInputStream().readAllBytes()).isEqualTo(bytes);
    assertThat(parts.getBodyPart(2).getFileName()).isEqualTo(".._notes.txt");
    assertThat(parts.getBodyPart(2).getContentType()).containsIgnoringCase("charset=utf-8");
    assertThat(parts.getBodyPart(2).getInputStream().readAllBytes())
        .isEqualTo("ä\nb".getBytes(StandardCharsets.UTF_8));
    assertThat(parts.getBodyPart(3).isMimeType("application/octet-stream")).isTrue();
  }

  @Test
  void noLineIsLongerThanARelayTakes() throws Exception {
    String endless = "x".repeat(5000);
    Content content =
        Content.builder()
            .title("Ümläut 🎉 ".repeat(90) + "x".repeat(8))
            .body(endless + "=".repeat(5000) + "ä".repeat(5000))
            .html("<p>" + endless + "</p>")
            .attach(
                Attachment.of(
                    "ä".repeat(125) + ".pdf",
                    "application/pdf",
                    endless.getBytes(StandardCharsets.US_ASCII)))
            .build();
    OutboundMessage message =
        SampleMessages.to(Address.email("jane@example.org").named("Jané 🎉".repeat(30)), content);

    MimeMessage mail = receive(message);

    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    mail.writeTo(raw);
    assertThat(raw.toString(StandardCharsets.ISO_8859_1).split("\r\n"))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998))
        .allSatisfy(line -> assertThat(line).matches("\\p{ASCII}*"));
    assertThat(
            ((MimeMultipart) multipart(mail, "multipart/mixed").getBodyPart(0).getContent())
                .getBodyPart(0)
                .getContent())
        .isEqualTo(content.body().orElseThrow());
    assertThat(((InternetAddress) mail.getAllRecipients()[0]).getPersonal())
        .isEqualTo("Jané 🎉".repeat(30));
  }

  @Test
  void everyAttemptOfADeliveryBearsTheSameId() throws Exception {
    OutboundMessage message = Mails.message();
    try (SmtpProvider provider = plain().build()) {
      Outcome first = provider.deliver(message);
      Outcome second = provider.deliver(message);

      assertThat(first)
          .isEqualTo(second)
          .isEqualTo(Outcome.accepted("<" + message.reference() + "@example.com>"));
    }
    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(mails).hasSize(2);
    assertThat(mails[0].getMessageID()).isEqualTo(mails[1].getMessageID());
  }

  @Test
  void transactionalMailAsksForNoAutomaticAnswers() throws Exception {
    MimeMessage mail = receive(Mails.inCategory(Category.transactional("orders")));

    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
  }

  @Test
  void answersGoWhereTheyAreWanted() throws Exception {
    MimeMessage mail = receive(Mails.message(), plain().replyTo("Help <help@example.com>"));

    assertThat(mail.getReplyTo()).containsExactly(new InternetAddress("help@example.com", "Help"));
  }

  @Test
  void theMessagesOwnOptionsStandInItsFields() throws Exception {
    EmailOptions options =
        EmailOptions.builder()
            .replyTo(Address.email("case-7@example.com").named("Case 7"))
            .cc(Address.email("carol@example.org").named("Carol, the other"))
            .cc(Address.email("dave@example.org"))
            .bcc(Address.email("bob@example.org"))
            .header("X-Order", "Nº 4711 " + "lang ".repeat(40))
            .header("auto-submitted", "auto-replied")
            .unsubscribe(URI.create("https://shop.example.com/u/1?x=ä"))
            .build();
    Content content = Mails.content().toBuilder().email(options).build();
    OutboundMessage message = Mails.message(content);

    try (SmtpProvider provider = plain().replyTo("help@example.com").build()) {
      assertThat(provider.deliver(message)).isInstanceOf(Outcome.Accepted.class);
    }

    // A mail server keeps one for each of the four.
    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(mails).hasSize(4);
    for (MimeMessage mail : mails) {
      assertThat(mail.getReplyTo())
          .containsExactly(new InternetAddress("case-7@example.com", "Case 7"));
      assertThat(mail.getRecipients(RecipientType.CC))
          .containsExactly(
              new InternetAddress("carol@example.org", "Carol, the other"),
              new InternetAddress("dave@example.org"));
      assertThat(mail.getHeader("Bcc")).isNull();
      assertThat(MimeUtility.decodeText(MimeUtility.unfold(mail.getHeader("X-Order", null))))
          .isEqualTo("Nº 4711 " + "lang ".repeat(40));
      assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-replied");
      assertThat(mail.getHeader("List-Unsubscribe"))
          .containsExactly("<https://shop.example.com/u/1?x=%C3%A4>");
      assertThat(mail.getHeader("List-Unsubscribe-Post"))
          .containsExactly("List-Unsubscribe=One-Click");
    }
  }

  @Test
  void picturesTravelWithTheHtmlThatShowsThem() throws Exception {
    byte[] picture = {1, 2, 3, (byte) 0xff};
    Content content =
        Content.builder()
            .title("T")
            .body("plain")
            .html("<img src='cid:logo@shop'>")
            .attach(Attachment.inline("logo@shop", "logo.png", "image/png", picture))
            .attach(Attachment.of("a.pdf", "application/pdf", picture))
            .build();

    MimeMultipart mixed = multipart(receive(Mails.message(content)), "multipart/mixed");

    assertThat(mixed.getCount()).isEqualTo(2);
    MimeMultipart alternative = multipart(mixed.getBodyPart(0), "multipart/alternative");
    assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("plain");
    assertThat(alternative.getBodyPart(1).getContentType()).contains("type=\"text/html\"");
    MimeMultipart related = multipart(alternative.getBodyPart(1), "multipart/related");
    assertThat(related.getBodyPart(0).getContent()).isEqualTo("<img src='cid:logo@shop'>");
    MimeBodyPart logo = (MimeBodyPart) related.getBodyPart(1);
    assertThat(logo.getContentID()).isEqualTo("<logo@shop>");
    assertThat(logo.getDisposition()).isEqualTo(Part.INLINE);
    assertThat(logo.getFileName()).isEqualTo("logo.png");
    assertThat(logo.getInputStream().readAllBytes()).isEqualTo(picture);
    assertThat(mixed.getBodyPart(1).getDisposition()).isEqualTo(Part.ATTACHMENT);
  }

  @Test
  void aPictureWithoutHtmlIsAFile() throws Exception {
    Content content =
        Content.builder()
            .title("T")
            .body("plain")
            .attach(Attachment.inline("logo", "logo.png", "image/png", new byte[] {1}))
            .build();

    MimeMultipart mixed = multipart(receive(Mails.message(content)), "multipart/mixed");

    assertThat(mixed.getBodyPart(1).getDisposition()).isEqualTo(Part.ATTACHMENT);
  }

  @Test
  void aMessageWithoutTitleTakesTheDefaultSubject() throws Exception {
    MimeMessage mail =
        receive(Mails.message(Content.ofBody("b")), plain().defaultSubject("News from Shop"));

    assertThat(mail.getSubject()).isEqualTo("News from Shop");
  }

  @Test
  void aTitleAloneIsItsOwnText() throws Exception {
    MimeMessage mail = receive(Mails.message(Content.builder().title("Code 1234").build()));

    assertThat(mail.getContent()).isEqualTo("Code 1234");
  }

  @Test
  void onlyTheOneRecipientIsNamedOnTheEnvelope() throws Exception {
    try (ScriptedRelay relay = new ScriptedRelay();
        SmtpProvider provider = Mails.plain(relay.port()).build()) {
      provider.deliver(Mails.message());

      assertThat(relay.commands)
          .containsExactly(
              "EHLO app.example.com",
              "MAIL FROM:<shop@example.com>",
              "RCPT TO:<jane.doe@example.org>",
              "DATA");
    }
  }

  @Test
  void lineBreaksNeverReachAHeader() {
    for (String breakout :
        List.of(
            "\r\nBcc: joe@example.org",
            "\nBcc: joe@example.org",
            "\rBcc: x",
            "\u2028x",
            "\u0000")) {
      assertThatThrownBy(() -> Content.builder().title("T" + breakout).build())
          .isInstanceOf(InvalidNotificationException.class);
      assertThatThrownBy(() -> Address.email("jane@example.org" + breakout))
          .isInstanceOf(InvalidNotificationException.class);
      assertThatThrownBy(() -> Mails.JANE.named("Jane" + breakout))
          .isInstanceOf(InvalidNotificationException.class);
      assertThatThrownBy(() -> Attachment.of("a" + breakout, "text/plain", new byte[0]))
          .isInstanceOf(InvalidNotificationException.class);
    }
  }

  @Test
  void theAmazonIdIsTakenWhereAmazonGivesOne() throws Exception {
    String id = "0000012345678e09-123a4cdc-b56c-78dd-b90e-d123be456789-000000";
    try (ScriptedRelay relay = new ScriptedRelay().answer(".", "250 Ok " + id);
        SmtpProvider provider = Mails.plain(relay.port()).build()) {
      assertThat(provider.deliver(Mails.message())).isEqualTo(Outcome.accepted(id));
    }
  }

  @Test
  void aThreadWithAForeignClassLoaderCanSendToo() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      MimeMessage mail =
          receive(Mails.message(Content.builder().title("T").html("<p>x</p>").build()));

      assertThat(Thread.currentThread().getContextClassLoader())
          .isSameAs(ClassLoader.getPlatformClassLoader());
      assertThat(mail.isMimeType("multipart/alternative")).isTrue();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private SmtpProviderBuilder plain() {
    return Mails.plain(server.getSmtp().getPort()).clock(() -> SampleMessages.CREATED_AT);
  }

  private MimeMessage receive(OutboundMessage message) {
    return receive(message, plain());
  }

  private MimeMessage receive(OutboundMessage message, SmtpProviderBuilder settings) {
    try (SmtpProvider provider = settings.build()) {
      assertThat(provider.deliver(message)).isInstanceOf(Outcome.Accepted.class);
    }
    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(mails).hasSize(1);
    return mails[0];
  }

  private static MimeMultipart multipart(Part part, String type) throws Exception {
    assertThat(part.isMimeType(type)).as(part.getContentType()).isTrue();
    return (MimeMultipart) part.getContent();
  }
}
