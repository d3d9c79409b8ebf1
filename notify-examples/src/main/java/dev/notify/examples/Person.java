package dev.notify.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Preferences;
import dev.notify.model.QuietHours;
import dev.notify.model.Recipient;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who ordered something.
 *
 * @param id the shop's own id of the person
 * @param name how the texts address them
 * @param locale their language
 * @param zone their time zone
 * @param email their mail address, if known
 * @param sms their phone number, if known
 * @param devices their devices with the app
 * @param inbox whether they have an inbox in the shop
 * @param quietHours when they want to be left alone, if ever
 * @param optedOutOf where they do not want to hear of their orders
 * @param order what they ordered
 */
record Person(
    @JsonDeserialize(using = TextForm.Id.class) String id,
    String name,
    Locale locale,
    ZoneId zone,
    @JsonProperty(required = false) @JsonDeserialize(using = TextForm.Email.class)
        @Nullable Address email,
    @JsonProperty(required = false) @JsonDeserialize(using = TextForm.Phone.class)
        @Nullable Address sms,
    @JsonProperty(required = false) @JsonDeserialize(contentUsing = TextForm.Device.class)
        List<Address> devices,
    @JsonProperty(required = false) boolean inbox,
    @JsonProperty(required = false) @Nullable QuietHours quietHours,
    @JsonProperty(required = false) List<OptOut> optedOutOf,
    OrderShipped order) {

  /** The category of the shop's news about orders, by which people can choose. */
  static final String ORDER_UPDATES = "order_updates";

  /** Fills in what the file leaves out. */
  Person {
    devices = devices == null ? List.of() : List.copyOf(devices);
    optedOutOf = optedOutOf == null ? List.of() : List.copyOf(optedOutOf);
  }

  /**
   * A "no" to news about orders.
   *
   * @param channel on one channel; on all where absent
   */
  record OptOut(Optional<Channel> channel) {}

  boolean has(String device) {
    return devices.stream().anyMatch(address -> address.value().equals(device));
  }

  Recipient toRecipient() {
    Recipient.Builder recipient =
        Recipient.builder(id).locale(locale).zone(zone).attribute("name", name);
    if (email != null) {
      recipient.address(email.named(name));
    }
    if (sms != null) {
      recipient.address(sms);
    }
    devices.forEach(recipient::address);
    if (inbox) {
      recipient.address(Address.inApp(id));
    }
    return recipient.build();
  }

  Preferences preferences(Instant chosenAt) {
    Preferences.Builder preferences = Preferences.builder();
    Preferences.Choice no = new Preferences.Choice(false, chosenAt, "settings page");
    for (OptOut optOut : optedOutOf) {
      optOut
          .channel()
          .ifPresentOrElse(
              channel -> preferences.category(ORDER_UPDATES, channel, no),
              () -> preferences.category(ORDER_UPDATES, no));
    }
    if (quietHours != null) {
      preferences.quietHours(quietHours);
    }
    return preferences.build();
  }
}
