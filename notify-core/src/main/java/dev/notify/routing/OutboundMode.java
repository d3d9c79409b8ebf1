package dev.notify.routing;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.spi.OutboundMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether real messages may leave. Everything up to the provider call happens in every mode, so
 * what is tried out is what will run.
 *
 * @since 0.1
 */
public sealed interface OutboundMode {

  /** Everything leaves. The default. */
  static OutboundMode live() {
    return new Live();
  }

  /** Nothing leaves; each rendered message goes to {@code inspector} instead. */
  static OutboundMode capture(Consumer<? super OutboundMessage> inspector) {
    return new Capture(inspector::accept);
  }

  /**
   * Everything goes to these addresses, one for each channel; channels without one are captured.
   * People in copy of an e-mail get nothing.
   */
  static OutboundMode redirect(Address... addresses) {
    Map<Channel, Address> targets = new HashMap<>();
    for (Address address : addresses) {
      targets.put(address.channel(), address);
    }
    return new Redirect(Map.copyOf(targets));
  }

  /**
   * Only what goes to matching addresses leaves, people in copy of an e-mail included.
   *
   * @param patterns whole addresses, with {@code *} for any run of characters: {@code
   *     *@example.com}
   */
  static OutboundMode allowList(String... patterns) {
    return new AllowList(List.of(patterns));
  }

  /** The message as it may leave; empty if it may not. */
  Optional<OutboundMessage> filter(OutboundMessage message);

  /** Everything leaves. */
  record Live() implements OutboundMode {
    @Override
    public Optional<OutboundMessage> filter(OutboundMessage message) {
      return Optional.of(message);
    }

    @Override
    public String toString() {
      return "live: messages go to the providers";
    }
  }

  /**
   * Nothing leaves.
   *
   * @param inspector gets each message that would have left
   */
  record Capture(Consumer<OutboundMessage> inspector) implements OutboundMode {
    @Override
    public Optional<OutboundMessage> filter(OutboundMessage message) {
      inspector.accept(message);
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "capture: nothing leaves";
    }
  }

  /**
   * Everything goes elsewhere.
   *
   * @param targets where to, by channel
   */
  record Redirect(Map<Channel, Address> targets) implements OutboundMode {
    @Override
    public Optional<OutboundMessage> filter(OutboundMessage message) {
      return Optional.ofNullable(targets.get(message.address().channel()))
          .map(Copies.only(message, copy -> false)::redirectedTo);
    }

    @Override
    public String toString() {
      return "redirect: everything goes to " + targets.values();
    }
  }

  /**
   * Only some addresses are reached.
   *
   * @param patterns addresses with {@code *}
   */
  record AllowList(List<String> patterns) implements OutboundMode {
    @Override
    public Optional<OutboundMessage> filter(OutboundMessage message) {
      return Optional.of(message)
          .filter(candidate -> matches(candidate.address().value()))
          .map(allowed -> Copies.only(allowed, copy -> matches(copy.value())));
    }

    private boolean matches(String value) {
      return patterns.stream().anyMatch(pattern -> expression(pattern).matcher(value).matches());
    }

    private static Pattern expression(String pattern) {
      String quoted =
          pattern
              .chars()
              .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
              .collect(Collectors.joining());
      return Pattern.compile(quoted, Pattern.CASE_INSENSITIVE);
    }

    @Override
    public String toString() {
      return "allow-list: " + patterns.size() + " patterns";
    }
  }
}
