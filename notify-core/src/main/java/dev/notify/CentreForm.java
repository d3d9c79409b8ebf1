package dev.notify;

import dev.notify.PreferenceCentre.Offer;
import dev.notify.PreferenceCentre.Wish;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Origin;
import dev.notify.model.Preferences;
import dev.notify.model.QuietHours;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the form of a person's own page sends (application/x-www-form-urlencoded). */
final class CentreForm implements Wish {

  /** As many quiet hours as the form has rows for, at most. */
  static final int MOST_ROWS = 21;

  static final String QUIET = "quiet";
  static final String OWN = "own";
  static final String PAUSE = "pause";
  static final String KEEP = "keep";
  static final String NONE = "none";

  /** Sent with every form: without it, an empty body would say no to everything. */
  static final String COMPLETE = "complete";

  private final Map<String, String> fields;
  private final Offer offer;

  private CentreForm(Map<String, String> fields, Offer offer) {
    this.fields = fields;
    this.offer = offer;
  }

  static CentreForm of(String body, Offer offer) {
    Map<String, String> fields = new HashMap<>();
    for (String field : body.split("&")) {
      int mark = field.indexOf('=');
      if (mark > 0) {
        fields.put(decoded(field.substring(0, mark)), decoded(field.substring(mark + 1)));
      }
    }
    if (!fields.containsKey(COMPLETE)) {
      throw new InvalidNotificationException("form", "is not complete");
    }
    return new CentreForm(Map.copyOf(fields), offer);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidNotificationException("form", "cannot be read");
    }
  }

  static String cell(Category category, Channel channel) {
    return "on." + channel.name() + "." + category.name();
  }

  static String row(int row, String part) {
    return "hours." + row + "." + part;
  }

  static String place(int place) {
    return "order." + place;
  }

  @Override
  public Preferences on(Preferences before, Origin origin) {
    Preferences.Builder next = before.toBuilder();
    for (Category category : offer.categories()) {
      for (Channel channel : offer.channels()) {
        boolean wanted = fields.containsKey(cell(category, channel));
        PreferenceCentre.choose(next, before, category, channel, wanted, origin);
      }
    }
    if (fields.getOrDefault(QUIET, "").equals(OWN)) {
      next.quietHours(hours().toArray(QuietHours[]::new));
    } else {
      next.usualGeneralQuietHours();
    }
    pause(next, origin.at());
    next.channelOrder(order().toArray(Channel[]::new));
    return next.build();
  }

  private void pause(Preferences.Builder next, Instant now) {
    String pause = fields.getOrDefault(PAUSE, KEEP);
    if (pause.equals(NONE)) {
      next.notPaused();
    } else if (!pause.equals(KEEP)) {
      next.pausedUntil(now.plus(Duration.ofDays(days(pause))));
    }
  }

  private static int days(String text) {
    if (!text.matches("[1-9][0-9]{0,2}")) {
      throw new InvalidNotificationException(PAUSE, "is no number of days");
    }
    return Integer.parseInt(text);
  }

  private List<QuietHours> hours() {
    List<QuietHours> hours = new ArrayList<>();
    for (int row = 0; row < MOST_ROWS; row++) {
      String start = fields.getOrDefault(row(row, "start"), "");
      String end = fields.getOrDefault(row(row, "end"), "");
      if (!start.isEmpty() || !end.isEmpty()) {
        int mine = row;
        hours.add(
            QuietHours.between(start, end)
                .on(
                    Arrays.stream(DayOfWeek.values())
                        .filter(day -> fields.containsKey(row(mine, day.name())))
                        .toArray(DayOfWeek[]::new)));
      }
    }
    return hours;
  }

  private List<Channel> order() {
    List<Channel> order = new ArrayList<>();
    for (int place = 0; place < offer.channels().size(); place++) {
      String name = fields.getOrDefault(place(place), "");
      if (!name.isEmpty()) {
        order.add(Channel.of(name));
      }
    }
    return order;
  }
}
