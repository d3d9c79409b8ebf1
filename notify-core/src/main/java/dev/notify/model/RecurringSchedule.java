package dev.notify.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A notification that is sent again and again, to one person or to an audience: at times by a
 * {@linkplain CronExpression cron expression}, in one zone or in the zone of each person.
 * Immutable.
 *
 * <pre>{@code
 * RecurringSchedule.of("weekly-report", "0 8 * * MON", Notification.to("jane").template("report").build())
 *     .in(ZoneId.of("Europe/Berlin")).build()
 * RecurringSchedule.of("good-morning", "0 9 * * *", pattern).toAudience("subscribers").inEachZone().build()
 * }</pre>
 *
 * <p>In each person's zone, a run begins an hour before it is that time in the easternmost zone
 * (UTC+14), and everyone is sent to when it is that time where they are.
 *
 * @since 0.1
 */
public final class RecurringSchedule {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

  /** Where a day begins first. */
  private static final ZoneOffset EASTERNMOST = ZoneOffset.ofHours(14);

  /** So that even a large audience is ready when the day begins. */
  private static final Duration LEAD = Duration.ofHours(1);

  private final String id;
  private final CronExpression cron;
  private final Optional<ZoneId> zone;
  private final Notification notification;
  private final Optional<String> audience;
  private final BroadcastOptions options;
  private final MissedRuns missedRuns;
  private final Optional<Instant> startsAt;
  private final Optional<Instant> endsAt;

  private RecurringSchedule(Builder builder) {
    id = builder.id;
    cron = builder.cron;
    zone = builder.zone;
    notification = builder.notification;
    audience = builder.audience;
    options = builder.options;
    missedRuns = builder.missedRuns;
    startsAt = builder.startsAt;
    endsAt = builder.endsAt;
  }

  /**
   * One time at which it runs.
   *
   * @param local what the clocks show
   * @param at when they show it; in each person's zone, when the first of them do
   */
  public record Occurrence(LocalDateTime local, Instant at) {}

  /**
   * Starts a schedule, in UTC unless said otherwise.
   *
   * @param id by which it is found again: letters, digits and {@code . _ : / -}, at most 128
   * @param cron as {@link CronExpression#parse} reads it
   * @param notification what is sent; for an audience the pattern, whose recipient does not matter.
   *     Without a time and an idempotency key of its own: each run has its own
   */
  public static Builder of(String id, String cron, Notification notification) {
    return new Builder(id, CronExpression.parse(cron), notification);
  }

  /** Starts a schedule from this one. */
  public Builder toBuilder() {
    Builder builder = new Builder(id, cron, notification);
    builder.zone = zone;
    builder.audience = audience;
    builder.options = options;
    builder.missedRuns = missedRuns;
    builder.startsAt = startsAt;
    builder.endsAt = endsAt;
    return builder;
  }

  /** By which it is found. */
  public String id() {
    return id;
  }

  /** When it runs. */
  public CronExpression cron() {
    return cron;
  }

  /** Whose clocks count; empty if those of each person. */
  public Optional<ZoneId> zone() {
    return zone;
  }

  /** What is sent. */
  public Notification notification() {
    return notification;
  }

  /** Name of the audience it goes to; empty if it goes to the notification's recipient. */
  public Optional<String> audience() {
    return audience;
  }

  /** How the broadcast of each run goes about it. */
  public BroadcastOptions options() {
    return options;
  }

  /** What becomes of missed runs. */
  public MissedRuns missedRuns() {
    return missedRuns;
  }

  /** No run before this moment. */
  public Optional<Instant> startsAt() {
    return startsAt;
  }

  /** No run at this moment or later. */
  public Optional<Instant> endsAt() {
    return endsAt;
  }

  /** The first run after a moment; empty if it has ended by then. */
  public Optional<Occurrence> next(Instant after) {
    Instant from =
        startsAt
            .filter(start -> start.isAfter(after))
            .map(start -> start.minusNanos(1))
            .orElse(after);
    ZoneId clocks = zone.orElse(EASTERNMOST);
    return cron.next(from, clocks)
        .filter(moment -> endsAt.isEmpty() || moment.isBefore(endsAt.get()))
        .map(moment -> new Occurrence(LocalDateTime.ofInstant(moment, clocks), moment));
  }

  /** The first runs after a moment, at most so many. */
  public List<Occurrence> next(Instant after, int most) {
    List<Occurrence> found = new ArrayList<>();
    Optional<Occurrence> next = next(after);
    while (next.isPresent() && found.size() < most) {
      found.add(next.get());
      next = next(next.get().at());
    }
    return List.copyOf(found);
  }

