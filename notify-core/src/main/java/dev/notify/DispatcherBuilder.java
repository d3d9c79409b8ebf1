package dev.notify;

import dev.notify.engine.EngineSettings;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationType;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import dev.notify.model.Quota;
import dev.notify.model.Rate;
import dev.notify.model.Segment;
import dev.notify.model.TemplateException;
import dev.notify.policy.DeliveryWindow;
import dev.notify.policy.FrequencyCap;
import dev.notify.policy.SendTime;
import dev.notify.routing.OutboundMode;
import dev.notify.routing.RetryPolicy;
import dev.notify.spi.Audience;
import dev.notify.spi.AuditStore;
import dev.notify.spi.ChainOrder;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.EngineClock;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.Pricing;
import dev.notify.spi.RateLimiter;
import dev.notify.spi.RecipientDirectory;
import dev.notify.spi.RecipientStore;
import dev.notify.spi.SuppressionList;
import dev.notify.spi.TemplateSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link NotificationDispatcher}. Everything but a provider may be left out. Not
 * thread-safe.
 *
 * @since 0.1
 */
public final class DispatcherBuilder {

  final List<ChannelProvider> providers = new ArrayList<>();
  final List<Category> categories = new ArrayList<>();
  final List<DeliveryPolicy> policies = new ArrayList<>();
  final List<FrequencyCap> caps = new ArrayList<>();
  final List<DeliveryWindow> windows = new ArrayList<>();
  final List<SendTime> sendTimes = new ArrayList<>();
  final List<DeliveryListener> listeners = new ArrayList<>();
  final List<NotificationType<?>> types = new ArrayList<>();
  final Map<String, Predicate<Notification>> conditions = new HashMap<>();
  final Map<String, Rate> rates = new HashMap<>();
  final Map<String, Quota> quotas = new HashMap<>();
  final Map<String, Audience> audiences = new HashMap<>();

  @Nullable NotificationStore store;
  @Nullable Executor executor;
  @Nullable EngineClock clock;
  @Nullable RateLimiter limiter;
  @Nullable RecipientDirectory directory;
  @Nullable PreferenceStore preferences;
  @Nullable SuppressionList suppressions;
  @Nullable AuditStore auditStore;
  Optional<byte[]> auditKey = Optional.empty();
  final List<AuditHashes.Earlier> earlierAuditKeys = new ArrayList<>();
  TemplateSource templates = path -> Optional.empty();
  OutboundMode mode = OutboundMode.live();
  final Map<Channel, ChainOrder> orders = new HashMap<>();
  Pricing prices = Pricing.NONE;
  Optional<SignedLinks> links = Optional.empty();
  Optional<MarketingMail> marketingMail = Optional.empty();
  MetricsListener metrics = new MetricsListener() {};
  RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
  Optional<QuietWeek> quietHours = Optional.empty();
  Locale locale = Locale.ENGLISH;
  ZoneId zone = ZoneOffset.UTC;
  RetryPolicy retry = EngineSettings.DEFAULT.retry();
  Duration attemptTimeout = EngineSettings.DEFAULT.attemptTimeout();
  int inFlight = EngineSettings.DEFAULT.inFlight();
  int breakerFailures = EngineSettings.DEFAULT.breakerFailures();
  Duration breakerDelay = EngineSettings.DEFAULT.breakerDelay();
  Optional<DailyReport> report = Optional.empty();
  ReportSegments segments = ReportSegments.NONE;
  Duration idempotencyWindow = Duration.ofDays(1);
  Duration defaultExpiry = Duration.ofDays(3);
  Duration closeTimeout = Duration.ofSeconds(30);

  DispatcherBuilder() {}

  /** Adds a provider; those of one channel are asked in the order they are added. */
  public DispatcherBuilder provider(ChannelProvider provider) {
    Objects.requireNonNull(provider, "provider");
    providers.add(provider);
    return this;
  }

  /** Adds providers in their order, as {@code ChannelProviders.fromProperties} makes them. */
  public DispatcherBuilder providers(Collection<? extends ChannelProvider> several) {
    providers.addAll(several);
    return this;
  }

  /** Sets in which order the providers of a channel are asked; as they were added by default. */
  public DispatcherBuilder order(Channel channel, ChainOrder value) {
    orders.put(channel, value);
    return this;
  }

  /**
   * Sets what messages cost, so that {@link Analytics} can tell; nothing is known of it unless set.
   */
  public DispatcherBuilder prices(Pricing value) {
    prices = Objects.requireNonNull(value, "prices");
    return this;
  }

  /** Sets where notifications are kept; in memory unless set. The dispatcher closes it. */
  public DispatcherBuilder store(NotificationStore value) {
    store = value;
    return this;
  }

  /**
   * Sets who the recipient ids stand for, in place of the {@link RecipientStore} that the store
   * has; may be one itself.
   */
  public DispatcherBuilder recipients(RecipientDirectory value) {
    directory = value;
    return this;
  }

