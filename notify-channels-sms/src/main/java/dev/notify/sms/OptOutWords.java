package dev.notify.sms;

import dev.notify.model.AddressEvent;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words by which people stop messages and ask for them again, as carriers in the United States
 * require them (CTIA) and vendors take them: the whole message, in any case.
 */
final class OptOutWords {

  private static final Set<String> STOP =
      Set.of(
          "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt-out");

  private static final Set<String> START = Set.of("start", "unstop", "yes");

  private OptOutWords() {}

  /**
   * What an answer means.
   *
   * @param verdict the vendor's own, if it has one: STOP, START or HELP
   * @param text what the person wrote
   */
  static Optional<AddressEvent.Type> type(@Nullable String verdict, String text) {
    String word = (verdict == null || verdict.isBlank() ? text : verdict).strip();
    String lower = word.toLowerCase(Locale.ROOT).replaceAll("[.!]+$", "");
    if (STOP.contains(lower)) {
      return Optional.of(AddressEvent.Type.STOPPED);
    }
    return START.contains(lower) ? Optional.of(AddressEvent.Type.RESUMED) : Optional.empty();
  }
}
