package dev.notify;

import dev.notify.Intake.Answered;
import dev.notify.Intake.Portion;
import dev.notify.engine.DeliveryEngine;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.ChannelDecision;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Conversion;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.Health;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotificationType;
import dev.notify.model.NotifyException;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.Statistics;
import dev.notify.model.Subject;
import dev.notify.spi.Audience;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.RecipientStore;
import dev.notify.spi.SubmissionStore;
import dev.notify.spi.Subscription;
import dev.notify.spi.SuppressionList;
import dev.notify.template.TemplateLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications from the application's own process. Thread-safe; one for each application is
 * usual, several can live side by side.
 *
 * <pre>{@code
 * var dispatcher = NotificationDispatcher.builder()
 *     .provider(SmtpProvider.builder().host("smtp.example.com").from("Shop <shop@example.com>").build())
 *     .build();
 * dispatcher.send(Notification.to(Address.email("jane@example.com")).title("Hello").body("It works.").build());
 * }</pre>
 *
 * <p>What was accepted is delivered at least once, on each channel and address by itself: one that
 * fails neither stops nor repeats another. Methods throw {@link InvalidNotificationException} or
 * {@link dev.notify.model.TemplateException} for what can never be delivered, and {@link
 * RefusedException} for what cannot be accepted now.
 *
 * @since 0.1
 */
public final class NotificationDispatcher implements AutoCloseable {

  /** Most notifications that {@link #recent} and {@link #notificationsOf} answer with. */
  public static final int LONGEST_PAGE = 1_000;

  private static final Logger log = LoggerFactory.getLogger(NotificationDispatcher.class);

  private final EarlyReports early;
  private final Wiring wiring;
  private final PreferenceStore preferences;
  private final SuppressionList suppressions;
  private final DeliveryEngine engine;
  private final Background background;
  private final CallingOff callingOff;
  private final Gate gate = new Gate();

  /** Weakly held: somebody may make one for each request. */
  private final Set<ProviderWebhook> webhooks = Collections.newSetFromMap(new WeakHashMap<>());

  NotificationDispatcher(Wiring wiring, PreferenceStore preferences, SuppressionList suppressions) {
    early = new EarlyReports(wiring.parts(), this::isTracked);
    this.wiring = wiring;
    this.preferences = preferences;
    this.suppressions =
        new AuditedSuppressions(
            new StandingSuppressions(suppressions, wiring.parts().clock()), wiring.audit());
    engine = new DeliveryEngine(wiring.parts());
    background = new Background(wiring, engine);
    callingOff = new CallingOff(wiring, engine);
    log.info("notifications are {}", wiring.parts().mode());
    engine.start();
    background.start();
  }

  /** Starts a dispatcher. */
  public static DispatcherBuilder builder() {
    return new DispatcherBuilder();
  }

  /** Accepts a notification; once this returns, it is stored and the caller is free. */
  public SendReceipt send(Notification notification) {
    return send(notification, wiring.parts().store());
  }

  private SendReceipt send(Notification notification, SubmissionStore destination) {
    require(notification);
    return gate.whileOpen(
        () -> destination.within(() -> background.intake().send(notification, destination)));
  }

  /**
   * Sends within a transaction of the application's, on its connection: {@code
   * dispatcher.inTransaction(connection).send(...)}.
   *
   * @param transaction what the store knows as one; a {@code java.sql.Connection} without
   *     auto-commit, to the store's database, for the JDBC store
   * @throws dev.notify.model.ConfigurationException if the store cannot take part in it
   */
  public TransactionalSender inTransaction(Object transaction) {
    SubmissionStore destination = wiring.parts().store().join(transaction);
    return new TransactionalSender(notification -> send(notification, destination));
  }

  /** Accepts a notification of a type for one person. */
  public <T extends Record> SendReceipt send(NotificationType<T> type, String recipientId, T data) {
    return send(type.notification(recipientId, data));
  }

  /** Accepts a notification for later; a moment that has passed means at once. */
  public SendReceipt schedule(Notification notification, Instant at) {
    return send(notification.toBuilder().at(at).build());
  }

  /** Accepts a notification for a wall-clock time in the recipient's zone. */
  public SendReceipt schedule(Notification notification, LocalDateTime localTime) {
    return send(notification.toBuilder().atLocalTime(localTime).build());
  }

