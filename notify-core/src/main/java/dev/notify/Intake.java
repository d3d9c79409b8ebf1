package dev.notify;

import dev.notify.SendReceipt.Answer;
import dev.notify.engine.DeliveryEngine;
import dev.notify.engine.Job;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import dev.notify.model.TemplateRef;
import dev.notify.routing.Audience.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import dev.notify.spi.SubmissionStore;
import dev.notify.template.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The first six steps of a notification: validate, deduplicate, resolve, decide, plan, store. */
final class Intake {

  private static final Duration FARTHEST = Duration.ofDays(400);

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final Planner planner;

  /** For what must not be in anybody's hands when it is stored. */
  private final Planner readyPlanner;

  private final ConcurrentHashMap<String, SendInProgress> inProgress = new ConcurrentHashMap<>();
  private final Function<NotificationId, CompletableFuture<NotificationRecord>> outcomes;

  Intake(Wiring wiring, DeliveryEngine engine) {
    outcomes = wiring.parts().outcomes()::of;
    this.wiring = wiring;
    this.engine = engine;
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
    Category category = validate(notification);
    Person person = resolve(notification);
    Timing timing = timing(notification, person);
    Map<Channel, Content> contents = contents(notification, person);
    Question question = new Question(notification, category, person, timing, Stage.ACCEPTANCE);
    List<ChannelDecision> decisions = decide(question);
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
    Category category = validate(notification);
    Person person = resolve(notification);
    Timing timing = timing(notification, person);
    contents(notification, person);
    return decide(new Question(notification, category, person, timing, Stage.EXPLANATION));
  }

  private Category validate(Notification notification) {
    for (Channel channel : notification.routing().channels()) {
      if (wiring.parts().chains().of(channel).isEmpty()) {
        throw new InvalidNotificationException(
            "channels",
            "no provider for '"
                + channel
                + "'; there are providers for "
                + wiring.parts().chains().channels().stream().sorted().toList());
      }
    }
    return wiring.parts().categories().find(notification.category());
  }

  /**
   * What each channel will say; nothing for content that came with the notification. Rendered here,
   * so that whatever is wrong with a template is known at once.
   */
  private Map<Channel, Content> contents(Notification notification, Person person) {
    Map<Channel, Content> rendered = notification.template().isEmpty() ? Map.of() : new HashMap<>();
    for (Channel channel : notification.routing().channels()) {
      Content content =
          notification.template().isEmpty()
              ? notification.content().orElseThrow()
              : render(notification.template().get(), channel, person);
      Optional<String> problem = wiring.parts().chains().problemWith(channel, content);
      if (problem.isPresent()) {
        throw new InvalidNotificationException(
            "content", "does not fit channel '" + channel + "': " + problem.get());
      }
      if (notification.template().isPresent()) {
        rendered.put(channel, content);
      }
    }
    return rendered;
  }

  private Content render(TemplateRef template, Channel channel, Person person) {
    Templates templates = wiring.parts().templates();
    templates.check(template, channel, person.locale(), person.recipient());
    return templates.render(template, channel, person.locale(), person.recipient());
  }

  private Person resolve(Notification notification) {
    return wiring
        .parts()
        .audience()
        .find(notification)
        .orElseThrow(
            () ->
                new InvalidNotificationException(
                    "recipient",
                    "'" + notification.recipientId() + "' is not in the recipient directory"));
  }

  private Timing timing(Notification notification, Person person) {
    Instant now = wiring.now();
    Instant due = notification.schedule().due(now, person.zone());
    if (due.isAfter(now) && due.isAfter(now.plus(FARTHEST))) {
      throw new InvalidNotificationException(
          "schedule", due + " is more than " + FARTHEST.toDays() + " days ahead");
    }
    return new Timing(now, due, due.plus(notification.timeToLive().orElse(wiring.defaultExpiry())));
  }

  /** What is decided for each address of a person. */
  private record Question(
      Notification notification, Category category, Person person, Timing timing, Stage stage) {

    Routing routing() {
      return notification.routing();
    }

    PolicyRequest about(Address address) {
      Instant turn = timing.due().plus(Planner.delayOf(routing(), address.channel()));
      return new PolicyRequest(
          notification,
          category,
          person.recipient(),
          person.preferences(),
          person.zone(),
          address,
          person.reachable(routing()),
          stage,
          turn,
          timing.expiresAt(),
          !turn.isAfter(timing.now()));
    }
  }

  private List<ChannelDecision> decide(Question question) {
    List<ChannelDecision> decisions = new ArrayList<>(question.routing().channels().size());
    boolean decided = false;
    try {
      decide(question, decisions);
      decided = true;
      return List.copyOf(decisions);
    } finally {
      if (!decided) {
        undo(question, decisions);
      }
    }
  }

  private void decide(Question question, List<ChannelDecision> decisions) {
    Notification notification = question.notification();
    List<Channel> reachable = question.person().reachable(question.routing());
    boolean isActor = notification.actor().filter(notification.recipientId()::equals).isPresent();
    boolean firstOnly = question.routing() instanceof Routing.First;
    boolean taken = false;
    for (Channel channel : question.routing().channels()) {
      if (isActor || !reachable.contains(channel)) {
        String code = isActor ? Reason.ACTOR : Reason.NO_ADDRESS;
        decisions.add(
            new ChannelDecision(channel, Optional.empty(), Decision.suppress(Reason.of(code))));
        continue;
      }
      for (Address address : question.person().recipient().addresses()) {
        if (address.channel().equals(channel)) {
          Decision decision =
              firstOnly && taken
                  ? Decision.suppress(new Reason(Reason.NOT_NEEDED, "an earlier channel was taken"))
                  : decide(question, address);
          decisions.add(new ChannelDecision(channel, Optional.of(address), decision));
        }
      }
      taken = taken || (firstOnly && decisions.stream().anyMatch(Intake::isTaken));
    }
  }

  private static boolean isTaken(ChannelDecision made) {
    return !(made.decision() instanceof Decision.Suppress);
  }

  private Decision decide(Question question, Address address) {
    Optional<String> problem = wiring.parts().chains().problemWith(address);
    if (problem.isPresent()) {
      if (question.notification().recipient().isPresent()) {
        throw new InvalidNotificationException(
            "recipient.addresses", address + " " + problem.get());
      }
      return Decision.suppress(new Reason(Reason.INVALID_ADDRESS, problem.get()));
    }
    return wiring.parts().policies().decide(question.about(address));
  }

  /** Nothing came of the notification, so what was allowed of it must not count. */
  private void undo(Question question, List<ChannelDecision> decisions) {
    for (ChannelDecision made : decisions) {
      if (made.decision() instanceof Decision.Allow && made.address().isPresent()) {
        wiring.parts().policies().undo(question.about(made.address().get()));
      }
    }
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
        undo(question, submission.decisions());
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
