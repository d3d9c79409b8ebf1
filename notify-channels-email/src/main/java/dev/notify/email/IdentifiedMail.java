package dev.notify.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.angus.mail.util.LineOutputStream;

/** A mail whose Message-ID is given: Jakarta Mail makes a new one whenever changes are saved. */
final class IdentifiedMail extends MimeMessage {

  private final String id;

  /** Takes the id with its angle brackets. */
  IdentifiedMail(Session session, String id) {
    super(session);
    this.id = id;
  }

  /** Makes it a mail of this text alone. */
  void setText(EncodedText text) throws MessagingException {
    setHeader("Content-Type", text.type());
    setHeader("Content-Transfer-Encoding", text.encoding());
    content = text.bytes();
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }

  @Override
  public void writeTo(OutputStream out, String[] ignored) throws IOException, MessagingException {
    super.writeTo(new Lines(out), ignored);
  }

  /**
   * What each part would make for itself otherwise, and for that look through the whole class path.
   */
  private static final class Lines extends LineOutputStream {
    Lines(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      // Not one by one, as a filter does.
      out.write(bytes, offset, length);
    }
  }
}
