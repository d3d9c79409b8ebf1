package dev.notify;

import dev.notify.Deliberation.Question;
import dev.notify.model.Address;
import dev.notify.model.Assignment;
import dev.notify.model.Broadcast;
import dev.notify.model.Broadcast.Expansion;
import dev.notify.model.Broadcast.Refusal;
import dev.notify.model.Category;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Labels;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotifyException;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.Audience;
import dev.notify.spi.Audience.Member;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Plans one page of a broadcast: for each person what {@code send} would, but stores nothing. */
final class Expander {

  private final Wiring wiring;
  private final Deliberation deliberation;
  private final Planner planner;

  Expander(Wiring wiring, Deliberation deliberation) {
    this.wiring = wiring;
    this.deliberation = deliberation;
    planner = new Planner(wiring::newDeliveryId, lane -> false);
  }

  /** What a template is rendered for, but for the person. */
  private record Form(Locale locale, Optional<Assignment> assignment) {}

  /** A page as it would be stored. */
  final class Plan {
    private final Broadcast broadcast;
    private final Notification pattern;
    private final Set<Form> checked = new HashSet<>();
    private final List<Submission> submissions = new ArrayList<>();
    private final List<Question> questions = new ArrayList<>();
    private final List<Refusal> refusals;
    private long accepted;
    private long skipped;
    private long failed;
    private long deliveries;

    private Plan(Broadcast broadcast) {
      this.broadcast = broadcast;
      pattern = broadcast.notification().toBuilder().withoutIdempotencyKey().build();
      refusals = new ArrayList<>(broadcast.expansion().refusals());
    }

    List<Submission> submissions() {
      return submissions;
    }

    /**
     * The broadcast after this page.
     *
     * @param now as it stands: its claim may have been renewed while this was planned
     */
    Broadcast after(Broadcast now, Audience.Page page) {
      Expansion before = now.expansion();
      return now.with(
          new Expansion(
              page.next(),
              page.last(),
              before.size(),
              before.accepted() + accepted,
              before.skipped() + skipped,
              before.failed() + failed,
              before.deliveries() + deliveries,
              refusals));
    }

    /** It is not stored after all, so what was allowed of it must not count. */
    void undo() {
      for (int i = 0; i < submissions.size(); i++) {
        deliberation.undo(questions.get(i), submissions.get(i).decisions());
      }
    }

    private Present present(Member member) {
      Notification notification = notification(member);
      return new Present(member, notification, deliberation.resolve(notification));
    }

    private void add(Present present, Instant now) {
      Person person = present.person();
      Notification notification =
          deliberation.inVariant(present.notification(), person, broadcast.createdAt());
      Timing timing = deliberation.timing(notification, person, broadcast.createdAt(), now);
      Category category = wiring.parts().categories().find(notification.category());
      check(notification, person);
      deliberation.requireUnsubscribe(notification, category, person);
      Question question = new Question(notification, category, person, timing, Stage.ACCEPTANCE);
      List<ChannelDecision> decisions = deliberation.decide(question);
      NotificationId id = wiring.newNotificationId();
      Labels labels = deliberation.labels(notification, person);
      List<Delivery> planned =
          planner.plan(id, notification, labels, decisions, timing).stream()
              .map(delivery -> delivery.inBroadcast(broadcast.id()))
              .toList();
      if (planned.stream().anyMatch(delivery -> delivery.status().isOpen())) {
        accepted++;
      } else {
        skipped++;
        refuse(present.member(), whyNot(decisions));
      }
      if (!planned.isEmpty()) {
        deliveries += planned.size();
        questions.add(question);
        submissions.add(
            new Submission(id, now, notification, decisions, planned, Optional.empty()));
      }
    }

    private Notification notification(Member member) {
      return member.recipient().isPresent()
          ? pattern.toBuilder().recipient(member.recipient().get()).build()
          : pattern.forRecipient(member.id());
    }

    /** Once for each form; what is wrong for one person alone is found when it is sent. */
    private void check(Notification notification, Person person) {
      Form form = new Form(person.locale(), notification.assignment());
      if (!checked.contains(form)) {
        var unused = deliberation.contents(notification, person);
        checked.add(form);
      }
    }

