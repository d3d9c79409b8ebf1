package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.SampleMessages;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

/** What the tests send, to whom and through what. */
final class Mails {

  static final String USERNAME = "shop-account";
  static final String PASSWORD = "tr0ub4dor-and-3";
  static final Address JANE = Address.email("jane.doe@example.org").named("Jane Doe");

  private Mails() {}

  static Content content() {
    return Content.builder().title("Your parcel").body("It is on its way.").build();
  }

  static OutboundMessage message() {
    return message(content());
  }

  static OutboundMessage message(Content content) {
    return SampleMessages.to(JANE, content);
  }

  /** So many messages of the same content, to a person each: p0, p1 and so on. */
  static List<OutboundMessage> several(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> SampleMessages.to(Address.email("p" + i + "@example.org"), content()))
        .toList();
  }

  /** A message with everything that a mail can have. */
  static OutboundMessage rich() {
    EmailOptions options =
        EmailOptions.builder()
            .replyTo(Address.email("case-7@example.com").named("Case 7"))
            .cc(Address.email("carol@example.org").named("Carol, \u00d6"))
            .cc(Address.email("JANE.DOE@example.org"))
            .bcc(Address.email("bob@b\u00fccher.example"))
            .header("X-Order", "N\u00ba 7")
            .tag("orders")
            .tag("shipped")
            .unsubscribe(URI.create("https://shop.example.com/u/1"))
            .build();
    return message(
        Content.builder()
            .title("Your parcel \u20ac")
            .body("It is \"on\" its way.")
            .html("<img src='cid:logo'>")
            .attach(Attachment.inline("logo", "logo.png", "image/png", new byte[] {1, 2, 3}))
            .attach(Attachment.of("a/b.pdf", "Application/PDF; x=y", new byte[] {4, 5}))
            .email(options)
            .build());
  }

  static OutboundMessage inCategory(Category category) {
    OutboundMessage sample = message();
    return new OutboundMessage(
        sample.deliveryId(),
        sample.notificationId(),
        sample.recipientId(),
        sample.address(),
        sample.content(),
        category,
        sample.priority(),
        sample.createdAt(),
        sample.expiresAt(),
        sample.metadata());
  }

  /** A provider that talks to a local relay in clear. */
  static SmtpProviderBuilder plain(int port) {
    return SmtpProvider.builder()
        .host("127.0.0.1")
        .port(port)
        .tls(TlsMode.NONE)
        .ehloName("app.example.com")
        .from("Shop <shop@example.com>")
        .readTimeout(Duration.ofSeconds(20));
  }

  static MimeMessage parse(String mail) throws Exception {
    byte[] bytes = mail.getBytes(StandardCharsets.ISO_8859_1);
    return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
  }
}
