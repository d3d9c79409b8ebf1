package dev.notify.fuzz;

import dev.notify.push.VapidKeys;
import dev.notify.routing.ChannelProviders;
import dev.notify.spi.ChannelProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every provider, by properties that are right. */
final class Providers {

  /** What is secret has the canary in it. */
  static final Map<String, String> PROPERTIES = properties();

  private Providers() {}

  static List<ChannelProvider> all() {
    return ChannelProviders.fromProperties(PROPERTIES);
  }

  private static Map<String, String> properties() {
    Map<String, String> all = new TreeMap<>();
    mails(all);
    texts(all);
    pushes(all);
    all.put(
        "notify.webhook.webhook.signing-secret",
        "whsec_" + base64(("0123456789" + Canary.WORD + "0123456789").getBytes()));
    all.put("notify.slack.slack.bot-token", "xoxb-" + Canary.WORD);
    all.keySet().removeIf(key -> !ChannelProviders.knownKeys().containsKey(key));
    return Map.copyOf(all);
  }

  private static void mails(Map<String, String> all) {
    all.put("notify.email.smtp.host", "smtp.example.com");
    all.put("notify.email.smtp.port", "587");
    all.put("notify.email.smtp.from", "Shop <shop@example.com>");
    all.put("notify.email.smtp.username", "shop");
    all.put("notify.email.smtp.password", Canary.WORD);
    all.put("notify.email.smtp.read-timeout", "PT60S");
    for (String vendor : List.of("resend", "postmark", "sendgrid", "mailgun", "ses")) {
      all.put("notify.email." + vendor + ".from", "Shop <shop@example.com>");
    }
    all.put("notify.email.resend.api-key", "re_" + Canary.WORD);
    all.put("notify.email.postmark.server-token", Canary.WORD);
    all.put("notify.email.sendgrid.api-key", "SG." + Canary.WORD);
    all.put("notify.email.mailgun.domain", "mg.example.com");
    all.put("notify.email.mailgun.api-key", "key-" + Canary.WORD);
    all.put("notify.email.ses.region", "eu-central-1");
    all.put("notify.email.ses.access-key-id", "AKIAEXAMPLEEXAMPLE00");
    all.put("notify.email.ses.secret-access-key", Canary.WORD);
  }

  private static void texts(Map<String, String> all) {
    all.put("notify.sms.twilio.account-sid", "AC" + "0".repeat(32));
    all.put("notify.sms.twilio.auth-token", Canary.WORD);
    all.put("notify.sms.plivo.auth-id", "MA" + "A".repeat(18));
    all.put("notify.sms.plivo.auth-token", Canary.WORD);
    all.put("notify.sms.messagebird.access-key", Canary.WORD);
    all.put("notify.sms.sns.region", "eu-central-1");
    all.put("notify.sms.sns.access-key-id", "AKIAEXAMPLEEXAMPLE00");
    all.put("notify.sms.sns.secret-access-key", Canary.WORD);
    all.put("notify.sms.vonage.application-id", "4cdb2a3e-0f3c-4a3e-8f3c-9a3e0f3c4a3e");
    all.put("notify.sms.vonage.private-key", file("vonage.pem", pem("RSA", 2_048)));
    for (String vendor : List.of("twilio", "plivo", "messagebird", "vonage")) {
      all.put("notify.sms." + vendor + ".from", "+14155550100");
    }
  }

  private static void pushes(Map<String, String> all) {
    VapidKeys keys = VapidKeys.generate();
    all.put("notify.push.webpush.public-key", keys.publicKey());
    all.put("notify.push.webpush.private-key", keys.privateKey());
    all.put("notify.push.webpush.subject", "mailto:ops@example.com");
    all.put("notify.push.apns.signing-key", file("apns.p8", pem("EC", 256)));
    all.put("notify.push.apns.key-id", "ABCDE12345");
    all.put("notify.push.apns.team-id", "ABCDE12345");
    all.put("notify.push.apns.topic", "com.example.app");
    String account =
        """
        {"type":"service_account","project_id":"example","private_key_id":"%s","private_key":"%s",
         "client_email":"notify@example.iam.gserviceaccount.com","client_id":"1",
         "token_uri":"https://oauth2.googleapis.com/token"}
        """
            .formatted(Canary.WORD, pem("RSA", 2_048).replace("\n", "\\n"));
    all.put("notify.push.fcm.service-account", file("account.json", account));
  }

  private static String pem(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      KeyPair pair = generator.generateKeyPair();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(pair.getPrivate().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String file(String name, String text) {
    try {
      Path file = Files.createTempDirectory("notify-fuzz").resolve(name);
      Files.writeString(file, text);
      file.toFile().deleteOnExit();
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
