package dev.notify.tracking;

import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Suppression;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Turns what providers tell into status, engagement and suppression. Late, repeated and
 * out-of-order events are normal and do no harm.
 */
public final class Tracker {

  private final NotificationStore store;
  private final SuppressionList suppressions;
  private final Function<String, SuppressionList> toldBy;
  private final EventPublisher events;
  private final Outcomes outcomes;
  private volatile BiConsumer<DeliveryId, Runnable> telling = (id, what) -> what.run();

  /**
   * A tracker over these.
   *
   * @param suppressions which the application itself fills
   * @param toldBy the same list, for what the provider of a name tells
   */
  public Tracker(
      NotificationStore store,
      SuppressionList suppressions,
      Function<String, SuppressionList> toldBy,
      EventPublisher events,
      Outcomes outcomes) {
    this.store = store;
    this.suppressions = suppressions;
    this.toldBy = toldBy;
    this.events = events;
    this.outcomes = outcomes;
  }

  /**
   * Has an engine tell what is recorded from now on, after what it has yet to tell of the same
   * delivery. It may leave that to whoever is telling: nobody waits here.
   */
  public void tellThrough(BiConsumer<DeliveryId, Runnable> inOrder) {
    telling = inOrder;
  }

  private void tell(DeliveryEvent event, Delivery after) {
    telling.accept(
        after.id(),
        () -> {
          events.publish(event);
          outcomes.changed(after);
        });
  }

  /**
   * Records an event.
   *
   * @return the delivery after it; empty if the message is unknown or the event is no news
   */
  public Optional<Delivery> track(ProviderEvent told) {
    return find(told).flatMap(before -> track(before, told));
  }

  /**
   * What became of an event.
   *
   * @param known the delivery that it is about, before it
   * @param news the delivery after it, if it was news
   */
  public record Tracked(Optional<Delivery> known, Optional<Delivery> news) {

    /** Whether nobody knows the message. */
    public boolean isUnknown() {
      return known.isEmpty();
    }

    /** Whether it was told for the first time. */
    public boolean isNews() {
      return news.isPresent();
    }

    /** Whether the message's own outcome is still to be written. */
    public boolean isEarly() {
      return known.filter(delivery -> delivery.status() == DeliveryStatus.SENDING).isPresent();
    }
  }

  /** Records an event, unless it is about a message whose outcome is still to be written. */
  public Tracked trackOnceSent(ProviderEvent told) {
    Tracked found = new Tracked(find(told), Optional.empty());
    // Told again, maybe with another time: not every vendor says when it happened.
    boolean stands =
        found.known().map(Delivery::status).equals(told.type().status())
            && told.type().status().isPresent();
    return found.isUnknown() || found.isEarly() || stands
        ? found
        : new Tracked(found.known(), track(found.known().get(), told));
  }

  /** Whether there is a message that it is about. */
  public boolean knows(ProviderEvent told) {
    return named(told).isPresent();
  }

  /** Records what a person, or a program, did with a message. */
  public Optional<Delivery> track(
      Delivery delivery, DeliveryEvent.Type type, Instant at, Optional<Reason> cause) {
    DeliveryEvent event = DeliveryEvent.of(delivery, type, at, cause);
    Optional<Delivery> after = store.record(event);
    after.ifPresent(now -> tell(event, now));
    return after;
  }

  private Optional<Delivery> find(ProviderEvent told) {
    Optional<Delivery> named = named(told);
    Optional<Delivery> known = named.filter(delivery -> isAbout(told, delivery));
    if (known.isEmpty() && named.isPresent()) {
      suppressCopied(told, named.get());
    }
    return known;
  }

  private Optional<Delivery> named(ProviderEvent told) {
    Optional<Delivery> known =
        told.providerMessageId().isEmpty()
            ? Optional.empty()
            : store.findByProviderMessage(told.provider(), told.providerMessageId());
    return known.isPresent() ? known : told.reference().flatMap(this::byReference);
  }

  /** Somebody in copy: a mail of ours went there, and what became of it says nothing of ours. */
  private void suppressCopied(ProviderEvent told, Delivery delivery) {
    if (delivery.lane().channel().equals(Channel.EMAIL)) {
      told.recipient().flatMap(Tracker::mailAddress).ifPresent(to -> suppressIfNeeded(to, told));
    }
  }

