package dev.notify.examples;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the report.
 *
 * @param delivery where one message to one address stands
 * @param attempts the providers' answers to it
 * @param zone where its reader lives
 */
record DeliveryLine(Delivery delivery, List<Attempt> attempts, ZoneId zone) {

  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("EEEE d MMMM, HH:mm", Locale.ENGLISH);

  boolean isDelivered() {
    return delivery.status().isSent();
  }

  List<String> cells() {
    Duration took = attempts.stream().map(Attempt::duration).reduce(Duration.ZERO, Duration::plus);
    return List.of(
        delivery.recipientId(),
        delivery.channel().name(),
        delivery.provider().orElse("-"),
        delivery.status().name(),
        delivery.reason().map(Reason::code).orElse(detour().isPresent() ? "FAILED OVER" : ""),
        Integer.toString(attempts.size()),
        attempts.isEmpty() ? "-" : Long.toString(took.toMillis()));
  }

  /** Why it was not delivered, or not straight; empty where nothing needs saying. */
  Optional<String> story() {
    return delivery
        .reason()
        .map(reason -> reason + waiting())
        .or(() -> detour().map(this::failover))
        .map(why -> delivery.recipientId() + ", " + delivery.channel() + ": " + why);
  }

  private String waiting() {
    return delivery.status() == DeliveryStatus.SCHEDULED
        ? ", waits until " + LOCAL_TIME.format(delivery.due().atZone(zone))
        : "";
  }

  private String failover(Attempt failed) {
    return "delivered by %s, since %s said: %s"
        .formatted(
            delivery.provider().orElse("another"), failed.provider(), failed.outcome().cause());
  }

  /** The first answer that was no "yes", to a message that another provider took in the end. */
  private Optional<Attempt> detour() {
    return attempts.stream()
        .filter(attempt -> isDelivered() && !(attempt.outcome() instanceof Outcome.Accepted))
        .findFirst();
  }
}
