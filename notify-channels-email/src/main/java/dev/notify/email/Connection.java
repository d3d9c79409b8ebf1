package dev.notify.email;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;

/** A connection with its age and use. Belongs to one thread at a time; the pool hands it over. */
final class Connection {

  private final RelayTransport transport;
  private final Instant openedAt;
  private Instant usedAt;
  private int messages;

  Connection(RelayTransport transport, Instant now) {
    this.transport = transport;
    this.openedAt = now;
    this.usedAt = now;
  }

  RelayTransport transport() {
    return transport;
  }

  /** Whether it has carried a message before. */
  boolean isReused() {
    return messages > 0;
  }

  void send(MimeMessage mail, Envelope envelope) throws MessagingException {
    transport.beginMessage(envelope.copies());
    messages++;
    transport.sendMessage(mail, new Address[] {envelope.recipient()});
  }

  void usedAt(Instant now) {
    usedAt = now;
  }

  Duration idle(Instant now) {
    return Duration.between(usedAt, now).abs();
  }

  boolean isUsedUp(PoolLimits limits, Instant now) {
    return messages >= limits.messagesPerConnection()
        || idle(now).compareTo(limits.idle()) >= 0
        || Duration.between(openedAt, now).abs().compareTo(limits.age()) >= 0;
  }

  /** Says QUIT without waiting for the answer, and closes. */
  void close() {
    try {
      transport.close();
    } catch (MessagingException e) {
      // It is closed all the same; a relay that has gone needs no farewell.
    }
  }
}
