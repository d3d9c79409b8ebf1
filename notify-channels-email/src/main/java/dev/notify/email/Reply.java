package dev.notify.email;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A relay's answer to one command (RFC 5321, section 4.2). Its text is for telling cases apart
 * only: relays repeat addresses in it, so {@code toString} shows the codes alone.
 *
 * @param code the three digits
 * @param status the enhanced status code at the start of the text
 * @param text all lines without their codes
 */
record Reply(int code, Optional<Status> status, String text) {

  private static final Pattern STATUS = Pattern.compile("^([245])\\.(\\d{1,3})\\.(\\d{1,3})\\b");
  private static final String ID = "\\s*<?((?=[\\w.+-]*\\d)[\\w.+-]{4,80})>?(?![\\w@.+-])";
  private static final List<Pattern> QUEUE_IDS =
      Stream.of("queued as", "\\bid=", "\\bok:?")
          .map(words -> Pattern.compile(words + ID, Pattern.CASE_INSENSITIVE))
          .toList();

  /** Reads an answer of one or more lines; empty if it is none that SMTP knows. */
  static Optional<Reply> parse(int code, String answer) {
    if (code < 200 || code > 599) {
      return Optional.empty();
    }
    String text =
        answer
            .lines()
            .map(line -> line.length() > 4 ? line.substring(4) : "")
            .collect(Collectors.joining("\n"));
    return Optional.of(new Reply(code, statusOf(code, text), text));
  }

  private static Optional<Status> statusOf(int code, String text) {
    Matcher matcher = STATUS.matcher(text);
    // Some servers give a code of another class than their reply; the reply is what SMTP goes by.
    if (!matcher.find() || Integer.parseInt(matcher.group(1)) != code / 100) {
      return Optional.empty();
    }
    return Optional.of(
        new Status(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))));
  }

  boolean isSuccess() {
    return code < 300;
  }

  boolean isFailure() {
    return code >= 400;
  }

  boolean isPassing() {
    return code >= 400 && code < 500;
  }

  /** The id under which the relay keeps the message, if the text says one. */
  Optional<String> queueId() {
    return QUEUE_IDS.stream()
        .map(pattern -> pattern.matcher(text))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  @Override
  public String toString() {
    return status.map(s -> code + " " + code / 100 + "." + s).orElseGet(() -> String.valueOf(code));
  }

  /**
   * An enhanced status code (RFC 3463) without its class, which is the reply's first digit.
   *
   * @param subject what the fault is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol,
   *     6 content, 7 policy
   * @param detail the fault itself
   */
  record Status(int subject, int detail) {

    boolean is(int otherSubject, int otherDetail) {
      return subject == otherSubject && detail == otherDetail;
    }

    @Override
    public String toString() {
      return subject + "." + detail;
    }
  }
}
