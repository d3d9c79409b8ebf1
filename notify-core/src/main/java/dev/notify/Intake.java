package dev.notify;

import dev.notify.Deliberation.Question;
import dev.notify.SendReceipt.Answer;
import dev.notify.engine.DeliveryEngine;
import dev.notify.engine.Job;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.PolicyRequest.Stage;
import dev.notify.spi.SubmissionStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The first six steps of a notification: validate, deduplicate, resolve, decide, plan, store. */
final class Intake {

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final Deliberation deliberation;
  private final Planner planner;

  /** For what must not be in anybody's hands when it is stored. */
  private final Planner readyPlanner;

  private final ConcurrentHashMap<String, SendInProgress> inProgress = new ConcurrentHashMap<>();
  private final Function<NotificationId, CompletableFuture<NotificationRecord>> outcomes;

  Intake(Wiring wiring, DeliveryEngine engine, Deliberation deliberation) {
    outcomes = wiring.parts().outcomes()::of;
    this.wiring = wiring;
    this.engine = engine;
    this.deliberation = deliberation;
    planner = new Planner(wiring::newDeliveryId, engine::tryReserve);
    readyPlanner = new Planner(wiring::newDeliveryId, lane -> false);
  }

  /**
   * Accepts a notification.
   *
   * @param destination the store, or a transaction of the application's
   */
  SendReceipt send(Notification notification, SubmissionStore destination) {
    if (notification.idempotencyKey().isEmpty()) {
      return accept(wiring.newNotificationId(), notification, Optional.empty(), destination);
    }
    return sendOnce(notification, notification.idempotencyKey().get(), destination);
  }

  /**
   * Four answers: new, replayed, in progress, or refused because the key stands for something else.
   */
  private SendReceipt sendOnce(Notification notification, String key, SubmissionStore destination) {
    SendInProgress mine =
        new SendInProgress(wiring.newNotificationId(), notification.fingerprint());
    for (SendInProgress other = inProgress.putIfAbsent(key, mine);
        other != null;
        other = inProgress.putIfAbsent(key, mine)) {
      // Knows soon, for it only has to look the key up.
      if (other.isNew()) {
        other.requireSame(mine);
        return other.receipt();
      }
    }
    try {
      Instant now = wiring.now();
      Optional<KeyUse> earlier = destination.findKey(key, now);
      if (earlier.isPresent()) {
        return replay(earlier.get(), mine.fingerprint());
      }
      mine.startsNew();
      Instant until = now.plus(wiring.idempotencyWindow());
      KeyUse use = new KeyUse(key, mine.fingerprint(), mine.id(), List.of(), until);
      return mine.finish(accept(mine.id(), notification, Optional.of(use), destination));
    } finally {
      inProgress.remove(key);
      mine.end();
    }
  }

  private SendReceipt replay(KeyUse earlier, String fingerprint) {
    SendInProgress.requireSame(earlier.id(), earlier.fingerprint(), fingerprint);
    return receipt(earlier.id(), Answer.REPLAYED, earlier.decisions());
  }

  private SendReceipt accept(
      NotificationId id,
      Notification notification,
      Optional<KeyUse> key,
      SubmissionStore destination) {
    boolean ours = destination == wiring.parts().store();
    if (!ours && notification.replacesPending()) {
      throw new InvalidNotificationException(
          "about", "what is pending cannot be replaced within a transaction");
    }
    Category category = deliberation.validate(notification);
    Person person = deliberation.resolve(notification);
    Timing timing = deliberation.timing(notification, person);
    Map<Channel, Content> contents = deliberation.contents(notification, person);
    Question question = new Question(notification, category, person, timing, Stage.ACCEPTANCE);
    List<ChannelDecision> decisions = deliberation.decide(question);
    List<Delivery> planned =
        (ours ? planner : readyPlanner).plan(id, notification, decisions, timing);
    Optional<KeyUse> use = key.isEmpty() ? key : Optional.of(withDecisions(key.get(), decisions));
    Optional<KeyUse> earlier =
        store(
            new Submission(id, timing.now(), notification, decisions, planned, use),
            question,
            destination);
    if (earlier.isPresent()) {
      return replay(earlier.get(), use.orElseThrow().fingerprint());
    }
    if (!ours) {
      // Nothing has happened yet; the engine finds it in the tables if the transaction commits.
      return receipt(id, Answer.NEW, decisions);
    }
    replacePending(id, notification);
    handOver(planned, notification, person, contents);
    return receipt(id, Answer.NEW, decisions);
  }

  private static KeyUse withDecisions(KeyUse use, List<ChannelDecision> decisions) {
    return new KeyUse(use.key(), use.fingerprint(), use.id(), decisions, use.until());
  }

  /** What would be decided, without a trace. */
  List<ChannelDecision> explain(Notification notification) {
    Category category = deliberation.validate(notification);
    Person person = deliberation.resolve(notification);
    Timing timing = deliberation.timing(notification, person);
    Map<Channel, Content> ignored = deliberation.contents(notification, person);
    return deliberation.decide(
        new Question(notification, category, person, timing, Stage.EXPLANATION));
  }

  private Optional<KeyUse> store(
      Submission submission, Question question, SubmissionStore destination) {
    boolean stored = false;
    try {
      Optional<KeyUse> earlier = destination.accept(submission);
      stored = earlier.isEmpty();
      return earlier;
    } finally {
      if (!stored) {
        for (Delivery delivery : submission.deliveries()) {
          if (delivery.status() == DeliveryStatus.SENDING) {
            engine.cancelReservation(delivery.lane());
          }
        }
        deliberation.undo(question, submission.decisions());
      }
    }
  }

  private void replacePending(NotificationId id, Notification notification) {
    if (!notification.replacesPending()) {
      return;
    }
    Reason replaced = new Reason(Reason.REPLACED, "by " + id);
    for (Delivery pending : wiring.parts().store().openAbout(notification.about().orElseThrow())) {
      if (!pending.notificationId().equals(id)
          && pending.recipientId().equals(notification.recipientId())) {
        engine.end(pending, DeliveryStatus.CANCELLED, replaced);
      }
    }
  }

  private void handOver(
      List<Delivery> deliveries,
      Notification notification,
      Person person,
      Map<Channel, Content> contents) {
    for (Delivery delivery : deliveries) {
      if (delivery.status() == DeliveryStatus.SENDING) {
        wiring.parts().events().publish(delivery, DeliveryEvent.Type.PENDING, delivery.createdAt());
      } else {
        wiring.parts().events().publish(delivery);
      }
    }
    for (Delivery delivery : deliveries) {
      if (delivery.status() == DeliveryStatus.SENDING) {
        Optional<Content> content = Optional.ofNullable(contents.get(delivery.channel()));
        engine.take(new Job(delivery, notification, Optional.of(person), content));
      } else if (delivery.status().isOpen()) {
        engine.stored(delivery);
      }
    }
  }

  private SendReceipt receipt(NotificationId id, Answer answer, List<ChannelDecision> decisions) {
    return new SendReceipt(id, answer, decisions, outcomes);
  }
}
