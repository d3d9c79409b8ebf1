package dev.notify.email;

import dev.notify.model.Attachment;
import dev.notify.model.Content;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.ParseException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What content a mail can carry. The size is a safe estimate of the encoded mail, made without
 * encoding it.
 *
 * @param hasDefaultSubject whether content may come without a title
 * @param maxBytes the longest mail that may be sent
 */
record ContentRules(boolean hasDefaultSubject, long maxBytes) {

  private static final int HEADERS = 2048;
  private static final int HEADERS_OF_A_PART = 512;

  /** A line may have 998 bytes and can be broken at spaces only (RFC 5322, section 2.2.3). */
  private static final int LONGEST_WORD = 900;

  /** Why it cannot be sent; empty if it can. */
  Optional<String> problemWith(Content content) {
    Optional<String> title = content.title().filter(text -> !text.isBlank());
    if (title.isEmpty() && !hasDefaultSubject) {
      return Optional.of(
          "title: an e-mail needs one, as its subject; or give the provider a default subject");
    }
    if (title.isEmpty() && isBlank(content.body()) && isBlank(content.html())) {
      return Optional.of("body: an e-mail needs a title, a body or HTML");
    }
    if (title.filter(ContentRules::hasEndlessWord).isPresent()) {
      return Optional.of("title: has a word of more than " + LONGEST_WORD + " characters");
    }
    for (Attachment attachment : content.attachments()) {
      if (!isMediaType(attachment.contentType())) {
        return Optional.of("attachment.contentType: must be a media type such as application/pdf");
      }
    }
    Optional<String> problem =
        EmailRules.problemWith(content.email()).or(() -> pictureProblem(content));
    if (problem.isPresent()) {
      return problem;
    }
    long bytes = encodedBytes(content);
    return bytes <= maxBytes
        ? Optional.empty()
        : Optional.of(
            "content: has about "
                + bytes
                + " bytes when encoded, at most "
                + maxBytes
                + " may be sent");
  }

  private static boolean isBlank(Optional<String> text) {
    return text.filter(words -> !words.isBlank()).isEmpty();
  }

  private static Optional<String> pictureProblem(Content content) {
    Set<String> ids = new HashSet<>();
    for (Attachment attachment : content.attachments()) {
      if (attachment.contentId().filter(id -> !ids.add(id)).isPresent()) {
        return Optional.of("attachment.contentId: two files have the same");
      }
    }
    return Optional.empty();
  }

  /** Whether a header field of this text would have a line that cannot be broken. */
  static boolean hasEndlessWord(String title) {
    for (String word : title.split(" ")) {
      if (word.length() > LONGEST_WORD) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMediaType(String text) {
    try {
      ContentType type = new ContentType(text);
      return !type.getPrimaryType().isEmpty() && !type.getSubType().isEmpty();
    } catch (ParseException e) {
      return false;
    }
  }

  private static long encodedBytes(Content content) {
    long html = utf8(content.html());
    // A missing text form is made from the HTML.
    long text = isBlank(content.body()) ? html + HtmlText.LONGER : utf8(content.body());
    long sum = HEADERS + encoded(utf8(content.title()) + text + html);
    sum += EmailRules.encodedBytes(content.email());
    for (Attachment attachment : content.attachments()) {
      sum += HEADERS_OF_A_PART + encoded(attachment.size());
    }
    return sum;
  }

  /**
   * Base64 with its line ends makes 1.37 of one byte; quoted-printable at most 1.4, as we choose
   * it.
   */
  private static long encoded(long bytes) {
    return bytes + bytes * 2 / 5;
  }

  private static long utf8(Optional<String> text) {
    return text.map(words -> words.getBytes(StandardCharsets.UTF_8).length).orElse(0);
  }
}
