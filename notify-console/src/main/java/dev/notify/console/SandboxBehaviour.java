package dev.notify.console;

import dev.notify.model.ConfigurationException;
import java.time.Duration;

/**
 * What the {@link Sandbox} does with the messages of a channel, so that retries, bounces and dead
 * letters can be tried without a vendor.
 *
 * @param kind what becomes of a message
 * @param delay how long the answer takes, at most {@link #LONGEST_DELAY}
 * @since 0.1
 */
public record SandboxBehaviour(Kind kind, Duration delay) {

  /** No vendor worth trying is slower, and a thread waits all that time. */
  public static final Duration LONGEST_DELAY = Duration.ofSeconds(20);

  /** Takes every message at once, and tells that it was delivered. */
  public static final SandboxBehaviour DELIVERING =
      new SandboxBehaviour(Kind.DELIVER, Duration.ZERO);

  /** What becomes of a message. */
  public enum Kind {
    /** It is taken and shown, and reported as delivered. */
    DELIVER("Deliver", "Messages are taken, shown here and reported as delivered."),
    /** The vendor cannot be reached: the dispatcher tries again, and gives up in the end. */
    FAIL("Fail", "The vendor cannot be reached: tried again, and given up in the end."),
    /** The vendor refuses it for good: a dead letter at once. */
    REJECT("Reject", "The vendor refuses for good: a dead letter at once."),
    /** It is taken, and comes back: the address is suppressed from then on. */
    BOUNCE("Bounce", "Taken, then comes back: the address is not used again.");

    private final String label;
    private final String explanation;

    Kind(String label, String explanation) {
      this.label = label;
      this.explanation = explanation;
    }

    String label() {
      return label;
    }

    String explanation() {
      return explanation;
    }
  }

  /** Checks the delay. */
  public SandboxBehaviour {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new ConfigurationException(
          "delay: " + delay + " is not between zero and " + LONGEST_DELAY);
    }
  }

  /** A behaviour that answers at once. */
  public static SandboxBehaviour of(Kind kind) {
    return new SandboxBehaviour(kind, Duration.ZERO);
  }

  /** The same, but slower. */
  public SandboxBehaviour delayed(Duration by) {
    return new SandboxBehaviour(kind, by);
  }
}
