package dev.notify.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;

/** A mail whose Message-ID is given: Jakarta Mail makes a new one whenever changes are saved. */
final class IdentifiedMail extends MimeMessage {

  private final String id;

  /** Takes the id with its angle brackets. */
  IdentifiedMail(Session session, String id) {
    super(session);
    this.id = id;
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }
}
