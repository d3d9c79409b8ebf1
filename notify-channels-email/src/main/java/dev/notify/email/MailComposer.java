package dev.notify.email;

import dev.notify.model.Attachment;
import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import jakarta.mail.util.ByteArrayDataSource;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a letter as mail (RFC 5322, 2045 to 2047, 2231): text, or text and HTML with its pictures,
 * or either with files behind it. Thread-safe.
 */
final class MailComposer {

  private static final String UTF_8 = "UTF-8";

  /** Jakarta Mail's own form of it is behind a lock that all mails of a process share. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US)
          .withZone(ZoneId.systemDefault());

  private final Session session;
  private final InstantSource clock;

  MailComposer(Session session, InstantSource clock) {
    this.session = session;
    this.clock = clock;
  }

  /** The mail, ready to be sent. People in blind copy are not named in it. */
  MimeMessage compose(Letter letter) throws MessagingException {
    IdentifiedMail mail = new IdentifiedMail(session, letter.messageId());
    setAddresses(mail, "From", List.of(letter.sender().from()));
    setAddresses(mail, "To", List.of(letter.to()));
    setAddresses(mail, "Cc", letter.cc());
    setAddresses(mail, "Reply-To", letter.replyTo().stream().toList());
    if (!letter.subject().isEmpty()) {
      mail.setSubject(letter.subject(), UTF_8);
    }
    mail.setHeader("Date", DATE.format(clock.instant()));
    for (Map.Entry<String, String> header : letter.headers().entrySet()) {
      String name = header.getKey();
      mail.setHeader(name, MimeUtility.fold(name.length() + 2, header.getValue()));
    }
    setBody(mail, letter);
    mail.saveChanges();
    return mail;
  }

  private static void setAddresses(MimeMessage mail, String header, List<InternetAddress> addresses)
      throws MessagingException {
    if (!addresses.isEmpty()) {
      String all =
          addresses.stream().map(InternetAddress::toString).collect(Collectors.joining(", "));
      // Jakarta Mail folds between addresses only, and a long name alone can break the limit of a
      // line.
      mail.setHeader(header, MimeUtility.fold(header.length() + 2, all));
    }
  }

  private static void setBody(IdentifiedMail mail, Letter letter) throws MessagingException {
    if (!letter.files().isEmpty()) {
      MimeMultipart mixed = new MimeMultipart("mixed");
      mixed.addBodyPart(readable(letter));
      for (Attachment attachment : letter.files()) {
        mixed.addBodyPart(file(attachment, Part.ATTACHMENT));
      }
      mail.setContent(mixed);
    } else if (letter.html().isPresent()) {
      mail.setContent(alternative(letter, letter.html().get()));
    } else {
      mail.setText(EncodedText.of(letter.text(), "plain"));
    }
  }

  private static MimeBodyPart readable(Letter letter) throws MessagingException {
    if (letter.html().isEmpty()) {
      return textPart(letter.text(), "plain");
    }
    MimeBodyPart part = new MimeBodyPart();
    part.setContent(alternative(letter, letter.html().get()));
    return part;
  }

  private static MimeMultipart alternative(Letter letter, String html) throws MessagingException {
    MimeMultipart alternative = new MimeMultipart("alternative");
    // The best form comes last (RFC 2046, section 5.1.4).
    alternative.addBodyPart(textPart(letter.text(), "plain"));
    alternative.addBodyPart(html(html, letter.inline()));
    return alternative;
  }

  /** HTML, with the pictures it shows (RFC 2387). */
  private static MimeBodyPart html(String html, List<Attachment> pictures)
      throws MessagingException {
    if (pictures.isEmpty()) {
      return textPart(html, "html");
    }
    MimeMultipart related = new MimeMultipart("related; type=\"text/html\"");
    related.addBodyPart(textPart(html, "html"));
    for (Attachment picture : pictures) {
      MimeBodyPart part = file(picture, Part.INLINE);
      part.setContentID("<" + picture.contentId().orElseThrow() + ">");
      related.addBodyPart(part);
    }
    MimeBodyPart whole = new MimeBodyPart();
    whole.setContent(related);
    return whole;
  }

  private static MimeBodyPart textPart(String text, String subtype) throws MessagingException {
    return EncodedText.of(text, subtype).part();
  }

  private static MimeBodyPart file(Attachment attachment, String disposition)
      throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    ContentType type = fileType(attachment);
    part.setDataHandler(
        new DataHandler(new ByteArrayDataSource(attachment.bytes(), type.getBaseType())));
    String name = Letter.fileName(attachment);
    ParameterList typeParameters =
        Optional.ofNullable(type.getParameterList()).orElseGet(ParameterList::new);
    typeParameters.set("name", name, UTF_8);
    type.setParameterList(typeParameters);
    part.setHeader("Content-Type", type.toString());
    ParameterList parameters = new ParameterList();
    parameters.set("filename", name, UTF_8);
    part.setHeader(
        "Content-Disposition", new ContentDisposition(disposition, parameters).toString());
    part.setHeader("Content-Transfer-Encoding", "base64");
    return part;
  }

  private static ContentType fileType(Attachment attachment) throws MessagingException {
    ContentType type = new ContentType(attachment.contentType());
    // Parts of these types must not be in base64 (RFC 2045, section 6.4).
    boolean composite =
        List.of("multipart", "message").contains(type.getPrimaryType().toLowerCase(Locale.ROOT));
    return composite ? new ContentType("application", "octet-stream", null) : type;
  }
}
