package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A message as a mail, whatever carries it. The same message always makes the same letter, down to
 * the order of its fields, since a vendor's idempotency compares whole requests.
 *
 * @param reference stays the same over all attempts
 * @param sender who it comes from
 * @param to the one recipient whom the outcome is about
 * @param replyTo where answers go
 * @param cc who else gets it, in sight of all; nobody twice
 * @param bcc who else gets it, unseen; nobody twice
 * @param subject its subject
 * @param text its text form
 * @param html its HTML form
 * @param headers further fields by name, in ASCII
 * @param tags words for reports; none twice
 * @param inline pictures within the HTML
 * @param files files beside the text
 */
record Letter(
    String reference,
    Sender sender,
    InternetAddress to,
    Optional<InternetAddress> replyTo,
    List<InternetAddress> cc,
    List<InternetAddress> bcc,
    String subject,
    String text,
    Optional<String> html,
    Map<String, String> headers,
    Set<String> tags,
    List<Attachment> inline,
    List<Attachment> files) {

  /** Under this name vendors keep {@link #reference}, and repeat it in their events. */
  static final String REFERENCE = "notify_reference";

  /** Some relays put a Message-ID of their own in place of ours; this field they leave. */
  static final String REFERENCE_HEADER = "X-Notify-Delivery";

  /**
   * Writes a message down.
   *
   * @throws AddressException if one of its addresses cannot be written to
   */
  static Letter of(OutboundMessage message, Sender sender) throws AddressException {
    Content content = message.content();
    EmailOptions options = content.email();
    InternetAddress to = address(message.address());
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.add(to.getAddress());
    Optional<InternetAddress> replyTo = sender.replyTo();
    if (options.replyTo().isPresent()) {
      replyTo = Optional.of(address(options.replyTo().get()));
    }
    Optional<String> html = content.html().filter(text -> !text.isBlank());
    String subject = filled(content.title()).or(sender::defaultSubject).orElse("");
    // Without HTML there is nothing that could show a picture.
    List<Attachment> inline = new ArrayList<>();
    List<Attachment> files = new ArrayList<>();
    for (Attachment attachment : content.attachments()) {
      (html.isPresent() && attachment.contentId().isPresent() ? inline : files).add(attachment);
    }
    return new Letter(
        message.reference(),
        sender,
        to,
        replyTo,
        addresses(options.cc(), known),
        addresses(options.bcc(), known),
        subject,
        text(content, html, subject),
        html,
        headers(message, options),
        new LinkedHashSet<>(options.tags()),
        inline,
        files);
  }

  private static Optional<String> filled(Optional<String> text) {
    return text.filter(words -> !words.isBlank());
  }

  private static InternetAddress address(Address address) throws AddressException {
    return MailAddresses.of(address.value(), address.displayName());
  }

  /** Vendors refuse a request that names somebody twice, and nobody wants the mail twice. */
  private static List<InternetAddress> addresses(List<Address> copies, Set<String> known)
      throws AddressException {
    List<InternetAddress> result = new ArrayList<>();
    for (Address copy : copies) {
      InternetAddress address = address(copy);
      if (known.add(address.getAddress())) {
        result.add(address);
      }
    }
    return List.copyOf(result);
  }

  private static String text(Content content, Optional<String> html, String subject) {
    return filled(content.body())
        .or(() -> filled(html.map(HtmlText::of)))
        .or(() -> filled(Optional.of(subject)))
        .orElse("");
  }

  private static Map<String, String> headers(OutboundMessage message, EmailOptions options) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put(REFERENCE_HEADER, message.reference());
    if (message.category().kind() == Category.Kind.TRANSACTIONAL) {
      // RFC 3834: keeps out-of-office answers from coming back.
      headers.put("Auto-Submitted", "auto-generated");
    }
    options
        .unsubscribe()
        .ifPresent(
            target -> {
              // RFC 8058, section 3.1.
              headers.put("List-Unsubscribe", "<" + target.toASCIIString() + ">");
              headers.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            });
    Map<String, String> ordered = new LinkedHashMap<>(headers);
    new TreeMap<>(options.headers())
        .forEach(
            (name, value) -> {
              // A name that differs in case only is the same field, and the application's counts.
              ordered.keySet().removeIf(name::equalsIgnoreCase);
              ordered.put(name, ascii(value));
            });
    return ordered;
  }

  private static String ascii(String value) {
    try {
      // A system property of Jakarta Mail's makes it fold, which only a mail's own fields may be.
      return MimeUtility.encodeText(value, "UTF-8", "B").replace("\r\n ", " ");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Who gets it beside the recipient. */
  List<InternetAddress> copies() {
    List<InternetAddress> copies = new ArrayList<>(cc);
    copies.addAll(bcc);
    return copies;
  }

  /** The same letter to the recipient alone. */
  Letter withoutCopies() {
    return new Letter(
        reference, sender, to, replyTo, List.of(), List.of(), subject, text, html, headers, tags,
        inline, files);
  }

  /** The id that every attempt of a delivery bears: receivers can tell a second copy by it. */
  String messageId() {
    return "<" + reference + "@" + sender.domain() + ">";
  }

  /** A file's name, without the separators that could lead a reader elsewhere. */
  static String fileName(Attachment attachment) {
    return attachment.fileName().replaceAll("[/\\\\]", "_");
  }

  /** A file's media type without parameters, in lower case. */
  static String mediaType(Attachment attachment) {
    return attachment.contentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "Letter[" + reference + "]";
  }
}
