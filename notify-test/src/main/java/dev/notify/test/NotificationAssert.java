package dev.notify.test;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import java.util.List;

/**
 * Says what should have become of a notification; a failure shows what did.
 *
 * <pre>{@code
 * assertThat(dispatcher, receipt).on(EMAIL).is(SENT).on(SMS).is(SUPPRESSED).because(Reason.OPTED_OUT);
 * }</pre>
 *
 * @since 0.1
 */
public final class NotificationAssert {

  private final NotificationRecord record;
  private List<Delivery> chosen;

  private NotificationAssert(NotificationRecord record) {
    this.record = record;
    chosen = record.deliveries();
  }

  /** About the notification of a receipt, as it stands now. */
  public static NotificationAssert assertThat(
      NotificationDispatcher dispatcher, SendReceipt receipt) {
    return assertThat(dispatcher, receipt.id());
  }

  /** About a notification, as it stands now. */
  public static NotificationAssert assertThat(
      NotificationDispatcher dispatcher, NotificationId id) {
    return new NotificationAssert(
        dispatcher
            .status(id)
            .orElseThrow(() -> new AssertionError("notification " + id + " is unknown")));
  }

  /** Goes on about the deliveries of one channel; there must be one. */
  public NotificationAssert on(Channel channel) {
    chosen =
        record.deliveries().stream()
            .filter(delivery -> delivery.channel().equals(channel))
            .toList();
    return check(!chosen.isEmpty(), "a delivery on " + channel);
  }

  /** Every chosen delivery has this status. */
  public NotificationAssert is(DeliveryStatus status) {
    return check(
        chosen.stream().allMatch(delivery -> delivery.status() == status), "status " + status);
  }

  /** Every chosen delivery has this reason; see {@link Reason} for codes. */
  public NotificationAssert because(String reasonCode) {
    return check(
        chosen.stream()
            .allMatch(
                delivery ->
                    delivery.reason().map(Reason::code).filter(reasonCode::equals).isPresent()),
        "reason " + reasonCode);
  }

  /** Every chosen delivery was taken by this provider. */
  public NotificationAssert by(String provider) {
    return check(
        chosen.stream()
            .allMatch(delivery -> delivery.provider().filter(provider::equals).isPresent()),
        "provider " + provider);
  }

  /** Every chosen delivery had so many provider calls, whether they counted or not. */
  public NotificationAssert afterCalls(int calls) {
    return check(
        chosen.stream().allMatch(delivery -> record.attempts(delivery.id()).size() == calls),
        calls + " provider calls");
  }

  /** So many deliveries are chosen. */
  public NotificationAssert count(int deliveries) {
    return check(chosen.size() == deliveries, deliveries + " deliveries");
  }

  private NotificationAssert check(boolean holds, String expected) {
    if (!holds) {
      throw new AssertionError("expected " + expected + " but was\n" + describe());
    }
    return this;
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (Delivery delivery : record.deliveries()) {
      text.append("  ").append(delivery.channel()).append(' ').append(delivery.status());
      delivery.reason().ifPresent(reason -> text.append(" because ").append(reason));
      record
          .attempts(delivery.id())
          .forEach(
              attempt ->
                  text.append("\n    ")
                      .append(attempt.provider())
                      .append(": ")
                      .append(attempt.outcome()));
      text.append('\n');
    }
    record
        .decisions()
        .forEach(
            decided ->
                text.append("  decided ")
                    .append(decided.channel())
                    .append(": ")
                    .append(decided.decision())
                    .append('\n'));
    return text.toString();
  }
}
