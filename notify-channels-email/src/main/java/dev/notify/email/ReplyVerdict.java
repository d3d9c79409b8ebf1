package dev.notify.email;

import dev.notify.email.Reply.Status;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a relay's refusal means. Goes by the step first, since the same code blames the address
 * after RCPT and ourselves before it; then by the enhanced status code (RFC 3463 and the IANA
 * list), then by the reply code (RFC 5321), and by its words only where relays give one code to
 * opposite things.
 */
final class ReplyVerdict {

  /** Greylisting servers let nobody in sooner (RFC 6647, section 4.5). */
  static final Duration GREYLISTING = Duration.ofMinutes(5);

  /**
   * A day's quota that rolls frees itself bit by bit; asking once an hour finds out soon enough.
   */
  static final Duration ROLLING_QUOTA = Duration.ofHours(1);

  private static final Set<Integer> NO_SUCH_ADDRESS = Set.of(0, 1, 2, 3, 6, 10);
  private static final Pattern GREYLISTED = words("gr[ea]y-?\\s?list");
  private static final Pattern RATE = words("\\brates?\\b|\\blimit|too many|throttl");
  private static final Pattern DAILY_QUOTA = words("daily (message |sending )?quota");
  private static final Pattern CREDITS_USED_UP = words("credits exceeded");
  private static final Pattern SENDER_NOT_ALLOWED = words("is not verified|access denied");

  /** Words for somebody who is not there; all else that a bare code may mean is about us. */
  private static final Pattern NOBODY =
      words(
          "(unknown|no such|non-?existent|invalid|inactive|disabled) "
              + "(local )?(user|mailbox|recipient|account|person)"
              + "|(user|mailbox|recipient|account|person)[^.;]{0,40}"
              + "(unknown|not found|not exist|n't exist|no longer|inactive|disabled)"
              + "|mailbox name not allowed");

  private static final Pattern MAILBOX_FULL = words("\\bfull\\b|quota|storage");

  private ReplyVerdict() {}

  private static Pattern words(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  /** The meaning of a reply of 400 or more to a mail for this recipient. */
  static Outcome of(Step step, Reply reply, String recipient) {
    String cause = step.words() + " was answered with " + reply;
    if (!reply.isPassing()) {
      return permanent(step, reply, recipient, cause);
    }
    Outcome outcome = passing(step, reply, cause);
    return step == Step.RCPT ? outcome.ofThisAddressOnly() : outcome;
  }

  private static Outcome passing(Step step, Reply reply, String cause) {
    if (CREDITS_USED_UP.matcher(reply.text()).find()) {
      return Outcome.misconfigured(cause + " (credits used up)");
    }
    if (GREYLISTED.matcher(reply.text()).find()) {
      return Outcome.retryable(cause + " (greylisted)", GREYLISTING);
    }
    return switch (reply.code()) {
      case 421 -> step == Step.AUTH ? Outcome.retryable(cause) : Outcome.throttled(cause);
      case 450 -> isFlood(reply) ? Outcome.throttled(cause) : Outcome.retryable(cause, GREYLISTING);
      case 451, 454 -> localError(step, reply, cause);
      default ->
          isPolicy(reply) && !step.isBeforeMail()
              ? Outcome.throttled(cause)
              : Outcome.retryable(cause);
    };
  }

  private static Outcome localError(Step step, Reply reply, String cause) {
    if (DAILY_QUOTA.matcher(reply.text()).find()) {
      return Outcome.throttled(cause + " (daily quota)", ROLLING_QUOTA);
    }
    if (RATE.matcher(reply.text()).find()) {
      return Outcome.throttled(cause + " (rate limit)");
    }
    // Before MAIL a 4.7.0 says that TLS or the password check is out of order, not that we are too
    // fast.
    return isPolicy(reply) && !step.isBeforeMail()
        ? Outcome.throttled(cause)
        : Outcome.retryable(cause);
  }

  private static boolean isFlood(Reply reply) {
    return reply.status().filter(status -> status.is(7, 28)).isPresent();
  }

  private static boolean isPolicy(Reply reply) {
    return reply.status().filter(status -> status.subject() == 7).isPresent();
  }

  private static Outcome permanent(Step step, Reply reply, String recipient, String cause) {
    if (step.isBeforeMail() || isAboutOurAccount(step, reply, recipient)) {
      return Outcome.misconfigured(cause);
    }
    if (step == Step.MAIL) {
      return reply.code() == 550 || reply.code() == 553
          ? Outcome.misconfigured(cause + " (sender not allowed)")
          : Outcome.rejected(cause);
    }
    // x.0.0 says no more than the reply code does.
    return reply
        .status()
        .filter(status -> status.subject() != 0)
        .map(status -> byStatus(step, status, cause))
        .orElseGet(() -> byCode(step, reply, cause));
  }

  private static boolean isAboutOurAccount(Step step, Reply reply, String recipient) {
    return switch (reply.code()) {
      case 530, 534, 535, 538 -> true;
      case 554 -> isSenderNotAllowed(step, reply, recipient) || namesOurAccount(reply);
      default -> namesOurAccount(reply);
    };
  }

  /**
   * What is said at RCPT is said of the recipient; so is what names nobody else. In its sandbox
   * Amazon SES refuses recipients in the words that it has for senders.
   */
  private static boolean isSenderNotAllowed(Step step, Reply reply, String recipient) {
    boolean ofTheRecipient =
        step == Step.RCPT
            || (step == Step.END
                && Mentions.in(reply.text()).equals(Set.of(recipient.toLowerCase(Locale.ROOT))));
    return !ofTheRecipient && SENDER_NOT_ALLOWED.matcher(reply.text()).find();
  }

  private static boolean namesOurAccount(Reply reply) {
    return reply
        .status()
        .filter(status -> status.is(7, 8) || status.is(1, 7) || status.is(1, 8))
        .isPresent();
  }

  private static Outcome byStatus(Step step, Status status, String cause) {
    boolean dead =
        status.subject() == 1 && NO_SUCH_ADDRESS.contains(status.detail()) || status.is(2, 1);
    if (dead && (step == Step.RCPT || step == Step.END)) {
      return Outcome.invalidAddress(cause);
    }
    return status.is(2, 2) ? mailboxFull(cause) : Outcome.rejected(cause);
  }

  private static Outcome byCode(Step step, Reply reply, String cause) {
    if (step == Step.RCPT) {
      return switch (reply.code()) {
        // Servers refuse relaying, senders and blocked hosts with these bare codes too; that must
        // not retire an address.
        case 550, 551, 553 ->
            NOBODY.matcher(reply.text()).find()
                ? Outcome.invalidAddress(cause)
                : Outcome.rejected(cause);
        case 556 -> Outcome.invalidAddress(cause);
        case 552 -> mailboxFull(cause);
        default -> Outcome.rejected(cause);
      };
    }
    return reply.code() == 552 && MAILBOX_FULL.matcher(reply.text()).find()
        ? mailboxFull(cause)
        : Outcome.rejected(cause);
  }

  private static Outcome mailboxFull(String cause) {
    return Outcome.retryable(cause + " (mailbox full)").ofThisAddressOnly();
  }
}
