package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * A mail every day that tells of the day before: {@link Analytics#report} with the CSV as a file.
 * It is a notification like any other, and of all nodes one sends it.
 *
 * <pre>{@code
 * builder.dailyReport(DailyReport.to("ops@example.com").at(LocalTime.of(7, 0)).zone(ZoneId.of("Europe/Berlin")))
 * }</pre>
 *
 * <p>Immutable: each call gives another one.
 *
 * @since 0.1
 */
public final class DailyReport {

  private final List<Address> readers;
  private final LocalTime time;
  private final ZoneId zone;
  private final String category;

  private DailyReport(List<Address> readers, LocalTime time, ZoneId zone, String category) {
    this.readers = readers;
    this.time = time;
    this.zone = zone;
    this.category = category;
  }

  /**
   * To these mail addresses, at seven in the morning, UTC.
   *
   * @throws ConfigurationException if there is none, or one is no address
   */
  public static DailyReport to(String... mailAddresses) {
    List<Address> readers = new ArrayList<>();
    for (String address : mailAddresses) {
      try {
        readers.add(Address.email(address));
      } catch (InvalidNotificationException e) {
        throw new ConfigurationException("dailyReport to: " + e.getMessage());
      }
    }
    if (readers.isEmpty()) {
      throw new ConfigurationException("dailyReport to: name a mail address at least");
    }
    return new DailyReport(readers, LocalTime.of(7, 0), ZoneId.of("UTC"), Category.GENERAL.name());
  }

  /** Sets the time of day. */
  public DailyReport at(LocalTime timeOfDay) {
    return new DailyReport(readers, timeOfDay, zone, category);
  }

  /** Sets the zone in which days begin and the time is meant. */
  public DailyReport zone(ZoneId where) {
    return new DailyReport(readers, time, where, category);
  }

  /** Sets the category of the notification, as declared on the dispatcher. */
  public DailyReport category(String name) {
    return new DailyReport(readers, time, zone, name);
  }

  LocalTime time() {
    return time;
  }

  ZoneId zone() {
    return zone;
  }

  /** One for each reader; the same for the same day, so that it is sent once. */
  List<Notification> notifications(Analytics.Report report) {
    byte[] csv = report.csv().getBytes(StandardCharsets.UTF_8);
    Content content =
        Content.builder()
            .title(report.title())
            .body(report.title() + ": the figures are in the attached file.")
            .html(report.html())
            .attach(Attachment.of("notifications-" + report.day() + ".csv", "text/csv", csv))
            .build();
    return readers.stream()
        .map(
            reader ->
                Notification.to(reader)
                    .category(category)
                    .content(content)
                    .idempotencyKey(key(report, reader))
                    .build())
        .toList();
  }

  /** With a hash of the address, for keys must not show it. */
  private static String key(Analytics.Report report, Address reader) {
    String person = Notification.to(reader).title(report.title()).build().recipientId();
    return "report/" + report.day() + "/" + person;
  }
}
