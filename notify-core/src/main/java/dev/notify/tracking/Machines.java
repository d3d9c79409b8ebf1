package dev.notify.tracking;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells programs from people, as far as they let it: scanners that follow every link of a mail
 * before it is shown, and clients that fetch pictures unasked.
 */
public final class Machines {

  /** Nobody reads and clicks sooner. */
  private static final Duration SOONEST = Duration.ofSeconds(2);

  /**
   * Cubot and M Bot make phones, Scania has an intranet. Programs' names begin with all sorts of
   * words, so these cannot stand alone: Slackbot, urlscan, Baiduspider.
   */
  private static final Pattern PROGRAMS =
      Pattern.compile(
          "(?<!\\bcu|\\bm[ _-]|\\bpower[ _-])bots?(?![a-z])|scan(?:ner|ning)?s?(?![a-z])"
              + "|crawl|spider|preview|barracuda|mimecast|proofpoint|safelinks|headless"
              + "|curl/|wget|python|java/|okhttp|go-http|libwww|fetch");

  private Machines() {}

  /**
   * Why a request is taken for a program's; empty if it seems to be a person's.
   *
   * @param isHead whether it asks for headers only
   * @param purpose what the client says it fetches for, from any of the headers for that
   * @param sinceSent time since the message was sent, if that is known
   */
  public static Optional<String> sign(
      boolean isHead, String userAgent, String purpose, Optional<Duration> sinceSent) {
    String agent = userAgent.strip().toLowerCase(Locale.ROOT);
    if (isHead) {
      return Optional.of("asked for headers only");
    }
    if (!purpose.isBlank() && purpose.toLowerCase(Locale.ROOT).matches(".*(prefetch|preview).*")) {
      return Optional.of("fetched ahead");
    }
    // Apple's Mail Privacy Protection fetches every picture, under this name alone.
    if (agent.isEmpty() || agent.equals("mozilla/5.0") || PROGRAMS.matcher(agent).find()) {
      return Optional.of("a program by its name");
    }
    return sinceSent
        .filter(time -> time.compareTo(SOONEST) < 0)
        .map(time -> "sooner than a person can");
  }
}