  /** When a process begins with a run. */
  public Instant beginning(Occurrence occurrence) {
    return zone.isPresent() ? occurrence.at() : occurrence.at().minus(LEAD);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecurringSchedule that
        && that.id.equals(id)
        && that.cron.equals(cron)
        && that.zone.equals(zone)
        && that.notification.fingerprint().equals(notification.fingerprint())
        && that.audience.equals(audience)
        && that.options.equals(options)
        && that.missedRuns.equals(missedRuns)
        && that.startsAt.equals(startsAt)
        && that.endsAt.equals(endsAt);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "RecurringSchedule["
        + id
        + ", "
        + cron
        + ", "
        + zone.map(ZoneId::getId).orElse("each zone")
        + "]";
  }

  /** Builds a {@link RecurringSchedule}; not thread-safe. */
  public static final class Builder {
    private final String id;
    private CronExpression cron;
    private Notification notification;
    private Optional<ZoneId> zone = Optional.of(ZoneOffset.UTC);
    private Optional<String> audience = Optional.empty();
    private BroadcastOptions options = BroadcastOptions.DEFAULT;
    private MissedRuns missedRuns = MissedRuns.LATEST;
    private Optional<Instant> startsAt = Optional.empty();
    private Optional<Instant> endsAt = Optional.empty();

    private Builder(String id, CronExpression cron, Notification notification) {
      if (!ID.matcher(Text.present("schedule.id", id)).matches()) {
        throw new InvalidNotificationException(
            "schedule.id",
            "'"
                + Text.shown(id)
                + "' must be 1 to 128 letters, digits or . _ : / - and begin with one of the first two");
      }
      this.id = id;
      this.cron = cron;
      this.notification = checked(notification);
    }

    private static Notification checked(@Nullable Notification notification) {
      Notification pattern = Text.present("schedule.notification", notification);
      if (!pattern.schedule().equals(Schedule.NOW)) {
        throw new InvalidNotificationException(
            "schedule.notification", "has a time of its own; leave it out, the schedule gives it");
      }
      if (pattern.idempotencyKey().isPresent()) {
        throw new InvalidNotificationException(
            "schedule.notification",
            "has an idempotency key, by which only the first run would be sent; leave it out");
      }
      if (pattern.replacesPending()) {
        throw new InvalidNotificationException(
            "schedule.notification", "cannot replace what is pending");
      }
      return pattern;
    }

    /** Sets another time. */
    public Builder cron(String value) {
      cron = CronExpression.parse(value);
      return this;
    }

    /** Sets what is sent. */
    public Builder notification(Notification value) {
      notification = checked(value);
      return this;
    }

    /** Goes by the clocks of this zone. */
    public Builder in(ZoneId value) {
      zone = Optional.of(Text.present("schedule.zone", value));
      return this;
    }

    /**
     * Goes by the clocks of this zone.
     *
     * @param id as {@link ZoneId#of} knows it, {@code Europe/Berlin} for example
     */
    public Builder in(String id) {
      try {
        return in(ZoneId.of(Text.present("schedule.zone", id)));
      } catch (DateTimeException e) {
        throw new InvalidNotificationException(
            "schedule.zone", "'" + Text.shown(id) + "' is no time zone such as Europe/Berlin");
      }
    }

    /** Goes by the clocks of each person. */
    public Builder inEachZone() {
      zone = Optional.empty();
      return this;
    }

    /** Goes to an audience, which a node at work must know by this name. */
    public Builder toAudience(String name) {
      audience = Optional.of(Text.requireToken("schedule.audience", name, 128));
      return this;
    }

    /** Sets how the broadcast of each run goes about it. */
    public Builder options(BroadcastOptions value) {
      options = Text.present("schedule.options", value);
      return this;
    }

    /** Sets what becomes of missed runs; the latest is made up for unless set. */
    public Builder missedRuns(MissedRuns value) {
      missedRuns = Text.present("schedule.missedRuns", value);
      return this;
    }

    /** No run before this moment. */
    public Builder startingAt(Instant value) {
      startsAt = Optional.of(Text.present("schedule.startsAt", value));
      return this;
    }

    /** No run at this moment or later. */
    public Builder endingAt(Instant value) {
      endsAt = Optional.of(Text.present("schedule.endsAt", value));
      return this;
    }

    /** Goes on without an end. */
    public Builder endless() {
      endsAt = Optional.empty();
      return this;
    }

    /**
     * The schedule.
     *
     * @throws InvalidNotificationException if it ends before it starts
     */
    public RecurringSchedule build() {
      if (startsAt.isPresent() && endsAt.isPresent() && !startsAt.get().isBefore(endsAt.get())) {
        throw new InvalidNotificationException(
            "schedule.endsAt", endsAt.get() + " is not after the start, " + startsAt.get());
      }
      return new RecurringSchedule(this);
    }
  }
}
