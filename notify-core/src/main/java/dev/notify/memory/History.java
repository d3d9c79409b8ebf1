package dev.notify.memory;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finished notifications, the newest of them; and dead letters, which stay until someone takes them
 * or there are as many.
 */
final class History {

  private static final Logger log = LoggerFactory.getLogger(MemoryStore.class);

  private final int most;
  private final Consumer<Entry> forget;
  private final ArrayDeque<Entry> done = new ArrayDeque<>();

  /** By provider, then by the provider's id. */
  private final Map<String, Map<String, Row>> byMessage = new HashMap<>();

  private final LinkedHashMap<DeliveryId, Row> dead = new LinkedHashMap<>();

  History(int most, Consumer<Entry> forget) {
    this.most = most;
    this.forget = forget;
  }

  /** A notification with nothing open. */
  void add(Entry entry) {
    done.add(entry);
    if (done.size() > most) {
      Entry oldest = done.remove();
      for (Row row : oldest.rows) {
        if (hasMessage(row.delivery)) {
          // Some vendors use an id again: it may be a newer message's by now.
          messagesOf(row.delivery).remove(row.delivery.providerMessageId().get(), row);
        }
      }
      if (!hasDeadLetter(oldest)) {
        forget.accept(oldest);
      }
    }
  }

  private static boolean hasMessage(Delivery delivery) {
    return delivery.provider().isPresent() && delivery.providerMessageId().isPresent();
  }

  private Map<String, Row> messagesOf(Delivery delivery) {
    return byMessage.computeIfAbsent(delivery.provider().orElseThrow(), name -> new HashMap<>());
  }

  private boolean hasDeadLetter(Entry entry) {
    for (Row row : entry.rows) {
      if (dead.containsKey(row.delivery.id())) {
        return true;
      }
    }
    return false;
  }

  /** A delivery that changed. */
  void note(Row row) {
    if (row.delivery.status() == DeliveryStatus.SENT && hasMessage(row.delivery)) {
      messagesOf(row.delivery).put(row.delivery.providerMessageId().get(), row);
    } else if (row.delivery.status() == DeliveryStatus.DEAD) {
      dead.put(row.delivery.id(), row);
      if (dead.size() > most) {
        DeliveryId oldest = dead.keySet().iterator().next();
        log.warn("dead letter {} dropped: the memory store remembers {}", oldest, most);
        takeDeadLetter(oldest);
      }
    }
  }

  /** No provider's word finds it any more, and it cannot be sent again. */
  void hide(Entry entry) {
    for (Row row : entry.rows) {
      if (hasMessage(row.delivery)) {
        messagesOf(row.delivery).remove(row.delivery.providerMessageId().get(), row);
      }
      takeDeadLetter(row.delivery.id());
    }
  }

  Optional<Row> sent(String provider, String messageId) {
    return Optional.ofNullable(byMessage.getOrDefault(provider, Map.of()).get(messageId));
  }

  List<Delivery> deadLetters(int limit) {
    List<Delivery> all = new ArrayList<>(dead.size());
    dead.values().forEach(row -> all.add(row.delivery));
    Collections.reverse(all);
    return all.subList(0, Math.min(limit, all.size()));
  }

  /** The notification of a dead letter stays known for as long as it would without. */
  Optional<Delivery> takeDeadLetter(DeliveryId id) {
    Row row = dead.remove(id);
    if (row != null
        && row.entry.isDone()
        && !done.contains(row.entry)
        && !hasDeadLetter(row.entry)) {
      forget.accept(row.entry);
    }
    return Optional.ofNullable(row).map(found -> found.delivery);
  }
}
