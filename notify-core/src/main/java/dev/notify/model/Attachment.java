package dev.notify.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file that goes with an e-mail.
 *
 * @since 0.1
 */
public final class Attachment {

  // What file systems keep; percent-encoded in a header it still fits in a line of mail.
  private static final int NAME_BYTES = 255;

  private final String fileName;
  private final String contentType;
  private final byte[] bytes;
  private final Optional<String> contentId;

  private Attachment(
      String fileName, String contentType, byte[] bytes, Optional<String> contentId) {
    this.fileName = Text.requireToken("attachment.fileName", fileName, NAME_BYTES);
    if (fileName.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
      throw new InvalidNotificationException(
          "attachment.fileName", "must have at most " + NAME_BYTES + " bytes in UTF-8");
    }
    this.contentType = Text.requireToken("attachment.contentType", contentType, 127);
    this.bytes = Text.present("attachment.bytes", bytes).clone();
    contentId.ifPresent(Attachment::requireContentId);
    this.contentId = contentId;
  }

  /**
   * A file of this name, media type and content; the bytes are copied.
   *
   * @throws InvalidNotificationException if the name is blank, has control characters or more than
   *     255 bytes in UTF-8, or the media type is blank
   */
  public static Attachment of(String fileName, String contentType, byte[] bytes) {
    return new Attachment(fileName, contentType, bytes, Optional.empty());
  }

  /**
   * A picture that stands within the HTML, which shows it by {@code <img src="cid:...">} (RFC
   * 2392).
   *
   * @param contentId the name after {@code cid:}; letters, digits and {@code . _ - @}
   * @throws InvalidNotificationException as in {@link #of}, or if the id has other characters
   */
  public static Attachment inline(
      String contentId, String fileName, String contentType, byte[] bytes) {
    return new Attachment(
        fileName, contentType, bytes, Optional.of(Text.present("attachment.contentId", contentId)));
  }

  private static void requireContentId(String id) {
    if (!id.matches("[A-Za-z0-9._@-]{1,128}")) {
      throw new InvalidNotificationException(
          "attachment.contentId", "must be of 1 to 128 letters, digits and . _ - @");
    }
  }

  /** The name by which the HTML shows it; empty for a file beside the text. */
  public Optional<String> contentId() {
    return contentId;
  }

  /** Name that the reader sees. */
  public String fileName() {
    return fileName;
  }

  /** Media type, for example {@code application/pdf}. */
  public String contentType() {
    return contentType;
  }

  /** A copy of the content. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Length of the content in bytes. */
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attachment that
        && fileName.equals(that.fileName)
        && contentType.equals(that.contentType)
        && contentId.equals(that.contentId)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return fileName.hashCode() * 31 + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Attachment[" + contentType + ", " + bytes.length + " bytes]";
  }
}
