package dev.notify.email;

import jakarta.mail.internet.InternetAddress;
import java.util.List;

/**
 * Who gets a mail, whatever its fields say.
 *
 * @param recipient whom the outcome is about
 * @param copies who gets it too, if the relay takes them
 */
record Envelope(InternetAddress recipient, List<InternetAddress> copies) {}
