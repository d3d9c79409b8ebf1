package dev.notify.webhook;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes messages of any channel into the log instead of sending them, for development: ids at
 * INFO, and what they say at TRACE only, for it is personal. Thread-safe.
 *
 * @since 0.1
 */
public final class LogProvider implements ChannelProvider {

  private static final Logger log = LoggerFactory.getLogger(LogProvider.class);

  private final Channel channel;

  private LogProvider(Channel channel) {
    this.channel = channel;
  }

  /** A log for one channel. */
  public static LogProvider of(Channel channel) {
    return new LogProvider(channel);
  }

  @Override
  public String name() {
    return "log-" + channel;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    log.info("{} to {}: {}", channel, message.address().masked(), message);
    if (log.isTraceEnabled()) {
      log.trace(
          "{}: {} / {}",
          message.reference(),
          message.content().title().orElse("-"),
          message.content().body().or(message.content()::html).orElse("-"));
    }
    return Outcome.accepted(message.reference());
  }

  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  public String toString() {
    return "LogProvider[" + channel + "]";
  }
}
