package dev.notify.engine;

import dev.notify.model.Address;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.routing.People.Person;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Instant;
import java.util.Optional;

/** Decides a second time, just before delivery: the world may have changed since acceptance. */
final class Recheck {

  private final EngineParts parts;

  Recheck(EngineParts parts) {
    this.parts = parts;
  }

  /**
   * What holds now.
   *
   * @param decision allow, defer or suppress
   * @param person who it is for, if they still exist
   */
  record Verdict(Decision decision, Optional<Person> person) {}

  Verdict decide(Job job, Instant now) {
    Delivery delivery = job.delivery();
    if (delivery.onlyIfUnseen() && wasSeen(delivery)) {
      return no(Reason.NOT_NEEDED, "seen on an earlier channel");
    }
    Optional<Person> person =
        job.person().isPresent() ? job.person() : parts.people().find(job.notification());
    if (person.isEmpty()) {
      return no(Reason.NO_ADDRESS, "the recipient does not exist any more");
    }
    if (job.person().isEmpty() && !stillHas(person.get().recipient(), delivery.address())) {
      return no(Reason.INVALID_ADDRESS, "not an address of the recipient any more");
    }
    return new Verdict(parts.policies().decide(request(job, person.get(), now)), person);
  }

  private boolean wasSeen(Delivery delivery) {
    return parts
        .store()
        .find(delivery.notificationId())
        .map(NotificationRecord::wasSeen)
        .orElse(false);
  }

  private static boolean stillHas(Recipient recipient, Address address) {
    return recipient.addresses().stream()
        .anyMatch(
            known ->
                known.channel().equals(address.channel()) && known.value().equals(address.value()));
  }

  private PolicyRequest request(Job job, Person person, Instant now) {
    Notification notification = job.notification();
    return new PolicyRequest(
        notification,
        parts.categories().find(notification.category()),
        person.recipient(),
        person.preferences(),
        person.zone(),
        job.delivery().address(),
        person.reachable(notification.routing()),
        Stage.DELIVERY,
        now,
        job.delivery().expiresAt(),
        !job.delivery().counted(),
        Optional.of(job.delivery().notificationId()));
  }

  private static Verdict no(String code, String detail) {
    return new Verdict(Decision.suppress(new Reason(code, detail)), Optional.empty());
  }
}
