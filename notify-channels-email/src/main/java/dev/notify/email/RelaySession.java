package dev.notify.email;

import dev.notify.email.Relay.Timeouts;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The settings of a relay in the words of Jakarta Mail; see the package page of Angus's SMTP
 * provider.
 */
final class RelaySession {

  private RelaySession() {}

  /** A session of its own; {@code timer} ends writes that take too long. */
  static Session of(Relay relay, ScheduledExecutorService timer) {
    Timeouts timeouts = relay.timeouts();
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", millis(timeouts.connect()));
    properties.setProperty("mail.smtp.timeout", millis(timeouts.read()));
    // The write timeout is kept by RelaySocket.
    properties.put("mail.smtp.socketFactory", new PlainSockets(timeouts, timer));
    properties.put(
        "mail.smtp.ssl.socketFactory", new TlsSockets(relay.tlsSockets(), timeouts, timer));
    // Otherwise a fault of our factories would be followed by a second try with the platform's.
    properties.setProperty("mail.smtp.socketFactory.fallback", "false");
    properties.setProperty("mail.smtp.usesocketchannels", "true");
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.2 TLSv1.3");
    properties.setProperty("mail.smtp.ssl.enable", String.valueOf(relay.tls() == TlsMode.IMPLICIT));
    String startTls = String.valueOf(relay.tls() == TlsMode.STARTTLS);
    properties.setProperty("mail.smtp.starttls.enable", startTls);
    // Without this one Angus goes on in clear when the relay does not offer TLS.
    properties.setProperty("mail.smtp.starttls.required", startTls);
    properties.setProperty("mail.smtp.auth", String.valueOf(relay.login().isPresent()));
    properties.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    properties.setProperty("mail.smtp.quitwait", "false");
    relay.ehloName().ifPresent(name -> properties.setProperty("mail.smtp.localhost", name));
    return Session.getInstance(properties);
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
