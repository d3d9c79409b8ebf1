package dev.notify.routing;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.util.Optional;

/** Takes everything, unless told what it cannot take. */
class SampleProvider implements ChannelProvider {

  private final String name;
  private final Channel channel;
  private Optional<String> problem = Optional.empty();

  SampleProvider(String name, Channel channel) {
    this.name = name;
    this.channel = channel;
  }

  SampleProvider refusing(String why) {
    problem = Optional.of(why);
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    return Outcome.accepted(message.reference());
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return problem;
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return problem;
  }
}
