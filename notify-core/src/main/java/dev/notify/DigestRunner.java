package dev.notify;

import dev.notify.Deliberation.Question;
import dev.notify.engine.DeliveryEngine;
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
import dev.notify.model.RefusedException;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Taken;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the digests of windows that have ended. What it sends is an ordinary notification, which
 * all policies are asked about; its items end in the commit that keeps it.
 */
final class DigestRunner implements BackgroundLoop.Steps {

  private static final Logger log = LoggerFactory.getLogger(DigestRunner.class);

  private static final int AT_ONCE = 20;

  /** Whoever has taken a window and has not come to its end by then is taken to have died. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  /** What an administrator has to mend, or a cap to let pass. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** An item may be called off while its digest is made; then it is made anew. */
  private static final int MOST_TRIES = 5;

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final Deliberation deliberation;
  private final DigestStore digests;
  private final Planner planner;
  private final Set<String> categories;

  DigestRunner(
      Wiring wiring, DeliveryEngine engine, Deliberation deliberation, DigestStore digests) {
    this.wiring = wiring;
    this.engine = engine;
    this.deliberation = deliberation;
    this.digests = digests;
    planner = new Planner(wiring::newDeliveryId, lane -> false);
    categories =
        wiring.parts().categories().all().stream()
            .filter(category -> category.digest().isPresent())
            .map(Category::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Sends some of what is due; answers when to look again. */
  @Override
  public Optional<Instant> steps() {
    Instant now = wiring.now();
    Taken taken = digests.take(categories, now, LEASE, AT_ONCE);
    for (Window window : taken.windows()) {
      send(window);
    }
    return taken.windows().isEmpty() ? taken.nextDue() : Optional.of(now);
  }

  private void send(Window window) {
    try {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        if (sendOnce(window)) {
          return;
        }
      }
    } catch (RefusedException e) {
      log.debug("digest {} waits for the store: {}", window.id(), e.getMessage());
    } catch (RuntimeException e) {
      // Nothing is lost: its items wait until they are of no use any more.
      log.error(
          "digest {} of category {} cannot be made; trying again in {}: {}",
          window.id(),
          window.category(),
          AGAIN,
          e.getClass().getName());
      log.trace("which threw", e);
      digests.postpone(window, wiring.now().plus(AGAIN));
    }
  }

  /** Answers whether there is nothing more to do with the window for now. */
  private boolean sendOnce(Window window) {
    Instant now = wiring.now();
    List<Delivery> ended = new ArrayList<>();
    List<Held> items = new ArrayList<>();
    List<Held> all = digests.items(window);
    Optional<Person> person = person(all, now);
    for (Held held : all) {
      Optional<Reason> against = against(held, person, now);
      if (against.isPresent()) {
        boolean isLost = against.get().code().equals(Reason.QUARANTINED);
        DeliveryStatus end =
            isLost ? DeliveryStatus.CANCELLED : Planner.suppressedStatus(against.get());
        ended.add(held.delivery().ended(end, against.get(), now));
      } else {
        items.add(held);
      }
    }
    return items.isEmpty()
        ? finish(window, ended, Optional.empty())
        : send(window, items, ended, now);
  }

  /**
   * Whom they are for, as the last of them knows the person; nobody if none can be said any more,
   * or the person has left the directory.
   */
  private Optional<Person> person(List<Held> items, Instant now) {
    return items.stream()
        .filter(held -> now.isBefore(held.delivery().expiresAt()))
        .map(Held::notification)
        .filter(notification -> !notification.equals(NotificationRecord.ERASED))
        .reduce((one, later) -> later)
        .flatMap(wiring.parts().people()::find);
  }

  private boolean send(Window window, List<Held> items, List<Delivery> ended, Instant now) {
    Category category = wiring.parts().categories().find(window.category());
    Digest digest = category.digest().orElseThrow();
    NotificationId id = wiring.newNotificationId();
    Notification notification =
        deliberation.pinned(DigestText.notification(digest, window, items, now));
    deliberation.validate(notification);
    Person person = deliberation.resolve(notification);
    Timing timing = deliberation.timing(notification, person);
    var ignored = deliberation.contents(notification, person);
    Question question = new Question(notification, category, person, timing, Stage.ACCEPTANCE);
    List<ChannelDecision> decisions = deliberation.decide(question);
    boolean kept = false;
    try {
      if (isOverCap(decisions)) {
        // What a cap drops would take all of them with it; it waits with them instead.
        digests.postpone(window, now.plus(AGAIN));
        return true;
      }
      Reason said = new Reason(Reason.DIGEST, "in " + id);
      items.forEach(held -> ended.add(held.delivery().ended(DeliveryStatus.DIGESTED, said, now)));
      Labels labels = deliberation.labels(notification, person);
      List<Delivery> deliveries = planner.plan(id, notification, labels, decisions, timing);
      kept =
          finish(
              window,
              ended,
              Optional.of(
                  new Submission(id, now, notification, decisions, deliveries, Optional.empty())));
      return kept;
    } finally {
      if (!kept) {
        deliberation.undo(question, decisions);
      }
    }
  }

  private static boolean isOverCap(List<ChannelDecision> decisions) {
    return decisions.stream().allMatch(made -> made.decision() instanceof Decision.Suppress)
        && decisions.stream().anyMatch(Collecting::isOverCap);
  }

  private boolean finish(Window window, List<Delivery> ended, Optional<Submission> digest) {
    if (!digests.finish(window, ended, digest)) {
      return false;
    }
    for (Delivery item : ended) {
      wiring.parts().events().publish(item);
      try {
        wiring.parts().outcomes().changed(item);
      } catch (RuntimeException e) {
        // What became of it is written; who waits for it is told by the next look.
        log.debug("outcome of {} cannot be told now: {}", item.id(), e.getClass().getName());
      }
    }
    List<Delivery> deliveries = digest.map(Submission::deliveries).orElse(List.of());
    deliveries.forEach(wiring.parts().events()::publish);
    deliveries.stream().filter(one -> one.status().isOpen()).forEach(engine::stored);
    return true;
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
                false);
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
