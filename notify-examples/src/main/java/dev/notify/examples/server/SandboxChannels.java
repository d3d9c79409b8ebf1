package dev.notify.examples.server;

import dev.notify.spi.ChannelProvider;
import java.util.List;

/** What takes the place of vendors where none is configured: nothing leaves the process. */
interface SandboxChannels {

  /** A provider for each channel. */
  List<ChannelProvider> providers();
}
