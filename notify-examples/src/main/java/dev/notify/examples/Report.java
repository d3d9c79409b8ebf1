package dev.notify.examples;

import dev.notify.model.NotificationRecord;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/** What became of the notifications, for people: a table, the reasons in words, and a count. */
final class Report {

  private static final TextTable TABLE =
      TextTable.of("recipient", "channel", "provider", "status", "reason", "#attempts", "#ms");

  private final List<DeliveryLine> lines;

  /** A report on these notifications. */
  Report(List<NotificationRecord> records, Audience audience) {
    lines = records.stream().flatMap(record -> linesOf(record, audience)).toList();
  }

  private static Stream<DeliveryLine> linesOf(NotificationRecord record, Audience audience) {
    return record.deliveries().stream()
        .map(
            delivery ->
                new DeliveryLine(
                    delivery,
                    record.attempts(delivery.id()),
                    audience.zoneOf(delivery.recipientId())));
  }

  void printTable(PrintStream out) {
    TABLE.print(lines.stream().map(DeliveryLine::cells).toList(), out);
    out.println();
  }

  void printReasons(PrintStream out) {
    List<String> stories = lines.stream().flatMap(line -> line.story().stream()).toList();
    if (!stories.isEmpty()) {
      out.println("What did not go straight, and why:");
      stories.forEach(story -> out.println("  " + story));
      out.println();
    }
  }

  void printCount(PrintStream out) {
    long delivered = lines.stream().filter(DeliveryLine::isDelivered).count();
    out.println("Each address a person has counts once; what a provider took counts as delivered.");
    out.printf("delivered %d of %d%n", delivered, lines.size());
  }
}
