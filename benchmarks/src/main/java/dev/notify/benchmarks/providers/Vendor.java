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
 */
record Vendor(
    String name,
    String head,
    String body,
    Function<URI, ChannelProvider> provider,
    Function<URI, Messages> messages) {}
