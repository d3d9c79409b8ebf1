package dev.notify.console;

import dev.notify.spi.OutboundMessage;
import java.time.Instant;

/**
 * A message that the {@link Sandbox} took in place of a vendor. {@code toString} shows ids only.
 *
 * @param number counts up from one
 * @param at when it was taken
 * @param provider the name of the provider that took it
 * @param message what was handed over
 * @since 0.1
 */
public record SandboxMessage(long number, Instant at, String provider, OutboundMessage message) {

  @Override
  public String toString() {
    return "SandboxMessage[" + number + ", " + message + "]";
  }
}
