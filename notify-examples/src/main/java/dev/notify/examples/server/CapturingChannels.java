package dev.notify.examples.server;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps the newest e-mails, text messages and pushes, and says that they were taken. */
final class CapturingChannels implements SandboxChannels {

  private static final int MOST = 1_000;

  private final Deque<OutboundMessage> newest = new ArrayDeque<>();

  @Override
  public List<ChannelProvider> providers() {
    return List.of(
        new Capturing(Channel.EMAIL), new Capturing(Channel.SMS), new Capturing(Channel.PUSH));
  }

  /** What was captured, the newest first. */
  List<OutboundMessage> messages() {
    synchronized (newest) {
      return List.copyOf(newest);
    }
  }

  private void keep(OutboundMessage message) {
    synchronized (newest) {
      newest.addFirst(message);
      if (newest.size() > MOST) {
        newest.removeLast();
      }
    }
  }

  private final class Capturing implements ChannelProvider {

    private final Channel channel;

    Capturing(Channel channel) {
      this.channel = channel;
    }

    @Override
    public String name() {
      return "sandbox-" + channel;
    }

    @Override
    public Channel channel() {
      return channel;
    }

    @Override
    public Outcome deliver(OutboundMessage message) {
      keep(message);
      return Outcome.accepted(message.reference());
    }

    @Override
    public boolean isIdempotent() {
      return true;
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
