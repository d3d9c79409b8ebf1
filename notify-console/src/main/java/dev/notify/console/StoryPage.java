package dev.notify.console;

import dev.notify.model.Attempt;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One notification, from the call to the end: decisions, attempts, answers, events. */
final class StoryPage {

  private final Site site;

  /**
   * One thing that happened.
   *
   * @param at when
   * @param where the delivery it is about, in a word; empty if it is about all
   * @param what in a few words
   * @param why the reason or answer, empty if there is none
   * @param tone how good it is
   */
  private record Step(Instant at, String where, String what, String why, String tone) {}

  StoryPage(Site site) {
    this.site = site;
  }

  Markup page(NotificationRecord one, boolean replayed) {
    Markup html = new Markup();
    if (replayed) {
      html.leaf("p", "Replayed as this notification.", "class", "note good", "role", "status");
    }
    if (one.isErased()) {
      html.leaf("p", "What it said and to whom was erased.", "class", "note warn");
    }
    about(html, one);
    decisions(html, one);
    deliveries(html, one);
    html.leaf("h2", "Timeline").open("ol", "class", "timeline");
    List<Step> steps = steps(one);
    for (Step step : steps) {
      html.open("li", "class", step.tone).open("div", "class", "when");
      Pieces.moment(html, step.at);
      html.leaf("span", after(steps.get(0).at, step.at)).close("div").open("div").open("p");
      if (!step.where.isEmpty()) {
        html.leaf("span", step.where, "class", "muted");
      }
      html.leaf("strong", step.what).close("p");
      if (!step.why.isEmpty()) {
        html.leaf("p", step.why, "class", "why");
      }
      html.close("div", "li");
    }
    html.close("ol");
    return html;
  }

  private static String after(Instant first, Instant then) {
    Duration passed = Duration.between(first, then);
    return passed.compareTo(Duration.ofMillis(1)) < 0 ? "" : "+ " + Pieces.length(passed);
  }

  private static void about(Markup html, NotificationRecord one) {
    Notification notification = one.notification();
    html.open("section", "class", "card", "aria-label", "The notification");
    notification
        .content()
        .ifPresent(
            content -> {
              content.title().ifPresent(title -> html.leaf("p", title, "class", "subject"));
              content.body().ifPresent(body -> html.leaf("p", body, "class", "pre"));
            });
    html.open("dl", "class", "facts");
    Pieces.fact(html, "Id", one.id().toString());
    Pieces.fact(html, "Person", notification.recipientId());
    Pieces.fact(html, "Category", notification.category());
    Pieces.fact(html, "Priority", Pieces.words(notification.priority().name()));
    Pieces.fact(html, "Routing", routing(notification.routing()));
    notification
        .template()
        .ifPresent(
            template -> {
              Pieces.fact(html, "Template", template.name());
              new TreeMap<>(template.variables())
                  .forEach((name, value) -> html.leaf("dt", "· " + name).leaf("dd", "" + value));
            });
    notification
        .about()
        .ifPresent(about -> Pieces.fact(html, "About", about.type() + " " + about.id()));
    notification.idempotencyKey().ifPresent(key -> Pieces.fact(html, "Idempotency key", key));
    notification.assignment().ifPresent(given -> Pieces.fact(html, "Experiment", given.toString()));
    new TreeMap<>(notification.metadata())
        .forEach((name, value) -> Pieces.fact(html, "Note " + name, value));
    html.close("dl", "section");
  }

  private static String routing(Routing routing) {
    String channels =
        routing.channels().stream().map(Channel::name).collect(Collectors.joining(", "));
    if (routing instanceof Routing.All) {
      return "all of " + channels;
    }
    return routing instanceof Routing.First
        ? "the first possible of " + channels
        : channels + ", until it was seen";
  }

  private static void decisions(Markup html, NotificationRecord one) {
    html.leaf("h2", "What was decided");
    if (one.decisions().isEmpty()) {
      Pieces.empty(html, "Nothing was decided.", "No channel and no address came into question.");
      return;
    }
    html.open("ul", "class", "decisions");
    for (ChannelDecision decided : one.decisions()) {
      html.open("li");
      if (decided.decision() instanceof Decision.Allow) {
        Pieces.chip(html, "send", "good");
      } else if (decided.decision() instanceof Decision.Defer) {
        Pieces.chip(html, "wait", "plain");
      } else {
        Pieces.chip(html, "hold back", "warn");
      }
      html.leaf("strong", decided.channel().name());
      decided.address().ifPresent(address -> html.leaf("span", address.masked()));
      if (decided.decision() instanceof Decision.Defer later) {
        html.open("span", "class", "muted").text("until ");
        Pieces.moment(html, later.until());
        html.text(", " + later.reason()).close("span");
      } else if (decided.decision() instanceof Decision.Suppress held) {
        html.leaf("span", held.reason().toString(), "class", "muted");
      }
      html.close("li");
    }
    html.close("ul");
  }

