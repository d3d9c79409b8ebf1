package dev.notify.console;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.Subscription;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes messages in place of the vendors and keeps them in memory, to be looked at in the console:
 * give the builder its {@link #providers()}. Nothing leaves the process. Thread-safe.
 *
 * <pre>{@code
 * var sandbox = Sandbox.create();
 * var dispatcher = NotificationDispatcher.builder().providers(sandbox.providers()).build();
 * var console = Console.builder().sandbox(sandbox).start(dispatcher);
 * }</pre>
 *
 * @since 0.1
 */
public final class Sandbox {

  /** How many messages it keeps, and how large they may be together. */
  private static final int MOST_MESSAGES = 500;

  private static final long MOST_BYTES = 64L << 20;

  private final InstantSource clock;
  private final List<SandboxProvider> providers;
  private final Map<Channel, SandboxBehaviour> behaviours = new ConcurrentHashMap<>();

  /** Newest first. */
  private final Deque<SandboxMessage> kept = new ArrayDeque<>();

  private long bytes;
  private long taken;

  private Sandbox(Collection<Channel> channels, InstantSource clock) {
    this.clock = clock;
    providers = channels.stream().map(channel -> new SandboxProvider(channel, this)).toList();
  }

  /** A sandbox for e-mail, SMS, push and in-app. */
  public static Sandbox create() {
    return withChannels();
  }

  /** A sandbox for e-mail, SMS, push, in-app and these. */
  public static Sandbox withChannels(Channel... more) {
    TreeSet<Channel> channels =
        new TreeSet<>(List.of(Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.IN_APP));
    channels.addAll(Arrays.asList(more));
    return new Sandbox(channels, InstantSource.system());
  }

  /** One provider for each channel, called {@code sandbox-CHANNEL}. */
  public List<ChannelProvider> providers() {
    return List.copyOf(providers);
  }

  /** The channels it serves. */
  public List<Channel> channels() {
    return providers.stream().map(SandboxProvider::channel).toList();
  }

  /**
   * Sets what becomes of a channel's messages from now on.
   *
   * @throws ConfigurationException if it has no such channel
   */
  public void behave(Channel channel, SandboxBehaviour behaviour) {
    if (!channels().contains(channel)) {
      throw new ConfigurationException(
          "channel: the sandbox has no '" + channel + "', it has " + channels());
    }
    behaviours.put(channel, behaviour);
  }

  /** What becomes of a channel's messages. */
  public SandboxBehaviour behaviour(Channel channel) {
    return behaviours.getOrDefault(channel, SandboxBehaviour.DELIVERING);
  }

  /**
   * What it has taken, newest first. Of more than {@value #MOST_MESSAGES} messages, or 64 MiB, the
   * oldest are forgotten.
   */
  public synchronized List<SandboxMessage> messages() {
    return new ArrayList<>(kept);
  }

  /** One message; empty if it is unknown or was forgotten. */
  public Optional<SandboxMessage> find(long number) {
    return messages().stream().filter(each -> each.number() == number).findFirst();
  }

  /** Forgets all messages. */
  public synchronized void clear() {
    kept.clear();
    bytes = 0;
  }

  /** How many it has taken since it was made. */
  synchronized long taken() {
    return taken;
  }

  void take(String provider, OutboundMessage message) {
    Instant now = clock.instant();
    synchronized (this) {
      // A provider that is asked again with the same reference sends nothing twice.
      kept.removeIf(
          each -> {
            boolean same = each.message().deliveryId().equals(message.deliveryId());
            bytes -= same ? size(each) : 0;
            return same;
          });
      taken++;
      SandboxMessage next = new SandboxMessage(taken, now, provider, message);
      kept.addFirst(next);
      bytes += size(next);
      for (Iterator<SandboxMessage> oldest = kept.descendingIterator();
          kept.size() > MOST_MESSAGES || (bytes > MOST_BYTES && kept.size() > 1); ) {
        bytes -= size(oldest.next());
        oldest.remove();
      }
    }
  }

  private static long size(SandboxMessage kept) {
    var content = kept.message().content();
    return content.textBytes()
        + content.attachments().stream().mapToLong(file -> file.size()).sum();
  }

  /** Has the dispatcher hear what a vendor would report after it took a message. */
  Subscription reportTo(NotificationDispatcher dispatcher) {
    SandboxReports reports = new SandboxReports(this, dispatcher);
    Subscription subscription =
        dispatcher.listen(
            event -> {
              if (event.type() == DeliveryEvent.Type.SENT) {
                reports.sent(event);
              }
            });
    return () -> {
      subscription.close();
      reports.close();
    };
  }

  /** The provider's part of it, to be told apart from those of real vendors. */
  boolean owns(String provider) {
    return providers.stream().anyMatch(each -> each.name().equals(provider));
  }

  @Override
  public synchronized String toString() {
    return "Sandbox[" + channels() + ", " + kept.size() + " messages]";
  }
}
