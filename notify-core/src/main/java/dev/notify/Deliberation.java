package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Assignment;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Decision;
import dev.notify.model.EmailOptions;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Labels;
import dev.notify.model.Notification;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import dev.notify.model.TemplateRef;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.routing.Planner.Timing;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import dev.notify.template.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is thought about a notification before it is stored: is it valid, for whom, when, where? */
final class Deliberation {

  private static final Logger log = LoggerFactory.getLogger(Deliberation.class);

  private static final Duration FARTHEST = Duration.ofDays(400);

  private final Wiring wiring;
  private final Variants variants;

  Deliberation(Wiring wiring) {
    this.wiring = wiring;
    variants = new Variants(wiring);
  }

  /** What waits is rendered with the version that was active when it was accepted. */
  Notification pinned(Notification notification) {
    if (notification.template().isEmpty() || wiring.library().isEmpty()) {
      return notification;
    }
    TemplateRef asked = notification.template().get();
    TemplateRef pinned = wiring.library().get().pinned(asked);
    return pinned == asked
        ? notification
        : notification.toBuilder().template(pinned.name(), pinned.variables()).build();
  }

  /** Told of the people that one notification goes to next. */
  void expect(Notification pattern, List<String> recipientIds) {
    pattern.experiment().ifPresent(experiment -> variants.expect(experiment, recipientIds));
    expect(pattern.category(), recipientIds);
  }

  /** Told of notifications that come together. */
  void expect(Collection<Notification> together) {
    wiring.parts().people().expect(together);
    variants.expect(together);
    together.stream()
        .collect(
            Collectors.groupingBy(
                Notification::category,
                Collectors.mapping(Notification::recipientId, Collectors.toList())))
        .forEach(this::expect);
  }

  private void expect(String category, List<String> recipientIds) {
    try {
      wiring.sendTimes().expect(category, recipientIds);
    } catch (RuntimeException e) {
      // Each is asked for by itself then, and that tells what is wrong.
      log.debug("hours of {} could not be read together: {}", category, e.getClass().getName());
    }
  }

  /**
   * As its person gets it, if it takes part in an experiment.
   *
   * @param asked the moment that times of variants count from
   */
  Notification inVariant(Notification notification, Person person, Instant asked) {
    if (notification.experiment().isEmpty()) {
      return notification;
    }
    Notification assigned = pinned(variants.assigned(notification, person, asked));
    var unused = validate(assigned);
    return assigned;
  }

