package dev.notify.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/**
 * Calls one vendor over HTTP/2 or 1.1. A request is sent at most once; redirects are not followed,
 * since a redirected POST would become a GET; at most {@link #LONGEST_ANSWER} bytes of an answer
 * are read.
 *
 * <p>Thread-safe. {@link #exchange} never throws: silence is a reply too. An interrupted caller
 * gets its reply at once and its interrupt flag back. The look-up of a host's name is the
 * exception: the platform's resolver cannot be interrupted and keeps its own limits.
 *
 * @since 0.1
 */
public final class VendorHttp implements AutoCloseable {

  /**
   * Bytes of an answer that are read. Vendors' answers have a few hundred, and those to several
   * messages as many for each: Postmark takes five hundred at once.
   */
  public static final int LONGEST_ANSWER = 512 * 1024;

  private static final int IDLE_CONNECTIONS = 16;

  // Shorter than a vendor's load balancer keeps an idle connection (a minute is usual): a request
  // into a
  // connection that is just being closed ends as unknown.
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  private final OkHttpClient client;
  private final InstantSource clock;

  private VendorHttp(OkHttpClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Opens no connection yet.
   *
   * @param name the provider's name, which its threads bear
   * @param clock tells the present, for {@code Retry-After} dates
   */
  public static VendorHttp open(String name, HttpTimeouts timeouts, InstantSource clock) {
    return new VendorHttp(client(name, timeouts).build(), clock);
  }

  /**
   * The same, for a vendor whose hosts are named by others.
   *
   * @param dns looks up hosts, and refuses those that must not be called; is not asked for
   *     addresses in digits
   */
  public static VendorHttp open(String name, HttpTimeouts timeouts, InstantSource clock, Dns dns) {
    return new VendorHttp(client(name, timeouts).dns(dns).build(), clock);
  }

  /**
   * The client with its own settings changed by a test, for example to trust a test's certificate.
   */
  static VendorHttp open(
      String name, HttpTimeouts timeouts, UnaryOperator<OkHttpClient.Builder> change) {
    return new VendorHttp(change.apply(client(name, timeouts)).build(), InstantSource.system());
  }

  private static OkHttpClient.Builder client(String name, HttpTimeouts timeouts) {
    Dispatcher dispatcher = new Dispatcher(threads(name));
    // Every call has a thread of the host waiting for it, so the host bounds them. OkHttp's own
    // limit of
    // five a host would queue them out of sight and leave HTTP/2 multiplexing unused.
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectionPool(
            new ConnectionPool(IDLE_CONNECTIONS, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS))
        .connectTimeout(timeouts.connect())
        .readTimeout(timeouts.read())
        .writeTimeout(timeouts.read())
        .callTimeout(timeouts.call())
        .followRedirects(false)
        .followSslRedirects(false)
        .addNetworkInterceptor(
            chain -> {
              if (dispatcher.executorService().isShutdown()) {
                throw new IOException("closed");
              }
              return Departure.gate(chain);
            });
  }

  /** Daemon threads, so that a provider nobody closed does not keep the host alive. */
  private static ExecutorService threads(String name) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KEEP_ALIVE.toSeconds(),
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "notify-http-" + name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Sends a request and waits for what comes of it. */
  public Reply exchange(Request request) {
    Departure departure = new Departure();
    Call call =
        client.newCall(onceOnly(request).newBuilder().tag(Departure.class, departure).build());
    Interruption interruption = new Interruption(departure, call);
    // Once more where the waiting begins: to connect may have used channels.
    departure.before(interruption::watch);
    interruption.watch();
    try (Response response = call.execute()) {
      return answer(response);
    } catch (Exception fault) {
      if (fault instanceof InterruptedException) {
        // OkHttp throws it undeclared while it waits for the first of several addresses.
        Thread.currentThread().interrupt();
      }
      return interruption.hasHappened() || Thread.currentThread().isInterrupted()
          ? Silences.interrupted(departure.callOff())
          : Silences.failed(departure, fault);
    } finally {
      interruption.rest();
    }
  }

  private Reply.Answer answer(Response response) throws IOException {
    BufferedSource body = response.body().source();
    body.request(LONGEST_ANSWER);
    Buffer read = body.getBuffer();
    return new Reply.Answer(
        response.code(),
        RetryAfter.parse(response.header("Retry-After"), clock.instant()),
        read.readString(Math.min(read.size(), LONGEST_ANSWER), StandardCharsets.UTF_8),
        response.headers());
  }

  /** Runs a provider's own background work, a token's refresh for example, on its threads. */
  public ExecutorService executor() {
    return client.dispatcher().executorService();
  }

  private static Request onceOnly(Request request) {
    RequestBody body = request.body();
    return body == null
        ? request
        : request.newBuilder().method(request.method(), new OneShotBody(body)).build();
  }

  /** Cuts what is still under way and releases connections and threads. */
  @Override
  public void close() {
    // In this order: a call that is made in between is stopped at the gate.
    client.dispatcher().executorService().shutdown();
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }
}
