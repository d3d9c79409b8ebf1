package dev.notify.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which channels a notification takes, and in what manner.
 *
 * @since 0.1
 */
public sealed interface Routing {

  /** The channels in their order, without repeats. */
  List<Channel> channels();

  /** On all of these channels at once. */
  static Routing all(Channel... channels) {
    return new All(named(channels));
  }

  /** On the first of these channels that policies allow and the recipient has an address for. */
  static First first(Channel... channels) {
    return new First(named(channels));
  }

  /** On this channel, and on others later if nobody has seen it by then. */
  static Escalate escalate(Channel first) {
    return new Escalate(List.of(new Step(first, Duration.ZERO)));
  }

  /**
   * On all channels at once.
   *
   * @param channels the channels
   */
  record All(List<Channel> channels) implements Routing {
    /** Checks for repeats and takes a copy. */
    public All {
      channels = distinct(channels);
    }
  }

  /**
   * On the first channel that works out.
   *
   * @param channels the channels in order of choice
   * @param inPersonsOrder whether the order that the person has chosen, if they have, comes before
   *     this one
   */
  record First(List<Channel> channels, boolean inPersonsOrder) implements Routing {
    /** Checks for repeats and takes a copy. */
    public First {
      channels = distinct(channels);
    }

    /** In this order, whatever the person would rather have. */
    public First(List<Channel> channels) {
      this(channels, false);
    }

    /**
     * The same channels; of these, those that the person would rather have come first: {@link
     * Preferences#channelOrder}.
     */
    public First orAsThePersonPrefers() {
      return new First(channels, true);
    }

    /** Part of fingerprints that are kept. */
    @Override
    public String toString() {
      return "First[channels=" + channels + (inPersonsOrder ? ", inPersonsOrder]" : "]");
    }
  }

  /**
   * On the first channel at once; on each further one only if the notification has not been seen
   * (delivered, opened, clicked or read) by its time.
   *
   * @param steps the channels with their delays, counted from the moment the notification is due
   */
  record Escalate(List<Step> steps) implements Routing {
    /** Checks that delays grow and takes a copy. */
    public Escalate {
      steps = List.copyOf(steps);
      distinct(steps.stream().map(Step::channel).toList());
      for (int i = 1; i < steps.size(); i++) {
        if (steps.get(i).after().compareTo(steps.get(i - 1).after()) <= 0) {
          throw new InvalidNotificationException(
              "routing", "each step of an escalation must come later than the one before it");
        }
      }
    }

    /** Goes on to this channel if nobody has seen the notification within this time. */
    public Escalate then(Channel channel, Duration ifNotSeenWithin) {
      List<Step> longer = new ArrayList<>(steps);
      longer.add(new Step(channel, ifNotSeenWithin));
      return new Escalate(longer);
    }

    @Override
    public List<Channel> channels() {
      return steps.stream().map(Step::channel).toList();
    }
  }

  /**
   * A channel and how long after the due time its turn comes.
   *
   * @param channel the channel
   * @param after delay from the moment the notification is due
   */
  record Step(Channel channel, Duration after) {
    private static final Duration FARTHEST = Duration.ofDays(400);

    /** Checks that the delay is between zero and 400 days. */
    public Step {
      Text.present("channels", channel);
      Text.present("routing", after);
      if (after.isNegative() || after.compareTo(FARTHEST) > 0) {
        throw new InvalidNotificationException(
            "routing", after + " is not between zero and " + FARTHEST.toDays() + " days");
      }
    }
  }

  private static List<Channel> named(Channel... channels) {
    for (Channel channel : Text.present("channels", channels)) {
      Channel ignored = Text.present("channels", channel);
    }
    return List.of(channels);
  }

  private static List<Channel> distinct(List<Channel> channels) {
    if (channels.isEmpty()) {
      throw new InvalidNotificationException("channels", "name at least one");
    }
    if (channels.size() > 1) {
      requireNoRepeats(channels);
    }
    return List.copyOf(channels);
  }

  private static void requireNoRepeats(List<Channel> channels) {
    Set<Channel> seen = new HashSet<>();
    for (Channel channel : channels) {
      if (!seen.add(channel)) {
        throw new InvalidNotificationException("channels", "'" + channel + "' is named twice");
      }
    }
  }
}
