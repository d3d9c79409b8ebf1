package dev.notify.email;

import dev.notify.model.Attachment;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.spi.OutboundMessage;
import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import jakarta.mail.util.ByteArrayDataSource;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes a message as mail (RFC 5322, 2045 to 2047, 2231): text, or text and HTML, or either with
 * files behind it. Bodies are always encoded, so that no line is longer than a relay takes.
 * Thread-safe.
 */
final class MailComposer {

  private static final String UTF_8 = "UTF-8";

  private final Session session;
  private final Sender sender;
  private final InstantSource clock;

  MailComposer(Session session, Sender sender, InstantSource clock) {
    this.session = session;
    this.sender = sender;
    this.clock = clock;
  }

  /** The id that every attempt of a delivery bears: receivers can tell a second copy by it. */
  String messageId(OutboundMessage message) {
    return "<" + message.reference() + "@" + sender.domain() + ">";
  }

  /** The mail, ready to be sent to {@code recipient}. */
  MimeMessage compose(OutboundMessage message, InternetAddress recipient)
      throws MessagingException {
    MimeMessage mail = new IdentifiedMail(session, messageId(message));
    setAddress(mail, "From", sender.from());
    setAddress(mail, "To", recipient);
    if (sender.replyTo().isPresent()) {
      setAddress(mail, "Reply-To", sender.replyTo().get());
    }
    Optional<String> subject = subject(message.content());
    if (subject.isPresent()) {
      mail.setSubject(subject.get(), UTF_8);
    }
    mail.setSentDate(Date.from(clock.instant()));
    // Some relays put a Message-ID of their own in place of ours; this one they leave.
    mail.setHeader("X-Notify-Delivery", message.reference());
    if (message.category().kind() == Category.Kind.TRANSACTIONAL) {
      // RFC 3834: keeps out-of-office answers from coming back.
      mail.setHeader("Auto-Submitted", "auto-generated");
    }
    setBody(mail, message.content());
    mail.saveChanges();
    return mail;
  }

  private Optional<String> subject(Content content) {
    return content.title().filter(title -> !title.isBlank()).or(sender::defaultSubject);
  }

  private static void setAddress(MimeMessage mail, String header, InternetAddress address)
      throws MessagingException {
    // Jakarta Mail folds between addresses only, and a long name alone can break the limit of a
    // line.
    mail.setHeader(header, MimeUtility.fold(header.length() + 2, address.toString()));
  }

  private void setBody(MimeMessage mail, Content content) throws MessagingException {
    if (content.attachments().isEmpty()) {
      setReadable(mail, content);
      return;
    }
    MimeMultipart mixed = new MimeMultipart("mixed");
    MimeBodyPart readable = new MimeBodyPart();
    setReadable(readable, content);
    mixed.addBodyPart(readable);
    for (Attachment attachment : content.attachments()) {
      mixed.addBodyPart(file(attachment));
    }
    mail.setContent(mixed);
  }

  private void setReadable(MimePart part, Content content) throws MessagingException {
    Optional<String> html = content.html().filter(text -> !text.isBlank());
    String text = plainText(content, html);
    if (html.isEmpty()) {
      setText(part, text, "plain");
      return;
    }
    MimeMultipart alternative = new MimeMultipart("alternative");
    // The best form comes last (RFC 2046, section 5.1.4).
    alternative.addBodyPart(textPart(text, "plain"));
    alternative.addBodyPart(textPart(html.get(), "html"));
    part.setContent(alternative);
  }

  private String plainText(Content content, Optional<String> html) {
    return content
        .body()
        .filter(text -> !text.isBlank())
        .or(() -> html.map(HtmlText::of).filter(text -> !text.isBlank()))
        .or(() -> subject(content))
        .orElse("");
  }

  private static MimeBodyPart textPart(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    setText(part, text, subtype);
    return part;
  }

  private static void setText(MimePart part, String text, String subtype)
      throws MessagingException {
    byte[] bytes = text.replaceAll("\r\n|\r|\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    String type = "text/" + subtype + "; charset=" + UTF_8;
    part.setDataHandler(new DataHandler(new ByteArrayDataSource(bytes, type)));
    part.setHeader(
        "Content-Transfer-Encoding", isMostlyAscii(bytes) ? "quoted-printable" : "base64");
  }

  private static boolean isMostlyAscii(byte[] bytes) {
    int escaped = 0;
    for (byte b : bytes) {
      if (b < 0 || b == '=') {
        escaped++;
      }
    }
    // Quoted-printable makes three bytes of each of these; up to here it is no longer than base64.
    return escaped <= bytes.length / 6;
  }

  private static MimeBodyPart file(Attachment attachment) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    ContentType type = fileType(attachment);
    part.setDataHandler(
        new DataHandler(new ByteArrayDataSource(attachment.bytes(), type.getBaseType())));
    String name = attachment.fileName().replaceAll("[/\\\\]", "_");
    ParameterList typeParameters =
        Optional.ofNullable(type.getParameterList()).orElseGet(ParameterList::new);
    typeParameters.set("name", name, UTF_8);
    type.setParameterList(typeParameters);
    part.setHeader("Content-Type", type.toString());
    ParameterList parameters = new ParameterList();
    parameters.set("filename", name, UTF_8);
    part.setHeader(
        "Content-Disposition", new ContentDisposition("attachment", parameters).toString());
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
