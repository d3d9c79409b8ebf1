package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.engine.EngineSettings;
import dev.notify.memory.MemoryAudit;
import dev.notify.memory.MemoryOpenHours;
import dev.notify.memory.MemoryPreferences;
import dev.notify.memory.MemoryStore;
import dev.notify.memory.MemorySuppressions;
import dev.notify.memory.TokenBuckets;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotificationType;
import dev.notify.model.TemplateException;
import dev.notify.policy.Categories;
import dev.notify.policy.DeliveryTimes;
import dev.notify.policy.FrequencyCaps;
import dev.notify.policy.PolicyChain;
import dev.notify.policy.SendTimes;
import dev.notify.policy.SubjectConditions;
import dev.notify.routing.People;
import dev.notify.routing.ProviderChains;
import dev.notify.spi.AuditStore;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.EngineClock;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.RateLimiter;
import dev.notify.spi.RecipientDirectory;
import dev.notify.spi.RecipientStore;
import dev.notify.spi.SuppressionList;
import dev.notify.spi.TemplateStore;
import dev.notify.template.TemplateLibrary;
import dev.notify.template.Templates;
import dev.notify.tracking.EventPublisher;
import dev.notify.tracking.Outcomes;
import dev.notify.tracking.Tracker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Puts a dispatcher together from what its builder was given, and checks what only fits together or
 * not.
 */
final class Assembly {

  private final DispatcherBuilder from;

  Assembly(DispatcherBuilder from) {
    this.from = from;
  }

  /** As {@link DispatcherBuilder#build}. */
  NotificationDispatcher dispatcher() {
    if (from.providers.isEmpty()) {
      throw new ConfigurationException("provider: give at least one");
    }
    ProviderChains chains = new ProviderChains(from.providers);
    from.rates.keySet().forEach(name -> requireProvider("rateLimit", chains, name));
    from.quotas.keySet().forEach(name -> requireProvider("dailyQuota", chains, name));
    Categories known = new Categories(from.categories);
    from.windows.forEach(
        window ->
            window.category().ifPresent(name -> requireCategory("deliveryWindow", known, name)));
    from.sendTimes.forEach(rule -> requireCategory("sendTime", known, rule.category()));
    MarketingMail.requireDeclared(from.marketingMail, known, chains, from.links);
    MarketingMail sender = from.marketingMail.orElse(MarketingMail.UNCHECKED);
    NotificationStore kept = from.store != null ? from.store : MemoryStore.create();
    AuditLog audit = audit(kept);
    Optional<TemplateLibrary> library =
        kept.templates()
            .map(stored -> new AuditedTemplates(stored, audit))
            .map(stored -> library(stored, kept, house(sender, known)));
    Templates compiled =
        library
            .map(TemplateLibrary::templates)
            .orElseGet(
                () -> new Templates(from.templates, from.locale, from.zone, sender.variables()));
    from.types.forEach(type -> checkTemplates(type, compiled));

    List<Runnable> owned = new ArrayList<>();
    PreferenceStore chosen =
        new AuditedPreferences(
            from.preferences != null
                ? from.preferences
                : kept.preferences().orElseGet(MemoryPreferences::new),
            audit);
    SuppressionList unwanted =
        from.suppressions != null
            ? from.suppressions
            : kept.suppressions().orElseGet(MemorySuppressions::new);
    Optional<RecipientStore> people = people(kept);
    EngineClock time = from.clock != null ? from.clock : ownClock(kept, owned);
    Executor threads = from.executor != null ? from.executor : ownThreads(owned);
    RateLimiter counts = from.limiter != null ? from.limiter : new TokenBuckets(time);
    OpenHoursStore hours = kept.openHours().orElseGet(MemoryOpenHours::new);
    DeliveryTimes times = new DeliveryTimes(from.quietHours, from.windows);
    SendTimes whenRead = new SendTimes(from.sendTimes, hours, times);
    HarmlessMetrics meters = new HarmlessMetrics(from.metrics);
    EventPublisher events = new EventPublisher(listeners(hours, directory(people)), meters);
    Outcomes outcomes = new Outcomes(kept);
    EngineSettings settings =
        new EngineSettings(
            from.retry,
            from.attemptTimeout,
            from.inFlight,
            EngineSettings.DEFAULT.laneCapacity(),
            from.executor != null
                ? EngineSettings.DEFAULT.jobsAStart()
                : WorkerThreads.JOBS_A_START,
            from.breakerFailures,
            from.breakerDelay,
            EngineSettings.DEFAULT.unconfirmedHold(),
            Map.copyOf(from.rates),
            Map.copyOf(from.quotas));
    EngineParts parts =
        new EngineParts(
            kept,
            chains,
            Map.copyOf(from.orders),
            from.prices,
            new People(directory(people), chosen, unwanted, from.locale, from.zone),
            known,
            policyChain(
                unwanted,
                from.limiter != null ? from.limiter : kept.caps().orElse(counts),
                times,
                whenRead),
            compiled,
            from.links.map(SignedLinks::inMails),
            from.mode,
            counts,
            new Tracker(
                kept,
                unwanted,
                provider -> new AuditedSuppressions(unwanted, audit, Optional.of(provider)),
                events,
                outcomes),
            events,
            outcomes,
            meters,
            time,
            threads,
            from.random,
            settings);
    Wiring wiring =
        new Wiring(
            parts,
            meters,
            new UuidV7(time, from.random),
            from.idempotencyWindow,
            from.defaultExpiry,
            from.closeTimeout,
            new ConcurrentHashMap<>(from.audiences),
            people,
            from.links,
            library,
            sender,
            audit,
            hours,
            whenRead,
            from.report,
            from.segments,
            owned);
    return new NotificationDispatcher(wiring, chosen, unwanted);
  }