  /** Sets where people's choices are kept; in the store, or in memory, unless set. */
  public DispatcherBuilder preferences(PreferenceStore value) {
    preferences = value;
    return this;
  }

  /** Sets where suppressed addresses are kept; in the store, or in memory, unless set. */
  public DispatcherBuilder suppressions(SuppressionList value) {
    suppressions = value;
    return this;
  }

  /** Sets where the audit log is kept; in the store, or in memory, unless set. */
  public DispatcherBuilder auditStore(AuditStore value) {
    auditStore = value;
    return this;
  }

  /**
   * Sets a key with which the lines of the audit log are hashed, so that nobody who only has the
   * tables can write a log anew that verifies, or find out whom a line is about. The same in all
   * processes; replaced with the help of {@link #auditKeyBefore}.
   *
   * @param key at least 32 bytes of chance
   */
  public DispatcherBuilder auditKey(byte[] key) {
    auditKey = Optional.of(requireAuditKey("auditKey", key));
    return this;
  }

  private static byte[] requireAuditKey(String option, byte[] key) {
    if (key.length < 32) {
      throw new ConfigurationException(
          option + ": has " + key.length + " bytes, at least 32 are needed");
    }
    return key.clone();
  }

  /**
   * Adds a key that was the {@link #auditKey} before: lines that were hashed by it still verify,
   * and are found by their person, as long as no line before them is later than a moment. Needed
   * for as long as the log is kept.
   *
   * @param key as it was
   * @param until after the last process that has it as its {@code auditKey} has ended; the sooner,
   *     the less can be done by whoever has got hold of it
   */
  public DispatcherBuilder auditKeyBefore(byte[] key, Instant until) {
    earlierAuditKeys.add(new AuditHashes.Earlier(requireAuditKey("auditKeyBefore", key), until));
    return this;
  }

  /**
   * Sets where template texts come from. A template that has an active version in the {@linkplain
   * NotificationDispatcher#templates() store} comes from there.
   */
  public DispatcherBuilder templates(TemplateSource value) {
    templates = value;
    return this;
  }

  /** Declares categories; once one is declared, a notification of any other is refused. */
  public DispatcherBuilder categories(Category... declared) {
    categories.addAll(List.of(declared));
    return this;
  }

  /** Declares types, whose templates are then checked when the dispatcher is built. */
  public DispatcherBuilder types(NotificationType<?>... declared) {
    types.addAll(List.of(declared));
    return this;
  }

  /**
   * Adds a policy of the application's own; it is asked after preferences and before quiet hours.
   */
  public DispatcherBuilder policy(DeliveryPolicy policy) {
    policies.add(policy);
    return this;
  }

  /** Adds a frequency cap. */
  public DispatcherBuilder frequencyCap(FrequencyCap cap) {
    caps.add(cap);
    return this;
  }

  /** Sets quiet hours for everyone who has not set their own; none unless set. */
  public DispatcherBuilder quietHours(QuietHours... byDefault) {
    quietHours = Optional.of(QuietWeek.of(byDefault));
    return this;
  }

  /** Adds hours of the recipient's day at which alone something is delivered; any unless set. */
  public DispatcherBuilder deliveryWindow(DeliveryWindow... several) {
    windows.addAll(List.of(several));
    return this;
  }

  /**
   * Has notifications of a category wait for the hour at which each person mostly opens what they
   * get. Without any, hours are not learnt.
   */
  public DispatcherBuilder sendTime(SendTime... several) {
    sendTimes.addAll(List.of(several));
    return this;
  }

  /**
   * Asks again, just before delivery, whether a notification about this type of subject still
   * holds.
   */
  public DispatcherBuilder recheck(String subjectType, Predicate<Notification> stillHolds) {
    conditions.put(subjectType, stillHolds);
    return this;
  }

  /**
   * Declares an audience, so that this node can go on with broadcasts to it that were begun before
   * or elsewhere.
   */
  public DispatcherBuilder audience(Audience audience) {
    audiences.put(audience.name(), audience);
    return this;
  }

  /**
   * Limits how many messages a provider is given on a day; what is over it goes to the next
   * provider or waits for the next day, and burns no attempt.
   */
  public DispatcherBuilder dailyQuota(String provider, Quota quota) {
    quotas.put(provider, quota);
    return this;
  }

  /** Limits how often a provider is called; what is over the limit waits and burns no attempt. */
  public DispatcherBuilder rateLimit(String provider, Rate rate) {
    rates.put(provider, rate);
    return this;
  }

  /**
   * Sets how frequency caps and the providers' rates and quotas are counted. Unless set, caps are
   * counted in the store, exactly, for all processes that share it, and providers' rates in memory,
   * for each process alone.
   */
  public DispatcherBuilder rateLimiter(RateLimiter value) {
    limiter = value;
    return this;
  }

  /** Sets when and how often a failed delivery is tried again. */
  public DispatcherBuilder retry(RetryPolicy value) {
    retry = value;
    return this;
  }

