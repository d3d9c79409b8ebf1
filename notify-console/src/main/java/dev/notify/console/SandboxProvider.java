package dev.notify.console;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;

/** Stands in for the vendor of one channel. */
final class SandboxProvider implements ChannelProvider {

  private final Channel channel;
  private final Sandbox sandbox;

  SandboxProvider(Channel channel, Sandbox sandbox) {
    this.channel = channel;
    this.sandbox = sandbox;
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
    SandboxBehaviour behaviour = sandbox.behaviour(channel);
    if (!behaviour.delay().isZero() && !waited(behaviour.delay())) {
      return Outcome.retryable("the sandbox was interrupted before it took the message");
    }
    return switch (behaviour.kind()) {
      case FAIL -> Outcome.retryable("the sandbox is set to fail").ofThisAddressOnly();
      case REJECT -> Outcome.rejected("the sandbox is set to reject");
      case DELIVER, BOUNCE -> {
        sandbox.take(name(), message);
        yield Outcome.accepted("sandbox-" + message.deliveryId());
      }
    };
  }

  private static boolean waited(Duration delay) {
    try {
      Thread.sleep(delay.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The same delivery is kept once, however often it is handed over. */
  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  public String toString() {
    return "SandboxProvider[" + channel + "]";
  }
}
