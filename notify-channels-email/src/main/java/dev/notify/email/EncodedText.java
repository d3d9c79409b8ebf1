package dev.notify.email;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.util.BASE64EncoderStream;
import org.eclipse.angus.mail.util.QPEncoderStream;

/**
 * A text as it stands in a mail (RFC 2045), always encoded, so that no line is longer than a relay
 * takes. Jakarta Mail would encode it by itself, but looks through the whole class path for the way
 * each time, which takes longer than all the rest of a mail.
 *
 * @param type its media type and character set
 * @param encoding the name of its transfer encoding
 * @param bytes encoded
 */
record EncodedText(String type, String encoding, byte[] bytes) {

  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  /** Encodes a text in the way that makes it shorter. */
  static EncodedText of(String text, String subtype) {
    byte[] bytes = LINE_END.matcher(text).replaceAll("\r\n").getBytes(StandardCharsets.UTF_8);
    String type = "text/" + subtype + "; charset=UTF-8";
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(bytes.length + bytes.length / 2);
    return isMostlyAscii(bytes)
        ? new EncodedText(
            type, "quoted-printable", through(new QPEncoderStream(encoded), bytes, encoded))
        : new EncodedText(
            type, "base64", through(new BASE64EncoderStream(encoded), bytes, encoded));
  }

  private static byte[] through(OutputStream encoder, byte[] bytes, ByteArrayOutputStream encoded) {
    try {
      encoder.write(bytes);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return encoded.toByteArray();
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

  /** A part of a mail. */
  MimeBodyPart part() throws MessagingException {
    InternetHeaders headers = new InternetHeaders();
    headers.setHeader("Content-Type", type);
    headers.setHeader("Content-Transfer-Encoding", encoding);
    return new MimeBodyPart(headers, bytes);
  }

  @Override
  public String toString() {
    return "EncodedText[" + type + ", " + bytes.length + " bytes]";
  }
}
