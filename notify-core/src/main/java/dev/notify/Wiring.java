package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryId;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotificationId;
import dev.notify.model.Segment;
import dev.notify.policy.SendTimes;
import dev.notify.spi.Audience;
import dev.notify.spi.DigestStore;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.RecipientStore;
import dev.notify.template.TemplateLibrary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the builder has put together.
 *
 * @param parts what intake and engine share
 * @param meters tells who counts and times
 * @param ids makes ids
 * @param idempotencyWindow how long a key counts
 * @param defaultExpiry how long a notification is of use that does not say so itself
 * @param closeTimeout how long {@code close()} waits
 * @param audiences known here, by name; more may come at any time
 * @param people who are found by their ids, where the application does not keep them itself
 * @param links what the application serves, if it does
 * @param library templates that are edited, if the store keeps any
 * @param marketingMail what marketing mails must show
 * @param audit who changed what
 * @param openHours at which hours people open what they get
 * @param sendTimes what waits for that hour
 * @param report the mail of every day, if there is one
 * @param segments by which people are told apart in analytics
 * @param owned closes what the dispatcher made itself
 */
record Wiring(
    EngineParts parts,
    HarmlessMetrics meters,
    UuidV7 ids,
    Duration idempotencyWindow,
    Duration defaultExpiry,
    Duration closeTimeout,
    ConcurrentHashMap<String, Audience> audiences,
    Optional<RecipientStore> people,
    Optional<SignedLinks> links,
    Optional<TemplateLibrary> library,
    MarketingMail marketingMail,
    AuditLog audit,
    OpenHoursStore openHours,
    SendTimes sendTimes,
    Optional<DailyReport> report,
    ReportSegments segments,
    List<Runnable> owned) {

  /** Keeps an audience in mind, unless its name says who it is: there may be one for each thing. */
  void remember(Audience audience) {
    if (people.isEmpty() || !audience.name().startsWith(RecipientStore.SEGMENT)) {
      audiences.put(audience.name(), audience);
    }
  }

  /** An audience that is known here, or whose name says who it is. */
  Optional<Audience> audience(String name) {
    Audience declared = audiences.get(name);
    if (declared != null || people.isEmpty() || !name.startsWith(RecipientStore.SEGMENT)) {
      return Optional.ofNullable(declared);
    }
    try {
      Segment who = Segment.parse(name.substring(RecipientStore.SEGMENT.length()));
      return Optional.of(people.get().audience(name, who));
    } catch (InvalidNotificationException | ConfigurationException e) {
      // Another process had it from an application of its own, or from a later release.
      return Optional.empty();
    }
  }

  /** The first category that has a digest. */
  Optional<Category> digested() {
    return parts.categories().all().stream().filter(one -> one.digest().isPresent()).findFirst();
  }

  /**
   * Where the windows of digests are kept; empty if no category has one, and none can have had one
   * when the process was started before.
   *
   * @throws ConfigurationException if a category has one, and the store keeps none
   */
  Optional<DigestStore> digests() {
    Optional<Category> digested = digested();
    Optional<DigestStore> digests = parts.store().digests();
    if (digested.isEmpty()) {
      return digests.filter(store -> parts.store().isDurable());
    }
    if (digests.isEmpty()) {
      throw new ConfigurationException(
          "category '"
              + digested.get().name()
              + "' has a digest, and "
              + parts.store().getClass().getSimpleName()
              + " keeps none");
    }
    return digests;
  }

  Instant now() {
    return parts.clock().instant();
  }

  NotificationId newNotificationId() {
    return new NotificationId(ids.next());
  }

  DeliveryId newDeliveryId() {
    return new DeliveryId(ids.next());
  }
}