  private static Optional<Address> mailAddress(String told) {
    try {
      return Optional.of(Address.email(told));
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }

  private static boolean isAbout(ProviderEvent told, Delivery delivery) {
    return told.recipient()
        .map(address -> Spelling.isSame(address, delivery.address().value()))
        .orElse(true);
  }

  private Optional<Delivery> byReference(String reference) {
    try {
      return store.find(new DeliveryId(UUID.fromString(reference)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Records what was learned about an address; says whether it was news. */
  public boolean track(AddressEvent told) {
    return switch (told.type()) {
      case STOPPED -> suppress(told, Suppression.Kind.OPT_OUT);
      case COMPLAINED -> suppress(told, Suppression.Kind.COMPLAINT);
      case DEAD -> suppress(told, Suppression.Kind.DEAD_ADDRESS);
      case RESUMED ->
          verdicts(told.provider()).resume(told.address(), told.cause(), told.at(), ids(told));
    };
  }

  private AddressVerdicts verdicts(String provider) {
    return new AddressVerdicts(toldBy.apply(provider));
  }

  private boolean suppress(AddressEvent told, Suppression.Kind kind) {
    return verdicts(told.provider())
        .suppress(
            new Suppression(
                told.address(), kind, told.cause(), told.at(), Optional.empty(), ids(told)));
  }

  /** Keeps an entry that comes from elsewhere, by the same rules; says whether it was news. */
  public boolean keep(Suppression told) {
    return new AddressVerdicts(suppressions).keep(told);
  }

  private static List<String> ids(AddressEvent told) {
    return told.id().filter(id -> !id.isBlank()).stream().toList();
  }

  private Optional<Delivery> track(Delivery before, ProviderEvent told) {
    boolean bearsOnAddress = verdict(told.type()).isPresent();
    if (bearsOnAddress && wasRecorded(before, told)) {
      return Optional.empty();
    }
    boolean movesOn = told.type().status().filter(before.status()::canBecome).isPresent();
    if (told.isUndated() && !movesOn && wasTold(before, told)) {
      return Optional.empty();
    }
    DeliveryEvent event =
        new DeliveryEvent(
            before.notificationId(),
            before.id(),
            before.recipientId(),
            before.lane(),
            told.type(),
            told.at(),
            Optional.of(told.provider()),
            cause(told),
            before.assignment());
    // First the address: if the list is away, the vendor tells again, and that is then still news.
    suppressIfNeeded(before.address(), told);
    Optional<Delivery> after = store.record(event);
    after.ifPresent(now -> tell(event, now));
    return after;
  }

  private boolean wasRecorded(Delivery delivery, ProviderEvent told) {
    Instant at = told.at().truncatedTo(ChronoUnit.MICROS);
    return recorded(delivery)
        .anyMatch(
            event ->
                event.type() == told.type()
                    && event.at().truncatedTo(ChronoUnit.MICROS).equals(at));
  }

  private Stream<DeliveryEvent> recorded(Delivery delivery) {
    return store.find(delivery.notificationId()).stream()
        .flatMap(known -> known.events().stream())
        .filter(event -> event.deliveryId().equals(delivery.id()));
  }

  /** An event has no name but its time; without one, the first of its type is the only one. */
  private boolean wasTold(Delivery delivery, ProviderEvent told) {
    return recorded(delivery)
        .filter(event -> event.provider().equals(Optional.of(told.provider())))
        .anyMatch(event -> event.type() == told.type());
  }

  private static Optional<Reason> cause(ProviderEvent told) {
    if (told.isByMachine()) {
      return Optional.of(new Reason(Reason.MACHINE, told.cause()));
    }
    return told.cause().isBlank()
        ? Optional.empty()
        : Optional.of(new Reason(told.type().name(), told.cause()));
  }

  /** What a type of event says against an address. */
  private record Verdict(Suppression.Kind kind, String cause) {}

  private static Optional<Verdict> verdict(DeliveryEvent.Type type) {
    return switch (type) {
      case BOUNCED -> Optional.of(new Verdict(Suppression.Kind.DEAD_ADDRESS, "bounced"));
      case COMPLAINED -> Optional.of(new Verdict(Suppression.Kind.COMPLAINT, "reported as spam"));
      case UNSUBSCRIBED -> Optional.of(new Verdict(Suppression.Kind.OPT_OUT, "unsubscribed"));
      default -> Optional.empty();
    };
  }

  private void suppressIfNeeded(Address address, ProviderEvent told) {
    verdict(told.type())
        .ifPresent(
            against ->
                verdicts(told.provider())
                    .suppress(Suppression.of(address, against.kind(), against.cause(), told.at())));
  }

  /** A provider answered an attempt with the news that the address must not be used. */
  public void retire(Delivery delivery, Suppression.Kind kind, String cause, Instant verdict) {
    verdicts(delivery.provider().orElse(""))
        .suppress(Suppression.of(delivery.address(), kind, cause, verdict));
  }
}
