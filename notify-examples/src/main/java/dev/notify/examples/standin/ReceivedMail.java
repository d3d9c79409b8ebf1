package dev.notify.examples.standin;

import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Properties;

/**
 * A mail as a reader sees it, taken apart again from what came over the wire.
 *
 * @param recipient the address that the sender's server named, without which no mail is delivered
 * @param from the sender, as its header says
 * @param to the recipient, as its header says
 * @param subject the subject
 * @param text the plain text
 * @param html the HTML that says the same; empty if there is none
 */
public record ReceivedMail(
    String recipient, String from, String to, String subject, String text, String html) {

  static ReceivedMail parse(String envelopeFrom, String envelopeTo, byte[] mail) {
    try {
      MimeMessage message =
          new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail));
      return new ReceivedMail(
          envelopeTo,
          MimeUtility.decodeText(message.getHeader("From", ",")),
          MimeUtility.decodeText(message.getHeader("To", ",")),
          message.getSubject(),
          part(message, "text/plain"),
          part(message, "text/html"));
    } catch (MessagingException | IOException e) {
      throw new IllegalArgumentException("no mail, from " + envelopeFrom, e);
    }
  }

  private static String part(Part part, String type) throws MessagingException, IOException {
    if (part.getContent() instanceof MimeMultipart several) {
      StringBuilder found = new StringBuilder();
      for (int i = 0; i < several.getCount(); i++) {
        found.append(part(several.getBodyPart(i), type));
      }
      return found.toString();
    }
    return part.isMimeType(type) ? part.getContent().toString().replace("\r\n", "\n") : "";
  }
}
