package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Delivery;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Recipient;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A morning in March, one provider a channel, and Jane, who can be reached by all of them. */
final class Stage {

  static final String START = "2026-03-02T09:00:00Z";

  static final Recipient JANE =
      Recipient.builder("jane")
          .email("jane@example.com")
          .sms("+14155550142")
          .fcm("jane-device")
          .locale(Locale.ENGLISH)
          .zone(ZoneId.of("Europe/Berlin"))
          .build();

  final VirtualClock clock = VirtualClock.at(START);
  final RecordingProvider email = RecordingProvider.of(EMAIL);
  final RecordingProvider sms = RecordingProvider.of(SMS);
  final RecordingProvider push = RecordingProvider.of(PUSH);

  /** A builder with everything here in it. */
  DispatcherBuilder builder() {
    return bare().provider(email).provider(sms).provider(push);
  }

  /** A builder without providers. */
  DispatcherBuilder bare() {
    return clock
        .drive(NotificationDispatcher.builder())
        .recipients(id -> Optional.ofNullable(Map.of("jane", JANE).get(id)));
  }

  /** Something to say to Jane by e-mail. */
  static Notification.Builder hello() {
    return Notification.to("jane").title("Hello").body("How are you?").channels(EMAIL);
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  static Delivery only(NotificationDispatcher dispatcher, SendReceipt receipt) {
    List<Delivery> deliveries = record(dispatcher, receipt).deliveries();
    if (deliveries.size() != 1) {
      throw new AssertionError("not one delivery: " + deliveries);
    }
    return deliveries.get(0);
  }

  static NotificationRecord record(NotificationDispatcher dispatcher, SendReceipt receipt) {
    return dispatcher.status(receipt.id()).orElseThrow();
  }
}
