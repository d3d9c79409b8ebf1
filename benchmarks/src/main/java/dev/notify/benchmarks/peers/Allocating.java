package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import dev.notify.model.Notification;
import java.time.Instant;
import java.util.stream.IntStream;

/**
 * M2: bytes that a sender's thread allocates for a durable send, the batches' leaders among them.
 */
final class Allocating {

  private static final int SENDERS = 16;

  /** Made beforehand and sent again and again: the notification is the application's. */
  private static final int NOTIFICATIONS = 1_000;

  private final Bench bench;
  private final Series bytes = new Series("bytes");

  Allocating(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    Options options = bench.options();
    for (int round = 0; round < options.fewRounds(); round++) {
      bench.progress("allocating", round);
      Load load = new Load(SENDERS, options.warmup(round), options.window());
      bytes.add(bench.fresh(Kind.OURS, (contestant, site) -> allocated((Ours) contestant, load)));
    }
    bench.report().add(Figure.lower("M2", bytes, "B", 3_072, 1_536));
    bench.report().note("M2, beyond the 1,024 of the payload: " + bytes);
  }

  private static double allocated(Ours ours, Load load) throws Exception {
    Instant later = Instant.now().plusSeconds(3_600);
    Notification[] notifications =
        IntStream.range(0, NOTIFICATIONS)
            .mapToObj(number -> Ours.notification(number).at(later).build())
            .toArray(Notification[]::new);
    ours.start(false);
    Load.Result result =
        load.run(number -> ours.dispatcher().send(notifications[number % NOTIFICATIONS]));
    return (double) result.allocated() / result.operations() - Payload.BYTES;
  }
}
