package dev.notify.engine;

import dev.notify.model.Address;
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
  private void failed(Job job, Throwable e) {
    parts.metrics().onHostFailure("delivery");
    log.warn(
        "delivery {} failed before a provider was called: {}",
        job.delivery().id(),
        e.getClass().getName());
    log.trace("which threw", e);
    retryLater(job.delivery(), e.getClass().getSimpleName() + " before a provider was called");
  }

  /** A job has left its lane, and maybe not taken the place that it was let go on for. */
  void hasLeft(Job job) {
    for (ProviderGate gate : gates.getOrDefault(job.delivery().channel(), List.of())) {
      gate.admitInsteadOf(job);
    }
  }

  private void retryLater(Delivery delivery, String cause) {
    try {
      Delivery attempted = delivery.attempted(delivery.provider().orElse("none"));
      if (attempted.attempts() >= parts.settings().retry().maxAttempts()) {
        settlement.ended(
            attempted, DeliveryStatus.DEAD, new Reason(Reason.ATTEMPTS_USED_UP, cause), List.of());
      } else {
        settlement.postponed(
            attempted,
            parts.settings().retry().delay(attempted.attempts(), parts.random()),
            new Reason(Reason.RETRY, cause),
            List.of());
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
      return job.run().get().goOn();
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
    if (settledBy(verdict.decision(), delivery)) {
      return true;
    }
    Delivery counted = delivery.counted() ? delivery : delivery.withCounted();
    if (verdict.person().isEmpty()) {
      retryLater(delivery, "the recipient is unknown now");
      return true;
    }
    Optional<OutboundMessage> message = message(counted, job, verdict.person().get());
    return message.isEmpty() || send(job, counted, message.get(), inDoubt);
  }

  private boolean settledBy(Decision decision, Delivery delivery) {
    if (decision instanceof Decision.Suppress suppress) {
      settlement.ended(
          delivery, Planner.suppressedStatus(suppress.reason()), suppress.reason(), List.of());
      return true;
    }
    if (decision instanceof Decision.Defer defer) {
      settlement.postponedUntil(
          delivery, DeliveryStatus.SCHEDULED, defer.until(), defer.reason(), List.of());
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
    ChainRun run = new ChainRun(parts, settlement, job, delivery, message, way, this::failed);
    return inDoubt ? run.settleDoubt() : run.goOn();
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
