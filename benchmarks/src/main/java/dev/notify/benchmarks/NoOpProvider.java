package dev.notify.benchmarks;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Accepts everything at once and makes nothing of its own. Its answers carry ids that were made
 * beforehand: different ones, because the store keeps an index of them, but none that would count
 * as the library's bytes.
 */
final class NoOpProvider implements ChannelProvider {

  /** More than the store remembers, so that no two remembered messages share an id. */
  private static final int ANSWERS = 1 << 14;

  private final Outcome[] answers =
      IntStream.range(0, ANSWERS)
          .mapToObj(i -> Outcome.accepted("message-" + i))
          .toArray(Outcome[]::new);
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public String name() {
    return "no-op";
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    return answers[next.getAndIncrement() & (ANSWERS - 1)];
  }
}