  /**
   * Sends one notification to many people; who is named twice gets it once, and who caused the
   * event gets none.
   *
   * @param notification the pattern; its own recipient does not matter
   */
  public BulkReceipt sendAll(Notification notification, Collection<String> recipientIds) {
    require(notification);
    LinkedHashSet<String> people = new LinkedHashSet<>(recipientIds);
    BulkReceipt receipt = sendMany(people, notification::forRecipient, id -> id);
    long repeated = receipt.repeated() + recipientIds.size() - people.size();
    return new BulkReceipt(receipt.accepted(), repeated, receipt.failures(), receipt.failed());
  }

  /**
   * Sends many notifications; one that fails does not stop the others. Takes them in portions of at
   * most 500, each accepted as a whole or one by one, as the store does best.
   */
  public BulkReceipt sendAll(Stream<Notification> notifications) {
    return sendMany(notifications::iterator, each -> each, Notification::recipientId);
  }

  /**
   * Sends one notification to an audience of any size, in the background; survives this process if
   * the store does. In lane LOW, unless the notification or the options say otherwise.
   *
   * @param notification the pattern; its own recipient does not matter. With an idempotency key, a
   *     second call answers with the same broadcast
   */
  public BroadcastReceipt broadcast(Audience audience, Notification notification) {
    return broadcast(audience, notification, BroadcastOptions.DEFAULT);
  }

  /** As {@link #broadcast(Audience, Notification)}, in a manner of its own. */
  public BroadcastReceipt broadcast(
      Audience audience, Notification notification, BroadcastOptions options) {
    require(notification);
    return gate.whileOpen(() -> background.broadcasts().begin(audience, notification, options));
  }

  /** Broadcasts under way and done. */
  public Broadcasts broadcasts() {
    return background.broadcasts();
  }

  /**
   * Notifications that are sent again and again, by cron.
   *
   * @throws ConfigurationException if the store cannot keep any
   */
  public Schedules schedules() {
    return background
        .schedules()
        .orElseThrow(() -> new ConfigurationException("store: cannot keep schedules"));
  }

  private <T> BulkReceipt sendMany(
      Iterable<T> items, Function<T, Notification> notification, Function<T, String> recipientId) {
    Bulk bulk =
        new Bulk(
            asked -> gate.whileOpen(() -> background.intake().prepareAll(asked)),
            this::accept,
            wiring.parts().executor());
    return wiring.parts().store().apart(() -> bulk.send(items, notification, recipientId));
  }

  private List<Answered> accept(Portion portion) {
    try {
      return gate.whileOpen(portion::accept);
    } finally {
      portion.close();
    }
  }

  /** What would happen on each channel, and why, without sending or counting anything. */
  public List<ChannelDecision> explain(Notification notification) {
    require(notification);
    return background.intake().explain(notification);
  }

  /**
   * All that is known of a notification; empty if it is unknown or was forgotten after it ended.
   */
  public Optional<NotificationRecord> status(NotificationId id) {
    return wiring.parts().store().find(id);
  }

  /**
   * The newest notifications, newest first, with all that is known of them: for somebody who looks,
   * not for work.
   *
   * @param before begins behind this one; with the newest if empty
   * @param limit 1 to {@value #LONGEST_PAGE}
   * @throws ConfigurationException if the store cannot list them
   */
  public List<NotificationRecord> recent(Optional<NotificationId> before, int limit) {
    return wiring.parts().store().recent(before, page(limit));
  }

  /**
   * The notifications of a person, oldest first, with all that is known of them.
   *
   * @param after begins behind this one; with the oldest if empty
   * @param limit 1 to {@value #LONGEST_PAGE}
   * @throws ConfigurationException if the store cannot list them
   */
  public List<NotificationRecord> notificationsOf(
      String recipientId, Optional<NotificationId> after, int limit) {
    return wiring.parts().store().findOf(recipientId, after, page(limit));
  }

  private static int page(int limit) {
    if (limit < 1 || limit > LONGEST_PAGE) {
      throw new IllegalArgumentException("limit: " + limit + " is not in 1 to " + LONGEST_PAGE);
    }
    return limit;
  }

  /**
   * Tells one more listener of every change of every delivery, from now until it is closed. What a
   * listener must hear without a gap belongs into {@link DispatcherBuilder#listener}.
   */
  public Subscription listen(DeliveryListener listener) {
    return wiring.parts().events().add(listener);
  }

  /** Lets one more count and time, from now until it is closed. */
  public Subscription measure(MetricsListener listener) {
    return wiring.meters().add(listener);
  }

  /** Calls off what has not been sent of a notification; the answer is exact. */
  public CancelReceipt cancel(NotificationId id) {
    return callingOff.cancel(callingOff.deliveries(id), Reason.of(Reason.CANCELLED));
  }

