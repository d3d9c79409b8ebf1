package dev.notify.benchmarks.providers;

import dev.notify.spi.ChannelProvider;
import java.net.URI;
import java.util.function.Function;

/**
 * A vendor over HTTP, played by a stand-in.
 *
 * @param name in the table
 * @param head status and headers of its answer to a message it takes
 * @param body the rest of that answer
 * @param provider our provider for the stand-in at this address
 * @param messages what is sent there
 * @param anew what every client has to do for each message, so the bare one too
 */
record Vendor(
    String name,
    String head,
    String body,
    Function<URI, ChannelProvider> provider,
    Function<URI, Messages> messages,
    Work anew) {

  /** Something to do. */
  interface Work {
    void run() throws Exception;
  }

  /** A vendor whose requests could be sent again as they are. */
  Vendor(
      String name,
      String head,
      String body,
      Function<URI, ChannelProvider> provider,
      Function<URI, Messages> messages) {
    this(name, head, body, provider, messages, () -> {});
  }
}
