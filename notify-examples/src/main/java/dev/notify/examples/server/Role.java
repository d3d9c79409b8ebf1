package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;

/** What a caller may do. */
enum Role {
  /** Sends and calls off, keeps people, their devices and choices. */
  SEND,
  /** Sees everything that can be seen, and changes nothing. */
  READ,
  /** Does everything; alone changes templates and experiments, replays and erases. */
  ADMIN,
  /** A person with a token of their own: their inbox and choices, and nobody else's. */
  USER;

  static Role parse(String option, String text) {
    return Arrays.stream(values())
        .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    option + ": a role is send, read or admin; one of these is not"));
  }
}
