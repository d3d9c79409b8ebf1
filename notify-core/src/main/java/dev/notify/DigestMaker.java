package dev.notify;

import dev.notify.Deliberation.Question;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Digest;
import dev.notify.model.Labels;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.DigestStore.Finish;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Makes of a window that has ended what is to be sent: a digest, or each item by itself if its
 * category has no digest any more. What it makes are ordinary notifications, which all policies are
 * asked about.
 */
final class DigestMaker {

  private final Wiring wiring;
  private final Deliberation deliberation;
  private final Planner planner;

  DigestMaker(Wiring wiring, Deliberation deliberation) {
    this.wiring = wiring;
    this.deliberation = deliberation;
    planner = new Planner(wiring::newDeliveryId, lane -> false);
  }

  /**
   * What becomes of a window.
   *
   * @param finish what is to be stored
   * @param asked what was asked about what says the items, and has to be undone if it is not stored
   */
  record Made(Finish finish, List<Asked> asked) {}

  /** What was asked of the policies, and what they said. */
  record Asked(Question question, List<ChannelDecision> decisions) {}

  /** A notification that says items. */
  private record Said(Submission submission, Asked asked) {}

  /** Has the stores read together what will be asked about several windows in a moment. */
  void expect(Collection<List<Held>> windows) {
    Instant now = wiring.now();
    List<Notification> latest = windows.stream().flatMap(all -> latest(all, now).stream()).toList();
    if (latest.size() < 2) {
      return;
    }
    deliberation.expect(latest);
    List<Address> addresses = new ArrayList<>();
    for (Notification notification : latest) {
      try {
        wiring
            .parts()
            .people()
            .find(notification)
            .ifPresent(person -> addresses.addAll(person.recipient().addresses()));
      } catch (RuntimeException e) {
        // It is told of where this window is made by itself.
        continue;
      }
    }
    wiring.parts().people().expectAt(addresses);
  }

  /** Nothing came of it, so what was allowed of it must not count. */
  void undo(Made made) {
    made.asked().forEach(this::undo);
  }

  private void undo(Asked asked) {
    deliberation.undo(asked.question(), asked.decisions());
  }

  /**
   * What becomes of a window with these items.
   *
   * @return empty if it has to wait: a cap that drops would take all of them with the digest
   * @throws RuntimeException if it cannot be said, for want of a template perhaps
   */
  Optional<Made> make(Window window, List<Held> all) {
    Ending ending = new Ending(window, wiring.now(), new ArrayList<>(), new ArrayList<>());
    Optional<Person> person = latest(all, ending.now()).flatMap(wiring.parts().people()::find);
    for (Held held : all) {
      Optional<Reason> against = against(held, person, ending.now());
      if (against.isPresent()) {
        ending.leaveOut(held, against.get());
      } else {
        ending.items().add(held);
      }
    }
    if (ending.items().isEmpty()) {
      return Optional.of(ending.made(List.of()));
    }
    Optional<Digest> digest = wiring.parts().categories().find(window.category()).digest();
    return digest.isPresent() ? digest(digest.get(), ending) : Optional.of(byThemselves(ending));
  }

  /**
   * A window that ends.
   *
   * @param window it was taken
   * @param now the moment of its end
   * @param items what is to be said
   * @param ended items, as they end
   */
  private record Ending(Window window, Instant now, List<Held> items, List<Delivery> ended) {

    void leaveOut(Held held, Reason why) {
      boolean isLost = why.code().equals(Reason.QUARANTINED);
      DeliveryStatus end = isLost ? DeliveryStatus.CANCELLED : Planner.suppressedStatus(why);
      ended.add(held.delivery().ended(end, why, now));
    }

    void say(Held held, Said by) {
      Reason reason = new Reason(Reason.DIGEST, "in " + by.submission().id());
      ended.add(held.delivery().ended(DeliveryStatus.DIGESTED, reason, now));
    }

    Made made(List<Said> said) {
      return new Made(
          new Finish(window, ended, said.stream().map(Said::submission).toList()),
          said.stream().map(Said::asked).toList());
    }
  }

  /**
   * The last that can be said, which tells who they are for; nothing if none can be said any more.
   */
  private static Optional<Notification> latest(List<Held> items, Instant now) {
    return items.stream()
        .filter(held -> now.isBefore(held.delivery().expiresAt()))
        .map(Held::notification)
        .filter(notification -> !notification.equals(NotificationRecord.ERASED))
        .reduce((one, later) -> later);
  }

