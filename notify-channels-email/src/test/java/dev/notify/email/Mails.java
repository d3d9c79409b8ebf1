package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.SampleMessages;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;

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
