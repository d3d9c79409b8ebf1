package dev.notify.memory;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delivery as the memory store keeps it; guarded by the store's lock. */
final class Row {

  /** Throttled calls burn no attempt, so their number has no other bound; the oldest go first. */
  private static final int MOST_ATTEMPTS = 100;

  final Entry entry;
  Delivery delivery;
  List<Attempt> attempts = List.of();
  private @Nullable Order order;

  /** How it is to end, instead of waiting again. */
  private record Order(DeliveryStatus end, Reason reason) {}

  Row(Entry entry, Delivery delivery) {
    this.entry = entry;
    this.delivery = delivery;
  }

  /** Called off while somebody holds it; the first order counts. */
  void callOff(DeliveryStatus end, Reason reason) {
    if (order == null) {
      order = new Order(end, reason);
    }
  }

  /** What it becomes: its end, if it was called off and would wait again. */
  Delivery calledOffInstead(Delivery next) {
    return order != null && next.status().isOpen() && next.status().canBecome(order.end)
        ? next.ended(order.end, order.reason, next.updatedAt())
        : next;
  }

  /** Answers how many attempts lost what their providers said. */
  int erase() {
    delivery = delivery.erased();
    attempts = attempts.stream().map(Row::withoutDetail).toList();
    return attempts.size();
  }

  private static Attempt withoutDetail(Attempt attempt) {
    return new Attempt(
        attempt.provider(), attempt.startedAt(), attempt.duration(), attempt.outcome().erased());
  }

  void add(List<Attempt> more) {
    if (attempts.isEmpty()) {
      attempts = List.copyOf(more);
    } else if (!more.isEmpty()) {
      List<Attempt> all = new ArrayList<>(attempts);
      all.addAll(more);
      attempts = all.subList(Math.max(0, all.size() - MOST_ATTEMPTS), all.size());
    }
  }
}
