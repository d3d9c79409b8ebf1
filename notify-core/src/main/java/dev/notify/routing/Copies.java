package dev.notify.routing;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.spi.OutboundMessage;
import java.util.function.Predicate;

/** People in copy of an e-mail: they are real too, and the mode counts for them as well. */
final class Copies {

  private Copies() {}

  /** The message with those in copy only who may get it. */
  static OutboundMessage only(OutboundMessage message, Predicate<Address> allowed) {
    EmailOptions options = message.content().email();
    if (options.cc().stream().allMatch(allowed) && options.bcc().stream().allMatch(allowed)) {
      return message;
    }
    EmailOptions fewer =
        new EmailOptions(
            options.replyTo(),
            options.cc().stream().filter(allowed).toList(),
            options.bcc().stream().filter(allowed).toList(),
            options.headers(),
            options.tags(),
            options.unsubscribe());
    Content content = message.content().toBuilder().email(fewer).build();
    return new OutboundMessage(
        message.deliveryId(),
        message.notificationId(),
        message.recipientId(),
        message.address(),
        content,
        message.category(),
        message.priority(),
        message.createdAt(),
        message.expiresAt(),
        message.metadata());
  }
}
