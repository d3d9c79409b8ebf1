package dev.notify;

import dev.notify.Collecting.Thought;
import dev.notify.Deliberation.Question;
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
import dev.notify.model.Digest;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Labels;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.RefusedException;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.PolicyRequest.Stage;
import dev.notify.spi.SubmissionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The first six steps of a notification: validate, deduplicate, resolve, decide, plan, store. */
final class Intake {

  private static final int MOST_TRIES = 3;
  private static final int MOST_MISSES = 100;

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final Deliberation deliberation;
  private final Collecting collecting;
  private final BackgroundLoop digestLoop;
  private final Planner planner;

  /** For what must not be in anybody's hands when it is stored. */
  private final Planner readyPlanner;

  private final Replacing replacing;

  private final ConcurrentHashMap<String, SendInProgress> inProgress = new ConcurrentHashMap<>();
  private final Function<NotificationId, CompletableFuture<NotificationRecord>> outcomes;

  Intake(
      Wiring wiring, DeliveryEngine engine, Deliberation deliberation, BackgroundLoop digestLoop) {
    outcomes = wiring.parts().outcomes()::of;
    this.wiring = wiring;
    this.engine = engine;
    this.deliberation = deliberation;
    this.digestLoop = digestLoop;
    collecting = new Collecting(wiring, deliberation);
    planner = new Planner(wiring::newDeliveryId, engine::tryReserve);
    readyPlanner = new Planner(wiring::newDeliveryId, lane -> false);
    replacing = new Replacing(wiring.parts().store(), engine);
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
   * Accepts a notification that is due by a schedule: it has a time of its own, so it is not
   * collected, and no idempotency key.
   *
   * @param destination a transaction
   */
  SendReceipt sendByItself(Notification notification, SubmissionStore destination) {
    NotificationId id = wiring.newNotificationId();
    return accept(plan(id, present(notification), Optional.empty(), readyPlanner), destination);
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
    return new SendReceipt(earlier.id(), Answer.REPLAYED, earlier.decisions(), outcomes);
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
    Optional<Digest> digest = collecting.of(notification);
    if (digest.isPresent()) {
      return collect(digest.get(), id, notification, key, destination);
    }
    Planned planned = plan(id, present(notification), key, ours ? planner : readyPlanner);
    return accept(planned, destination);
  }

  private SendReceipt accept(Planned planned, SubmissionStore destination) {
    boolean ours = destination == wiring.parts().store();
    Optional<KeyUse> earlier = store(planned, destination);
    if (earlier.isPresent()) {
      return replay(earlier.get(), planned.submission().notification().fingerprint());
    }
    // In a transaction nothing has happened yet; the engine finds it if that commits.
    return ours ? begin(planned) : planned.receipt(outcomes);
  }

  /** Accepts what may be collected; windows come and go meanwhile, so perhaps not at once. */
  private SendReceipt collect(
      Digest digest,
      NotificationId id,
      Notification notification,
      Optional<KeyUse> key,
      SubmissionStore destination) {
    for (int tries = 1; ; tries++) {
      Thought thought = collecting.think(digest, notification);
      if (!thought.isItem() && thought.joining().isEmpty()) {
        boolean ours = destination == wiring.parts().store();
        Planned planned = plan(id, present(notification), key, ours ? planner : readyPlanner);
        if (digest.isSurplusOnly()
            && tries < MOST_TRIES
            && Collecting.isCollected(digest, planned.submission().decisions())) {
          // Others have used the cap up since it was asked.
          discard(planned);
          continue;
        }
        return accept(planned, destination);
      }
      Planned planned =
          thought.isItem()
              ? planItem(id, notification, key, thought)
              : plan(id, present(notification), key, readyPlanner);
      Optional<SendReceipt> receipt =
          collect(planned, thought.joining().orElseThrow(), destination);
      if (receipt.isPresent()) {
        return receipt.get();
      }
      if (tries >= MOST_MISSES) {
        throw new RefusedException(
            RefusedException.Why.STORE_UNAVAILABLE,
            "the window of a digest of '" + notification.category() + "' came and went; try again");
      }
    }
  }

  private Planned planItem(
      NotificationId id, Notification notification, Optional<KeyUse> key, Thought thought) {
    Set<NotificationId> before = replacing.before(notification);
    List<ChannelDecision> suppressed =
        thought.decisions().stream()
            .filter(made -> made.decision() instanceof Decision.Suppress)
            .toList();
    Timing timing = thought.question().timing();
    Labels labels = deliberation.labels(notification, thought.question().person());
    List<Delivery> deliveries =
        new ArrayList<>(readyPlanner.plan(id, notification, labels, suppressed, timing));
    deliveries.add(collecting.item(id, notification, thought));
    Optional<KeyUse> use = key.map(mine -> withDecisions(mine, thought.decisions()));
    Submission submission =
        new Submission(id, timing.now(), notification, thought.decisions(), deliveries, use);
    return new Planned(submission, thought.question(), Map.of(), before);
  }

  private Optional<SendReceipt> collect(
      Planned planned, Joining joining, SubmissionStore destination) {
    boolean stored = false;
    try {
      Entered entered = destination.collect(planned.submission(), joining);
      if (entered.earlier().isPresent()) {
        String fingerprint = planned.submission().notification().fingerprint();
        return Optional.of(replay(entered.earlier().get(), fingerprint));
      }
      stored = entered.window().isPresent();
      if (!stored) {
        return Optional.empty();
      }
      if (destination != wiring.parts().store()) {
        return Optional.of(planned.receipt(outcomes));
      }
      SendReceipt receipt = begin(planned);
      digestLoop.wakeBy(entered.window().get().due());
      return Optional.of(receipt);
    } finally {
      if (!stored) {
        discard(planned);
      }
    }
  }

  /**
   * Thinks about several that come together.
   *
   * @return they wait to be accepted, by any thread
   */
  Portion prepareAll(List<Notification> notifications) {
    deliberation.expect(notifications);
    Portion portion = new Portion(notifications);
    // Which of them replaces which, their order says.
    boolean inOrder = notifications.stream().anyMatch(Notification::replacesPending);
    Map<Integer, Present> present = new LinkedHashMap<>();
    for (int i = 0; i < notifications.size(); i++) {
      Notification notification = notifications.get(i);
      try {
        if (inOrder
            || notification.idempotencyKey().isPresent()
            || collecting.of(notification).isPresent()) {
          portion.oneByOne.add(i);
        } else {
          present.put(i, present(notification));
        }
      } catch (RuntimeException e) {
        portion.answers[i] = Answered.with(e);
      }
    }
    wiring
        .parts()
        .people()
        .expectAt(present.values().stream().flatMap(Present::addresses).toList());
    present.forEach(
        (i, one) -> {
          try {
            Planned planned = plan(wiring.newNotificationId(), one, Optional.empty(), planner);
            portion.together.add(planned);
            portion.places.add(i);
          } catch (RuntimeException e) {
            portion.answers[i] = Answered.with(e);
          }
        });
    return portion;
  }

  /** Several that are thought about and wait to be stored, in as few commits as the store can. */
  final class Portion {
    private final List<Notification> asked;
    private final Answered[] answers;

    /** Those that are stored together, and where they stand. */
    private final List<Planned> together = new ArrayList<>();

    private final List<Integer> places = new ArrayList<>();

    /** Those that are thought about and accepted by themselves. */
    private final List<Integer> oneByOne = new ArrayList<>();

    private boolean begun;

    private Portion(List<Notification> asked) {
      this.asked = asked;
      answers = new Answered[asked.size()];
    }

    /** Accepts them, once; answers what came of each, in their order. */
    List<Answered> accept() {
      begun = true;
      List<Answered> stored = storeAll(together);
      for (int i = 0; i < stored.size(); i++) {
        answers[places.get(i)] = stored.get(i);
      }
      for (int place : oneByOne) {
        answers[place] = answer(asked.get(place));
      }
      return List.of(answers);
    }

    /** Nothing comes of them, unless they were accepted. */
    void close() {
      if (!begun) {
        together.forEach(Intake.this::discard);
      }
    }
  }

  private Answered answer(Notification notification) {
    try {
      return Answered.with(send(notification, wiring.parts().store()));
    } catch (RuntimeException e) {
      return Answered.with(e);
    }
  }

  private List<Answered> storeAll(List<Planned> together) {
    List<Optional<RuntimeException>> faults = together.isEmpty() ? List.of() : store(together);
    List<Answered> answers = new ArrayList<>(together.size());
    for (int i = 0; i < together.size(); i++) {
      Planned planned = together.get(i);
      if (faults.get(i).isPresent()) {
        discard(planned);
        answers.add(Answered.with(faults.get(i).get()));
      } else {
        answers.add(Answered.with(begin(planned)));
      }
    }
    return answers;
  }

  /**
   * What came of one of several.
   *
   * @param receipt the receipt of one that was accepted
   * @param fault why it was not
   */
  record Answered(Optional<SendReceipt> receipt, Optional<RuntimeException> fault) {

    static Answered with(SendReceipt receipt) {
      return new Answered(Optional.of(receipt), Optional.empty());
    }

    static Answered with(RuntimeException fault) {
      return new Answered(Optional.empty(), Optional.of(fault));
    }
  }

  /** A notification that is decided and planned, and not stored yet. */
  private record Planned(
      Submission submission,
      Question question,
      Map<Channel, Content> contents,
      Set<NotificationId> before) {

    SendReceipt receipt(Function<NotificationId, CompletableFuture<NotificationRecord>> outcomes) {
      return new SendReceipt(submission.id(), Answer.NEW, submission.decisions(), outcomes);
    }
  }

  /** A notification that is fit to be sent, and who it is for. */
  private record Present(Notification notification, Category category, Person person) {

    Stream<Address> addresses() {
      return person.addresses(notification.routing()).stream();
    }
  }

  private Present present(Notification asked) {
    Notification notification = deliberation.pinned(asked);
    return new Present(
        notification, deliberation.validate(notification), deliberation.resolve(notification));
  }

  private Planned plan(NotificationId id, Present present, Optional<KeyUse> key, Planner by) {
    Set<NotificationId> before = replacing.before(present.notification());
    Person person = present.person();
    Notification notification =
        deliberation.inVariant(present.notification(), person, wiring.now());
    Timing timing = deliberation.timing(notification, person);
    Map<Channel, Content> contents = deliberation.contents(notification, person);
    deliberation.requireUnsubscribe(notification, present.category(), person);
    Question question =
        new Question(notification, present.category(), person, timing, Stage.ACCEPTANCE);
    List<ChannelDecision> decisions = deliberation.decide(question);
    List<Delivery> deliveries =
        by.plan(id, notification, deliberation.labels(notification, person), decisions, timing);
    Optional<KeyUse> use = key.isEmpty() ? key : Optional.of(withDecisions(key.get(), decisions));
    Submission submission =
        new Submission(id, timing.now(), notification, decisions, deliveries, use);
    return new Planned(submission, question, contents, before);
  }

  /** It is stored: now it takes effect. */
  private SendReceipt begin(Planned planned) {
    Submission submission = planned.submission();
    Optional<NotificationId> successor = replacing.replaceOthers(submission, planned.before());
    handOver(
        submission.deliveries(),
        submission.notification(),
        planned.question().person(),
        planned.contents());
    if (successor.isPresent()) {
      replacing.replace(submission, successor.get());
    }
    return planned.receipt(outcomes);
  }

  private static KeyUse withDecisions(KeyUse use, List<ChannelDecision> decisions) {
    return new KeyUse(use.key(), use.fingerprint(), use.id(), decisions, use.until());
  }

  /** What would be decided, without a trace. */
  List<ChannelDecision> explain(Notification asked) {
    Optional<Digest> digest = collecting.of(asked);
    if (digest.isPresent()) {
      Thought thought = collecting.think(digest.get(), asked);
      if (thought.isItem()) {
        return thought.decisions();
      }
    }
    Category category = deliberation.validate(asked);
    Person person = deliberation.resolve(asked);
    Notification notification = deliberation.inVariant(asked, person, wiring.now());
    Timing timing = deliberation.timing(notification, person);
    Map<Channel, Content> ignored = deliberation.contents(notification, person);
    deliberation.requireUnsubscribe(notification, category, person);
    return deliberation.decide(
        new Question(notification, category, person, timing, Stage.EXPLANATION));
  }

  private Optional<KeyUse> store(Planned planned, SubmissionStore destination) {
    boolean stored = false;
    try {
      Optional<KeyUse> earlier = destination.accept(planned.submission());
      stored = earlier.isEmpty();
      return earlier;
    } finally {
      if (!stored) {
        discard(planned);
      }
    }
  }

  private List<Optional<RuntimeException>> store(List<Planned> together) {
    boolean answered = false;
    try {
      List<Optional<RuntimeException>> faults =
          wiring.parts().store().acceptAll(together.stream().map(Planned::submission).toList());
      answered = true;
      return faults;
    } finally {
      if (!answered) {
        together.forEach(this::discard);
      }
    }
  }

  /** Nothing came of it: what was kept for it is free again, and what was counted is not. */
  private void discard(Planned planned) {
    for (Delivery delivery : planned.submission().deliveries()) {
      if (delivery.status() == DeliveryStatus.SENDING) {
        engine.cancelReservation(delivery.lane());
      }
    }
    deliberation.undo(planned.question(), planned.submission().decisions());
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
      } else if (delivery.status().isOpen() && !delivery.channel().equals(Digest.CHANNEL)) {
        engine.stored(delivery);
      }
    }
  }
}
