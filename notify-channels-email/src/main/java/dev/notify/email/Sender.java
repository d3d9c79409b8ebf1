package dev.notify.email;

import dev.notify.model.ConfigurationException;
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

  private static final int LONGEST_SUBJECT = 200;

  /** A default subject from an option. */
  static String subject(String value) {
    boolean fits =
        !value.isBlank()
            && value.length() <= LONGEST_SUBJECT
            && value.chars().noneMatch(Character::isISOControl);
    if (!fits) {
      throw new ConfigurationException(
          "defaultSubject: must be one line of at most " + LONGEST_SUBJECT + " characters");
    }
    return value;
  }

  /** The right-hand side of our message ids. */
  String domain() {
    String address = from.getAddress();
    return address.substring(address.lastIndexOf('@') + 1);
  }
}
