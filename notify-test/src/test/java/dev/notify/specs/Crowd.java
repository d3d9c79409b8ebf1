package dev.notify.specs;

import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A mail provider that takes many at a time and remembers who travelled together. */
final class Crowd implements BatchProvider {

  final List<List<OutboundMessage>> calls = new CopyOnWriteArrayList<>();

  /** What happens during the calls to come, one each. */
  final Queue<Runnable> during = new ConcurrentLinkedQueue<>();

  Function<List<OutboundMessage>, List<Outcome>> answers = Crowd::accepted;
  Function<OutboundMessage, Optional<Object>> key = message -> Optional.of("any");
  boolean idempotent;
  int limit = 100;

  static List<Outcome> accepted(List<OutboundMessage> messages) {
    return messages.stream().map(message -> Outcome.accepted(message.reference())).toList();
  }

  static List<Outcome> all(List<OutboundMessage> messages, Outcome outcome) {
    return Collections.nCopies(messages.size(), outcome);
  }

  @Override
  public String name() {
    return "crowd";
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public boolean isIdempotent() {
    return idempotent;
  }

  @Override
  public int batchLimit() {
    return limit;
  }

  @Override
  public Optional<Object> batchKey(OutboundMessage message) {
    return key.apply(message);
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    return deliver(List.of(message)).get(0);
  }

  @Override
  public List<Outcome> deliver(List<OutboundMessage> messages) {
    calls.add(List.copyOf(messages));
    Optional.ofNullable(during.poll()).ifPresent(Runnable::run);
    return answers.apply(messages);
  }

  List<Integer> sizes() {
    return calls.stream().map(List::size).toList();
  }

  List<List<String>> titles() {
    return calls.stream()
        .map(call -> call.stream().map(each -> each.content().title().orElseThrow()).toList())
        .toList();
  }
}
