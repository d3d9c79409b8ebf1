package dev.notify.benchmarks.providers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import dev.notify.email.SmtpProvider;
import dev.notify.email.TlsMode;
import dev.notify.model.Address;
import dev.notify.model.Content;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.util.Date;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import org.subethamail.smtp.server.SMTPServer;

/**
 * SMTP beside Jakarta Mail, both with STARTTLS, once with a connection for each message and once
 * with a connection that each thread keeps.
 */
final class OverSmtp {

  /** As many as the provider has connections unless told otherwise. */
  private static final int THREADS = 4;

  private static final String RECIPIENT = "jane.doe@example.org";
  private static final String TITLE = "Your order is on its way";
  private static final String TEXT = "Parcel 1017 left our house today.";
  private static final Messages MESSAGES =
      new Messages(
          Address.email(RECIPIENT).named("Jane Doe"),
          Content.builder().title(TITLE).body(TEXT).build());

  private final Options options;
  private final Report report;

  OverSmtp(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void measure() throws Exception {
    HandshakeCertificates serving =
        new HandshakeCertificates.Builder().heldCertificate(Keys.SERVER).build();
    HandshakeCertificates trusting =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(Keys.SERVER.certificate())
            .build();
    Sides encrypted = measure(TlsMode.STARTTLS, serving.sslContext(), trusting);
    report.add(
        Figure.higher(
            "providers.smtp.connect.ratio", encrypted.byConnecting().median(), "x", 4, 5));
    report.add(
        Figure.higher("providers.smtp.reuse.ratio", encrypted.byReusing().median(), "x", 0.8, 0.9));
    report.note("providers.smtp, STARTTLS, " + encrypted);
    report.note(
        "not a figure: the same in clear, "
            + measure(TlsMode.NONE, serving.sslContext(), trusting));
  }

  private Sides measure(TlsMode mode, SSLContext serving, HandshakeCertificates trusting)
      throws Exception {
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .enableTLS(mode == TlsMode.STARTTLS)
            .startTlsSocketFactory(serving)
            .insertReceivedHeaders(false)
            .maxConnections(100)
            .messageHandler((context, from, to, data) -> {})
            .build();
    server.start();
    Sides sides = new Sides(new Side("ours"), new Side("connecting"), new Side("reusing"));
    int port = server.getPortAllocated();
    Bare bare = new Bare(port, mode, trusting);
    try (SmtpProvider provider = provider(port, mode, trusting)) {
      for (int round = 0; round < options.rounds(); round++) {
        System.err.printf("smtp, %s, round %d of %d%n", mode, round + 1, options.rounds());
        Load load = options.load(THREADS, round);
        sides.ours().add(load.run(number -> MESSAGES.deliver(provider, number)));
        sides.connecting().add(load.run(bare::connectAndSend));
        sides.reusing().add(bare.reusing(load));
      }
    } finally {
      server.stop();
    }
    return sides;
  }

  private static SmtpProvider provider(int port, TlsMode mode, HandshakeCertificates trusting) {
    return SmtpProvider.builder()
        .host("localhost")
        .port(port)
        .tls(mode)
        .sslSocketFactory(trusting.sslSocketFactory())
        .ehloName("app.example.com")
        .from("Shop <shop@example.com>")
        .build();
  }

  /**
   * What the three did in each round.
   *
   * @param ours the provider
   * @param connecting with a connection for each message
   * @param reusing with a connection that each thread keeps
   */
  private record Sides(Side ours, Side connecting, Side reusing) {

    Series byConnecting() {
      return ours.by(connecting);
    }

    Series byReusing() {
      return ours.by(reusing);
    }

    @Override
    public String toString() {
      return "a second, %d threads: %s; %s; %s; ratio %s; ratio %s"
          .formatted(THREADS, ours, connecting, reusing, byConnecting(), byReusing());
    }
  }

  /** Jakarta Mail with the settings that ours has, for the same mail. */
  private static final class Bare {

    private final Session session;

    Bare(int port, TlsMode mode, HandshakeCertificates trusting) {
      Properties settings = new Properties();
      settings.put("mail.transport.protocol", "smtp");
      settings.put("mail.smtp.host", "localhost");
      settings.put("mail.smtp.port", String.valueOf(port));
      settings.put("mail.smtp.localhost", "app.example.com");
      settings.put("mail.smtp.connectiontimeout", "10000");
      settings.put("mail.smtp.timeout", "60000");
      settings.put("mail.smtp.writetimeout", "60000");
      settings.put("mail.smtp.starttls.enable", String.valueOf(mode == TlsMode.STARTTLS));
      settings.put("mail.smtp.starttls.required", String.valueOf(mode == TlsMode.STARTTLS));
      settings.put("mail.smtp.ssl.checkserveridentity", "true");
      settings.put("mail.smtp.ssl.protocols", "TLSv1.2 TLSv1.3");
      settings.put("mail.smtp.ssl.socketFactory", trusting.sslSocketFactory());
      settings.put("mail.smtp.quitwait", "false");
      session = Session.getInstance(settings);
    }

    private MimeMessage mail(int number) throws Exception {
      MimeMessage mail = new MimeMessage(session);
      mail.setFrom(new InternetAddress("shop@example.com", "Shop", "UTF-8"));
      mail.setRecipient(
          MimeMessage.RecipientType.TO, new InternetAddress(RECIPIENT, "Jane Doe", "UTF-8"));
      mail.setSubject(TITLE, "UTF-8");
      mail.setSentDate(new Date());
      mail.setHeader("X-Notify-Delivery", Messages.id(number).toString());
      mail.setText(TEXT, "UTF-8");
      return mail;
    }

    void connectAndSend(int number) throws Exception {
      Transport.send(mail(number));
    }

    /** Over connections that are opened before the window begins. */
    Load.Result reusing(Load load) throws Exception {
      Queue<Transport> opened = new ConcurrentLinkedQueue<>();
      ThreadLocal<Transport> own =
          ThreadLocal.withInitial(
              () -> {
                Transport transport = open();
                opened.add(transport);
                return transport;
              });
      try {
        return load.run(number -> send(own.get(), mail(number)));
      } finally {
        for (Transport transport : opened) {
          transport.close();
        }
      }
    }

    private static void send(Transport transport, MimeMessage mail) throws MessagingException {
      mail.saveChanges();
      transport.sendMessage(mail, mail.getAllRecipients());
    }

    private Transport open() {
      try {
        Transport transport = session.getTransport();
        transport.connect();
        return transport;
      } catch (MessagingException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
