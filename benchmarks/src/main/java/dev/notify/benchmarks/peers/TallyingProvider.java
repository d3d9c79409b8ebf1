package dev.notify.benchmarks.peers;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;

/** Accepts everything at once; its message ids differ, as a vendor's do. */
final class TallyingProvider implements ChannelProvider {

  static final Channel CHANNEL = Channel.EMAIL;

  private final Tally tally;

  TallyingProvider(Tally tally) {
    this.tally = tally;
  }

  @Override
  public String name() {
    return "tally";
  }

  @Override
  public Channel channel() {
    return CHANNEL;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    tally.handle(Integer.parseInt(message.recipientId()));
    return Outcome.accepted(message.recipientId());
  }
}
