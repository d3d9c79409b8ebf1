package dev.notify.examples.server;

import dev.notify.DispatcherBuilder;
import dev.notify.MarketingMail;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.console.ConsoleHandler;
import dev.notify.console.Sandbox;
import dev.notify.inapp.InAppProvider;
import dev.notify.inapp.InboxPresence;
import dev.notify.inapp.InboxStreams;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.routing.ChannelProviders;
import dev.notify.spi.ChannelProvider;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.PrintStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A dispatcher behind a REST interface. Run it with {@code mvn -q compile exec:java -pl
 * notify-examples -am -Dexample=server}; {@code docs/server.md} says what it can be told.
 */
public final class NotifyServer implements AutoCloseable {

  private static final int USUAL_RATE = 2_000;
  private static final int USUAL_BODY = 1 << 20;
  private static final int MOST_THREADS = 64;

  private final Opened opened;
  private final NotificationDispatcher dispatcher;
  private final URI address;
  private final Optional<String> firstKey;
  private final boolean isCaptured;
  private final List<Route> routes;

  private NotifyServer(
      Opened opened,
      NotificationDispatcher dispatcher,
      URI address,
      Optional<String> firstKey,
      boolean isCaptured,
      List<Route> routes) {
    this.opened = opened;
    this.dispatcher = dispatcher;
    this.address = address;
    this.firstKey = firstKey;
    this.isCaptured = isCaptured;
    this.routes = routes;
  }

  /**
   * What stands in for the world.
   *
   * @param sandbox what the console shows as long as there is no vendor
   * @param vendors take the place of vendors if none is configured
   * @param clock by which the server itself goes
   */
  record StandIns(Sandbox sandbox, List<ChannelProvider> vendors, InstantSource clock) {
    static StandIns usual() {
      Sandbox sandbox = Sandbox.create();
      return new StandIns(sandbox, sandbox.providers(), InstantSource.system());
    }
  }

