package dev.notify.test;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A provider that keeps what it is given and answers as told: first the outcomes of {@link #next},
 * in their order, then those of {@link #always}, which accepts unless set. Thread-safe.
 *
 * @since 0.1
 */
public final class RecordingProvider implements ChannelProvider {

  private final String name;
  private final Channel channel;
  private final Queue<OutboundMessage> messages = new ConcurrentLinkedQueue<>();
  private final Queue<Function<OutboundMessage, Outcome>> script = new ConcurrentLinkedQueue<>();
  private volatile Function<OutboundMessage, Outcome> otherwise;
  private volatile Function<Address, Optional<String>> addressCheck = address -> Optional.empty();
  private volatile Function<Content, Optional<String>> contentCheck = content -> Optional.empty();
  private volatile Function<OutboundMessage, Optional<Outcome>> lookUp =
      message -> Optional.empty();
  private volatile boolean canLookUp;
  private volatile boolean idempotent;
  private volatile boolean closed;

  private RecordingProvider(String name, Channel channel) {
    this.name = name;
    this.channel = channel;
    otherwise = message -> Outcome.accepted(name + "-" + message.reference());
  }

  /** A provider that is called like its channel. */
  public static RecordingProvider of(Channel channel) {
    return new RecordingProvider(channel.name(), channel);
  }

  /** A provider of this name. */
  public static RecordingProvider of(Channel channel, String name) {
    return new RecordingProvider(name, channel);
  }

  /** Answers the next call with this outcome; several line up. */
  public RecordingProvider next(Outcome outcome) {
    return nextDoes(message -> outcome);
  }

  /** Does this at the next call: throw, hang, answer null; several line up. */
  public RecordingProvider nextDoes(Function<OutboundMessage, Outcome> behaviour) {
    script.add(behaviour);
    return this;
  }

  /** Answers every call for which nothing else lines up with this outcome. */
  public RecordingProvider always(Outcome outcome) {
    return alwaysDoes(message -> outcome);
  }

  /** Does this at every call for which nothing else lines up. */
  public RecordingProvider alwaysDoes(Function<OutboundMessage, Outcome> behaviour) {
    otherwise = behaviour;
    return this;
  }

  /** Refuses addresses for which this gives a problem. */
  public RecordingProvider checking(Function<Address, Optional<String>> check) {
    addressCheck = check;
    return this;
  }

  /** Refuses content for which this gives a problem. */
  public RecordingProvider checkingContent(Function<Content, Optional<String>> check) {
    contentCheck = check;
    return this;
  }

  /** Answers look-ups. */
  public RecordingProvider lookingUp(Function<OutboundMessage, Optional<Outcome>> answer) {
    canLookUp = true;
    lookUp = answer;
    return this;
  }

  /** Claims that a repeated reference yields one message. */
  public RecordingProvider idempotent() {
    idempotent = true;
    return this;
  }

  /** What it was given, in order, whatever it answered. */
  public List<OutboundMessage> messages() {
    return List.copyOf(messages);
  }

  /** How often it was called. */
  public int calls() {
    return messages.size();
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    return closed;
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
    messages.add(message);
    Function<OutboundMessage, Outcome> scripted = script.poll();
    return (scripted != null ? scripted : otherwise).apply(message);
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return addressCheck.apply(address);
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return contentCheck.apply(content);
  }

  @Override
  public boolean isIdempotent() {
    return idempotent;
  }

  @Override
  public boolean canLookUp() {
    return canLookUp;
  }

  @Override
  public Optional<Outcome> lookUp(OutboundMessage message) {
    return lookUp.apply(message);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return "RecordingProvider[" + name + ", " + messages.size() + " calls]";
  }
}
