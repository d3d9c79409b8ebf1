package dev.notify.console;

import dev.notify.model.DeliveryStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Small things that look the same on every page. */
final class Pieces {

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Pieces() {}

  /** A moment in UTC, which the browser shows in the reader's own time. */
  static void moment(Markup html, Instant at) {
    html.leaf("time", MOMENT.format(at) + " UTC", "datetime", at.toString());
  }

  /** Where a delivery stands, by word and colour. */
  static void status(Markup html, DeliveryStatus status) {
    chip(html, words(status.name()), tone(status));
  }

  static void chip(Markup html, String text, String tone) {
    html.leaf("span", text, "class", "chip " + tone);
  }

  static String tone(DeliveryStatus status) {
    return switch (status) {
      case SENT, DELIVERED -> "good";
      case DEAD, BOUNCED, UNDELIVERED -> "bad";
      case UNCONFIRMED, SUPPRESSED, CANCELLED, EXPIRED -> "warn";
      case SCHEDULED, PENDING, SENDING, DIGESTED -> "plain";
    };
  }

  /** {@code TOO_FEW_YET} as people write it. */
  static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** {@code BOUNCED} as it stands at the beginning of a line. */
  static String sentence(String constant) {
    String words = words(constant);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** What to do where there is nothing to see. */
  static void empty(Markup html, String title, String next) {
    html.open("div", "class", "empty").leaf("p", title, "class", "empty-title");
    html.leaf("p", next).close("div");
  }

  static void fault(Markup html, String text) {
    html.leaf("p", text, "class", "note bad", "role", "alert");
  }

  static void fact(Markup html, String name, String value) {
    if (!value.isEmpty()) {
      html.leaf("dt", name).leaf("dd", value);
    }
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
  }

  static String length(Duration duration) {
    if (duration.compareTo(Duration.ofMillis(1)) < 0) {
      return "under 1 ms";
    } else if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    } else if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    } else if (duration.compareTo(Duration.ofHours(2)) < 0) {
      return duration.toMinutes() + " min";
    }
    return duration.compareTo(Duration.ofDays(2)) < 0
        ? duration.toHours() + " h"
        : duration.toDays() + " days";
  }

  /** A field with its label, as a choice of one. */
  static void choice(
      Markup html, String name, String label, Iterable<String> values, String chosen) {
    html.open("label", "class", "field").leaf("span", label).open("select", "name", name);
    for (String value : values) {
      String shown = value.isEmpty() ? "any" : words(value);
      if (value.equals(chosen)) {
        html.leaf("option", shown, "value", value, "selected", "");
      } else {
        html.leaf("option", shown, "value", value);
      }
    }
    html.close("select", "label");
  }
}
