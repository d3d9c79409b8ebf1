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
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Reason;
import dev.notify.model.Schedule;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.DigestStore.Part;
import dev.notify.spi.DigestStore.Slot;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The last of the policies: what of a category is collected, and sent as one later. */
final class Collecting {

  private final Wiring wiring;
  private final Deliberation deliberation;

  Collecting(Wiring wiring, Deliberation deliberation) {
    this.wiring = wiring;
    this.deliberation = deliberation;
  }

  /**
   * What is thought about a notification that may be collected.
   *
   * @param question what was asked of the policies, without counting anything
   * @param decisions what they say, of a digest where it is collected
   * @param joining the window it goes into or opens; empty if it has nothing to do with one
   * @param isItem whether it is collected
   * @param end when its window ends at the latest
   */
  record Thought(
      Question question,
      List<ChannelDecision> decisions,
      Optional<Joining> joining,
      boolean isItem,
      Instant end) {}

  /**
   * How a notification is collected; empty if it goes by itself in any case, since its category has
   * no digest, it is too urgent, or it has a time of its own.
   */
  Optional<Digest> of(Notification notification) {
    Optional<Digest> digests = wiring.parts().categories().find(notification.category()).digest();
    if (digests.isEmpty()) {
      return digests;
    }
    return digests
        .filter(digest -> notification.priority().compareTo(digest.passFrom()) > 0)
        .filter(digest -> notification.schedule().equals(Schedule.NOW))
        .filter(digest -> !isDigest(digest, notification));
  }

  /** A digest that is replayed is not an item of the next one. */
  private static boolean isDigest(Digest digest, Notification notification) {
    return notification.template().isPresent()
        && notification.kind().equals(digest.template().replaceFirst("@.*", ""));
  }

  /** Thinks about a notification of a category with a digest; the digest is what caps count. */
  Thought think(Digest digest, Notification notification) {
    Notification asked = onChannelsOf(digest, notification);
    Category category = deliberation.validate(asked);
    Person person = deliberation.resolve(asked);
    Timing timing = deliberation.timing(asked, person);
    Question question = new Question(asked, category, person, timing, Stage.EXPLANATION);
    List<ChannelDecision> decisions = deliberation.decide(question);
    Optional<Window> open = digests().open(slot(notification));
    Instant end = open.map(Window::end).orElse(digest.end(timing.now(), person.zone()));
    if (!isCollected(digest, decisions)
        || notification.timeToLive().isPresent() && !end.isBefore(timing.expiresAt())) {
      return new Thought(question, decisions, Optional.empty(), false, end);
    }
    boolean leads = digest.isFirstAtOnce() && open.isEmpty();
    Part part = leads ? Part.LEADS : digest.isFirstAtOnce() ? Part.FOLLOWS : Part.JOINS;
    Joining joining =
        new Joining(
            slot(notification),
            part,
            fresh(digest, notification, timing.now(), end),
            digest.quiet(),
            digest.flushAt(),
            digest
                .flushFrom()
                .filter(lowest -> asked.priority().compareTo(lowest) <= 0)
                .isPresent());
    if (leads) {
      return new Thought(question, decisions, Optional.of(joining), false, end);
    }
    requireTemplate(digest, asked, person);
    Window window = open.orElse(joining.fresh());
    Instant due = joining.joined(window, timing.now()).due();
    return new Thought(question, deferred(decisions, due), Optional.of(joining), true, end);
  }

  private DigestStore digests() {
    return wiring.parts().store().digests().orElseThrow();
  }

  private static Notification onChannelsOf(Digest digest, Notification notification) {
    return digest
        .routing()
        .map(routing -> notification.toBuilder().routing(routing).build())
        .orElse(notification);
  }

  private static Slot slot(Notification notification) {
    return new Slot(notification.recipientId(), notification.category(), notification.digestKey());
  }

  private Window fresh(Digest digest, Notification notification, Instant now, Instant end) {
    return new Window(
        wiring.ids().next(),
        notification.recipientId(),
        notification.category(),
        now,
        end,
        digest.due(now, end),
        0,
        0);
  }

  /** What nobody may be sent is not collected either; what is only too much may be. */
  static boolean isCollected(Digest digest, List<ChannelDecision> decisions) {
    boolean anyGoes =
        decisions.stream()
            .anyMatch(one -> !(one.decision() instanceof Decision.Suppress) && !isOverCap(one));
    boolean anyOverCap = decisions.stream().anyMatch(Collecting::isOverCap);
    return digest.isSurplusOnly() ? anyOverCap && !anyGoes : anyOverCap || anyGoes;
  }

  static boolean isOverCap(ChannelDecision made) {
    Optional<Reason> reason = Optional.empty();
    if (made.decision() instanceof Decision.Suppress suppress) {
      reason = Optional.of(suppress.reason());
    } else if (made.decision() instanceof Decision.Defer defer) {
      reason = Optional.of(defer.reason());
    }
    return reason.filter(why -> why.code().equals(Reason.FREQUENCY_CAP)).isPresent();
  }

  /** So that whoever sends the first item learns that there is no template to say it with. */
  private void requireTemplate(Digest digest, Notification asked, Person person) {
    for (Channel channel : asked.routing().channels()) {
      var ignored =
          wiring.parts().templates().requiredVariables(digest.template(), channel, person.locale());
    }
  }

  private static List<ChannelDecision> deferred(List<ChannelDecision> decisions, Instant due) {
    Decision waits = Decision.defer(due, new Reason(Reason.DIGEST, "collected until " + due));
    return decisions.stream()
        .map(
            made ->
                made.decision() instanceof Decision.Suppress && !isOverCap(made)
                    ? made
                    : new ChannelDecision(made.channel(), made.address(), waits))
        .toList();
  }

  /** What stands for a collected notification until its digest is sent. */
  Delivery item(NotificationId id, Notification notification, Thought thought) {
    Timing timing = thought.question().timing();
    Instant expiresAt =
        notification.timeToLive().isPresent()
            ? timing.expiresAt()
            : thought.end().plus(wiring.defaultExpiry());
    return Delivery.builder(wiring.newDeliveryId(), id)
        .to(notification.recipientId(), Address.of(Digest.CHANNEL, notification.category()))
        .lane(new Lane(Digest.CHANNEL, notification.priority()))
        .status(DeliveryStatus.SCHEDULED)
        .reason(
            Optional.of(new Reason(Reason.DIGEST, "collected until " + thought.end() + " at most")))
        .due(thought.end())
        .expiresAt(expiresAt)
        .createdAt(timing.now())
        .build()
        .labelled(deliberation.labels(notification, thought.question().person()));
  }
}
