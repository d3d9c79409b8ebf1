/** E-mail providers. */
module dev.notify.email {
  requires transitive dev.notify.core;
  requires static transitive org.jspecify;
  requires jakarta.activation;
  requires jakarta.mail;
  requires java.logging;
  requires org.eclipse.angus.mail;
  requires org.jsoup;
  requires org.slf4j;

  exports dev.notify.email;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.email.SmtpProviderFactory;
}
