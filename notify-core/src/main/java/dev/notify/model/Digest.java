package dev.notify.model;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How notifications of a category are collected for a person and sent as one: the window in which
 * they are collected, and the template that says it. Set on a {@link Category} with {@link
 * Category#digested}.
 *
 * <pre>{@code
 * Category.optional("comments").digested(Digest.fixed(Duration.ofMinutes(10), "comment-digest"))
 * Category.optional("orders").digested(Digest.daily("order-digest", LocalTime.of(9, 0)).listing(20))
 * }</pre>
 *
 * <p>There is one window at a time for each person, category and {@linkplain
 * Notification.Builder#digestKey key}; the first notification opens it. The template sees {@code
 * items} (of each the variables of its template, or {@code title}, {@code body} and {@code link};
 * and {@code at}), {@code first} and {@code last} of them, {@code count} and {@code more}, which is
 * how many are counted and not listed.
 *
 * @param window when a window that is opened ends
 * @param quiet ends it earlier, as soon as nothing has come for so long
 * @param template name of the template of the message that is sent
 * @param listed how many items its template sees at most, the latest; the others are counted
 * @param flushAt so many items end the window
 * @param flushFrom an item of this priority, or a higher one, ends the window at once
 * @param passFrom a notification of this priority, or a higher one, is not collected
 * @param isFirstAtOnce whether the one that opens the window is sent at once, by itself
 * @param isSurplusOnly whether only that is collected which a frequency cap holds back
 * @param routing the channels of the digest; unless set, those of its last item
 * @since 0.1
 */
public record Digest(
    Window window,
    Optional<Duration> quiet,
    String template,
    int listed,
    int flushAt,
    Optional<Priority> flushFrom,
    Priority passFrom,
    boolean isFirstAtOnce,
    boolean isSurplusOnly,
    Optional<Routing> routing) {

  /** The channel on which collected notifications wait; no provider may have it. */
  public static final Channel CHANNEL = Channel.of("digest");

  /** How many items a window holds at most; one that is full ends. */
  public static final int MOST_ITEMS = 1_000;

  /** How long a window is open at most. */
  public static final Duration LONGEST = Duration.ofDays(32);

  private static final int USUALLY_LISTED = 50;

  /** Checks its measures. */
  public Digest {
    Text.present("digest.window", window);
    TemplateRef.requireName(template);
    quiet.ifPresent(value -> requireLength("digest.quiet", value));
    requireBetween("digest.listed", listed, MOST_ITEMS);
    requireBetween("digest.flushAt", flushAt, MOST_ITEMS);
    Text.present("digest.passFrom", passFrom);
    if (isFirstAtOnce && isSurplusOnly) {
      throw new ConfigurationException(
          "digest.firstAtOnce: a frequency cap holds back what is collected, the first too");
    }
    if (flushFrom.isPresent() && flushFrom.get().compareTo(passFrom) <= 0) {
      throw new ConfigurationException(
          "digest.flushFrom: " + flushFrom.get() + " is not collected, as " + passFrom + " passes");
    }
  }

  /**
   * When windows end. An implementation must be a function of its arguments.
   *
   * @since 0.1
   */
  @FunctionalInterface
  public interface Window {

    /**
     * The end of a window.
     *
     * @param opened when its first item came
     * @param zone the person's zone, or the dispatcher's default
     * @return later than {@code opened}, by at most {@link #LONGEST}
     */
    Instant end(Instant opened, ZoneId zone);
  }

  /**
   * Ends a while after it was opened.
   *
   * @param length how long
   */
  private record Fixed(Duration length) implements Window {
    private Fixed {
      requireLength("digest.window", length);
    }

    @Override
    public Instant end(Instant opened, ZoneId zone) {
      return opened.plus(length);
    }
  }

  /**
   * Ends at the next of these moments of the person's calendar.
   *
   * @param moments by the rules of {@link CronExpression}, which has equality
   */
  private record Cron(CronExpression moments) implements Window {
    private Cron {
      Text.present("digest.window", moments);
    }

    @Override
    public Instant end(Instant opened, ZoneId zone) {
      Instant latest = opened.plus(LONGEST);
      return moments.next(opened, zone).filter(latest::isAfter).orElse(latest);
    }
  }

  /**
   * Ends at the next of these times of the person's day.
   *
   * @param times of the day
   */
  private record Daily(List<LocalTime> times) implements Window {
    private Daily {
      times = List.copyOf(times);
      if (times.isEmpty()) {
        throw new ConfigurationException("digest.window: name at least one time of day");
      }
    }

    /** A time that a change of the clocks leaves out comes as much later; of two, the earlier. */
    @Override
    public Instant end(Instant opened, ZoneId zone) {
      LocalDate today = opened.atZone(zone).toLocalDate();
      // Some zone has left out a whole day, so tomorrow may not be enough.
      return today
          .datesUntil(today.plusDays(4))
          .flatMap(day -> times.stream().map(time -> day.atTime(time).atZone(zone).toInstant()))
          .filter(opened::isBefore)
          .min(Instant::compareTo)
          .orElseThrow();
    }
  }

  /** Collects for a while from the first on. */
  public static Digest fixed(Duration length, String template) {
    return of(new Fixed(length), template);
  }

  /**
   * Collects until nothing has come for a while.
   *
   * @param quiet for so long
   * @param atMost but never longer than this from the first on
   */
  public static Digest sliding(Duration quiet, Duration atMost, String template) {
    return of(new Fixed(atMost), template).quiet(quiet);
  }

  /** Collects until the next of these times of day in the person's zone. */
  public static Digest daily(String template, LocalTime... times) {
    return of(new Daily(List.of(times)), template);
  }

  /**
   * Collects until the next of these moments in the person's zone; never longer than {@link
   * #LONGEST}.
   *
   * @throws InvalidNotificationException as {@link CronExpression#parse} does
   */
  public static Digest cron(String expression, String template) {
    return of(new Cron(CronExpression.parse(expression)), template);
  }

  /** Collects in windows of the application's own. */
  public static Digest of(Window window, String template) {
    return new Digest(
        window,
        Optional.empty(),
        template,
        USUALLY_LISTED,
        MOST_ITEMS,
        Optional.empty(),
        Priority.CRITICAL,
        false,
        false,
        Optional.empty());
  }

  /** The same, ending as soon as nothing has come for so long. */
  public Digest quiet(Duration value) {
    return with(builder -> builder.quiet = Optional.of(value));
  }

  /** The same, listing at most so many items, the latest; 50 unless set. */
  public Digest listing(int items) {
    return with(builder -> builder.listed = items);
  }

  /** The same, sent as soon as there are so many items; {@value #MOST_ITEMS} unless set. */
  public Digest flushAt(int items) {
    return with(builder -> builder.flushAt = items);
  }

  /** The same, sent as soon as an item of this priority, or a higher one, is among them. */
  public Digest flushFrom(Priority lowest) {
    return with(builder -> builder.flushFrom = Optional.of(lowest));
  }

  /**
   * The same, with notifications of this priority, or a higher one, sent at once by themselves;
   * {@code CRITICAL} unless set.
   */
  public Digest passFrom(Priority lowest) {
    return with(builder -> builder.passFrom = lowest);
  }

  /** The same, with the one that opens a window sent at once, by itself. */
  public Digest firstAtOnce() {
    return with(builder -> builder.isFirstAtOnce = true);
  }

  /** The same for only that which a frequency cap would drop or put off. */
  public Digest surplusOnly() {
    return with(builder -> builder.isSurplusOnly = true);
  }

  /** The same, sent on these channels. */
  public Digest by(Routing channels) {
    return with(builder -> builder.routing = Optional.of(channels));
  }

  /** One that is being changed. */
  private static final class Builder {
    private final Window window;
    private Optional<Duration> quiet;
    private final String template;
    private int listed;
    private int flushAt;
    private Optional<Priority> flushFrom;
    private Priority passFrom;
    private boolean isFirstAtOnce;
    private boolean isSurplusOnly;
    private Optional<Routing> routing;

    Builder(Digest digest) {
      window = digest.window;
      quiet = digest.quiet;
      template = digest.template;
      listed = digest.listed;
      flushAt = digest.flushAt;
      flushFrom = digest.flushFrom;
      passFrom = digest.passFrom;
      isFirstAtOnce = digest.isFirstAtOnce;
      isSurplusOnly = digest.isSurplusOnly;
      routing = digest.routing;
    }

    Digest digest() {
      return new Digest(
          window,
          quiet,
          template,
          listed,
          flushAt,
          flushFrom,
          passFrom,
          isFirstAtOnce,
          isSurplusOnly,
          routing);
    }
  }

  private Digest with(Consumer<Builder> change) {
    Builder builder = new Builder(this);
    change.accept(builder);
    return builder.digest();
  }

  /**
   * When a window that is opened now has to end.
   *
   * @throws ConfigurationException if a window of the application's own ends too early or too late
   */
  public Instant end(Instant opened, ZoneId zone) {
    Instant end = window.end(opened, zone);
    if (!end.isAfter(opened) || end.isAfter(opened.plus(LONGEST))) {
      throw new ConfigurationException(
          "digest.window: ends at "
              + end
              + ", which is not within "
              + LONGEST.toDays()
              + " days after "
              + opened);
    }
    return end;
  }

  /** When a window that has to end then ends if nothing more comes. */
  public Instant due(Instant now, Instant end) {
    return quiet.map(now::plus).filter(end::isAfter).orElse(end);
  }

  private static void requireLength(String option, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new ConfigurationException(
          option + ": " + value + " is not between zero and " + LONGEST.toDays() + " days");
    }
  }

  private static void requireBetween(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ConfigurationException(option + ": " + value + " is not between 1 and " + most);
    }
  }
}
