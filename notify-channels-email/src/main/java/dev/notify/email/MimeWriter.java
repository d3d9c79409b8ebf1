package dev.notify.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Properties;

/** Writes letters as mail for vendors that take one whole. Thread-safe. */
final class MimeWriter {

  private final MailComposer composer;

  MimeWriter(InstantSource clock) {
    Session session = ContextLoader.lendTo(() -> Session.getInstance(new Properties()));
    this.composer = new MailComposer(session, clock);
  }

  byte[] write(Letter letter) throws MessagingException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4 * 1024);
    try {
      composer.compose(letter).writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
