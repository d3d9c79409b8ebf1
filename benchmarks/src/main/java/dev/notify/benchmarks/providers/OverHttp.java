package dev.notify.benchmarks.providers;

import com.sun.management.ThreadMXBean;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import dev.notify.spi.ChannelProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Providers over HTTP beside OkHttp, which repeats the request that the provider sent. */
final class OverHttp {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Options options;
  private final Report report;

  OverHttp(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void measure() throws Exception {
    List<Pair> pairs = new ArrayList<>();
    try {
      for (Vendor vendor : Vendors.all()) {
        pairs.add(new Pair(vendor));
      }
      for (int round = 0; round < options.rounds(); round++) {
        System.err.printf("http, round %d of %d%n", round + 1, options.rounds());
        for (Pair pair : pairs) {
          pair.measure(options.load(1, round));
        }
      }
    } finally {
      for (Pair pair : pairs) {
        pair.close();
      }
    }
    pairs.sort(Comparator.comparingDouble(pair -> -pair.ratios().median()));
    Pair worst = pairs.get(0);
    report.add(Figure.lower("providers.http.ratio", worst.ratios().median(), "x", 1.5, 1.2));
    StringBuilder table =
        new StringBuilder("providers.http.ratio: from one thread, the worst of these\n")
            .append(
                "%-12s %10s %10s %7s %16s %10s %10s"
                    .formatted(
                        "", "ours, us", "bare, us", "ratio", "rounds", "ours, B", "bare, B"));
    pairs.forEach(pair -> table.append('\n').append(pair));
    report.note(table.toString());
  }

  /** A provider and the client that repeats it, each with connections of its own. */
  private static final class Pair implements AutoCloseable {

    private final Vendor vendor;
    private final StandIn standIn;
    private final ChannelProvider provider;
    private final Messages messages;
    private final Request request;
    private final OkHttpClient bare =
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(16, 30, TimeUnit.SECONDS))
            .connectTimeout(Duration.ofSeconds(5))
            .readTimeout(Duration.ofSeconds(15))
            .writeTimeout(Duration.ofSeconds(15))
            .callTimeout(Duration.ofSeconds(35))
            .build();
    private final Side ours = new Side("ours");
    private final Side theirs = new Side("bare");
    private final Series oursBytes = new Series("ours");
    private final Series theirsBytes = new Series("bare");

    Pair(Vendor vendor) throws Exception {
      this.vendor = vendor;
      this.standIn = StandIn.answering(vendor.head(), vendor.body());
      this.provider = vendor.provider().apply(standIn.url());
      this.messages = vendor.messages().apply(standIn.url());
      messages.deliver(provider, 0);
      Recorded sent = standIn.recorded(true);
      this.request = sent.request(standIn.url());
      repeat();
      Recorded repeated = standIn.recorded(false);
      if (!sent.isLike(repeated)) {
        throw new IllegalStateException(vendor.name() + ": " + sent + " is not " + repeated);
      }
    }

    void measure(Load load) throws Exception {
      add(ours, oursBytes, load.run(number -> messages.deliver(provider, number), Pair::allocated));
      add(theirs, theirsBytes, load.run(number -> repeat(), Pair::allocated));
    }

    private static void add(Side side, Series bytes, Load.Result result) {
      side.add(result);
      bytes.add((double) result.probed()[0] / result.operations());
    }

    private void repeat() throws Exception {
      vendor.anew().run();
      try (Response response = bare.newCall(request).execute()) {
        if (!response.isSuccessful()) {
          throw new IllegalStateException(vendor.name() + ": " + response.code());
        }
        response.body().string();
      }
    }

    /** By all threads but the stand-ins' and the one that counts. */
    private static long allocated() {
      long sum = 0;
      for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
        if (thread != null
            && thread.getThreadId() != Thread.currentThread().getId()
            && !thread.getThreadName().startsWith(StandIn.THREADS)) {
          sum += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getThreadId()));
        }
      }
      return sum;
    }

    /** Times, so theirs by ours of the rates. */
    Series ratios() {
      return theirs.by(ours);
    }

    @Override
    public void close() throws IOException {
      provider.close();
      bare.dispatcher().executorService().shutdown();
      bare.connectionPool().evictAll();
      standIn.close();
    }

    @Override
    public String toString() {
      Series ratios = ratios();
      return "%-12s %9.1f %9.1f %6.2f %14s %9.1f %9.1f %9.0f %9.0f"
          .formatted(
              vendor.name(),
              1e6 / ours.rate().median(),
              1e6 / theirs.rate().median(),
              ratios.median(),
              "%.2f to %.2f".formatted(ratios.lowest(), ratios.highest()),
              ours.cpu().median(),
              theirs.cpu().median(),
              oursBytes.median(),
              theirsBytes.median());
    }
  }
}
