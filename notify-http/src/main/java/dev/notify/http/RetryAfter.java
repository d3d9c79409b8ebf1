package dev.notify.http;

import static dev.notify.model.Outcome.LONGEST_WAIT;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Retry-After} header (RFC 9110, 10.2.3): seconds, or a date. A date in the past means
 * now. More than a day is taken for a day: nobody means a year, and an overflow must not become a
 * loop.
 */
final class RetryAfter {

  private static final Pattern SECONDS = Pattern.compile("\\d+");

  private RetryAfter() {}

  /** The time from {@code now}; empty if there is no header or it makes no sense. */
  static Optional<Duration> parse(@Nullable String header, Instant now) {
    if (header == null) {
      return Optional.empty();
    }
    String text = header.strip();
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(seconds(text));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(bounded(Duration.between(now, then)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration seconds(String digits) {
    // Nine digits fit any number type and are far beyond the bound already.
    return digits.length() > 9 ? LONGEST_WAIT : bounded(Duration.ofSeconds(Long.parseLong(digits)));
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
