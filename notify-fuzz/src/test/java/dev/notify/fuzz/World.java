package dev.notify.fuzz;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.SignedLinks;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryId;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.Recipient;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A dispatcher that has sent something by each vendor, so that what comes back finds it. */
final class World implements AutoCloseable {

  static final byte[] LINK_KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  static final String START = "2026-03-02T12:00:00Z";
  static final String PHONE = "+14155550142";

  private static final List<String> MAIL =
      List.of("mailgun", "postmark", "resend", "sendgrid", "ses");
  private static final List<String> SMS = List.of("messagebird", "plivo", "twilio", "vonage");

  private final Map<String, NotificationId> receipts = new HashMap<>();
  private final NotificationDispatcher dispatcher;

  World() {
    VirtualClock clock = VirtualClock.at(START);
    List<RecordingProvider> providers = new ArrayList<>();
    MAIL.forEach(name -> providers.add(provider(Channel.EMAIL, name)));
    SMS.forEach(name -> providers.add(provider(Channel.SMS, name)));
    Recipient jane = Recipient.builder("jane").email(Canary.MAIL).sms(PHONE).build();
    dispatcher =
        clock
            .drive(NotificationDispatcher.builder())
            .providers(List.copyOf(providers))
            .recipients(id -> Optional.of(jane).filter(person -> person.id().equals(id)))
            .categories(
                Category.optional("news").tracked(),
                Category.transactional("receipts"),
                Category.optional("plain"))
            .links(SignedLinks.below(URI.create("https://shop.example.com/n"), LINK_KEY))
            .build();
    for (String vendor : MAIL) {
      send(vendor, Address.email(Canary.MAIL).ofType(vendor));
    }
    for (String vendor : SMS) {
      send(vendor, Address.sms(PHONE).ofType(vendor));
    }
    clock.advance(Duration.ofSeconds(1));
  }

  private static RecordingProvider provider(Channel channel, String name) {
    return RecordingProvider.of(channel, name)
        .checking(
            address ->
                address.type().equals(Optional.of(name))
                    ? Optional.empty()
                    : Optional.of("is another's"))
        .always(Outcome.accepted("m-" + name));
  }

  private void send(String vendor, Address address) {
    SendReceipt receipt =
        dispatcher.send(
            Notification.to(address)
                .category("news")
                .title("News of " + Canary.WORD)
                .body("Body of " + Canary.WORD)
                .build());
    receipts.put(vendor, receipt.id());
  }

  NotificationDispatcher dispatcher() {
    return dispatcher;
  }

  /** What we gave a vendor to name the message by. */
  String reference(String vendor) {
    return delivery(vendor).toString();
  }

  DeliveryId delivery(String vendor) {
    return dispatcher
        .status(Objects.requireNonNull(receipts.get(vendor)))
        .orElseThrow()
        .deliveries()
        .get(0)
        .id();
  }

  @Override
  public void close() {
    dispatcher.close();
  }
}
