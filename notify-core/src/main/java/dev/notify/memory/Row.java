package dev.notify.memory;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import java.util.ArrayList;
import java.util.List;

/** A delivery as the memory store keeps it; guarded by the store's lock. */
final class Row {

  /** Throttled calls burn no attempt, so their number has no other bound; the oldest go first. */
  private static final int MOST_ATTEMPTS = 100;

  final Entry entry;
  Delivery delivery;
  List<Attempt> attempts = List.of();

  Row(Entry entry, Delivery delivery) {
    this.entry = entry;
    this.delivery = delivery;
  }

  void add(Attempt attempt) {
    if (attempts.isEmpty()) {
      attempts = new ArrayList<>(1);
    } else if (attempts.size() == MOST_ATTEMPTS) {
      attempts.remove(0);
    }
    attempts.add(attempt);
  }
}
