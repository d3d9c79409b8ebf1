package dev.notify.model;

/**
 * Why a delivery was suppressed, deferred, cancelled or given up. The code is for programs and
 * stays the same between versions; the detail is for people and holds nothing personal.
 *
 * @param code one of the constants here, or a policy's own
 * @param detail a sentence; may be empty
 * @since 0.1
 */
public record Reason(String code, String detail) {

  /** The recipient has no address on the channel. */
  public static final String NO_ADDRESS = "NO_ADDRESS";

  /** No provider understands the address, or it is malformed. */
  public static final String INVALID_ADDRESS = "INVALID_ADDRESS";

  /** The address is on the suppression list. */
  public static final String SUPPRESSED_ADDRESS = "SUPPRESSED_ADDRESS";

  /** The recipient opted out. */
  public static final String OPTED_OUT = "OPTED_OUT";

  /** A marketing category without the recipient's consent. */
  public static final String NO_CONSENT = "NO_CONSENT";

  /** The recipient paused all notifications. */
  public static final String PAUSED = "PAUSED";

  /** The recipient's quiet hours. */
  public static final String QUIET_HOURS = "QUIET_HOURS";

  /** Outside the hours at which it may be delivered. */
  public static final String DELIVERY_WINDOW = "DELIVERY_WINDOW";

  /** The person mostly opens what they get at another hour. */
  public static final String SEND_TIME = "SEND_TIME";

  /** A frequency cap is used up. */
  public static final String FREQUENCY_CAP = "FREQUENCY_CAP";

  /** A provider's rate limit, in-flight limit or open breaker. */
  public static final String PROVIDER_BUSY = "PROVIDER_BUSY";

  /** The recipient is who caused the event. */
  public static final String ACTOR = "ACTOR";

  /** An earlier channel of {@link Routing.First} was taken, or of an escalation was seen. */
  public static final String NOT_NEEDED = "NOT_NEEDED";

  /** Too late to be of use. */
  public static final String EXPIRED = "EXPIRED";

  /** A newer notification about the same subject took its place. */
  public static final String REPLACED = "REPLACED";

  /** The condition of its subject no longer held at delivery. */
  public static final String NO_LONGER_TRUE = "NO_LONGER_TRUE";

  /** The application cancelled it. */
  public static final String CANCELLED = "CANCELLED";

  /** The dispatcher closed before its turn and its store does not outlive the process. */
  public static final String SHUTDOWN = "SHUTDOWN";

  /** The dispatcher does not let real messages out. */
  public static final String CAPTURED = "CAPTURED";

  /** The person it was for was forgotten. */
  public static final String FORGOTTEN = "FORGOTTEN";

  /** The provider refused the message for good. */
  public static final String REJECTED = "REJECTED";

  /** Attempts or time for retries are used up. */
  public static final String ATTEMPTS_USED_UP = "ATTEMPTS_USED_UP";

  /** The provider's account or credentials are at fault. */
  public static final String MISCONFIGURED = "MISCONFIGURED";

  /** Nobody can tell whether the provider took the message. */
  public static final String UNCONFIRMED = "UNCONFIRMED";

  /** As UNCONFIRMED, and nothing more can be done to find out; a dead letter after a while. */
  public static final String HELD = "HELD";

  /** The template or content cannot be turned into a message of the channel. */
  public static final String UNRENDERABLE = "UNRENDERABLE";

  /** What was stored cannot be read, or two nodes died with it in their hands: set aside. */
  public static final String QUARANTINED = "QUARANTINED";

  /** Its broadcast is held; goes on with resume. */
  public static final String BROADCAST_HELD = "BROADCAST_HELD";

  /** Too large a share of a broadcast failed, bounced or opted out. */
  public static final String LIMIT_PASSED = "LIMIT_PASSED";

  /** No node at work knows the audience of a broadcast by its name. */
  public static final String AUDIENCE_UNKNOWN = "AUDIENCE_UNKNOWN";

  /** The audience of a broadcast cannot be read. */
  public static final String AUDIENCE_FAILED = "AUDIENCE_FAILED";

  /** A person of a broadcast's audience cannot be sent to. */
  public static final String INVALID_MEMBER = "INVALID_MEMBER";

  /** The person belongs to those who get nothing of an experiment. */
  public static final String HOLDOUT = "HOLDOUT";

  /** By a program, not by a person. */
  public static final String MACHINE = "MACHINE";

  /** Collected for a digest, or said in one. */
  public static final String DIGEST = "DIGEST";

  /** A retry is due after a failed attempt. */
  public static final String RETRY = "RETRY";

  /** Its time has not come. */
  public static final String SCHEDULED = "SCHEDULED";

  /** Checks the code, and keeps at most 1,000 characters of the detail. */
  public Reason {
    Text.requireToken("reason", code, 64);
    detail = Text.shortened(detail);
  }

  /** A code without detail. */
  public static Reason of(String code) {
    return new Reason(code, "");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? code : code + " (" + detail + ")";
  }
}