  /** The example: starts as the system's properties say, and serves until the process ends. */
  public static void run(List<String> arguments, PrintStream out) {
    NotifyServer server = start(Settings.ofSystem());
    server.firstKey.ifPresent(
        key ->
            out.println(
                "no API keys are configured; for this run there is one, for everything: " + key));
    if (server.isCaptured) {
      out.println("no vendor is configured: messages are kept for the console, and none leaves");
    }
    out.println("listening on " + server.address);
    out.flush();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  ended.countDown();
                },
                "notify-server-end"));
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.close();
    }
  }

  static NotifyServer start(Settings settings) {
    return start(settings, StandIns.usual());
  }

  /** Starts it; what was opened is closed again if it cannot. */
  static NotifyServer start(Settings settings, StandIns standIns) {
    Opened opened = new Opened();
    try {
      return start(settings, standIns, opened);
    } catch (RuntimeException e) {
      try {
        opened.close();
      } catch (RuntimeException alsoWrong) {
        e.addSuppressed(alsoWrong);
      }
      throw e;
    }
  }

  private static NotifyServer start(Settings settings, StandIns standIns, Opened opened) {
    // What can be wrong without a database is looked at before one is made.
    HttpFront front = new HttpFront(settings);
    Optional<String> firstKey =
        settings.get("api-keys").isPresent() ? Optional.empty() : Optional.of(ApiKeys.random());
    ApiKeys keys =
        firstKey
            .map(ApiKeys::ofAdmin)
            .orElseGet(() -> ApiKeys.parse(settings.required("api-keys")));
    Access access = new Access(keys, Tokens.of(settings), ClientAddresses.of(settings));
    int rate = settings.number("rate", USUAL_RATE, 1, 10_000_000);
    int longestBody = settings.number("max-body", USUAL_BODY, 1_024, 64 << 20);
    List<ChannelProvider> configured = ChannelProviders.fromProperties(settings.ofProviders());
    boolean isCaptured = configured.isEmpty();
    List<ChannelProvider> vendors = isCaptured ? standIns.vendors() : configured;
    // The dispatcher closes providers and store, once; unless it never came to be.
    AtomicBoolean isBuilt = new AtomicBoolean();
    opened.add(() -> unless(isBuilt, () -> vendors.forEach(ChannelProvider::close)));
    opened.add(front).bind();
    PublicUrl publicUrl = PublicUrl.of(settings, front.ownUrl());
    Storage storage = opened.add(Storage.open(settings));
    opened.add(() -> unless(isBuilt, storage.store()::close));
    Optional<SignedLinks> links = PublicUrl.linkKey(settings, storage).map(publicUrl::links);
    InAppProvider inApp = InAppProvider.in(storage.store());
    Metrics metrics = new Metrics();
    DispatcherBuilder builder =
        dispatcher(settings, storage, inApp, vendors).listener(metrics).metrics(metrics);
    links.ifPresent(builder::links);
    NotificationDispatcher dispatcher = opened.add(builder.build());
    isBuilt.set(true);
    metrics.lookAt(dispatcher::health);
    AtomicReference<Javalin> http = new AtomicReference<>();
    // Streams end before it, so that their clients are told; what it serves is there as long as it.
    opened.add(() -> Optional.ofNullable(http.get()).ifPresent(Javalin::stop));
    opened.add(inApp.reportTo(dispatcher::track));
    InboxStreams streams = opened.add(InboxStreams.of(inApp.inbox()));
    ConsoleHandler console =
        opened.add(
            console(
                front,
                publicUrl,
                dispatcher,
                isCaptured ? Optional.of(standIns.sandbox()) : Optional.empty()));
    List<Route> routes = new ArrayList<>(routes(dispatcher, standIns.clock(), metrics));
    routes.addAll(new InboxRoutes(inApp.inbox(), streams, standIns.clock()).all());
    InboxSockets sockets = new InboxSockets(streams, standIns.clock());
    routes.add(sockets.route());
    routes.addAll(
        new EntryRoutes(
                Webhooks.of(settings, dispatcher), links.map(any -> dispatcher.links()), publicUrl)
            .all());
    List<Route> all = new ArrayList<>(routes);
    boolean isSecure = front.isSecure() || publicUrl.isSecure();
    ConsoleSessions sessions = new ConsoleSessions(standIns.clock(), ConsoleRoutes.ROOT, isSecure);
    all.addAll(new ConsoleRoutes(console, dispatcher.audit(), access, sessions).all());
    Pipeline pipeline =
        new Pipeline(dispatcher, access, new RateLimits(rate, rate), longestBody, front.isSecure());
    http.set(
        Javalin.create(
            config -> {
              configure(config, front, pipeline, all);
              sockets.install(config.routes, pipeline);
            }));
    Javalin ignored = Objects.requireNonNull(http.get()).start();
    return new NotifyServer(
        opened, dispatcher, front.address(), firstKey, isCaptured, List.copyOf(routes));
  }

  private static void unless(AtomicBoolean isBuilt, Runnable work) {
    if (!isBuilt.get()) {
      work.run();
    }
  }

  private static DispatcherBuilder dispatcher(
      Settings settings, Storage storage, InAppProvider inApp, List<ChannelProvider> vendors) {
    List<ChannelProvider> providers = new ArrayList<>(vendors);
    // Inboxes are never a sandbox's, nor in memory: they are what this server serves.
    providers.removeIf(one -> one.channel().equals(Channel.IN_APP));
    providers.add(inApp);
    Category[] categories =
        settings.words("categories").stream().map(NotifyServer::category).toArray(Category[]::new);
    DispatcherBuilder builder =
        NotificationDispatcher.builder()
            .store(storage.store())
            .providers(providers)
            .policy(InboxPresence.of(inApp.inbox()))
            .categories(categories);
    if (Arrays.stream(categories).anyMatch(one -> one.kind() == Category.Kind.MARKETING)) {
      builder.marketingMail(
          MarketingMail.of(
              settings.required("marketing.sender"), settings.required("marketing.address")));
    }
    return builder;
  }

  /** {@code NAME:KIND}. */
  private static Category category(String text) {
    String[] words = text.split(":", 2);
    return switch (words.length == 2 ? words[1] : "optional") {
      case "transactional" -> Category.transactional(words[0]);
      case "optional" -> Category.optional(words[0]).tracked();
      case "marketing" -> Category.marketing(words[0]).tracked();
      default ->
          throw new ConfigurationException(
              Settings.SERVER
                  + "categories: must be NAME:transactional, NAME:optional or NAME:marketing");
    };
  }

  private static List<Route> routes(
      NotificationDispatcher dispatcher, InstantSource clock, Metrics metrics) {
    List<Route> all = new ArrayList<>();
    all.addAll(new NotificationRoutes(dispatcher, clock).all());
    all.addAll(new UserRoutes(dispatcher, clock).all());
    all.addAll(new PreferenceRoutes(dispatcher, clock).all());
    all.addAll(new TemplateRoutes(dispatcher).all());
    all.addAll(new AnalyticsRoutes(dispatcher, clock).all());
    all.addAll(new ExperimentRoutes(dispatcher).all());
    all.addAll(new DeadLetterRoutes(dispatcher, clock).all());
    all.addAll(new OperatingRoutes(dispatcher, metrics).all());
    return all;
  }

  private static ConsoleHandler console(
      HttpFront front,
      PublicUrl publicUrl,
      NotificationDispatcher dispatcher,
      Optional<Sandbox> sandbox) {
    ConsoleHandler.Builder console =
        ConsoleHandler.builder(dispatcher).host(front.host()).logout(ConsoleRoutes.LOGOUT);
    publicUrl.host().ifPresent(console::host);
    sandbox.ifPresent(console::sandbox);
    return console.build();
  }

  private static void configure(
      JavalinConfig config, HttpFront front, Pipeline pipeline, List<Route> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, 8);
    config.jetty.addConnector(front::connector);
    config.jetty.modifyWebSocketServletFactory(InboxSockets::bound);
    config.jetty.modifyServer(server -> server.setErrorHandler(HttpFront::refuse));
    pipeline.install(config.routes, routes);
  }

  /** Where it listens. */
  URI address() {
    return address;
  }

  NotificationDispatcher dispatcher() {
    return dispatcher;
  }

  /** The key that was made because none was configured. */
  Optional<String> firstKey() {
    return firstKey;
  }

  /** What can be called. */
  List<Route> routes() {
    return routes;
  }

  /** Whether messages are kept for the console instead of sent. */
  boolean isCaptured() {
    return isCaptured;
  }

  /** Takes no more requests, works off what is due, and closes the database. */
  @Override
  public void close() {
    opened.close();
  }
}
