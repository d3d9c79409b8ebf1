package dev.notify.model;

import java.util.Optional;

/**
 * What was decided for one channel and address of a notification.
 *
 * @param channel the channel
 * @param address the address; absent where the recipient has none
 * @param decision allow, defer or suppress, with the reason
 * @since 0.1
 */
public record ChannelDecision(Channel channel, Optional<Address> address, Decision decision) {

  /** The same channel and address, decided otherwise. */
  public ChannelDecision with(Decision other) {
    return new ChannelDecision(channel, address, other);
  }
}
