package dev.notify.examples;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What became of the notifications, for people: a table, the reasons in words, and a count. */
final class Report {

  private static final TextTable TABLE =
      TextTable.of("recipient", "channel", "provider", "status", "reason", "#attempts", "#ms");
  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("EEEE HH:mm", Locale.ENGLISH);

  private final List<Line> lines;

  /** A report on these notifications. */
  Report(List<NotificationRecord> records, Audience audience) {
    lines =
        records.stream()
            .flatMap(
                record ->
                    record.deliveries().stream()
                        .map(
                            delivery ->
                                new Line(
                                    delivery,
                                    record.attempts(delivery.id()),
                                    audience.zoneOf(delivery.recipientId()))))
            .toList();
  }

  /** One delivery, and the providers' answers to it. */
  private record Line(Delivery delivery, List<Attempt> attempts, ZoneId zone) {

    boolean isDelivered() {
      return delivery.status().isSent();
    }

    List<String> cells() {
      Duration took =
          attempts.stream().map(Attempt::duration).reduce(Duration.ZERO, Duration::plus);
      return List.of(
          delivery.recipientId(),
          delivery.channel().name(),
          delivery.provider().orElse("-"),
          delivery.status().name(),
          delivery.reason().map(Reason::code).orElse(detour().isPresent() ? "FAILED OVER" : ""),
          Integer.toString(attempts.size()),
          attempts.isEmpty() ? "-" : Long.toString(took.toMillis()));
    }

    /** The first answer that was no "yes", of a message that another provider took in the end. */
    Optional<Attempt> detour() {
      return attempts.stream()
          .filter(attempt -> isDelivered() && !(attempt.outcome() instanceof Outcome.Accepted))
          .findFirst();
    }

    /** Why it was not delivered, or not at once; empty where nothing needs saying. */
    Optional<String> story() {
      if (delivery.status() == DeliveryStatus.SCHEDULED) {
        String until = LOCAL_TIME.format(delivery.due().atZone(zone));
        return delivery.reason().map(reason -> reason + ", waits until " + until);
      }
      return delivery
          .reason()
          .map(Reason::toString)
          .or(
              () ->
                  detour()
                      .map(
                          failed ->
                              "delivered by %s, since %s said: %s"
                                  .formatted(
                                      delivery.provider().orElse("another"),
                                      failed.provider(),
                                      failed.outcome().cause())));
    }
  }

  void printTable(PrintStream out) {
    TABLE.print(lines.stream().map(Line::cells).toList(), out);
    out.println();
  }

  void printReasons(PrintStream out) {
    out.println("What did not go straight, and why:");
    for (Line line : lines) {
      line.story()
          .ifPresent(
              story ->
                  out.printf(
                      "  %s, %s: %s%n",
                      line.delivery().recipientId(), line.delivery().channel(), story));
    }
    out.println();
  }

  void printCount(PrintStream out) {
    out.println("Each address a person has counts once; what a provider took counts as delivered.");
    long delivered = lines.stream().filter(Line::isDelivered).count();
    out.printf("delivered %d of %d%n", delivered, lines.size());
  }
}