  private Optional<Made> digest(Digest digest, Ending ending) {
    Notification notification =
        deliberation.pinned(
            DigestText.notification(digest, ending.window(), ending.items(), ending.now()));
    Category category = deliberation.validate(notification);
    Person person = deliberation.resolve(notification);
    Timing timing = deliberation.timing(notification, person);
    var ignored = deliberation.contents(notification, person);
    Said said = say(notification, category, person, timing);
    if (isOverCap(said.asked().decisions())) {
      undo(said.asked());
      return Optional.empty();
    }
    ending.items().forEach(held -> ending.say(held, said));
    return Optional.of(ending.made(List.of(said)));
  }

  private static boolean isOverCap(List<ChannelDecision> decisions) {
    return decisions.stream().allMatch(made -> made.decision() instanceof Decision.Suppress)
        && decisions.stream().anyMatch(Collecting::isOverCap);
  }

  private Said say(Notification notification, Category category, Person person, Timing timing) {
    Question question = new Question(notification, category, person, timing, Stage.ACCEPTANCE);
    List<ChannelDecision> decisions = deliberation.decide(question);
    NotificationId id = wiring.newNotificationId();
    Labels labels = deliberation.labels(notification, person);
    List<Delivery> deliveries = planner.plan(id, notification, labels, decisions, timing);
    return new Said(
        new Submission(id, timing.now(), notification, decisions, deliveries, Optional.empty()),
        new Asked(question, decisions));
  }

  /** Each as if it had been sent now; what is wrong with its words shows when it is delivered. */
  private Made byThemselves(Ending ending) {
    List<Said> all = new ArrayList<>();
    boolean complete = false;
    try {
      for (Held held : ending.items()) {
        Said said = byItself(held, ending.now());
        all.add(said);
        ending.say(held, said);
      }
      complete = true;
      return ending.made(all);
    } finally {
      if (!complete) {
        all.forEach(said -> undo(said.asked()));
      }
    }
  }

  private Said byItself(Held held, Instant now) {
    Notification asked =
        held.notification().toBuilder()
            .withoutIdempotencyKey()
            .expiresIn(Duration.between(now, held.delivery().expiresAt()))
            .build();
    Category category = deliberation.validate(asked);
    Person person = deliberation.resolve(asked);
    Notification notification = deliberation.inVariant(deliberation.pinned(asked), person, now);
    deliberation.requireUnsubscribe(notification, category, person);
    return say(notification, category, person, deliberation.timing(notification, person));
  }

  /**
   * What speaks against an item now that did not when it was accepted: it has expired, the person
   * is gone or has opted out of all its channels, or its condition does not hold any more.
   */
  private Optional<Reason> against(Held held, Optional<Person> known, Instant now) {
    if (held.notification().equals(NotificationRecord.ERASED)) {
      return Optional.of(new Reason(Reason.QUARANTINED, "what was stored cannot be read"));
    }
    if (!now.isBefore(held.delivery().expiresAt())) {
      return Optional.of(new Reason(Reason.EXPIRED, "of use until " + held.delivery().expiresAt()));
    }
    if (known.isEmpty()) {
      return Optional.of(new Reason(Reason.NO_ADDRESS, "the recipient does not exist any more"));
    }
    Person person = known.get();
    Notification notification = held.notification();
    Category category = wiring.parts().categories().find(notification.category());
    Notification asked =
        category
            .digest()
            .flatMap(Digest::routing)
            .map(routing -> notification.toBuilder().routing(routing).build())
            .orElse(notification);
    List<Channel> channels = person.reachable(asked.routing());
    Optional<Reason> first = Optional.empty();
    for (Address address : person.recipient().addresses()) {
      if (channels.contains(address.channel())) {
        // Asked without counting: it is the digest that goes out.
        PolicyRequest request =
            new PolicyRequest(
                asked,
                category,
                person.recipient(),
                person.preferences(),
                person.zone(),
                address,
                channels,
                Stage.DELIVERY,
                now,
                held.delivery().expiresAt(),
                false,
                Optional.of(held.delivery().notificationId()));
        Decision decision = wiring.parts().policies().decide(request);
        if (!(decision instanceof Decision.Suppress suppress)) {
          return Optional.empty();
        }
        first = first.isPresent() ? first : Optional.of(suppress.reason());
      }
    }
    return first;
  }
}