  /** Checks what can be checked without the person. */
  Category validate(Notification notification) {
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
  Map<Channel, Content> contents(Notification notification, Person person) {
    Map<Channel, Content> rendered = notification.template().isEmpty() ? Map.of() : new HashMap<>();
    Category category = wiring.parts().categories().find(notification.category());
    for (Channel channel : notification.routing().channels()) {
      Content content =
          notification.template().isEmpty()
              ? notification.content().orElseThrow()
              : render(notification.template().get(), channel, person).with(notification.extras());
      requireFits(channel, content);
      if (wiring.marketingMail().holdsFor(category, channel)) {
        wiring
            .marketingMail()
            .requireSender(content, notification.template().map(TemplateRef::name));
      }
      if (notification.template().isPresent()) {
        rendered.put(channel, content);
      }
    }
    return rendered;
  }

  /** Refuses a marketing mail that the person could not unsubscribe from by one click. */
  void requireUnsubscribe(Notification notification, Category category, Person person) {
    MarketingMail marketing = wiring.marketingMail();
    if (notification.routing().channels().contains(Channel.EMAIL)
        && marketing.holdsFor(category, Channel.EMAIL)) {
      EmailOptions options =
          notification.content().map(Content::email).orElseGet(notification.extras()::email);
      marketing.requireUnsubscribe(
          options, category, person.recipient().id(), wiring.parts().links());
    }
  }

  /** What of the contents can be checked without the person: that they are there, and fit. */
  void checkWithoutPerson(Notification notification) {
    for (Channel channel : notification.routing().channels()) {
      if (notification.template().isPresent()) {
        checkVariables(notification.template().get(), channel);
      } else {
        requireFits(channel, notification.content().orElseThrow());
        requireSender(notification, channel);
      }
    }
  }

  private void requireSender(Notification notification, Channel channel) {
    Category category = wiring.parts().categories().find(notification.category());
    if (wiring.marketingMail().holdsFor(category, channel)) {
      wiring.marketingMail().requireSender(notification.content().orElseThrow(), Optional.empty());
    }
  }

  private void checkVariables(TemplateRef template, Channel channel) {
    Locale locale = wiring.parts().people().defaultLocale();
    for (String variable :
        wiring.parts().templates().requiredVariables(template.name(), channel, locale)) {
      String first = variable.split("\\.", 2)[0];
      if (!first.equals("recipient") && !template.variables().containsKey(first)) {
        throw new InvalidNotificationException(
            "variables." + variable,
            "template '" + template.name() + "' (" + channel + ") needs it");
      }
    }
  }

  private void requireFits(Channel channel, Content content) {
    Optional<String> problem = wiring.parts().chains().problemWith(channel, content);
    if (problem.isPresent()) {
      throw new InvalidNotificationException(
          "content", "does not fit channel '" + channel + "': " + problem.get());
    }
  }

  private Content render(TemplateRef template, Channel channel, Person person) {
    Templates templates = wiring.parts().templates();
    templates.check(template, channel, person.locale(), person.recipient());
    return templates.render(template, channel, person.locale(), person.recipient());
  }

  /** Who it is for. */
  Person resolve(Notification notification) {
    return wiring
        .parts()
        .people()
        .find(notification)
        .orElseThrow(
            () ->
                new InvalidNotificationException(
                    "recipient",
                    "'" + notification.recipientId() + "' is not in the recipient directory"));
  }

  /** What its deliveries are counted under, as the person is known now. */
  Labels labels(Notification notification, Person person) {
    return Labels.of(notification, wiring.segments().of(person.recipient()));
  }

  /** When it is due, and until when it is of use. */
  Timing timing(Notification notification, Person person) {
    Instant now = wiring.now();
    Instant due = due(notification, person, now);
    return new Timing(now, due, due.plus(notification.timeToLive().orElse(wiring.defaultExpiry())));
  }

  /**
   * The same for one that was asked for a while ago: it is of use as long as if it had been
   * accepted then, but what is of use by default only begins to age now.
   */
  Timing timing(Notification notification, Person person, Instant asked, Instant now) {
    Instant then = due(notification, person, asked);
    Instant due = then.isBefore(now) ? now : then;
    Instant expiresAt =
        notification.timeToLive().map(then::plus).orElse(due.plus(wiring.defaultExpiry()));
    return new Timing(now, due, expiresAt);
  }

  private static Instant due(Notification notification, Person person, Instant asked) {
    Instant due = notification.schedule().due(asked, person.zone());
    if (due.isAfter(asked) && due.isAfter(asked.plus(FARTHEST))) {
      throw new InvalidNotificationException(
          "schedule", due + " is more than " + FARTHEST.toDays() + " days ahead");
    }
    return due;
  }

  /** What is decided for each address of a person. */
  record Question(
      Notification notification, Category category, Person person, Timing timing, Stage stage) {

    Routing routing() {
      return notification.routing();
    }

    Question at(Stage other) {
      return new Question(notification, category, person, timing, other);
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
          !turn.isAfter(timing.now()),
          Optional.empty());
    }
  }

  /** What is decided for each channel and address. */
  List<ChannelDecision> decide(Question question) {
    Optional<Assignment> assignment = question.notification().assignment();
    if (assignment.filter(Assignment::isHoldout).isPresent()) {
      Reason heldOut = new Reason(Reason.HOLDOUT, "of experiment " + assignment.get().experiment());
      // Nothing is sent, so nothing may count against a cap.
      return decideAll(question.at(Stage.EXPLANATION)).stream()
          .map(made -> isTaken(made) ? made.with(Decision.suppress(heldOut)) : made)
          .toList();
    }
    return decideAll(question);
  }

  private List<ChannelDecision> decideAll(Question question) {
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
    for (Channel channel : question.person().channels(question.routing())) {
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
                  ? Decision.suppress(new Reason(Reason.NOT_NEEDED, notNeeded(question)))
                  : decide(question, address);
          decisions.add(new ChannelDecision(channel, Optional.of(address), decision));
        }
      }
      taken = taken || (firstOnly && decisions.stream().anyMatch(Deliberation::isTaken));
    }
  }

  private static String notNeeded(Question question) {
    List<Channel> order = question.person().channels(question.routing());
    return order.equals(question.routing().channels())
        ? "an earlier channel was taken"
        : "an earlier channel was taken; the person prefers " + order;
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
  void undo(Question question, List<ChannelDecision> decisions) {
    for (ChannelDecision made : decisions) {
      if (made.decision() instanceof Decision.Allow && made.address().isPresent()) {
        wiring.parts().policies().undo(question.about(made.address().get()));
      }
    }
  }
}
