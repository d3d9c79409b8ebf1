/** E-mail: SMTP, Amazon SES, SendGrid, Postmark, Resend, Mailgun. */
module dev.notify.email {
  requires transitive dev.notify.core;
  requires static transitive org.jspecify;
  requires com.github.benmanes.caffeine;
  requires dev.notify.http;
  requires jakarta.activation;
  requires jakarta.mail;
  requires java.logging;
  requires org.eclipse.angus.mail;
  requires org.jsoup;
  requires org.slf4j;

  exports dev.notify.email;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.email.MailgunProviderFactory,
      dev.notify.email.PostmarkProviderFactory,
      dev.notify.email.ResendProviderFactory,
      dev.notify.email.SendGridProviderFactory,
      dev.notify.email.SesProviderFactory,
      dev.notify.email.SmtpProviderFactory;
}
