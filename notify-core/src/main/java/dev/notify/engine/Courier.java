package dev.notify.engine;

import dev.notify.model.Address;
import dev.notify.model.Attempt;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.Reason;
import dev.notify.model.TemplateException;
import dev.notify.routing.People.Person;
import dev.notify.routing.Planner;
import dev.notify.spi.ChainOrder;
import dev.notify.spi.OutboundMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one delivery from its lane to a provider: still in time? still wanted? render, send. */
final class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  private final EngineParts parts;
  private final Settlement settlement;
  private final Recheck recheck;
  private final BroadcastGate broadcasts;
  private final Map<Channel, List<ProviderGate>> gates;
  private final AtomicBoolean toldOfOrder = new AtomicBoolean();

  Courier(
      EngineParts parts,
      Settlement settlement,
      BroadcastGate broadcasts,
      Map<Channel, List<ProviderGate>> gates) {
    this.parts = parts;
    this.settlement = settlement;
    this.broadcasts = broadcasts;
    this.recheck = new Recheck(parts);
    this.gates = gates;
  }

  /**
   * Carries the delivery as far as it goes now; answers {@code false} if a provider keeps it
   * waiting.
   */
  boolean carry(Job job) {
    boolean parked = false;
    try {
      parked = !deliver(job);
    } catch (Throwable e) {
      failed(job, e);
    }
    hasLeft(job);
    settlement.tellSome();
    return !parked;
  }

  /**
   * Whatever the application's directory, policy or template source threw passes, or is given up.
   * Its message may hold anything, so only the class is logged above TRACE.
   */
  void failed(Job job, Throwable e) {
    String when = job.attempts().isEmpty() ? "before a provider was called" : "after a call";
    parts.metrics().onHostFailure("delivery");
    log.warn("delivery {} failed {}: {}", job.delivery().id(), when, e.getClass().getName());
    log.trace("which threw", e);
    retryLater(job.delivery(), e.getClass().getSimpleName() + " " + when, job.attempts());
  }

  /** A job has left its lane, and maybe not taken the place that it was let go on for. */
  void hasLeft(Job job) {
    for (ProviderGate gate : gates.getOrDefault(job.delivery().channel(), List.of())) {
      gate.admitInsteadOf(job);
    }
  }

  private void retryLater(Delivery delivery, String cause, List<Attempt> attempts) {
    try {
      Delivery attempted = delivery.attempted(delivery.provider().orElse("none"));
      if (attempted.attempts() >= parts.settings().retry().maxAttempts()) {
        settlement.ended(
            attempted, DeliveryStatus.DEAD, new Reason(Reason.ATTEMPTS_USED_UP, cause), attempts);
      } else {
        settlement.postponed(
            attempted,
            parts.settings().retry().delay(attempted.attempts(), parts.random()),
            new Reason(Reason.RETRY, cause),
            attempts);
      }
    } catch (RuntimeException e) {
      log.error(
          "delivery {} could not be put back, its lease will end: {}",
          delivery.id(),
          e.getClass().getName());
      log.trace("which threw", e);
    }
  }

  private boolean deliver(Job job) {
    if (job.run().isPresent()) {
      return walk(job.run().get(), false);
    }
    Delivery delivery = job.delivery();
    Instant now = parts.clock().instant();
    String standing = delivery.reason().map(Reason::code).orElse("");
    boolean inDoubt = standing.equals(Reason.UNCONFIRMED);
    if (standing.equals(Reason.HELD) || (inDoubt && !now.isBefore(delivery.expiresAt()))) {
      Reason lost =
          new Reason(Reason.UNCONFIRMED, "the provider's answer was lost and never found");
      settlement.ended(delivery, DeliveryStatus.DEAD, lost, List.of());
      return true;
    }
    if (!inDoubt && broadcasts.stops(delivery, now)) {
      return true;
    }
    Recheck.Verdict verdict =
        inDoubt
            ? new Recheck.Verdict(Decision.ALLOW, parts.people().find(job.notification()))
            : recheck.decide(job, now);
    if (settledBy(verdict.decision(), delivery, List.of())) {
      return true;
    }
    Delivery counted = delivery.counted() ? delivery : delivery.withCounted();
    if (verdict.person().isEmpty()) {
      retryLater(delivery, "the recipient is unknown now", List.of());
      return true;
    }
    Optional<OutboundMessage> message = message(counted, job, verdict.person().get());
    return message.isEmpty() || send(job, counted, message.get(), inDoubt);
  }

  /**
   * Asks again about what has waited for a provider, as if nothing were known of the person; what
   * is not to be sent now is settled here.
   */
  boolean isStillWanted(Job job, Instant now) {
    if (broadcasts.stops(job.delivery(), now)) {
      return false;
    }
    Decision decision = recheck.decide(job.with(job.delivery()), now).decision();
    return !settledBy(decision, job.delivery(), job.attempts());
  }

  private boolean settledBy(Decision decision, Delivery delivery, List<Attempt> attempts) {
    if (decision instanceof Decision.Suppress suppress) {
      settlement.ended(
          delivery, Planner.suppressedStatus(suppress.reason()), suppress.reason(), attempts);
      return true;
    }
    if (decision instanceof Decision.Defer defer) {
      settlement.postponedUntil(
          delivery, DeliveryStatus.SCHEDULED, defer.until(), defer.reason(), attempts);
      return true;
    }
    return false;
  }

  /** The message as it may leave; without one the delivery has ended here. */
  private Optional<OutboundMessage> message(Delivery delivery, Job job, Person person) {
    Notification notification = job.notification();
    OutboundMessage message;
    try {
      Category category = parts.categories().find(notification.category());
      message =
          new OutboundMessage(
              delivery.id(),
              delivery.notificationId(),
              delivery.recipientId(),
              delivery.address(),
              job.content().isPresent()
                  ? job.content().get()
                  : content(notification, delivery.channel(), person),
              category,
              notification.priority(),
              delivery.createdAt(),
              delivery.expiresAt(),
              notification.metadata());
    } catch (TemplateException | InvalidNotificationException e) {
      settlement.ended(
          delivery,
          DeliveryStatus.DEAD,
          new Reason(Reason.UNRENDERABLE, e.getMessage()),
          List.of());
      return Optional.empty();
    }
    Optional<String> problem = parts.chains().problemWith(delivery.channel(), message.content());
    if (problem.isPresent()) {
      settlement.ended(
          delivery, DeliveryStatus.DEAD, new Reason(Reason.UNRENDERABLE, problem.get()), List.of());
      return Optional.empty();
    }
    Optional<OutboundMessage> allowedOut = parts.mode().filter(withLinks(message));
    if (allowedOut.isEmpty()) {
      Reason captured = new Reason(Reason.CAPTURED, parts.mode().toString());
      settlement.ended(delivery, DeliveryStatus.SUPPRESSED, captured, List.of());
    }
    return allowedOut;
  }

  private OutboundMessage withLinks(OutboundMessage message) {
    return parts.links().isPresent() ? parts.links().get().in(message) : message;
  }

  private Content content(Notification notification, Channel channel, Person person) {
    return notification.template().isPresent()
        ? parts
            .templates()
            .render(notification.template().get(), channel, person.locale(), person.recipient())
            .with(notification.extras())
        : notification.content().orElseThrow();
  }

  private boolean send(Job job, Delivery delivery, OutboundMessage message, boolean inDoubt) {
    List<ProviderGate> chain = chain(delivery.channel(), message.address());
    List<ProviderGate> way = inDoubt ? chain : ordered(chain, message);
    return walk(new ChainRun(parts, settlement, job, delivery, message, way, this), inDoubt);
  }

  private boolean walk(ChainRun run, boolean inDoubt) {
    try {
      return inDoubt ? run.settleDoubt() : run.goOn();
    } catch (RuntimeException | Error e) {
      failed(run.job(), e);
      return true;
    }
  }

  private List<ProviderGate> ordered(List<ProviderGate> chain, OutboundMessage message) {
    ChainOrder order = parts.orders().get(message.address().channel());
    if (order == null || chain.size() < 2) {
      return chain;
    }
    try {
      List<ProviderGate> ordered =
          order.of(message, chain.stream().map(ProviderGate::name).toList()).stream()
              .distinct()
              .flatMap(name -> chain.stream().filter(gate -> gate.name().equals(name)))
              .toList();
      // Nobody at all is a slip: a message must not be lost to it.
      return ordered.isEmpty() ? chain : ordered;
    } catch (RuntimeException e) {
      orderFailed(e);
      return chain;
    }
  }

  /** The application's order costs the order and not the message. It is asked for every message. */
  private void orderFailed(RuntimeException e) {
    parts.metrics().onHostFailure("chain order");
    if (toldOfOrder.compareAndSet(false, true)) {
      log.warn(
          "the chain's order failed with {}; providers are asked as they were added",
          e.getClass().getName());
    }
    log.trace("which threw", e);
  }

  /** The channel's providers that can use the address; nearly always all of them, as they are. */
  private List<ProviderGate> chain(Channel channel, Address address) {
    List<ProviderGate> chain = gates.getOrDefault(channel, List.of());
    for (ProviderGate gate : chain) {
      if (!gate.takes(address)) {
        return chain.stream().filter(each -> each.takes(address)).toList();
      }
    }
    return chain;
  }
}
