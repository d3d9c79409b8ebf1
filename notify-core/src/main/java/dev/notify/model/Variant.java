package dev.notify.model;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;

/**
 * One of the forms that a notification takes in an {@link Experiment}. What a variant does not say
 * stays as the notification has it, so the first variant, the control, often says nothing.
 *
 * @param name letters, digits, {@code - _ .}, at most 64; not {@code holdout}
 * @param weight its share: all weights add up to 1, or to 100
 * @param template name of the template to use, which gets the same variables
 * @param routing which channels to take, in which order
 * @param delay how much later it is due
 * @param localTime the time of day in the person's zone at which it is due: the first such moment
 *     from when it would be due without
 * @since 0.1
 */
public record Variant(
    String name,
    double weight,
    Optional<String> template,
    Optional<Routing> routing,
    Optional<Duration> delay,
    Optional<LocalTime> localTime) {

  private static final Duration LONGEST_DELAY = Duration.ofDays(30);

  /** Checks name, weight and delay. */
  public Variant {
    Assignment.requireName("variant", name);
    if (name.equals(Assignment.HOLDOUT)) {
      throw new ConfigurationException("variant: '" + name + "' is the name of who gets nothing");
    }
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new ConfigurationException("weight of '" + name + "': " + weight + " is not positive");
    }
    template.ifPresent(TemplateRef::requireName);
    if (delay.isPresent() && localTime.isPresent()) {
      throw new ConfigurationException(
          "variant '" + name + "': give a delay or a time of day, not both");
    }
    if (delay.isPresent()
        && (delay.get().isNegative() || delay.get().compareTo(LONGEST_DELAY) > 0)) {
      throw new ConfigurationException(
          "delay of '" + name + "': " + delay.get() + " is not between zero and " + LONGEST_DELAY);
    }
  }

  /** A variant that leaves the notification as it is. */
  public static Variant of(String name, double weight) {
    return new Variant(
        name, weight, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same with this template, which gets the notification's variables. */
  public Variant template(String value) {
    return new Variant(name, weight, Optional.of(value), routing, delay, localTime);
  }

  /** The same on these channels in this manner. */
  public Variant routing(Routing value) {
    return new Variant(name, weight, template, Optional.of(value), delay, localTime);
  }

  /** The same, due so much later; at most 30 days. */
  public Variant delayed(Duration value) {
    return new Variant(name, weight, template, routing, Optional.of(value), localTime);
  }

  /** The same, due at a time of day in the person's zone. */
  public Variant at(LocalTime value) {
    return new Variant(name, weight, template, routing, delay, Optional.of(value));
  }

  /** Whether it changes when the notification is due. */
  public boolean changesTime() {
    return delay.isPresent() || localTime.isPresent();
  }

  Variant weighing(double share) {
    return new Variant(name, share, template, routing, delay, localTime);
  }
}