  private void deliveries(Markup html, NotificationRecord one) {
    if (one.deliveries().isEmpty()) {
      return;
    }
    List<String> heads = List.of("Delivery", "Stands", "Provider", "Attempts", "");
    html.leaf("h2", "Deliveries").open("table", "class", "stack").open("thead").open("tr");
    heads.forEach(
        head -> {
          if (head.isEmpty()) {
            html.open("td").close("td");
          } else {
            html.leaf("th", head, "scope", "col");
          }
        });
    html.close("tr", "thead").open("tbody");
    for (Delivery delivery : one.deliveries()) {
      html.open("tr").open("td", "data-label", heads.get(0));
      html.leaf("strong", delivery.channel().name()).text(" " + delivery.address().masked());
      html.close("td").open("td", "data-label", heads.get(1));
      Pieces.status(html, delivery.status());
      delivery.reason().ifPresent(why -> html.leaf("span", " " + why, "class", "muted"));
      html.close("td");
      html.leaf("td", delivery.provider().orElse("–"), "data-label", heads.get(2));
      html.leaf("td", String.valueOf(delivery.attempts()), "data-label", heads.get(3));
      html.open("td", "class", "actions");
      action(html, delivery);
      html.close("td", "tr");
    }
    html.close("tbody", "table");
  }

  private void action(Markup html, Delivery delivery) {
    Optional<SandboxMessage> taken =
        site.sandbox().stream()
            .flatMap(sandbox -> sandbox.messages().stream())
            .filter(kept -> kept.message().deliveryId().equals(delivery.id()))
            .findFirst();
    if (taken.isPresent()) {
      html.leaf("a", "See it", "href", site.url("/sandbox?message=" + taken.get().number()));
    } else if (delivery.status() == DeliveryStatus.DEAD) {
      html.leaf("a", "Dead letters", "href", site.url("/dead-letters"));
    }
  }

  private List<Step> steps(NotificationRecord one) {
    Map<DeliveryId, String> names = new HashMap<>();
    one.deliveries()
        .forEach(
            delivery ->
                names.put(delivery.id(), delivery.channel() + " " + delivery.address().masked()));
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(NotificationRows.acceptedAt(one), "", "Accepted", accepted(one), "plain"));
    one.attempts()
        .forEach(
            (delivery, attempts) ->
                attempts.forEach(
                    attempt -> steps.add(step(names.getOrDefault(delivery, ""), attempt))));
    one.events().forEach(event -> steps.add(step(names, event)));
    one.deliveries().stream()
        .filter(delivery -> !isTold(one, delivery))
        .forEach(delivery -> steps.add(standing(names, delivery)));
    // What was accepted comes first, whatever the clocks of two nodes say.
    steps.subList(1, steps.size()).sort(Comparator.comparing(Step::at));
    return steps;
  }

  /** Events tell what came after sending; where a delivery stands before that, it says itself. */
  private static boolean isTold(NotificationRecord one, Delivery delivery) {
    return one.events().stream()
        .anyMatch(
            event ->
                event.deliveryId().equals(delivery.id())
                    && event.type().status().equals(Optional.of(delivery.status())));
  }

  private static Step standing(Map<DeliveryId, String> names, Delivery delivery) {
    boolean waits =
        delivery.status() == DeliveryStatus.SCHEDULED
            || delivery.status() == DeliveryStatus.PENDING;
    String due = waits ? " Due " + delivery.due() + "." : "";
    return new Step(
        delivery.updatedAt(),
        names.getOrDefault(delivery.id(), ""),
        Pieces.sentence(delivery.status().name()),
        delivery.reason().map(Reason::toString).orElse("") + due,
        Pieces.tone(delivery.status()));
  }

  private static String accepted(NotificationRecord one) {
    int count = one.deliveries().size();
    return count == 1 ? "1 delivery" : count + " deliveries";
  }

  private static Step step(String where, Attempt attempt) {
    Outcome outcome = attempt.outcome();
    boolean accepted = outcome instanceof Outcome.Accepted;
    String wait = wait(outcome).map(time -> ", asks to wait " + Pieces.length(time)).orElse("");
    String answer =
        outcome instanceof Outcome.Accepted taken
            ? "its id: " + taken.providerMessageId()
            : outcome.cause();
    // The answer is what there is to tell, so it stands where it came.
    return new Step(
        attempt.startedAt().plus(attempt.duration()),
        where,
        attempt.provider()
            + " answered: "
            + Pieces.words(outcome.getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "_$1")),
        answer + wait + " (" + Pieces.length(attempt.duration()) + ")",
        accepted ? "good" : "bad");
  }

  private static Optional<Duration> wait(Outcome outcome) {
    if (outcome instanceof Outcome.Retryable retryable) {
      return retryable.retryAfter();
    }
    return outcome instanceof Outcome.Throttled throttled
        ? throttled.retryAfter()
        : Optional.empty();
  }

  private static Step step(Map<DeliveryId, String> names, DeliveryEvent event) {
    String tone =
        event.type().status().map(Pieces::tone).orElse(event.isByMachine() ? "plain" : "good");
    return new Step(
        event.at(),
        names.getOrDefault(event.deliveryId(), event.lane().channel().name()),
        Pieces.sentence(event.type().name()),
        event.reason().map(Reason::toString).orElse(""),
        tone);
  }
}
