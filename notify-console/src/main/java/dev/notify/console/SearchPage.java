package dev.notify.console;

import dev.notify.NotificationDispatcher;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds notifications: by id, person, status, channel, category. */
final class SearchPage {

  private static final int SHOWN = 50;

  /** How many are looked through for one answer; who wants older ones goes on from there. */
  private static final int LOOKED_THROUGH = 5 * NotificationDispatcher.LONGEST_PAGE;

  private final Site site;
  private final NotificationRows rows;

  /**
   * What was found.
   *
   * @param records newest first
   * @param next where to go on; empty if all was looked through
   */
  private record Found(List<NotificationRecord> records, Optional<NotificationId> next) {}

  SearchPage(Site site) {
    this.site = site;
    rows = new NotificationRows(site);
  }

  Markup page(Asked asked) {
    Markup html = new Markup();
    form(html, asked);
    try {
      Found found = find(asked);
      if (found.records.isEmpty()) {
        Pieces.empty(
            html,
            "Nothing was found.",
            "Ids and people are looked up as they stand, letter by letter; leave a field empty to"
                + " find more.");
      } else {
        html.leaf("p", count(found), "class", "muted", "role", "status");
        rows.table(html, found.records);
      }
      found.next.ifPresent(next -> more(html, asked, next));
    } catch (ConfigurationException | RefusedException | InvalidNotificationException e) {
      Pieces.fault(html, String.valueOf(e.getMessage()));
    }
    return html;
  }

  private static String count(Found found) {
    int size = found.records.size();
    return (size == 1 ? "1 notification" : size + " notifications") + ", the newest first";
  }

  private void form(Markup html, Asked asked) {
    html.open("form", "action", site.url("/search"), "class", "filters", "role", "search");
    html.open("label", "class", "field wide").leaf("span", "Id or person");
    html.open(
        "input",
        "type",
        "search",
        "name",
        "q",
        "id",
        "q",
        "value",
        asked.parameter("q").orElse(""),
        "autocomplete",
        "off",
        "spellcheck",
        "false");
    html.close("label");
    Pieces.choice(
        html,
        "status",
        "Status",
        Stream.concat(Stream.of(""), Stream.of(DeliveryStatus.values()).map(DeliveryStatus::name))
            .toList(),
        asked.parameter("status").orElse(""));
    TreeSet<String> channels =
        site.dispatcher().health().channels().stream()
            .map(channel -> channel.channel().name())
            .collect(Collectors.toCollection(TreeSet::new));
    channels.add("");
    Pieces.choice(html, "channel", "Channel", channels, asked.parameter("channel").orElse(""));
    html.open("label", "class", "field").leaf("span", "Category");
    html.open("input", "name", "category", "value", asked.parameter("category").orElse(""));
    html.close("label").leaf("button", "Search").close("form");
  }

  private void more(Markup html, Asked asked, NotificationId next) {
    StringBuilder query = new StringBuilder("/search?before=").append(next);
    for (String name : List.of("q", "status", "channel", "category")) {
      asked
          .parameter(name)
          .ifPresent(
              value -> query.append('&').append(name).append('=').append(Asked.encoded(value)));
    }
    html.open("p").leaf("a", "Older", "class", "button", "href", site.url(query.toString()));
    html.close("p");
  }

  private Found find(Asked asked) {
    Optional<NotificationId> before = asked.parameter("before").map(NotificationId::parse);
    Optional<String> who = asked.parameter("q");
    if (who.isEmpty()) {
      return newest(before, matching(asked));
    }
    Optional<NotificationRecord> known = byId(who.get());
    if (known.isPresent()) {
      return new Found(List.of(known.get()), Optional.empty());
    }
    List<NotificationRecord> all = of(who.get());
    List<NotificationRecord> fitting =
        all.stream()
            .filter(matching(asked))
            .filter(one -> before.isEmpty() || one.id().compareTo(before.get()) < 0)
            .toList();
    List<NotificationRecord> shown = fitting.stream().limit(SHOWN).toList();
    return new Found(
        shown,
        fitting.size() > SHOWN ? Optional.of(shown.get(shown.size() - 1).id()) : Optional.empty());
  }

  /**
   * The id of a notification, or of one of its deliveries among dead letters and in the sandbox.
   */
  private Optional<NotificationRecord> byId(String text) {
    try {
      Optional<NotificationRecord> known = site.dispatcher().status(NotificationId.parse(text));
      if (known.isPresent()) {
        return known;
      }
      DeliveryId delivery = DeliveryId.parse(text);
      return site.sandbox().stream()
          .flatMap(sandbox -> sandbox.messages().stream())
          .filter(kept -> kept.message().deliveryId().equals(delivery))
          .findFirst()
          .flatMap(kept -> site.dispatcher().status(kept.message().notificationId()));
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }

  /** A person's newest. The store tells them oldest first, so all are walked past. */
  private List<NotificationRecord> of(String person) {
    List<NotificationRecord> kept = new ArrayList<>();
    Optional<NotificationId> after = Optional.empty();
    while (true) {
      List<NotificationRecord> page =
          site.dispatcher().notificationsOf(person, after, NotificationDispatcher.LONGEST_PAGE);
      kept.addAll(page);
      if (kept.size() > LOOKED_THROUGH) {
        kept.subList(0, kept.size() - LOOKED_THROUGH).clear();
      }
      if (page.size() < NotificationDispatcher.LONGEST_PAGE) {
        Collections.reverse(kept);
        return kept;
      }
      after = Optional.of(page.get(page.size() - 1).id());
    }
  }

  private Found newest(Optional<NotificationId> before, Predicate<NotificationRecord> fits) {
    List<NotificationRecord> found = new ArrayList<>();
    Optional<NotificationId> from = before;
    int portion = 100;
    for (int looked = 0; looked < LOOKED_THROUGH; ) {
      List<NotificationRecord> page = site.dispatcher().recent(from, portion);
      for (NotificationRecord one : page) {
        from = Optional.of(one.id());
        looked++;
        if (fits.test(one)) {
          found.add(one);
          if (found.size() == SHOWN) {
            return new Found(found, from);
          }
        }
      }
      if (page.size() < portion) {
        return new Found(found, Optional.empty());
      }
      portion = NotificationDispatcher.LONGEST_PAGE;
    }
    return new Found(found, from);
  }

  private static Predicate<NotificationRecord> matching(Asked asked) {
    Optional<String> status = asked.parameter("status");
    Optional<String> channel = asked.parameter("channel");
    Optional<String> category = asked.parameter("category");
    boolean anyDelivery = status.isEmpty() && channel.isEmpty();
    return one ->
        (category.isEmpty() || one.notification().category().equals(category.get()))
            && (anyDelivery
                || one.deliveries().stream()
                    .anyMatch(
                        delivery ->
                            (status.isEmpty() || delivery.status().name().equals(status.get()))
                                && (channel.isEmpty()
                                    || delivery.channel().name().equals(channel.get()))));
  }
}