  /** Calls off everything pending about a thing in the application; the answer is exact. */
  public CancelReceipt cancelAbout(String type, String id) {
    Subject subject = new Subject(type, id);
    return callingOff.cancel(
        wiring.parts().store().openAbout(subject),
        new Reason(Reason.CANCELLED, "all about " + type));
  }

  /** Deliveries that were given up, newest first. */
  public List<Delivery> deadLetters(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " is less than one");
    }
    return wiring.parts().store().deadLetters(limit);
  }

  /** Sends a dead letter again, by all the rules that hold now. */
  public SendReceipt replay(DeliveryId deadLetter) {
    return replay(deadLetter, builder -> builder);
  }

  /**
   * Sends a dead letter again after a change, by all the rules that hold now. It leaves the list of
   * dead letters; replaying it twice at a time sends once.
   *
   * @throws NotifyException if there is no such dead letter, or it would only be suppressed, its
   *     address for example being retired; it stays on the list then
   */
  public SendReceipt replay(DeliveryId deadLetter, UnaryOperator<Notification.Builder> change) {
    Notification again =
        change.apply(new DeadLetterReplay(wiring.parts()).prepare(deadLetter)).build();
    requireAnyAllowed(deadLetter, explain(again));
    SendReceipt receipt = send(again);
    wiring.parts().store().takeDeadLetter(deadLetter);
    wiring
        .audit()
        .note(
            "deadletter.replayed", "delivery:" + deadLetter, Map.of("as", receipt.id().toString()));
    return receipt;
  }

  private static void requireAnyAllowed(DeliveryId deadLetter, List<ChannelDecision> decisions) {
    if (decisions.stream().allMatch(decided -> decided.decision() instanceof Decision.Suppress)) {
      throw new NotifyException(
          "dead letter "
              + deadLetter
              + " would not be sent: "
              + decisions.stream().map(ChannelDecision::decision).toList());
    }
  }

  /**
   * Erases a person: ends what is open for them, erases content and addresses of all their
   * notifications, deletes what the store keeps of the person with their devices and topics, and
   * destroys their key if the store encrypts with a key for each person. That there were
   * notifications and how they ended stays, and that somebody took part in experiments, so that
   * counts stay true. What the person has chosen goes, with its history; so do schedules that go to
   * the person, and the hours at which they open what they get. Suppressions stay: they must
   * outlive the erasure, or the person would be written to again.
   *
   * <p>It covers what was accepted before; stop sending to the person first. It goes through all
   * that is kept, in small steps, and takes its time where that is much. May be called again, and
   * must be if it threw or something was in flight.
   *
   * @param recipientId as in {@code Notification.to}
   * @throws dev.notify.model.ConfigurationException if the store cannot forget
   */
  public Erasure forget(String recipientId) {
    return new PersonErasure(wiring, preferences, suppressions, engine).forget(recipientId);
  }

  /**
   * Writes all that is kept of a person as one object of JSON: addresses, devices, attributes,
   * topics; what they have chosen, and how they came to it; notifications with their deliveries,
   * provider calls and events; the experiments they were counted in; schedules; the hours at which
   * they open what they get; suppressions of their addresses. What is encrypted at rest is in the
   * clear here. It need not fit into memory and goes through all that is kept, as {@link #forget}
   * does.
   *
   * <p>What the application's own directory knows of the person is not in it.
   *
   * @param recipientId as in {@code Notification.to}
   * @param out flushed, not closed
   * @throws dev.notify.model.ConfigurationException if the store cannot list a person's
   *     notifications
   */
  public void export(String recipientId, Writer out) throws IOException {
    String ignored = PersonFile.requireSomebody(recipientId);
    String person = wiring.audit().person(recipientId);
    wiring.audit().note("person.export-begun", person, Map.of());
    Map<String, Long> counts =
        new PersonFile(recipientId, wiring, preferences, suppressions).write(out);
    wiring.audit().note("person.exported", person, counts);
  }

  /**
   * Who changed what: choices, templates, suppressed addresses, broadcasts, schedules, dead
   * letters, and whose data was exported or erased.
   */
  public AuditLog audit() {
    return wiring.audit();
  }

  /**
   * How things stand, for a health endpoint. Answers within a few seconds and does not throw, also
   * when the database is away; cheap enough to be asked every few seconds.
   */
  public Health health() {
    return new Checkup(wiring.parts(), engine).look(gate.isClosed());
  }

  /**
   * How often what happened to deliveries, by hour, channel and type. Counted as it happens, in the
   * transaction in which it happens, so that asking is cheap; of all processes that share a
   * database. A database keeps hours for 400 days, the memory store for 31 days.
   *
   * @param from the hour that this moment lies in is the first; hours are those of UTC
   * @param to the last hour begins before this moment
   * @throws IllegalArgumentException if {@code from} is not before {@code to}
   * @throws RefusedException if the database cannot be reached
   */
  public Statistics statistics(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("from: " + from + " is not before to, " + to);
    }
    return wiring.parts().store().statistics(from, to);
  }

  /**
   * Experiments: to declare, look at and end.
   *
   * @throws ConfigurationException if the store cannot keep any
   */
  public Experiments experiments() {
    return new Experiments(
        wiring,
        wiring
            .parts()
            .store()
            .experiments()
            .orElseThrow(() -> new ConfigurationException("the store cannot keep experiments")));
  }

  /**
   * How far notifications come, by channel, category, template, variant, provider and time.
   *
   * @throws ConfigurationException if the store does not count
   */
  public Analytics analytics() {
    return new Analytics(background.analyticsStore());
  }

  /**
   * Notes that a person did what a notification was for: as {@code CONVERTED} event of the first
   * delivery that was sent, and in the experiment that it took part in, if it did. The same goal
   * counts once for a notification, and once for a person of an experiment; so it may be told again
   * at will.
   *
   * @return whether it was news; no if nothing of the notification was sent
   */
  public boolean converted(NotificationId id, Conversion conversion) {
    return new Conversions(wiring.parts()).of(id, conversion);
  }

  /**
   * Notes that a person came to a goal, in every experiment in which they were sent something, or
   * nothing, by now: the way to count people who were held out. The same goal counts once.
   *
   * @return whether it was news to any
   */
  public boolean converted(String recipientId, Conversion conversion) {
    return new Conversions(wiring.parts()).of(recipientId, conversion);
  }

  /** Forgets compiled templates, so that changed texts are read from their source again. */
  public void reloadTemplates() {
    wiring.library().ifPresent(TemplateLibrary::reload);
    wiring.parts().templates().reload();
  }

  /**
   * Records what a provider or the application tells of a message after it was sent. Of one that is
   * not known it is recorded if it is within half a minute: who sees it at once may be faster than
   * the word that it was sent.
   *
   * @return the delivery after it; empty if the message is unknown or the event is no news
   */
  public Optional<Delivery> track(ProviderEvent event) {
    Optional<Delivery> delivery = tracked(event);
    if (delivery.isEmpty() && !wiring.parts().tracker().knows(event)) {
      early.hold(event);
    }
    return delivery;
  }

  private Optional<Delivery> tracked(ProviderEvent event) {
    Optional<Delivery> delivery = wiring.parts().tracker().track(event);
    if (delivery.isPresent() && event.showsItWasSeen()) {
      callingOff.wasSeen(delivery.get());
    }
    return delivery;
  }

  private boolean isTracked(ProviderEvent event) {
    return tracked(event).isPresent() || wiring.parts().tracker().knows(event);
  }

  /**
   * An entry for a vendor's webhooks: what they tell is verified and recorded, hard bounces,
   * complaints and opt-outs go to the suppression list by themselves. The webhook is closed with
   * the dispatcher.
   */
  public WebhookHandler webhook(ProviderWebhook webhook) {
    synchronized (webhooks) {
      webhooks.add(webhook);
    }
    return new WebhookHandler(webhook, wiring.parts().tracker(), callingOff::wasSeen);
  }

  /**
   * An entry for the links that are put into mails.
   *
   * @throws ConfigurationException if the builder was given no {@link SignedLinks}
   */
  public LinkHandler links() {
    return new LinkHandler(
        signedLinks().tokens(), wiring.parts(), preferences, wiring.audit(), callingOff::wasSeen);
  }

  /**
   * A link to a page on which a person sees and changes what they have chosen; whoever has it may
   * do so, so send it to nobody else. It expires with the other links: {@link
   * SignedLinks#expiringIn}.
   *
   * @throws ConfigurationException if the builder was given no {@link SignedLinks}
   */
  public URI preferenceLink(String recipientId) {
    return signedLinks().toPreferences(recipientId, wiring.now());
  }

  private SignedLinks signedLinks() {
    return wiring
        .links()
        .orElseThrow(() -> new ConfigurationException("links: give the builder SignedLinks first"));
  }

  /**
   * Templates that are kept in the store: to save, try, activate and roll back.
   *
   * @throws ConfigurationException if the store cannot keep any
   */
  public TemplateLibrary templates() {
    return wiring
        .library()
        .orElseThrow(() -> new ConfigurationException("the store cannot keep templates"));
  }

  /**
   * People, with their devices and topics.
   *
   * @throws ConfigurationException if the application gave the builder a directory of its own that
   *     only finds people, or its store cannot keep any
   */
  public RecipientStore recipients() {
    return wiring
        .people()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "recipients: the application's own directory, or a store that cannot keep"
                        + " people; leave the builder's recipients out, or give it a"
                        + " RecipientStore"));
  }

  /** What people have chosen, and how they came to it. */
  public PreferenceBook preferences() {
    return new PreferenceBook(preferences, wiring.parts().clock());
  }

  /** Addresses that must not be used; entries that have ended do not show. */
  public SuppressionList suppressions() {
    return suppressions;
  }

  /**
   * Writes the suppression list as CSV (RFC 4180), without the entries that have ended. It need not
   * fit into memory.
   *
   * @param out flushed, not closed
   */
  public void exportSuppressions(Writer out) throws IOException {
    SuppressionCsv.write(suppressions, out);
    wiring.audit().note("suppressions.exported", "suppressions", Map.of());
  }

  /**
   * Adds suppressed addresses from CSV (RFC 4180), as {@link #exportSuppressions} writes it. The
   * first line names the columns: {@code address} must be among them; {@code channel} is {@code
   * email}, {@code kind} {@code MANUAL} and {@code at} now unless given; others are passed over.
   * Entries are kept by the rules that stand at {@link dev.notify.model.Suppression}, so nothing
   * weaker replaces a complaint, and importing twice changes nothing. Wrong lines are reported, and
   * the rest is imported.
   *
   * @throws InvalidNotificationException if the first line does not name the columns
   * @throws RefusedException if the list cannot be reached; what was imported before is imported
   */
  public SuppressionImport importSuppressions(Reader in) throws IOException {
    wiring.audit().note("suppressions.import-begun", "suppressions", Map.of());
    SuppressionImport done =
        SuppressionCsv.read(new BufferedReader(in), wiring.now(), wiring.parts().tracker()::keep);
    wiring
        .audit()
        .note(
            "suppressions.imported",
            "suppressions",
            Map.of(
                "added", done.added(), "unchanged", done.unchanged(), "refused", done.refused()));
    return done;
  }

  /** Not every caller's compiler checks for null. */
  private static void require(@Nullable Notification notification) {
    if (notification == null) {
      throw new InvalidNotificationException("notification", "must not be null");
    }
  }

  /** Closes within the time set on the builder, half a minute unless set. */
  @Override
  public void close() {
    close(wiring.closeTimeout());
  }

  /**
   * Refuses new notifications, works off what is due, and releases everything. With the memory
   * store, what is due later is cancelled; a durable store keeps it.
   *
   * @param limit longest time for senders who are in, work that is due and calls under way; at its
   *     end the calls are interrupted
   * @return whether all work came to its end in time
   * @throws NotifyException if it is called from within a {@code send}, by a listener perhaps: it
   *     would wait for itself
   */
  public boolean close(Duration limit) {
    if (gate.isIn()) {
      throw new NotifyException(
          "close was called from within a send, for which it would wait; use another thread");
    }
    if (!gate.close()) {
      return true;
    }
    long deadline = wiring.parts().clock().nanoTime() + limit.toNanos();
    boolean everyoneOut = gate.awaitSenders(wiring.parts().clock(), limit);
    background.close(() -> until(deadline));
    Duration left = until(deadline);
    boolean finished = engine.close(left) && everyoneOut;
    wiring.owned().forEach(Runnable::run);
    engine.abandon();
    closeWebhooks();
    wiring
        .parts()
        .chains()
        .all()
        .forEach(provider -> close("provider " + provider.name(), provider::close));
    wiring.parts().store().close();
    return finished;
  }

  private Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - wiring.parts().clock().nanoTime()));
  }

  private void closeWebhooks() {
    List<ProviderWebhook> all;
    synchronized (webhooks) {
      all = List.copyOf(webhooks);
    }
    all.forEach(webhook -> close("webhook of " + webhook.provider(), webhook::close));
  }

  private static void close(String name, Runnable close) {
    try {
      close.run();
    } catch (RuntimeException e) {
      log.warn("{} threw {} while closing", name, e.getClass().getName());
    }
  }
}
