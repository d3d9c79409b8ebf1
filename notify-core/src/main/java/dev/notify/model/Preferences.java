package dev.notify.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a person has chosen. The most specific choice wins: channel and category together, over
 * category, over channel, over everything. A second choice for the same scope takes the place of
 * the first.
 *
 * @param choices what was chosen, by scope
 * @param quietHours the person's own quiet hours; the dispatcher's hold where absent
 * @param quietHoursOn those of a channel, instead of all others
 * @param pausedUntil nothing but critical messages before this moment
 * @param channelOrder the channels the person would rather have, the first one first; used by
 *     {@link Routing.First} where the notification allows it
 * @since 0.1
 */
public record Preferences(
    Map<Scope, Choice> choices,
    Optional<QuietWeek> quietHours,
    Map<Channel, QuietWeek> quietHoursOn,
    Optional<Instant> pausedUntil,
    List<Channel> channelOrder) {

  /** No calendar on a page, and not every database, goes further. */
  private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

  /** Nothing chosen. */
  public static final Preferences NONE = builder().build();

  /** Takes copies, and checks that no channel is named twice and that a pause has a date. */
  public Preferences {
    choices = Map.copyOf(choices);
    quietHoursOn = Map.copyOf(quietHoursOn);
    channelOrder = List.copyOf(channelOrder);
    if (pausedUntil.filter(until -> !until.isBefore(END_OF_TIME)).isPresent()) {
      throw new InvalidNotificationException("pausedUntil", "must be before the year 10000");
    }
    if (pausedUntil.filter(until -> until.isBefore(Instant.EPOCH)).isPresent()) {
      throw new InvalidNotificationException("pausedUntil", "must not be before 1970");
    }
    Set<Channel> seen = new HashSet<>();
    for (Channel channel : channelOrder) {
      if (!seen.add(channel)) {
        throw new InvalidNotificationException("channelOrder", "'" + channel + "' is named twice");
      }
    }
  }

  /**
   * What a choice is about; empty parts mean all.
   *
   * @param channel the channel, or all
   * @param category the category, or all
   */
  public record Scope(Optional<Channel> channel, Optional<String> category) {

    private static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty());

    /** Checks the category's name. */
    public Scope {
      category.ifPresent(name -> Text.requireToken("category", name, 64));
    }

    @Override
    public String toString() {
      return channel.map(Channel::name).orElse("every channel")
          + ", "
          + category.orElse("every category");
    }
  }

  /**
   * A choice with what is needed to prove it.
   *
   * @param wanted yes or no
   * @param at when it was made
   * @param source where: a page, a form, an unsubscribe link
   */
  public record Choice(boolean wanted, Instant at, String source) {
    /** Checks that the time and the source are there: without them a choice proves nothing. */
    public Choice {
      Text.present("choice.at", at);
      Text.requireToken("choice.source", source, 255);
    }
  }

  /** A choice and the scope it was made for. */
  public record Match(Scope scope, Choice choice) {}

  /** The choice that holds for this channel and category. */
  public Optional<Match> choiceFor(Channel channel, String category) {
    if (choices.isEmpty()) {
      return Optional.empty();
    }
    return match(new Scope(Optional.of(channel), Optional.of(category)))
        .or(() -> match(new Scope(Optional.empty(), Optional.of(category))))
        .or(() -> match(new Scope(Optional.of(channel), Optional.empty())))
        .or(() -> match(Scope.EVERYTHING));
  }

  /** The person's own quiet hours on a channel: those of the channel, or else those of all. */
  public Optional<QuietWeek> quietHoursFor(Channel channel) {
    QuietWeek own = quietHoursOn.get(channel);
    return own != null ? Optional.of(own) : quietHours;
  }

  /** These channels in the order that the person would rather have; those not named come last. */
  public List<Channel> ordered(List<Channel> channels) {
    if (channelOrder.isEmpty()) {
      return channels;
    }
    List<Channel> ordered = new ArrayList<>(channelOrder);
    ordered.retainAll(channels);
    channels.stream().filter(channel -> !channelOrder.contains(channel)).forEach(ordered::add);
    return List.copyOf(ordered);
  }

  private Optional<Match> match(Scope scope) {
    return Optional.ofNullable(choices.get(scope)).map(choice -> new Match(scope, choice));
  }

  /** Starts from nothing chosen. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from what is chosen here. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.choices.putAll(choices);
    builder.quietHours = quietHours;
    builder.quietHoursOn.putAll(quietHoursOn);
    builder.channelOrder = channelOrder;
    builder.pausedUntil = pausedUntil;
    return builder;
  }

  /** Builds {@link Preferences}; not thread-safe. */
  public static final class Builder {
    private final Map<Scope, Choice> choices = new HashMap<>();
    private final Map<Channel, QuietWeek> quietHoursOn = new HashMap<>();
    private List<Channel> channelOrder = List.of();
    private Optional<QuietWeek> quietHours = Optional.empty();
    private Optional<Instant> pausedUntil = Optional.empty();

    private Builder() {}

    /** Records a choice for everything. */
    public Builder everything(Choice choice) {
      choices.put(Scope.EVERYTHING, choice);
      return this;
    }

    /** Records a choice for a channel. */
    public Builder channel(Channel channel, Choice choice) {
      choices.put(new Scope(Optional.of(channel), Optional.empty()), choice);
      return this;
    }

    /** Records a choice for a category. */
    public Builder category(String category, Choice choice) {
      choices.put(new Scope(Optional.empty(), Optional.of(category)), choice);
      return this;
    }

    /** Records a choice for a category on one channel. */
    public Builder category(String category, Channel channel, Choice choice) {
      choices.put(new Scope(Optional.of(channel), Optional.of(category)), choice);
      return this;
    }

    /** Takes a choice back, so that less specific ones hold again. */
    public Builder withoutChoice(Scope scope) {
      choices.remove(scope);
      return this;
    }

    /** Sets the person's own quiet hours; none at all if there is none. */
    public Builder quietHours(QuietHours... hours) {
      quietHours = Optional.of(QuietWeek.of(hours));
      return this;
    }

    /** Sets the quiet hours of a channel, instead of all others; none at all if there is none. */
    public Builder quietHours(Channel channel, QuietHours... hours) {
      quietHoursOn.put(channel, QuietWeek.of(hours));
      return this;
    }

    /** Takes the own quiet hours of all channels together back; those of single ones stay. */
    public Builder usualGeneralQuietHours() {
      quietHours = Optional.empty();
      return this;
    }

    /** Takes all own quiet hours back, so that the dispatcher's hold again. */
    public Builder usualQuietHours() {
      quietHours = Optional.empty();
      quietHoursOn.clear();
      return this;
    }

    /** Pauses all but critical messages. */
    public Builder pausedUntil(Instant moment) {
      pausedUntil = Optional.of(moment);
      return this;
    }

    /** Ends a pause. */
    public Builder notPaused() {
      pausedUntil = Optional.empty();
      return this;
    }

    /** Sets which channels the person would rather have, the first one first. */
    public Builder channelOrder(Channel... channels) {
      channelOrder = List.of(channels);
      return this;
    }

    /** The preferences. */
    public Preferences build() {
      return new Preferences(choices, quietHours, quietHoursOn, pausedUntil, channelOrder);
    }
  }
}