    private void fail(Member member, String why) {
      failed++;
      refuse(member, new Reason(Reason.INVALID_MEMBER, why));
    }

    private void refuse(Member member, Reason reason) {
      if (refusals.size() < Expansion.MOST_REFUSALS) {
        refusals.add(new Refusal(member.id(), reason));
      }
    }
  }

  /** Somebody of a page whom the directory knows. */
  private record Present(Member member, Notification notification, Person person) {}

  /** A member of a page who was looked for: found, or passed over because of a fault. */
  private record Looked(Member member, Optional<Present> present, Optional<String> fault) {}

  private static Reason whyNot(List<ChannelDecision> decisions) {
    for (ChannelDecision made : decisions) {
      if (made.decision() instanceof Decision.Suppress suppress) {
        return suppress.reason();
      }
    }
    return Reason.of(Reason.NO_ADDRESS);
  }

  /**
   * Plans a page.
   *
   * @param tolerant whether a person with whom the application's own code fails is passed over
   * @param stillOurs asked for each person; after a no the plan is given up
   * @return the plan; empty if it was given up
   * @throws RuntimeException what the application's directory or a policy threw
   */
  Optional<Plan> plan(
      Broadcast broadcast, Audience.Page page, boolean tolerant, BooleanSupplier stillOurs) {
    Plan plan = new Plan(broadcast);
    boolean complete = false;
    try {
      expect(plan.pattern, page.members());
      List<Looked> people = new ArrayList<>(page.members().size());
      for (Member member : page.members()) {
        if (!stillOurs.getAsBoolean()) {
          return Optional.empty();
        }
        people.add(look(plan, member, tolerant));
      }
      wiring.parts().people().expectAt(addresses(people));
      for (Looked one : people) {
        if (!stillOurs.getAsBoolean()) {
          return Optional.empty();
        }
        add(plan, one, tolerant);
      }
      complete = true;
      return Optional.of(plan);
    } finally {
      if (!complete) {
        plan.undo();
      }
    }
  }

  private void expect(Notification pattern, List<Member> members) {
    deliberation.expect(pattern, members.stream().map(Member::id).toList());
    List<String> known = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Member member : members) {
      (member.recipient().isPresent() ? known : unknown).add(member.id());
    }
    wiring.parts().people().expect(known, unknown);
  }

  private static Looked look(Plan plan, Member member, boolean tolerant) {
    try {
      return new Looked(member, Optional.of(plan.present(member)), Optional.empty());
    } catch (RuntimeException e) {
      return new Looked(member, Optional.empty(), Optional.of(whyPassedOver(e, tolerant)));
    }
  }

  private static List<Address> addresses(List<Looked> people) {
    return people.stream()
        .flatMap(one -> one.present().stream())
        .flatMap(one -> one.person().addresses(one.notification().routing()).stream())
        .toList();
  }

  private void add(Plan plan, Looked looked, boolean tolerant) {
    looked.fault().ifPresent(why -> plan.fail(looked.member(), why));
    try {
      looked.present().ifPresent(present -> plan.add(present, wiring.now()));
    } catch (RuntimeException e) {
      plan.fail(looked.member(), whyPassedOver(e, tolerant));
    }
  }

  /** What is wrong with one person alone; anything else is thrown, for it would be so with all. */
  private static String whyPassedOver(RuntimeException fault, boolean tolerant) {
    if (fault instanceof NotifyException && !(fault instanceof RefusedException)) {
      return String.valueOf(fault.getMessage());
    }
    // The store of preferences is away, perhaps; that is no fault of the person's.
    if (fault instanceof RefusedException || !tolerant) {
      throw fault;
    }
    return "the application threw " + fault.getClass().getName();
  }

  /**
   * Checks what can be checked before anybody is known.
   *
   * @return the notification, with the version of its template that is in use now
   * @throws InvalidNotificationException if it cannot be broadcast
   */
  Notification checked(Notification notification) {
    if (notification.replacesPending()) {
      throw new InvalidNotificationException(
          "about", "what is pending cannot be replaced by a broadcast");
    }
    Notification pinned = deliberation.pinned(notification);
    deliberation.validate(pinned);
    deliberation.checkWithoutPerson(pinned);
    return pinned;
  }
}