  /** Sets the longest time for one provider call; a minute and a half unless set. */
  public DispatcherBuilder attemptTimeout(Duration value) {
    attemptTimeout = positive("attemptTimeout", value);
    return this;
  }

  /** Sets how many calls of one provider may be under way at a time; 16 unless set. */
  public DispatcherBuilder inFlight(int callsPerProvider) {
    if (callsPerProvider < 1) {
      throw new ConfigurationException("inFlight: " + callsPerProvider + " is less than one");
    }
    inFlight = callsPerProvider;
    return this;
  }

  /**
   * Sets when a provider's circuit breaker opens, and for how long; 20 and half a minute unless
   * set. With few, chance alone opens the breaker of a busy provider of whose calls some always
   * fail: at 5 of 10 and one failure in twenty, once in 16,000 calls.
   *
   * @param failures so many of the last twice as many calls
   */
  public DispatcherBuilder circuitBreaker(int failures, Duration rest) {
    if (failures < 1) {
      throw new ConfigurationException(
          "circuitBreaker: " + failures + " failures is less than one");
    }
    breakerFailures = failures;
    breakerDelay = positive("circuitBreaker", rest);
    return this;
  }

  /**
   * Sets the threads that deliver, and that store a portion of many while the next is thought
   * about; the dispatcher does not shut them down. Unless set, it makes threads of its own, as many
   * as there are calls under way.
   */
  public DispatcherBuilder executor(Executor hostPool) {
    executor = hostPool;
    return this;
  }

  /** Sets the clock, for tests; unless set, the store's time or the machine's. */
  public DispatcherBuilder clock(EngineClock value) {
    clock = value;
    return this;
  }

  /** Sets the source of chance for ids and jitter; must be thread-safe. For tests. */
  public DispatcherBuilder random(RandomGenerator value) {
    random = value;
    return this;
  }

  /** Adds a listener to every change of every delivery. */
  public DispatcherBuilder listener(DeliveryListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Sets who counts and times. What it throws is logged and changes nothing. */
  public DispatcherBuilder metrics(MetricsListener value) {
    metrics = Objects.requireNonNull(value, "metrics");
    return this;
  }

  /**
   * Puts links into mails that the application serves: one-click unsubscribing where a person may
   * say no, and, in {@linkplain Category#tracked tracked} categories, opens and clicks.
   */
  public DispatcherBuilder links(SignedLinks value) {
    links = Optional.of(value);
    return this;
  }

  /**
   * Says who sends the mails of marketing categories, which must show it; needed where there are
   * any.
   */
  public DispatcherBuilder marketingMail(MarketingMail value) {
    marketingMail = Optional.of(value);
    return this;
  }

  /** Sets whether real messages leave; they do unless set. */
  public DispatcherBuilder mode(OutboundMode value) {
    mode = value;
    return this;
  }

  /** Sets the language of people whose language is unknown; English unless set. */
  public DispatcherBuilder defaultLocale(Locale value) {
    locale = value;
    return this;
  }

  /** Sets the zone of people whose zone is unknown; UTC unless set. */
  public DispatcherBuilder defaultZone(ZoneId value) {
    zone = value;
    return this;
  }

  /** Has a mail sent every day that tells of the day before; none unless set. */
  public DispatcherBuilder dailyReport(DailyReport value) {
    report = Optional.of(value);
    return this;
  }

  /**
   * Tells people apart in {@linkplain NotificationDispatcher#analytics analytics}: what is sent to
   * somebody counts for the first segment of those given here, in their order, that they are in
   * when it is accepted. Costs no query, for it asks what is known of a recipient anyway:
   * attributes, language, zone and channels, but not topics.
   *
   * @param name what the segment is called, up to 64 characters; it is stored, and who is in it is
   *     not
   * @param who its people
   * @throws ConfigurationException if the name cannot be one or is given already, if the segment
   *     asks for topics, or if there are more than 20
   */
  public DispatcherBuilder reportBy(String name, Segment who) {
    segments = segments.with(name, who);
    return this;
  }

  /** Sets how long an idempotency key counts; a day unless set. */
  public DispatcherBuilder idempotencyWindow(Duration value) {
    idempotencyWindow = positive("idempotencyWindow", value);
    return this;
  }

  /** Sets how long a notification is of use that does not say so itself; three days unless set. */
  public DispatcherBuilder defaultExpiry(Duration value) {
    defaultExpiry = positive("defaultExpiry", value);
    return this;
  }

  /** Sets how long {@code close()} waits for work under way; half a minute unless set. */
  public DispatcherBuilder closeTimeout(Duration value) {
    closeTimeout = positive("closeTimeout", value);
    return this;
  }

  private static Duration positive(String option, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new ConfigurationException(option + ": " + value + " is not positive");
    }
    return value;
  }

  /**
   * The dispatcher, at work.
   *
   * @throws ConfigurationException naming the option that is wrong
   * @throws TemplateException if the template of a declared type is missing, broken, or needs what
   *     the type's data does not have
   */
  public NotificationDispatcher build() {
    return new Assembly(this).dispatcher();
  }
}
