package dev.notify.email;

import jakarta.mail.internet.InternetAddress;
import java.util.Optional;

/**
 * Who the mail comes from.
 *
 * @param from the sender
 * @param replyTo where answers go, if elsewhere
 * @param defaultSubject the subject of mail whose content has no title
 */
record Sender(
    InternetAddress from, Optional<InternetAddress> replyTo, Optional<String> defaultSubject) {

  /** The right-hand side of our message ids. */
  String domain() {
    String address = from.getAddress();
    return address.substring(address.lastIndexOf('@') + 1);
  }
}
