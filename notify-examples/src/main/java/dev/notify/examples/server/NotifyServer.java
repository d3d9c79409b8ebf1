package dev.notify.examples.server;

import dev.notify.DispatcherBuilder;
import dev.notify.LinkHandler;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.console.ConsoleHandler;
import dev.notify.console.Sandbox;
import dev.notify.inapp.InAppProvider;
import dev.notify.inapp.Inbox;
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
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
  private static final InstantSource CLOCK = InstantSource.system();

  private final Storage storage;
  private final NotificationDispatcher dispatcher;
  private final Javalin http;
  private final List<? extends AutoCloseable> beside;
  private final URI address;
  private final Optional<String> firstKey;
  private final List<Route> routes;

  private NotifyServer(
      Storage storage,
      NotificationDispatcher dispatcher,
      Javalin http,
      List<? extends AutoCloseable> beside,
      URI address,
      Optional<String> firstKey,
      List<Route> routes) {
    this.storage = storage;
    this.dispatcher = dispatcher;
    this.http = http;
    this.beside = beside;
    this.address = address;
    this.firstKey = firstKey;
    this.routes = routes;
  }

  /** The example: starts as the system's properties say, and serves until the process ends. */
  public static void run(List<String> arguments, PrintStream out) {
    NotifyServer server = start(Settings.ofSystem());
    server.firstKey.ifPresent(
        key ->
            out.println(
                "no API keys are configured; for this run there is one, for everything: " + key));
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
    Sandbox sandbox = Sandbox.create();
    return start(settings, sandbox, sandbox.providers());
  }

  /**
   * Starts it.
   *
   * @param sandbox what its console shows
   * @param standIns take the place of vendors if none is configured
   */
  static NotifyServer start(Settings settings, Sandbox sandbox, List<ChannelProvider> standIns) {
    // What can be wrong without a database is looked at before one is made.
    HttpFront front = new HttpFront(settings);
    Optional<String> firstKey =
        settings.get("api-keys").isPresent() ? Optional.empty() : Optional.of(ApiKeys.random());
    ApiKeys keys =
        firstKey
            .map(ApiKeys::ofAdmin)
            .orElseGet(() -> ApiKeys.parse(settings.required("api-keys")));
    Access access = new Access(keys, Tokens.of(settings));
    int rate = settings.number("rate", USUAL_RATE, 1, 10_000_000);
    int longestBody = settings.number("max-body", USUAL_BODY, 1_024, 64 << 20);
    Storage storage = Storage.open(settings);
    AtomicReference<NotificationDispatcher> made = new AtomicReference<>();
    try {
      InAppProvider inApp = InAppProvider.in(storage.store());
      Metrics metrics = new Metrics();
      NotificationDispatcher dispatcher = dispatcher(settings, storage, inApp, standIns, metrics);
      made.set(dispatcher);
      metrics.lookAt(dispatcher::health);
      Pipeline pipeline =
          new Pipeline(
              dispatcher, access, new RateLimits(rate, rate), longestBody, front.isSecure());
      InboxStreams streams = InboxStreams.of(inApp.inbox());
      List<Route> routes = routes(settings, storage, dispatcher, inApp.inbox(), streams, metrics);
      ConsoleHandler console = console(settings, front, dispatcher, sandbox);
      List<Route> all = new ArrayList<>(routes);
      all.addAll(new ConsoleRoutes(console, dispatcher.audit(), access, front.isSecure()).all());
      Javalin http = Javalin.create(config -> configure(config, front, pipeline, all)).start();
      String scheme = front.isSecure() ? "https" : "http";
      URI address = URI.create(scheme + "://" + front.host() + ":" + http.port());
      List<AutoCloseable> beside =
          List.of(inApp.reportTo(dispatcher::track), streams::close, console::close);
      return new NotifyServer(storage, dispatcher, http, beside, address, firstKey, routes);
    } catch (RuntimeException e) {
      Optional.ofNullable(made.get()).ifPresent(NotificationDispatcher::close);
      storage.close();
      throw e;
    }
  }

  private static NotificationDispatcher dispatcher(
      Settings settings,
      Storage storage,
      InAppProvider inApp,
      List<ChannelProvider> standIns,
      Metrics metrics) {
    List<ChannelProvider> providers =
        new ArrayList<>(ChannelProviders.fromProperties(settings.ofProviders()));
    if (providers.isEmpty()) {
      providers.addAll(standIns);
    }
    // Inboxes are never a sandbox's, nor in memory: they are what this server serves.
    providers.removeIf(one -> one.channel().equals(Channel.IN_APP));
    providers.add(inApp);
    DispatcherBuilder builder =
        NotificationDispatcher.builder()
            .store(storage.store())
            .providers(providers)
            .policy(InboxPresence.of(inApp.inbox()))
            .listener(metrics)
            .metrics(metrics)
            .categories(
                settings.words("categories").stream()
                    .map(NotifyServer::category)
                    .toArray(Category[]::new));
    linkKey(settings, storage)
        .ifPresent(key -> builder.links(SignedLinks.below(links(settings), key)));
    return builder.build();
  }

  /** {@code NAME:transactional} or {@code NAME:optional}. */
  private static Category category(String text) {
    String[] words = text.split(":", 2);
    return switch (words.length == 2 ? words[1] : "optional") {
      case "transactional" -> Category.transactional(words[0]);
      case "optional" -> Category.optional(words[0]).tracked();
      default ->
          throw new ConfigurationException(
              Settings.SERVER + "categories: must be NAME:transactional or NAME:optional");
    };
  }

  private static Optional<byte[]> linkKey(Settings settings, Storage storage) {
    try {
      return settings
          .get("links.key")
          .map(text -> Base64.getDecoder().decode(text))
          .or(storage::linkKey);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(Settings.SERVER + "links.key: must be Base64", e);
    }
  }

  private static URI links(Settings settings) {
    return URI.create(publicUrl(settings) + "/u");
  }

  private static String publicUrl(Settings settings) {
    String scheme = settings.get("tls.keystore").isPresent() ? "https" : "http";
    String usual = scheme + "://127.0.0.1:" + settings.number("port", 8080, 0, 65_535);
    return settings.get("public-url").orElse(usual).replaceAll("/+$", "");
  }

  private static List<Route> routes(
      Settings settings,
      Storage storage,
      NotificationDispatcher dispatcher,
      Inbox inbox,
      InboxStreams streams,
      Metrics metrics) {
    Optional<LinkHandler> links = linkKey(settings, storage).map(key -> dispatcher.links());
    List<Route> all = new ArrayList<>();
    all.addAll(new NotificationRoutes(dispatcher, CLOCK).all());
    all.addAll(new UserRoutes(dispatcher, CLOCK).all());
    all.addAll(new PreferenceRoutes(dispatcher, CLOCK).all());
    all.addAll(new InboxRoutes(inbox, streams).all());
    all.addAll(new TemplateRoutes(dispatcher).all());
    all.addAll(new AnalyticsRoutes(dispatcher, CLOCK).all());
    all.addAll(new ExperimentRoutes(dispatcher).all());
    all.addAll(new DeadLetterRoutes(dispatcher, CLOCK).all());
    all.addAll(
        new EntryRoutes(Webhooks.of(settings, dispatcher), links, publicUrl(settings)).all());
    all.addAll(new OperatingRoutes(dispatcher, metrics).all());
    return List.copyOf(all);
  }

  private static ConsoleHandler console(
      Settings settings, HttpFront front, NotificationDispatcher dispatcher, Sandbox sandbox) {
    ConsoleHandler.Builder console =
        ConsoleHandler.builder(dispatcher).sandbox(sandbox).host(front.host());
    settings.get("public-url").map(url -> URI.create(url).getHost()).ifPresent(console::host);
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

  /** Takes no more requests, works off what is due, and closes the database. */
  @Override
  public void close() {
    for (AutoCloseable one : beside) {
      close(one);
    }
    http.stop();
    dispatcher.close();
    storage.close();
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
