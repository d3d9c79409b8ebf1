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
 * @param hasHtml whether there is an HTML form too
 */
public record ReceivedMail(
    String recipient, String from, String to, String subject, String text, boolean hasHtml) {

  static ReceivedMail parse(String envelopeFrom, String envelopeTo, byte[] mail) {
    try {
      MimeMessage message =
          new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail));
      return new ReceivedMail(
          envelopeTo,
          MimeUtility.decodeText(message.getHeader("From", ",")),
          MimeUtility.decodeText(message.getHeader("To", ",")),
          message.getSubject(),
          text(message),
          message.isMimeType("multipart/*"));
    } catch (MessagingException | IOException e) {
      throw new IllegalArgumentException("no mail, from " + envelopeFrom, e);
    }
  }

  /** The plain text comes first in a mail that has both. */
  private static String text(Part part) throws MessagingException, IOException {
    return part.getContent() instanceof MimeMultipart several
        ? text(several.getBodyPart(0))
        : part.getContent().toString().replace("\r\n", "\n");
  }
}
