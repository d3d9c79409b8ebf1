package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotifyException;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.routing.People.Person;
import java.util.List;

/** Makes a notification again from one of its deliveries that was given up. */
final class DeadLetterReplay {

  private final EngineParts parts;

  DeadLetterReplay(EngineParts parts) {
    this.parts = parts;
  }

  Notification.Builder prepare(DeliveryId deadLetter) {
    Delivery delivery =
        parts.store().deadLetters(Integer.MAX_VALUE).stream()
            .filter(dead -> dead.id().equals(deadLetter))
            .findFirst()
            .orElseThrow(
                () ->
                    new NotifyException(
                        "no dead letter " + deadLetter + "; was it replayed already?"));
    Notification notification =
        parts
            .store()
            .find(delivery.notificationId())
            .filter(record -> !record.isErased())
            .map(NotificationRecord::notification)
            .orElseThrow(
                () ->
                    new NotifyException(
                        "the notification of dead letter " + deadLetter + " is forgotten"));
    return notification.toBuilder()
        .recipient(recipient(delivery, notification))
        .routing(Routing.all(delivery.channel()))
        .now()
        .idempotencyKey("replay/" + deadLetter);
  }

  /** The person with the address that failed, or with what took its place since. */
  private Recipient recipient(Delivery delivery, Notification notification) {
    Recipient person =
        parts
            .people()
            .find(notification)
            .map(Person::recipient)
            .orElseThrow(
                () ->
                    new NotifyException(
                        "recipient '" + notification.recipientId() + "' does not exist any more"));
    Channel channel = delivery.channel();
    List<Address> same =
        person.addresses(channel).stream()
            .filter(address -> address.value().equals(delivery.address().value()))
            .toList();
    return new Recipient(
        person.id(),
        same.isEmpty() ? person.addresses(channel) : same,
        person.locale(),
        person.zone(),
        person.attributes());
  }
}
