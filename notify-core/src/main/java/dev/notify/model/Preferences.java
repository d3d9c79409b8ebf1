package dev.notify.model;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a person has chosen. The most specific choice wins: channel and category together, over
 * category, over channel, over everything.
 *
 * @param choices what was chosen, by scope
 * @param quietHours the person's own quiet hours
 * @param pausedUntil nothing but critical messages before this moment
 * @since 0.1
 */
public record Preferences(
    Map<Scope, Choice> choices, Optional<QuietHours> quietHours, Optional<Instant> pausedUntil) {

  /** Nothing chosen. */
  public static final Preferences NONE = builder().build();

  /** Takes a copy. */
  public Preferences {
    choices = Map.copyOf(choices);
  }

  /**
   * What a choice is about; empty parts mean all.
   *
   * @param channel the channel, or all
   * @param category the category, or all
   */
  public record Scope(Optional<Channel> channel, Optional<String> category) {

    private static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty());

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
    builder.pausedUntil = pausedUntil;
    return builder;
  }

  /** Builds {@link Preferences}; not thread-safe. */
  public static final class Builder {
    private final Map<Scope, Choice> choices = new HashMap<>();
    private Optional<QuietHours> quietHours = Optional.empty();
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

    /** Sets the person's own quiet hours. */
    public Builder quietHours(QuietHours value) {
      quietHours = Optional.of(value);
      return this;
    }

    /** Pauses all but critical messages. */
    public Builder pausedUntil(Instant moment) {
      pausedUntil = Optional.of(moment);
      return this;
    }

    /** The preferences. */
    public Preferences build() {
      return new Preferences(choices, quietHours, pausedUntil);
    }
  }
}
