package dev.notify;

import dev.notify.model.DeliveryEvent;
import dev.notify.model.Recipient;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.RecipientDirectory;
import java.time.ZoneId;

/** Notes at which hour of their day a person opened something. */
final class OpenHoursNotes implements DeliveryListener {

  private final OpenHoursStore hours;
  private final RecipientDirectory directory;
  private final ZoneId defaultZone;

  OpenHoursNotes(OpenHoursStore hours, RecipientDirectory directory, ZoneId defaultZone) {
    this.hours = hours;
    this.directory = directory;
    this.defaultZone = defaultZone;
  }

  @Override
  public void onEvent(DeliveryEvent event) {
    boolean isByPerson = event.showsItWasSeen() && event.type() != DeliveryEvent.Type.DELIVERED;
    if (isByPerson) {
      ZoneId zone =
          directory.find(event.recipientId()).flatMap(Recipient::zone).orElse(defaultZone);
      hours.note(event.recipientId(), event.at().atZone(zone).getHour());
    }
  }
}