  /** Where people are kept that are found by their ids; empty if the application keeps them. */
  private Optional<RecipientStore> people(NotificationStore kept) {
    if (from.directory instanceof RecipientStore own) {
      return Optional.of(own);
    }
    return from.directory == null ? kept.recipients() : Optional.empty();
  }

  private RecipientDirectory directory(Optional<RecipientStore> people) {
    if (from.directory != null) {
      return from.directory;
    }
    return people.isPresent() ? people.get() : id -> Optional.empty();
  }

  private AuditLog audit(NotificationStore kept) {
    InstantSource time =
        from.clock != null ? from.clock : kept.clock().orElseGet(InstantSource::system);
    AuditStore lines =
        from.auditStore != null ? from.auditStore : kept.audit().orElseGet(MemoryAudit::new);
    if (from.auditKey.isEmpty() && !from.earlierAuditKeys.isEmpty()) {
      throw new ConfigurationException("auditKeyBefore: needs an auditKey that came after it");
    }
    return new AuditLog(lines, time, new AuditHashes(from.auditKey, from.earlierAuditKeys));
  }

  private TemplateLibrary library(
      TemplateStore stored, NotificationStore kept, TemplateLibrary.House house) {
    InstantSource time =
        from.clock != null ? from.clock : kept.clock().orElseGet(InstantSource::system);
    return new TemplateLibrary(stored, from.templates, from.locale, from.zone, time, house);
  }

  /** Of which template it is known that it makes marketing mails, the types say. */
  private TemplateLibrary.House house(MarketingMail sender, Categories known) {
    Map<String, Category> byTemplate = new HashMap<>();
    for (NotificationType<?> type : from.types) {
      known.all().stream()
          .filter(category -> category.name().equals(type.category()))
          .forEach(category -> byTemplate.put(type.name(), category));
    }
    return new TemplateLibrary.House(
        sender.variables(),
        (template, channel, content) -> {
          Category category = byTemplate.get(template);
          if (category != null && sender.holdsFor(category, channel)) {
            sender.requireSender(content, Optional.of(template));
          }
        });
  }

  private List<DeliveryListener> listeners(OpenHoursStore hours, RecipientDirectory people) {
    List<DeliveryListener> all = new ArrayList<>(from.listeners);
    if (!from.sendTimes.isEmpty()) {
      all.add(new OpenHoursNotes(hours, people, from.zone));
    }
    return all;
  }

  private PolicyChain policyChain(
      SuppressionList unwanted, RateLimiter counts, DeliveryTimes times, SendTimes whenRead) {
    List<DeliveryPolicy> own = new ArrayList<>(from.policies);
    own.add(new SubjectConditions(from.conditions));
    own.add(whenRead);
    return PolicyChain.standard(unwanted, times, new FrequencyCaps(from.caps, counts), own);
  }

  private static void requireCategory(String option, Categories known, String name) {
    try {
      Category unused = known.find(name);
    } catch (InvalidNotificationException e) {
      throw new ConfigurationException(option + ": " + e.getMessage(), e);
    }
  }

  private static void requireProvider(String option, ProviderChains chains, String name) {
    if (chains.all().stream().noneMatch(provider -> provider.name().equals(name))) {
      throw new ConfigurationException(
          option
              + ": no provider '"
              + name
              + "'; there are "
              + chains.all().stream().map(ChannelProvider::name).toList());
    }
  }

  private void checkTemplates(NotificationType<?> type, Templates compiled) {
    for (Channel channel : type.routing().channels()) {
      for (String variable : compiled.requiredVariables(type.name(), channel, from.locale)) {
        String first = variable.split("\\.", 2)[0];
        if (!first.equals("recipient") && !type.variables().contains(first)) {
          throw new TemplateException(
              type.name(),
              "needs '"
                  + variable
                  + "' ("
                  + channel
                  + "), which its data does not have: "
                  + type.variables());
        }
      }
    }
  }

  private static EngineClock ownClock(NotificationStore kept, List<Runnable> owned) {
    SystemClock own = new SystemClock(kept.clock().orElseGet(InstantSource::system));
    owned.add(own::close);
    return own;
  }

  private static Executor ownThreads(List<Runnable> owned) {
    ExecutorService own = WorkerThreads.create();
    owned.add(() -> shutDown(own));
    return own;
  }

  private static void shutDown(ExecutorService threads) {
    threads.shutdownNow();
    try {
      // What was interrupted needs a moment to say how far it came.
      boolean ignored = threads.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
